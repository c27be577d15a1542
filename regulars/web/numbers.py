"""Numbers that stand in addresses and forms."""


def whole_number(text: str) -> int | None:
    """The number that plain digits mean, None for anything else and for what no id or count can be.

    `str.isdigit` alone is not enough: `int` fails on "²" and on thousands of digits.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
