"""Where a list beside a customer goes on: a moment and an id, as they stand in an address."""

from datetime import datetime


def write_cursor(at: datetime, pk: int) -> str:
    """For `before=` in an address."""
    return f"{at.isoformat()}~{pk}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """The moment and the id; None, and so the beginning, for what we did not write."""
    at, _mark, pk = text.partition("~")
    try:
        moment, number = datetime.fromisoformat(at), int(pk)
    except ValueError:
        return None
    return (moment, number) if moment.tzinfo and abs(number) < 2**63 else None
