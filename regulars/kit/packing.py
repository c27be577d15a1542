"""Records that go from one process to another in great numbers: pickled as their values in order, without their names.

A third less work for whoever packs and whoever unpacks.
"""

from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

Record = TypeVar("Record", bound=type)


def packed(record: Record) -> Record:
    """Class decorator for named tuples and for dataclasses whose fields are all given when one is made."""
    names: Any = getattr(record, "_fields", None) or [one.name for one in fields(record)]
    values = attrgetter(*names)
    setattr(record, "__reduce__", lambda self: (record, values(self)))  # noqa: B010  a plain one mypy refuses
    return record
