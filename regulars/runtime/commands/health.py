"""The command `doctor`."""

import click

from regulars.runtime.commands.options import as_json
from regulars.runtime.output import print_json, print_table

SIGNS = {"ok": "ok", "warning": "look", "broken": "BROKEN"}


@click.command("doctor")
@as_json
def doctor_command(as_json: bool) -> int:
    """Check the installation and say what is wrong.

    Looks at the machine, the data folder, the database, the queue, whether stored figures are what
    orders and activity say, and whether the export log is whole. Exit code 0: all is well, 1: look at something,
    2: broken.
    """
    from regulars.runtime import doctor

    findings = doctor.examine()
    state = doctor.worst(findings)
    rows = [finding.as_dict() for finding in findings]
    if as_json:
        print_json({"state": state.name.lower(), "checks": rows})
    else:
        shown = [{"": SIGNS[row["state"]], "about": row["about"], "what was found": row["words"]} for row in rows]
        print_table(shown, ("", "about", "what was found"))
    return int(state)
