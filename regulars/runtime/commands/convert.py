"""The command `convert`: other people's data sets as files that import."""

from pathlib import Path

import click

from regulars.runtime.commands.options import as_json
from regulars.runtime.house import set_up
from regulars.runtime.output import print_json


@click.group("convert")
def convert_command() -> None:
    """Turn a data set of another layout into a CSV file that imports."""


@convert_command.command("cdnow")
@click.argument("source", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", metavar="OUT.csv", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def cdnow(source: Path, target: Path, as_json: bool) -> None:
    """The CDNOW sample of Fader and Hardie as orders in USD.

    Import what it writes into a shop that keeps its money in USD: regulars import orders OUT.csv
    """
    set_up()
    from regulars.transfer.cdnow import convert

    orders = convert(source, target)
    if as_json:
        print_json({"orders": orders, "file": str(target)})
    else:
        click.echo(f"{orders:,} orders written to {target}.")
