"""Writing many customers at once: for files, orders, demo data and everything done to a selection.

One statement a table and batch instead of one a customer; every change leaves its event, with old and new.
"""

from regulars.customers.bulk import undoers  # noqa: F401  how each kind of event is taken back
from regulars.customers.bulk.applying import apply_changes
from regulars.customers.bulk.clashes import Clash, clashes_of
from regulars.customers.bulk.clashes_around import stayed_around
from regulars.customers.bulk.creating import Arrival, create_many, create_or_find_many
from regulars.customers.bulk.groups import Regroup, empty_group, group_by_rules, group_many
from regulars.customers.bulk.planning import Change, plan_changes
from regulars.customers.bulk.sets import delete_many, restore_many, set_many, tag_many
from regulars.customers.bulk.staff import hand_over, staff_many
from regulars.customers.bulk.undoing import Undone, undo_batch, undo_part, undoes

__all__ = [
    "Arrival",
    "Change",
    "Clash",
    "Regroup",
    "Undone",
    "apply_changes",
    "clashes_of",
    "create_many",
    "create_or_find_many",
    "delete_many",
    "empty_group",
    "group_by_rules",
    "group_many",
    "hand_over",
    "plan_changes",
    "restore_many",
    "set_many",
    "staff_many",
    "stayed_around",
    "tag_many",
    "undo_batch",
    "undo_part",
    "undoes",
]
