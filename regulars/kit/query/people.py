"""Whom a row is in the care of: the first in a column, others in an array beside it."""

from collections.abc import Collection

from django.db.models import Q


def in_care_of(ids: Collection[int], column: str, also: str) -> Q:
    """The Q of rows of which one of these people is the first, or one of the others.

    The empty arrays are named apart because the index holds only the others.
    """
    wanted = list(ids)
    first = Q(**{column: wanted[0]}) if len(wanted) == 1 else Q(**{f"{column}__in": wanted})
    return first | (Q(**{f"{also}__overlap": wanted}) & ~Q(**{also: []}))
