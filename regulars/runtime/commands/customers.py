"""The command `customers`: find, count, list, and say why somebody is found."""

from datetime import datetime
from typing import Any

import click

from regulars.runtime.commands.options import as_json, comma_list, one_shop, where
from regulars.runtime.house import open_house
from regulars.runtime.output import print_json, print_table
from regulars.runtime.pointing import pointing_at


@click.command("customers")
@where
@click.option("--segment", default="", metavar="KEY", help="Only members of this segment.")
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
@click.option(
    "--as-of",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Ask as it was at the end of that day; only what can be known of a past day.",
)
@click.option("--explain", type=int, metavar="ID", help="Why this customer does or does not answer to --where.")
@one_shop
@as_json
def customers_command(
    where: str,
    segment: str,
    search: str,
    sort: str,
    limit: int,
    fields: str,
    count_only: bool,
    day: datetime | None,
    explain: int | None,
    slug: str | None,
    as_json: bool,
) -> None:
    """Find, count and list customers."""
    if explain is not None and not (where or segment):
        raise click.UsageError("--explain needs a question: --where or --segment.")
    with open_house(), pointing_at(where):
        from regulars.shops.queries import the_only_shop_or
        from regulars.transfer.commands import explain_customer, list_customers

        shop, as_of = the_only_shop_or(slug), day.date() if day else None
        if explain is not None:
            answer = explain_customer(shop, explain, where, segment=segment, as_of=as_of)
        else:
            answer = list_customers(
                shop,
                where=where,
                segment=segment,
                search=search,
                sort=sort,
                limit=limit,
                fields=comma_list(fields),
                count_only=count_only,
                as_of=as_of,
            )
    if as_json:
        print_json(answer)
    elif explain is not None:
        _print_why(answer)
    else:
        _print(answer)


def _print(answer: dict) -> None:
    people = answer.get("customers") or []
    if people:
        print_table(people, list(people[0]))
    click.echo(f"{answer['count']:,} customers", err=bool(people))


def _print_why(answer: dict[str, Any]) -> None:
    does = "answers" if answer["holds"] else "does not answer"
    click.echo(f"{answer['name'] or 'Customer'} ({answer['id']}) {does} to: {answer['sentence']}")
    for part in answer["parts"]:
        _print_part(part, 1)


def _print_part(part: dict[str, Any], depth: int) -> None:
    """`yes` or `no`, the condition, and what is known: one line each, parts of a group below it."""
    words = {"all": "all of", "any": "any of", "not": "none of"}.get(part["kind"], part["sentence"])
    known = "" if "parts" in part else f" (here: {_shown(part['value'])})"
    click.echo(f"{'  ' * depth}{'yes' if part['holds'] else 'no '}  {words}{known}")
    for inner in part.get("parts", ()):
        _print_part(inner, depth + 2)


def _shown(value: Any) -> str:
    if value in (None, "", []):
        return "nothing is known"
    if isinstance(value, dict):
        return ", ".join(f"{name} {figure}" for name, figure in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
