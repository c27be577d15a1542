"""The commands `backup` and `restore`."""

from pathlib import Path

import click

from regulars.runtime.commands.options import as_json
from regulars.runtime.database import database_ready
from regulars.runtime.output import print_json

a_folder = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))


@click.command("backup")
@a_folder
@as_json
def backup_command(folder: Path, as_json: bool) -> None:
    """Save database, files and keys to the new folder DIR. Regulars may keep running.

    Keep it safe: it holds personal data and the keys to it.
    """
    from regulars.runtime import backups

    with database_ready():
        answer = backups.backup(folder)
    if as_json:
        print_json(answer)
    else:
        click.echo(f"Saved to {folder}: {answer['bytes'] / 1024**2:,.1f} MiB.")


@click.command("restore")
@a_folder
@click.option("--replace", is_flag=True, help="Lose the shops that are here now.")
@as_json
def restore_command(folder: Path, replace: bool, as_json: bool) -> None:
    """Bring back what `regulars backup DIR` saved. Stop Regulars before."""
    from regulars.runtime import backups

    with database_ready():
        answer = backups.restore(folder, replace=replace)
    if as_json:
        print_json(answer)
    else:
        click.echo(f"Restored the backup of {answer['made_at']}.")
