"""Yes and no as people write them in cells, in the five languages of the shops and by programs."""

from regulars.kit.text import fold

YES = "yes, y, true, t, 1, on, co, ya, iya, da, oo"
NO = "no, n, false, f, 0, off, khong, tidak, tak, nu, hindi"
"""Folded, with commas between: English and programs, Vietnamese, Indonesian, Romanian, Filipino."""

_MEANT = dict.fromkeys(YES.split(", "), True) | dict.fromkeys(NO.split(", "), False)


def read_flag(text: str) -> bool | None:
    """What a word for yes or no means; None when it is neither."""
    return _MEANT.get(fold(text[:60]).rstrip("."))
