"""Saved sets of fields, and how a person wants CSV files: what the next export begins with."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.events.record import record
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.shops.queries import acting
from regulars.transfer.errors import NotYourSet, SetExists
from regulars.transfer.models import ExportLog, ExportSet
from regulars.transfer.outgoing.ways import CSV, DELIMITERS, ENCODINGS, FORMATS, UTF8_MARKED, usual_delimiter

NAME_LENGTH = 60
MOST = 100
"""Sets of one kind that one person sees."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody had their last file written."""

    format: str = CSV
    delimiter: str = ","
    encoding: str = UTF8_MARKED


def habit_of(staff: Staff, locale: str) -> Habit:
    """The ways of the person's last export; before the first one, what spreadsheets of their language expect."""
    last = ExportLog.objects.of(staff.shop_id).filter(staff=staff).order_by("-id").first()
    if last is None or not (last.format in FORMATS and last.delimiter in DELIMITERS and last.encoding in ENCODINGS):
        return Habit(delimiter=usual_delimiter(locale))
    return Habit(last.format, last.delimiter, last.encoding)


def sets_for(staff: Staff, kind: str) -> list[ExportSet]:
    """The sets of a kind that a person sees: their own, then the team's, by name."""
    seen = ExportSet.objects.of(staff.shop_id).filter(kind=kind)
    found = seen.filter(Q(staff=staff) | Q(is_team=True)).select_related("staff__user")[:MOST]
    return sorted(found, key=lambda one: one.staff_id != staff.pk)


def may_change(staff: Staff, one: ExportSet) -> bool:
    """A set is its owner's; a team's may also be removed by those who change settings."""
    return one.staff_id == staff.pk or (one.is_team and staff.may(Permission.SETTINGS))


@transaction.atomic
def save_set(
    staff: Staff, kind: str, name: str, fields: Sequence[str], *, is_team: bool = False, overwrite: bool = False
) -> ExportSet:
    """Keep fields in their order under a name; overwrite: in the place of the person's own set of that name.

    Raises BadValue (no name, no fields), SetExists.
    """
    name = one_line(name)[:NAME_LENGTH].strip()
    if not name:
        raise BadValue(_("A name is needed."), value=name, field="name")
    if not fields:
        raise BadValue(_("Choose at least one field."), value="", field="field")
    own = ExportSet.objects.of(staff.shop_id).filter(staff=staff, kind=kind, name=name)
    if own.exists() and not overwrite:
        raise SetExists(name=name)
    facts = {"fields": list(dict.fromkeys(fields)), "is_team": is_team}
    saved, _new = ExportSet.objects.update_or_create(
        shop_id=staff.shop_id, staff=staff, kind=kind, name=name, defaults=facts
    )
    record(staff.shop_id, "export_set.saved", about=("export_set", saved.pk), by=acting(staff), data={"name": name})
    return saved


@transaction.atomic
def remove_set(one: ExportSet, *, staff: Staff) -> None:
    """Forget a set. Raises NotYourSet."""
    if one.shop_id != staff.shop_id or not may_change(staff, one):
        raise NotYourSet(name=one.name)
    record(one.shop_id, "export_set.removed", about=("export_set", one.pk), by=acting(staff), data={"name": one.name})
    one.delete()
