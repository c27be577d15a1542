"""The codes by which customers send others: how they look, and how they are read."""

import re
import secrets

from regulars.kit.text import one_line

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, 1, I and L: codes are read out on the phone."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{2,15}")


def code_of(text: str) -> str:
    """A code as it is stored, "" for what is none: capitals, digits, "-", "." and "_", 3 to 16 of them."""
    code = one_line(text).upper().replace(" ", "-")
    return code if _CODE.fullmatch(code) else ""


def new_code() -> str:
    """A new one, such as "7K4M-9QXT": one of 650 thousand million."""
    letters = "".join(secrets.choice(LETTERS) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"
