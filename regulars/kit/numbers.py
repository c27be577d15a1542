"""Numbers as people and files write them, in every script and with every separator."""

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from babel import Locale, UnknownLocaleError
from babel.numbers import format_percent
from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import BadValue


class NumberStyle(NamedTuple):
    """How a locale writes numbers. sizes: digits in the last group and in those before it."""

    point: str
    separator: str
    sizes: tuple[int, int]


@cache
def locale_of(name: str) -> Locale:
    """The locale of a language or of its regional form ("vi", "en-PH", "en_PH"); English when unknown."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        head = re.split(r"[-_]", name)[0] if name else ""
        return locale_of(head) if head and head != name else Locale("en")


@cache
def number_style(locale: str) -> NumberStyle:
    """The separators of a locale, Latin digits assumed."""
    found = locale_of(locale)
    signs = found.number_symbols["latn"]
    return NumberStyle(signs["decimal"], signs["group"], found.decimal_formats[None].grouping)


def group(whole: int, style: NumberStyle) -> str:
    """A number of 0 or more with its digits grouped as the style says."""
    if style.sizes == (3, 3):
        return f"{whole:,}".replace(",", style.separator)
    digits, last = str(whole), style.sizes[0]
    head, tail = digits[:-last], digits[-last:]
    groups = [tail]
    while head:
        head, taken = head[: -style.sizes[1]], head[-style.sizes[1] :]
        groups.append(taken)
    return style.separator.join(reversed(groups))


def show_share(part: int, whole: int, locale: str = "en") -> str:
    """How much of a whole, more than 0, a part is: "2.5%"; what is little more than nothing is "<0.1%"."""
    found = locale_of(locale)
    pattern = found.percent_formats[None].pattern.replace("0", "0.#", 1)
    share = Decimal(part) / whole
    if 0 < share < Decimal("0.001"):
        return "<" + format_percent(Decimal("0.001"), pattern, found)
    return format_percent(share, pattern, found)


def show_number(number: int | Decimal, locale: str = "en") -> str:
    """A number for people: 12,345 (en), 12.345 (vi, id, ro); decimals as they are, none made up."""
    style = number_style(locale)
    if isinstance(number, int):
        return ("-" if number < 0 else "") + group(abs(number), style)
    text = f"{abs(number):f}"
    whole, _point, part = text.partition(".")
    shown = group(int(whole), style) + (style.point + part if part else "")
    return "-" + shown if number < 0 else shown


def read_count(text: str, locale: str = "en") -> int:
    """A whole number: "1,234" or "1.234" (both 1234), "12.0" from a spreadsheet (12), "-5".

    Raises BadValue: empty, with decimals, not a number, more than 64 bits.
    """
    reason = _("“{value}” is not a whole number.")
    number = read_decimal(text, number_style(locale), whole_only=True, reason=reason)
    if number != number.to_integral_value() or abs(number) >= 2**63:
        raise BadValue(reason, value=text)
    return int(number)


def read_number(text: str, locale: str = "en") -> Decimal:
    """A number with or without decimals; a lone separator before three digits is read as the locale does."""
    return read_decimal(text, number_style(locale), reason=_("“{value}” is not a number."))


def read_decimal(text: str, style: NumberStyle, *, reason: Any, whole_only: bool = False, written: str = "") -> Decimal:
    """The number that digits, separators and a sign spell; `read_money` tells the rules.

    whole_only: a lone separator before three digits always groups. written: what the error quotes
    instead of the text. Raises BadValue with the reason given.
    """
    quoted = written or text
    if not text.strip():
        raise BadValue(_("A number is missing."), value=quoted)
    found = _NUMBER.fullmatch(plain_digits(text).strip()) if len(text) <= 80 else None
    if not found or (found["open"] is None) != (found["close"] is None):
        raise BadValue(reason, value=quoted)
    plain = _ungrouped(found["digits"], style, whole_only)
    if plain is None or bool(found["minus"]) + bool(found["open"]) + bool(found["trailing"]) > 1:
        raise BadValue(reason, value=quoted)
    is_negative = found["minus"] == "-" or found["open"] or found["trailing"]
    number = Decimal(plain)
    return -number if is_negative and number else number


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet shortened a long number to this ("9.17E+11"): its last digits are lost."""
    return "+" in text and _ROUNDED.fullmatch(text.strip().lstrip("'")) is not None


@lru_cache(maxsize=8192)
def plain_digits(text: str) -> str:
    """The text with digits of all scripts, full-width signs and every kind of blank and minus in ASCII.

    Only true decimal digits: "½" and "²" stay as they are, and no number has them.
    """
    if text.isascii():
        return text
    return "".join(map(_plain, text))


_NUMBER = re.compile(
    r"(?P<open>\()?\s*(?P<minus>[-+])?\s*"
    r"(?P<digits>\d(?:[\d.,' ]*\d)?|[.,]\d+|\d+[.,])"
    r"\s*(?P<trailing>-)?\s*(?P<close>\))?"
)
_ROUNDED = re.compile(r"\+?\d(?:[.,]\d+)?[eE]\+\d{1,2}")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<by>[.,' ])\d{2,3}(?:(?P=by)\d{2,3})*(?<=\d{3}))?")
_MINUSES = frozenset("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d")


def _plain(character: str) -> str:
    if character.isdecimal():
        return str(int(character))
    if character.isspace():
        return " "
    if character in _MINUSES:
        return "-"
    if character in "\u2019\u02bc":
        return "'"
    code = ord(character)
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else character


def _ungrouped(digits: str, style: NumberStyle, whole_only: bool) -> str | None:
    """Digits with at most a decimal point, or None when the separators make no sense."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return _joined(digits)
    if not _is_point(digits, last, style, whole_only):
        return _joined(digits)
    whole, part = _joined(digits[:last]) if last else "0", digits[last + 1 :]
    if whole is None or not part.isdigit():
        return whole if not part else None
    return f"{whole}.{part}"


def _is_point(digits: str, last: int, style: NumberStyle, whole_only: bool) -> bool:
    """Whether the last point or comma begins the decimals."""
    mark, before, after = digits[last], digits[:last], len(digits) - last - 1
    if mark in before:
        return False
    if after != 3 or before in ("", "0") or not before.isdigit() or len(before) > 3:
        return True
    return not whole_only and mark == style.point


def _joined(grouped: str) -> str | None:
    """The digits of a well grouped whole number, or None."""
    if grouped.isdigit():
        return grouped
    found = _GROUPED.fullmatch(grouped)
    return re.sub(r"\D", "", grouped) if found else None
