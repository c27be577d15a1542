"""Money: whole minor units inside (bigint), Decimal at the edges, never a float.

A minor unit is a currency's smallest by ISO 4217: a cent, a whole đồng, a thousandth of a dinar.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel.core import get_global
from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import BadValue
from regulars.kit.numbers import NumberStyle, group, locale_of, number_style, plain_digits, read_decimal, show_number

# ISO 4217, list one: what differs from two decimals.
_EXPONENTS = {
    **dict.fromkeys(
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"], 0
    ),
    **dict.fromkeys(["XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}

# Currencies whose minor unit exists on paper only: stored with it, shown without it.
_SHOWN_WHOLE = frozenset({"IDR", "LAK", "MMK", "IRR", "LBP", "SYP", "YER", "AFN", "ALL", "MGA", "KPW", "SOS"})

# What the shops' own people write, where CLDR has only the code.
_SYMBOLS = {("ro", "RON"): "lei", ("en", "IDR"): "Rp", ("en", "MYR"): "RM", ("en", "THB"): "฿"}
_ALSO_WRITTEN = {
    "VND": ["đ", "₫", "vnđ", "đồng", "dong"],
    "PHP": ["₱", "p", "php", "piso", "pesos", "peso"],
    "IDR": ["rp", "rp.", "rupiah"],
    "RON": ["lei", "leu", "l", "ron"],
    "MYR": ["rm"],
    "SGD": ["s$"],
    "THB": ["฿", "baht"],
}
_DOLLARS = frozenset({"USD", "AUD", "CAD", "HKD", "MXN", "NZD", "SGD", "TWD"})
_HOME_LANGUAGE = {"VND": "vi", "IDR": "id", "RON": "ro", "EUR": "de", "BRL": "pt", "TRY": "tr"}

# The largest amount a bigint column holds.
_MOST = 2**63 - 1


def _in_use() -> tuple[str, ...]:
    spans = get_global("territory_currencies").values()
    return tuple(sorted({code for span in spans for code, _since, until, tender in span if tender and not until}))


CURRENCIES: tuple[str, ...] = _in_use()
"""The codes of all currencies that are legal tender somewhere today, in alphabetical order."""


def exponent(currency: str) -> int:
    """How many decimals a currency has by ISO 4217: VND 0, PHP 2, KWD 3. IDR has 2, though shown without."""
    return _EXPONENTS.get(currency, 2)


def shown_decimals(currency: str) -> int:
    """How many decimals people see: those it has, and none for IDR and its like."""
    return 0 if currency in _SHOWN_WHOLE else exponent(currency)


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount as minor units: Decimal("1250.50") PHP → 125050.

    More decimals than the currency has are rounded half up (0.005 → 1 cent, −0.005 → −1 cent),
    as on an invoice. Raises BadValue for NaN, Infinity and amounts beyond 64 bits.
    """
    if not isinstance(amount, Decimal):
        raise TypeError(f"Money is Decimal, never {type(amount).__name__}.")
    if not amount.is_finite() or amount.adjusted() > 20:
        raise BadValue(_("“{value}” is not an amount of money."), value=amount)
    return _minor(amount, currency)


@lru_cache(maxsize=4096)  # a shop's prices are the same again and again
def _minor(amount: Decimal, currency: str) -> int:
    minor = int(amount.scaleb(exponent(currency)).to_integral_value(ROUND_HALF_UP))
    if abs(minor) > _MOST:
        raise BadValue(_("“{value}” is too large for an amount."), value=amount)
    return minor


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as an amount with all its decimals: 125050 PHP → Decimal("1250.50")."""
    return Decimal(minor).scaleb(-exponent(currency))


def plain(minor: int, currency: str) -> str:
    """An amount for files and programs, all decimals, point, no grouping: "150000", "-1250.00"."""
    digits = exponent(currency)
    if not digits:
        return str(minor)
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"


def read_money(text: str, currency: str, locale: str = "") -> Decimal:
    """An amount as somebody or some program wrote it.

    Accepts the currency's own code and symbols, grouping by point, comma, blank or apostrophe,
    digits of any script, and as negative "-5", "5-", "(5)". A lone separator before exactly three
    digits is read by these rules, in order: after a lone 0 or more than three digits it is
    decimal; for a currency without decimals it groups; else the locale decides ("1.234" is 1234
    in id, 1.234 in en). Without a locale the currency's home decides.
    Raises BadValue: empty, not a number ("NaN", "1e400", "1_000"), another currency, too large.
    """
    locale = locale or _HOME_LANGUAGE.get(currency, "en")
    amount = read_decimal(
        _without_symbol(text, currency, locale),
        number_style(locale),
        whole_only=exponent(currency) == 0,
        reason=_("“{value}” is not an amount of money."),
        written=text,
    )
    if amount.adjusted() > 17:
        raise BadValue(_("“{value}” is too large for an amount."), value=text)
    return amount


def show_money(minor: int, currency: str, locale: str = "en") -> str:
    """An amount for people: "150.000 ₫" (vi), "Rp3.000.000" (id), "₱1,250.00" (en_PH), "1.234,50 lei" (ro).

    The blank is a no-break space. Amounts of currencies shown whole are rounded half up.
    """
    look = _look(currency, locale)
    hidden, decimals = exponent(currency) - look.decimals, look.decimals
    units = abs(minor)
    if hidden:
        units = (units + 5 * 10 ** (hidden - 1)) // 10**hidden
    whole, part = divmod(units, 10**decimals)
    text = group(whole, look.style)
    if decimals:
        text += f"{look.style.point}{part:0{decimals}d}"
    before, after = look.negative if minor < 0 and units else look.positive
    return before + text + after


def write_money(amount: Decimal, currency: str, locale: str = "en") -> str:
    """An amount for a field of a form: as `show_money` writes it, with all its decimals; `read_money` reads just it."""
    minor = amount.scaleb(exponent(currency))
    if amount == round(amount, shown_decimals(currency)) and minor.adjusted() < 18:
        return show_money(int(minor), currency, locale)
    text = show_number(amount, locale)  # a lone separator before three digits could group
    return text if read_money(text, currency, locale) == amount else f"{text}0"


def around_money(currency: str, locale: str = "en") -> tuple[str, str, str]:
    """What stands before an amount, between its thousands ("" where groups are not of three) and behind it."""
    look = _look(currency, locale)
    before, after = look.positive
    return before, look.style.separator if look.style.sizes == (3, 3) else "", after


def symbol(currency: str, locale: str = "en") -> str:
    """The sign a currency is shown with: "₫", "₱", "Rp", "lei"; its code where it has no sign."""
    found = locale_of(locale)
    return _SYMBOLS.get((found.language, currency)) or str(found.currency_symbols.get(currency, currency))


def currency_name(currency: str, locale: str = "en") -> str:
    """What a currency is called: "Philippine Peso"; its code where nobody gave it a name."""
    return locale_of(locale).currencies.get(currency, currency)


@cache
def currency_choices(locale: str = "en") -> list[tuple[str, str]]:
    """All currencies as (code, "Philippine Peso (PHP)"), by name, for choosers."""
    named = [(code, f"{currency_name(code, locale)} ({code})") for code in CURRENCIES]
    return sorted(named, key=lambda pair: pair[1].casefold())


# --- how it is done ---------------------------------------------------------------------------------------


class _Look:
    """How one currency is written in one locale, taken from CLDR once: 16 µs an amount become 1."""

    __slots__ = ("decimals", "negative", "positive", "style")

    def __init__(self, currency: str, locale: str) -> None:
        pattern = locale_of(locale).currency_formats["standard"]
        sign = symbol(currency, locale)
        self.style: NumberStyle = number_style(locale)
        self.decimals = shown_decimals(currency)
        self.positive = _around(pattern.prefix[0], pattern.suffix[0], sign)
        self.negative = _around(pattern.prefix[1], pattern.suffix[1], sign)


@cache
def _look(currency: str, locale: str) -> _Look:
    return _Look(currency, locale)


def _around(prefix: str, suffix: str, sign: str) -> tuple[str, str]:
    """What stands before and after the digits; a code is set off by a blank where CLDR has none."""
    before, after = prefix.replace("¤", sign), suffix.replace("¤", sign)
    if before.endswith(sign) and sign[-1:].isalpha() and len(sign) > 2:
        before += "\u00a0"
    return before, after


def _without_symbol(text: str, currency: str, locale: str) -> str:
    """The text without the currency's own sign or code, once, before or after the number."""
    return _signs(currency, locale).sub(r"\1\2", plain_digits(text).strip(), count=1)


@cache
def _signs(currency: str, locale: str) -> re.Pattern[str]:
    """Finds what a currency is called in amounts; longest first, so that "vnđ" goes before "đ"."""
    languages = {"en", locale, _HOME_LANGUAGE.get(currency, "en")}
    known = {currency, *_ALSO_WRITTEN.get(currency, []), *(symbol(currency, one) for one in languages)}
    if currency in _DOLLARS:
        known.add("$")
    sign = "|".join(re.escape(plain_digits(one)) for one in sorted(known, key=len, reverse=True))
    return re.compile(rf"\A([\s(+-]*)(?:{sign})\s*|\s*(?:{sign})([\s)-]*)\Z", re.IGNORECASE)
