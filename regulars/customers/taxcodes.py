"""Whether a tax code can be one of its country."""

import re
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError

from regulars.kit.numbers import plain_digits

_REASONS = {
    "VN": _("This is not a Vietnamese tax code (MST): 10 digits, or 13 for a branch; or the 12 of a citizen id."),
    "RO": _("This is not a Romanian fiscal code (CUI): 2 to 10 digits, with RO before them for a VAT payer."),
    "ID": _("This is not an Indonesian NPWP: 15 or 16 digits."),
    "PH": _("This is not a Philippine TIN: 9 digits, and 3 or 5 more for a branch."),
}
_MODULES = {"VN": "stdnum.vn.mst", "RO": "stdnum.ro.cf", "ID": "stdnum.id.npwp"}

# Since 1 July 2025 a person's number in the national database is the tax code (Circular 86/2024/TT-BTC).
_VIETNAMESE_PERSON = re.compile(r"\d{12}")
# Nine digits and a branch code of three or, newer, five. No check digit: its rule is not published.
_PHILIPPINE = re.compile(r"(?!000000000)\d{9}(?:\d{3}|\d{5})?")


def tax_code_problem(code: str, country: str) -> Any:
    """Why this cannot be a tax code of the country, a translated sentence; "" when it can, or nobody can tell."""
    if country not in _REASONS:
        return ""
    written = plain_digits(code)
    digits = re.sub(r"[\s./-]", "", written)
    if country == "PH":
        is_one = bool(_PHILIPPINE.fullmatch(digits))
    elif country == "VN" and _VIETNAMESE_PERSON.fullmatch(digits):
        is_one = True
    else:
        is_one = _passes(country, written)
    return "" if is_one else _REASONS[country]


def _passes(country: str, code: str) -> bool:
    try:
        _checker(country).validate(code)
    except (ValidationError, ValueError):
        return False
    return True


@cache
def _checker(country: str) -> Any:
    return import_module(_MODULES[country])
