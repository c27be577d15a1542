"""The command `segments`: list them, or make one."""

from typing import Any

import click

from regulars.runtime.commands.options import as_json, one_shop, where
from regulars.runtime.house import open_house
from regulars.runtime.output import print_json, print_table
from regulars.runtime.pointing import pointing_at

SHOWN = ("name", "key", "kind", "size", "as_of", "fault")


@click.group("segments", invoke_without_command=True)
@one_shop
@as_json
@click.pass_context
def segments_command(context: click.Context, slug: str | None, as_json: bool) -> None:
    """List segments, or make one with `create`."""
    if context.invoked_subcommand is not None:
        return
    with open_house():
        from regulars.segments.models import Segment
        from regulars.shops.queries import the_only_shop_or

        found = [_facts(one) for one in Segment.objects.of(the_only_shop_or(slug)).order_by("name", "id")]
    if as_json:
        print_json({"segments": found})
    else:
        print_table(found, SHOWN)


@segments_command.command("create")
@click.argument("name")
@where
@click.option("--static", is_flag=True, help="Keep whom the question finds now, instead of following it.")
@click.option("--description", default="", help="What it is for.")
@click.option("--folder", default="", help="Where it stands in the list.")
@one_shop
@as_json
def create(name: str, where: str, static: bool, description: str, folder: str, slug: str | None, as_json: bool) -> None:
    """Make the segment NAME of whoever answers to --where."""
    with open_house(), pointing_at(where):
        from regulars.events.record import Actor
        from regulars.segments.models import SegmentKind
        from regulars.segments.operations import create_segment
        from regulars.shops.queries import the_only_shop_or

        made = create_segment(
            the_only_shop_or(slug),
            name=name,
            where=where,
            kind=SegmentKind.STATIC if static else SegmentKind.DYNAMIC,
            description=description,
            folder=folder,
            by=Actor.system(),
        )
        facts = _facts(made)
    if as_json:
        print_json(facts)
    else:
        found = f"{facts['size']:,} members."
        size = "The worker finds its members." if facts["as_of"] is None else found
        click.echo(f"{facts['name']} is made; queries call it {facts['key']}. {size}")


def _facts(segment: Any) -> dict[str, Any]:
    """as_of: when all customers were last asked, to the second; None while the first answer is being found."""
    return {
        "name": segment.name,
        "key": segment.key,
        "kind": str(segment.kind),
        "where": segment.where,
        "size": segment.size,
        "as_of": segment.evaluated_at and segment.evaluated_at.replace(microsecond=0),
        "fault": segment.fault,
    }
