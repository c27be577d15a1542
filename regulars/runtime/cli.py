"""The command `regulars`. Each command lives in regulars/runtime/commands and is loaded when it is called.

Exit codes: 0 done, 1 done but something was rejected or deserves a look, 2 refused with a message.
"""

import importlib
import json
import os
import signal
import sys
from typing import Any

import click

from regulars import __version__
from regulars.runtime.faults import RuntimeFault
from regulars.runtime.pointing import told_place

REFUSED = 2
INTERRUPTED = 130

# name -> (module below regulars.runtime.commands, one line for the list of commands)
COMMANDS = {
    "up": ("running", "Start Regulars: database, web pages and background work."),
    "worker": ("running", "Do background work (`up` runs one already)."),
    "migrate": ("running", "Bring the database up to this version."),
    "manage": ("running", "Run one of Django's management commands."),
    "db": ("running", "Start or stop the embedded database, or print its address."),
    "doctor": ("health", "Check the installation and say what is wrong."),
    "shops": ("shops", "Create and list shops."),
    "link": ("shops", "Print a link that signs in once without a password."),
    "demo": ("shops", "Fill a shop with invented customers and orders."),
    "customers": ("customers", "Find, count and list customers."),
    "segments": ("segments", "List segments, or make one."),
    "import": ("files", "Bring customers or orders in from a file."),
    "imports": ("files", "List past imports, or undo one."),
    "export": ("files", "Write customers to a file."),
    "receive": ("receiving", "Record a message of another shop system."),
    "convert": ("convert", "Turn another data set into a file that imports."),
    "backup": ("backups", "Save everything to a folder."),
    "restore": ("backups", "Bring back what a backup saved."),
}


class Commands(click.Group):
    """Knows all commands by name and loads the one that is called, so that having many costs no time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"regulars.runtime.commands.{COMMANDS[name][0]}")
        return getattr(module, f"{name}_command")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def cli() -> None:
    """Customer management for online and omnichannel shops.

    Everything is kept in one folder: REGULARS_HOME, or the usual place for this user.
    """


def main() -> None:
    """Run the command line and end the process with its exit code."""
    signal.signal(signal.SIGTERM, _leave)
    wants_json = "--json" in sys.argv[1:]
    try:
        code = cli.main(prog_name="regulars", standalone_mode=False)
    except click.exceptions.Abort:
        code = INTERRUPTED
    except click.UsageError as fault:
        code = _refuse("usage", fault.format_message(), wants_json, fault.ctx)
    except click.ClickException as fault:
        code = _refuse("usage", fault.format_message(), wants_json)
    except RuntimeFault as fault:
        code = _refuse("runtime", str(fault), wants_json)
    except BrokenPipeError:  # `regulars customers | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as fault:
        words = _refusal(fault)
        if not words:
            raise
        code = _refuse(*words, wants_json, **told_place(fault))
    sys.exit(code if isinstance(code, int) else 0)


def _leave(*_: object) -> None:
    """Turn SIGTERM into an ordinary end, so that a database we started is stopped again."""
    sys.exit(128 + signal.SIGTERM)


def _refusal(fault: Exception) -> tuple[str, str] | None:
    """Answer code and sentence if the fault is meant for the user; everything else is a bug and stays one."""
    from regulars.kit.errors import DomainError

    if isinstance(fault, DomainError):
        return fault.code, str(fault)
    if "django.db" in sys.modules:
        from django.db import OperationalError

        if isinstance(fault, OperationalError):
            return "database", f"The database does not answer: {str(fault).strip()}"
    return None


def _refuse(code: str, sentence: str, wants_json: bool, context: click.Context | None = None, **more: Any) -> int:
    if wants_json:
        answer: dict[str, Any] = {"error": code, "message": sentence, **more}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        hint = f" (see {context.command_path} --help)" if context else ""
        click.echo(f"{sentence}{hint}", err=True)
    return REFUSED


if __name__ == "__main__":
    main()
