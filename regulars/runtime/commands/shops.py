"""Commands about shops and who gets in: shops, link, demo."""

from typing import TYPE_CHECKING

import click

from regulars.runtime.commands.options import as_json
from regulars.runtime.house import open_house
from regulars.runtime.output import Progress, print_json, print_table

if TYPE_CHECKING:
    from regulars.shops.models import Shop

ABOUT_A_SHOP = ("id", "slug", "name", "country", "currency", "timezone", "language")


def _facts(shop: "Shop") -> dict:
    return {fact: getattr(shop, fact) for fact in ABOUT_A_SHOP}


@click.group("shops")
def shops_command() -> None:
    """Create and list shops. One installation holds as many as you like."""


@shops_command.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What the shop is called.")
@click.option("--country", required=True, help="Two letters, such as PH: how phone numbers and addresses are read.")
@click.option("--currency", default="", help="Three letters, such as PHP; else the country's.")
@click.option("--timezone", default="", help="Such as Asia/Manila: when the shop's day begins; else the country's.")
@click.option("--language", default="", help="en, vi, id, fil or ro; else the country's.")
@click.option("--owner", "owner_email", metavar="EMAIL", help="Who owns it; `regulars link` signs them in.")
@as_json
def create(
    slug: str,
    name: str,
    country: str,
    currency: str,
    timezone: str,
    language: str,
    owner_email: str | None,
    as_json: bool,
) -> None:
    """Create a shop. SLUG is its short name in addresses, such as `manila-bags`."""
    with open_house():
        from django.db import transaction

        from regulars.events.record import Actor
        from regulars.runtime.people import person
        from regulars.shops.operations import create_shop

        with transaction.atomic():
            owner = person(owner_email) if owner_email else None
            shop = create_shop(
                name,
                slug=slug,
                country=country,
                currency=currency,
                timezone=timezone,
                language=language,
                owner=owner,
                by=Actor.system(),
            )
        if as_json:
            print_json(_facts(shop))
        else:
            click.echo(f"{shop.name} is ready at /s/{shop.slug}/.")


@shops_command.command("list")
@as_json
def list_shops(as_json: bool) -> None:
    """List all shops."""
    with open_house():
        from regulars.shops.models import Shop

        shops = [_facts(shop) for shop in Shop.objects.order_by("slug")]
        if as_json:
            print_json({"shops": shops})
        else:
            print_table(shops, ABOUT_A_SHOP)


@click.command("link")
@click.option("--email", help="Who shall sign in; may be left out when only one person could be meant.")
@click.option("--base-url", default="http://localhost:8000", show_default=True, help="Where Regulars is reached.")
def link_command(email: str | None, base_url: str) -> None:
    """Print a link that signs in once without a password.

    For an owner who lost theirs, and for the first one, who has none yet.
    """
    with open_house():
        click.echo(base_url.rstrip("/") + _link(email))


def _link(email: str | None) -> str:
    from regulars.runtime.people import the_only_user, user_by_email
    from regulars.shops.models import User
    from regulars.web.accounts import links

    if not email and not User.objects.exists():
        return links.first_run_link()
    return links.one_time_link(user_by_email(email) if email else the_only_user(), "/")


@click.command("demo")
@click.option("--customers", default=5_000, show_default=True, type=click.IntRange(1, 10_000_000))
@click.option("--orders", default=30_000, show_default=True, type=click.IntRange(0, 100_000_000))
@click.option("--seed", default=1, show_default=True, help="The same number makes the same people.")
@click.option("--shop", "slug", default="demo", show_default=True, help="Which shop to fill; made if there is none.")
@as_json
def demo_command(customers: int, orders: int, seed: int, slug: str, as_json: bool) -> None:
    """Fill a shop with invented customers and orders: to look around, or to measure."""
    with open_house(), Progress() as progress:
        from regulars.transfer import demo

        answer = demo.load(slug, customers, orders, seed, progress)
        progress.close()
        if as_json:
            print_json(answer)
        else:
            click.echo(f"Added {answer['customers']:,} customers and {answer['orders']:,} orders: /s/{slug}/customers/")
