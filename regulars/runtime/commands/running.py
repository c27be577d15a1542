"""Commands that run Regulars itself: up, worker, migrate, manage, db."""

import click

from regulars.runtime import home, postgres
from regulars.runtime.database import database_ready, is_embedded
from regulars.runtime.faults import RuntimeFault

# How long a running job may go on after we are asked to stop. What is cut off is taken up again.
GRACE_SECONDS = 4


@click.command("up")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Where to listen.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is everywhere.")
@click.option("--demo", is_flag=True, help="Make a shop with 5,000 invented customers, and print a link into it.")
def up_command(port: int, host: str, demo: bool) -> None:
    """Start Regulars and keep it running until Ctrl-C.

    Starts the database, brings it up to date, serves the pages and does the background work.
    Set REGULARS_HOSTS to the names people use when others than this machine shall reach it.
    """
    from regulars.runtime import processes

    processes.up(host=host, port=port, demo=demo)


@click.command("worker")
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32), help="Jobs at a time.")
def worker_command(concurrency: int) -> None:
    """Do background work until Ctrl-C: imports, exports, changes to many customers, nightly figures."""
    from regulars.runtime.house import open_house

    with open_house():
        from django.core.management import call_command

        call_command("procrastinate", "worker", concurrency=concurrency, shutdown_graceful_timeout=GRACE_SECONDS)


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database up to this version. Make a backup first."""
    with database_ready():
        from regulars.runtime.house import set_up
        from regulars.runtime.prepare import bring_up_to_date

        set_up()
        bring_up_to_date()


@click.command("manage", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage_command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands, such as `regulars manage shell`."""
    with database_ready():
        from django.core.management import execute_from_command_line

        from regulars.runtime.house import set_up

        set_up()
        execute_from_command_line(["regulars manage", *arguments])


@click.group("db")
def db_command() -> None:
    """The embedded database. Other commands start and stop it as they need it."""
    if not is_embedded():
        raise RuntimeFault("DATABASE_URL names another server, so there is no embedded database to run.")


@db_command.command("start")
def db_start() -> None:
    """Start the database and let it run until `regulars db stop`."""
    click.echo(postgres.start(home.resolve()))


@db_command.command("stop")
def db_stop() -> None:
    """Stop the database, whoever uses it."""
    was_running = postgres.is_running(home.resolve())
    postgres.stop(home.resolve())
    click.echo("The database is stopped." if was_running else "The database was not running.", err=True)


@db_command.command("dsn")
def db_dsn() -> None:
    """Print the address of the database, for psql and other programs."""
    click.echo(postgres.dsn(home.resolve()))
