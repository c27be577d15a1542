"""Lists that people put in order, by dragging or by the arrows beside each item."""

from django.http import QueryDict

from regulars.web.numbers import whole_number


def moved_ids(given: QueryDict) -> list[int]:
    """`ids` as they shall stand; `up` or `down` moves one of them a place, and it stays at the ends."""
    ids = [pk for text in given.getlist("ids") if (pk := whole_number(text)) is not None]
    for way, step in (("up", -1), ("down", 1)):
        ids = _moved(ids, whole_number(given.get(way, "")), step)
    return ids


def _moved(ids: list[int], chosen: int | None, step: int) -> list[int]:
    if chosen not in ids:
        return ids
    rest = [pk for pk in ids if pk != chosen]
    place = min(max(ids.index(chosen) + step, 0), len(rest))
    return [*rest[:place], chosen, *rest[place:]]
