"""What the dialog for a task for each of many customers offers, and what it says."""

from typing import Any

from django.utils.translation import gettext as _

from regulars.shops.models import Staff
from regulars.tasks.actions import RESPONSIBLE
from regulars.tasks.due import today_of
from regulars.tasks.models import Kind
from regulars.web.access import StaffRequest
from regulars.web.numbers import whole_number
from regulars.web.tasks.forms import REMINDERS
from regulars.web.tasks.subject import team_of


def task_choices(staff: Staff) -> dict[str, Any]:
    """Who may be given it, and what the fields begin with."""
    people: list[tuple[Any, str]] = [(one.pk, str(one.user)) for one in team_of(staff.shop)]
    begin = {
        "title": "", "kind": Kind.FOLLOW_UP, "kinds": Kind.choices, "day": today_of(staff).isoformat(),
        "assignee": RESPONSIBLE, "reminders": REMINDERS, "remind_before": "",
    }  # fmt: skip
    return {"options": [(RESPONSIBLE, _("Whoever is responsible for the customer")), *people], "task": begin}


def task_params(request: StaffRequest) -> dict[str, Any]:
    """What was written; customers without anybody responsible come to whoever asks."""
    given = request.POST
    assignee = given.get("assignee", "")
    return {
        "title": given.get("title", ""),
        "kind": given.get("kind", ""),
        "day": given.get("day", ""),
        "assignee": RESPONSIBLE if assignee == RESPONSIBLE else whole_number(assignee),
        "remind_before": whole_number(given.get("remind_before", "")),
        "otherwise": request.staff.pk,
    }
