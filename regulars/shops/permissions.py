"""Who may do what: four roles and the scopes of API keys, each a fixed set of permissions."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in one shop."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    AGENT = "agent", _("Agent")
    VIEWER = "viewer", _("Viewer")


class Permission(models.TextChoices):
    """One thing a role may or may not do."""

    SEE_CUSTOMERS = "customers.see", _("See customers")
    EDIT_CUSTOMERS = "customers.edit", _("Add and edit customers")
    TAG_CUSTOMERS = "customers.tag", _("Add and remove tags")
    DELETE_CUSTOMERS = "customers.delete", _("Delete and restore customers")
    SEE_CONTACT = "customers.contact", _("See e-mail addresses and phone numbers")
    SEE_NOTES = "customers.notes", _("Read the team's notes")
    REVEAL_CITIZEN_ID = "customers.reveal", _("Reveal citizen ids")
    MERGE = "customers.merge", _("Merge customers, and make them several again")
    SEE_SEGMENTS = "customers.segments_see", _("See segments")
    SEGMENTS = "customers.segments", _("Make segments, and change one's own")
    ALL_SEGMENTS = "customers.segments_all", _("Change everybody's segments")
    SEE_ORDERS = "orders.see", _("See orders")
    PAYMENTS = "orders.payments", _("Record payments, refunds and returns")
    WRITE_OFF = "orders.write_off", _("Give up what is owed, and set credit limits")
    POINTS = "loyalty.points", _("Give and take points")
    TASKS = "tasks.use", _("Use tasks and the calendar")
    IMPORT = "files.import", _("Import files")
    EXPORT = "files.export", _("Export files")
    SETTINGS = "shop.settings", _("Change settings")
    STAFF = "shop.staff", _("Manage staff")


_VIEWER = frozenset(
    {Permission.SEE_CUSTOMERS, Permission.SEE_NOTES, Permission.SEE_ORDERS, Permission.SEE_SEGMENTS},
)
_AGENT = _VIEWER | {
    Permission.EDIT_CUSTOMERS,
    Permission.TAG_CUSTOMERS,
    Permission.SEE_CONTACT,
    Permission.SEGMENTS,
    Permission.PAYMENTS,
    Permission.TASKS,
}
_MANAGER = _AGENT | {
    Permission.ALL_SEGMENTS,
    Permission.MERGE,
    Permission.WRITE_OFF,
    Permission.POINTS,
    Permission.DELETE_CUSTOMERS,
    Permission.IMPORT,
    Permission.EXPORT,
    Permission.REVEAL_CITIZEN_ID,
    Permission.SETTINGS,
}
_OWNER = _MANAGER | {Permission.STAFF}

ALLOWED: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(_OWNER),
    Role.MANAGER: frozenset(_MANAGER),
    Role.AGENT: frozenset(_AGENT),
    Role.VIEWER: _VIEWER,
}


def role_may(role: str, permission: str) -> bool:
    """Whether a role holds a permission; an unknown role holds none."""
    return permission in ALLOWED.get(role, frozenset())


class Scope(models.TextChoices):
    """One thing an API key may be used for."""

    CUSTOMERS = "customers.read", _("Read customers, with their contact data")
    ORDERS = "orders.read", _("Read orders, and what customers spent")
    SEGMENTS = "segments.read", _("Read segments")
    EVENTS = "events.write", _("Send visits and viewed products")
    EDIT_CUSTOMERS = "customers.write", _("Add and change customers")
    MERGE = "customers.merge", _("Merge customers, and read who may be the same person")
    TASKS = "tasks.write", _("Read, add, change and finish tasks")
    POINTS = "points.write", _("Give and take points")


SCOPE_ALLOWS: dict[str, frozenset[Permission]] = {
    Scope.CUSTOMERS: frozenset({Permission.SEE_CUSTOMERS, Permission.SEE_CONTACT}),
    Scope.ORDERS: frozenset({Permission.SEE_ORDERS}),
    Scope.SEGMENTS: frozenset({Permission.SEE_SEGMENTS}),
    Scope.EDIT_CUSTOMERS: frozenset({Permission.EDIT_CUSTOMERS, Permission.TAG_CUSTOMERS}),
    Scope.MERGE: frozenset({Permission.MERGE}),
    Scope.TASKS: frozenset({Permission.TASKS}),
    Scope.POINTS: frozenset({Permission.POINTS}),
}


def scopes_may(scopes: Iterable[str], permission: str) -> bool:
    """Whether any of a key's scopes holds a permission of staff."""
    return any(permission in SCOPE_ALLOWS.get(scope, ()) for scope in scopes)
