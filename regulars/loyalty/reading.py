"""Numbers, days and notes as a movement of points may have them."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from regulars.kit.text import one_line
from regulars.loyalty.errors import BadPoints
from regulars.loyalty.models import PointsEntry

MOST = 1_000_000_000
"""Points one movement gives or takes at most."""

NOTE_LENGTH = PointsEntry._meta.get_field("note").max_length or 0
ORIGIN_LENGTH = PointsEntry._meta.get_field("origin").max_length or 0
_FARTHEST = timedelta(days=366 * 20)


def check_points(points: int) -> int:
    """Whole points, more or less than 0. Raises BadPoints."""
    if isinstance(points, bool) or not isinstance(points, int):
        raise BadPoints(_("“{value}” is not a whole number."), value=points, field="points")
    if points == 0:
        raise BadPoints(_("Say how many points."), value=points, field="points")
    if abs(points) > MOST:
        raise BadPoints(_("That is more than 1,000,000,000 points."), value=points, field="points")
    return points


def check_days(points: int, counts_on: date | None, expires_on: date | None, *, today: date) -> None:
    """The day from which points count, None for today, and the last one they can be used. Raises BadPoints."""
    first = counts_on or today
    if abs(first - today) > _FARTHEST:
        raise BadPoints(_("“{value}” is too far away for points."), value=first, field="counts_on")
    if points < 0 and first > today:
        raise BadPoints(_("Points are taken today or on an earlier day."), value=first, field="counts_on")
    if expires_on is None:
        return
    if points < 0:
        raise BadPoints(_("Only points that are given can expire."), value=expires_on, field="expires_on")
    if expires_on <= first:
        raise BadPoints(_("Points expire later than they count."), value=expires_on, field="expires_on")
    if expires_on < today:
        raise BadPoints(_("These points would have expired already."), value=expires_on, field="expires_on")


def check_note(note: str, *, is_needed: bool = True) -> str:
    """The note in one line. Raises BadPoints."""
    note = one_line(note)
    if is_needed and not note:
        raise BadPoints(_("Say why."), field="note")
    if len(note) > NOTE_LENGTH:
        raise BadPoints(_("A note has 300 characters at most."), value=note, field="note")
    return note


def check_origin(origin: str) -> str:
    """The name of a programme in one line. Raises BadPoints."""
    origin = one_line(origin)
    if len(origin) > ORIGIN_LENGTH:
        raise BadPoints(_("The name of a programme has 40 characters at most."), value=origin, field="origin")
    return origin
