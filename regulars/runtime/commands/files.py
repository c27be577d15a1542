"""Commands about files: import, imports, export."""

from pathlib import Path
from typing import Any

import click

from regulars.runtime.commands.options import as_json, comma_list, named_values, one_shop, where
from regulars.runtime.house import open_house
from regulars.runtime.output import Progress, print_json, print_table

ROWS_REJECTED = 1
SHOWN_ERRORS = 20
BETWEEN = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


IMPORTS = ("customers", "orders", "products", "activity", "notes", "consents", "points")


@click.command("import")
@click.argument("kind", type=click.Choice(IMPORTS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    default="auto",
    show_default=True,
    help="Who wrote the file; auto looks at its header.",
)
@click.option("--template", default="", metavar="NAME", help="The saved mapping to follow; - for none.")
@click.option("--match", default="", metavar="A,B", help="How rows find known customers: external_id,email,phone.")
@click.option(
    "--policy",
    type=click.Choice(["overwrite", "fill_empty", "leave"]),
    help="What becomes of values that customers who are here have already.  [default: overwrite]",
)
@click.option("--twice", type=click.Choice(["last", "first"]), help="Which of two rows of one customer has the say.")
@click.option(
    "--default",
    "defaults",
    multiple=True,
    metavar="NAME=VALUE",
    help="What all rows get: tags, group, channel, country or origin (of points). Several times for several.",
)
@click.option("--day-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates are written.")
@click.option("--encoding", metavar="NAME", help="Such as utf-8 or cp1250; guessed without it.")
@click.option("--delimiter", type=click.Choice(list(BETWEEN)), help="What stands between cells; guessed without it.")
@click.option("--sheet", metavar="NAME", help="Of a workbook; the first that shows rows without it.")
@click.option("--header-row", type=click.IntRange(0), metavar="LINE", help="The line with the names; 0 for none.")
@click.option("--quiet", is_flag=True, default=None, help="Bots and reminders leave these rows alone.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@one_shop
@as_json
def import_command(
    kind: str,
    file: Path,
    format_: str,
    template: str,
    match: str,
    defaults: tuple[str, ...],
    delimiter: str | None,
    dry_run: bool,
    slug: str | None,
    as_json: bool,
    **told: Any,
) -> int:
    """Bring customers, orders, products, activity (visits, viewed products), notes, consents or points in from a file.

    Importing the same file again changes nothing. Ends with exit code 1 when rows were rejected.
    """
    with open_house(), Progress() as progress:
        from regulars.shops.queries import the_only_shop_or
        from regulars.transfer.commands import import_file

        answer = import_file(
            kind,
            file,
            the_only_shop_or(slug),
            format=format_,
            template=None if template == "-" else template,
            match=comma_list(match),
            defaults=named_values(defaults),
            delimiter=BETWEEN[delimiter] if delimiter else None,
            **told,
            dry_run=dry_run,
            progress=progress,
        )
        progress.close()
        if as_json:
            print_json(answer)
        else:
            _print_outcome(answer, dry_run=dry_run)
        return ROWS_REJECTED if answer["rejected"] else 0


def _print_outcome(answer: dict, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    parts = (f"{answer[part]:,} {would}{part}" for part in ("created", "updated", "unchanged", "rejected"))
    click.echo(f"{answer['rows']:,} rows in {answer['seconds']:.1f} s: {', '.join(parts)}.")
    errors = answer.get("errors") or []
    if errors:
        click.echo()
        print_table(errors[:SHOWN_ERRORS], ("line", "column", "value", "reason"))
    if len(errors) > SHOWN_ERRORS:
        click.echo(f"… and {len(errors) - SHOWN_ERRORS:,} more; --json lists them all.")


@click.group("imports", invoke_without_command=True)
@one_shop
@as_json
@click.pass_context
def imports_command(ctx: click.Context, slug: str | None, as_json: bool) -> None:
    """List past imports, newest first, or undo one."""
    if ctx.invoked_subcommand:
        ctx.obj = slug
        return
    with open_house():
        from regulars.shops.queries import the_only_shop_or
        from regulars.transfer.commands import list_imports

        runs = list_imports(the_only_shop_or(slug))
        if as_json:
            print_json({"imports": runs})
        elif runs:
            print_table(runs, list(runs[0]))
        else:
            click.echo("Nothing was imported yet.", err=True)


@imports_command.command("undo")
@click.argument("run_id", type=int, metavar="ID")
@one_shop
@as_json
@click.pass_context
def undo(ctx: click.Context, run_id: int, slug: str | None, as_json: bool) -> None:
    """Take back what one import did; what was changed since then is kept and reported as a conflict."""
    with open_house():
        from regulars.events.record import Actor
        from regulars.shops.queries import the_only_shop_or
        from regulars.transfer.commands import undo_import

        answer = undo_import(the_only_shop_or(slug or ctx.obj), run_id, by=Actor.system())
        if as_json:
            print_json(answer)
        else:
            click.echo(", ".join(f"{count:,} {name}" for name, count in answer.items() if isinstance(count, int)))


EXPORTS = ("customers", "orders", "transactions", "points", "export_log")
CALLED = {"points": "movements of points", "export_log": "entries of the export log"}
ENCODINGS = {"utf-8": "utf-8", "utf-8-bom": "utf-8-sig", "utf-16": "utf-16-le"}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.command("export")
@click.argument("kind", type=click.Choice(EXPORTS))
@where
@click.option("--search", default="", metavar="TEXT", help="Only what the search of the list finds.")
@click.option("--sort", default="", metavar="FIELD", help="The order of the rows; -FIELD for the largest first.")
@click.option(
    "--date", default="", metavar="FIELD", help="Which date --from and --to are about, such as last_order_date."
)
@click.option("--from", "first", default="", metavar="DAY", help="First day, such as 2026-01-31 or -90d.")
@click.option("--to", "last", default="", metavar="DAY", help="Last day; it is included.")
@click.option("--fields", default="", metavar="A,B", help="Which fields to write; without it, the usual ones.")
@click.option("--format", "format_", default="csv", show_default=True, type=click.Choice(["csv", "xlsx", "jsonl"]))
@click.option("--delimiter", default="comma", show_default=True, type=click.Choice(list(DELIMITERS)), help="Of CSV.")
@click.option("--encoding", default="utf-8-bom", show_default=True, type=click.Choice(list(ENCODINGS)), help="Of CSV.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
@one_shop
@as_json
def export_command(
    kind: str,
    output: Path,
    format_: str,
    delimiter: str,
    encoding: str,
    fields: str,
    slug: str | None,
    as_json: bool,
    **question: str,
) -> None:
    """Write customers, orders, transactions or movements of points to a file.

    Without --fields, all that an import takes is written; customers and orders as CSV or XLSX can be imported again.
    """
    with open_house():
        from regulars.events.record import Actor
        from regulars.shops.queries import the_only_shop_or
        from regulars.transfer import commands

        answer = commands.export_rows(
            the_only_shop_or(slug),
            kind,
            **question,
            fields=comma_list(fields),
            format=format_,
            delimiter=DELIMITERS[delimiter],
            encoding=ENCODINGS[encoding],
            output=output,
            by=Actor.system(),
        )
        if as_json:
            print_json(answer)
        else:
            click.echo(f"{answer['rows']:,} {CALLED.get(kind, kind)} written to {output}.")  # fmt: skip
