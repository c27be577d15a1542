"""The command `customers`: find, count and list."""

import click

from regulars.runtime.commands.options import as_json, comma_list, one_shop, where
from regulars.runtime.house import open_house
from regulars.runtime.output import print_json, print_table


@click.command("customers")
@where
@click.option(
    "--search",
    default="",
    metavar="TEXT",
    help="Name, e-mail, phone, company or order number in any spelling.",
)
@click.option(
    "--sort", default="", metavar="FIELD", help="A field, with - in front for the largest first: -total_spent"
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(0, 1_000_000), help="How many to list.")
@click.option("--fields", default="", metavar="A,B", help="Which fields to show.")
@click.option("--count", "count_only", is_flag=True, help="Only say how many there are.")
@one_shop
@as_json
def customers_command(
    where: str,
    search: str,
    sort: str,
    limit: int,
    fields: str,
    count_only: bool,
    slug: str | None,
    as_json: bool,
) -> None:
    """Find, count and list customers."""
    with open_house():
        from regulars.shops.queries import the_only_shop_or
        from regulars.transfer.commands import list_customers

        answer = list_customers(
            the_only_shop_or(slug),
            where=where,
            search=search,
            sort=sort,
            limit=limit,
            fields=comma_list(fields),
            count_only=count_only,
        )
        if as_json:
            print_json(answer)
        else:
            _print(answer)


def _print(answer: dict) -> None:
    people = answer.get("customers") or []
    if people:
        print_table(people, list(people[0]))
    click.echo(f"{answer['count']:,} customers", err=bool(people))
