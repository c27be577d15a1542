"""The command `receive`: a message of another system, kept in a file, recorded as if it came in."""

import json
from pathlib import Path

import click

from regulars.runtime.commands.options import as_json, one_shop
from regulars.runtime.house import open_house
from regulars.runtime.output import print_json


@click.command("receive")
@click.argument("system", metavar="SYSTEM")
@click.argument("topic", metavar="TOPIC")
@click.argument("files", metavar="FILE.json…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False,
                                                                                         path_type=Path))  # fmt: skip
@one_shop
@as_json
def receive_command(system: str, topic: str, files: tuple[Path, ...], slug: str | None, as_json: bool) -> None:
    """Record messages of another system: receive shopify orders/create order.json

    The same message again changes nothing. Systems: shopify, woocommerce.
    """
    with open_house():
        from regulars.connectors.receiving import receive
        from regulars.shops.queries import the_only_shop_or

        shop, told = the_only_shop_or(slug), []
        for file in files:
            received = receive(shop, system, topic, _read(file))
            told.append({"file": str(file), **received._asdict()})
    if as_json:
        print_json(told)
        return
    for one in told:
        click.echo(
            f"{one['file']}: {one['customers']} customers, {one['orders']} orders, {one['payments']} payments and"
            f" {one['returns']} returns are new or changed."
        )


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as fault:
        raise click.ClickException(f"{file} is not JSON: {fault}") from fault
