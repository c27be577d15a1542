"""Words that go out to other calendars: without phone numbers and e-mail addresses, with dates, hours and amounts."""

import re

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:\d{4}|\d\d)"
_DATE = (
    rf"(?<![\d.+-])(?:\d{{4}}(?P<a>[./-]){_MONTH}(?P=a){_DAY}|{_DAY}(?P<b>[./-]){_MONTH}(?P=b){_YEAR}"
    rf"|{_MONTH}(?P<c>[./-]){_DAY}(?P=c){_YEAR})(?!\d|[./-]\d)"
)
_HOUR = r"(?<!\d)\d{1,2}:\d\d(?!\d)"
_FIGURE = r"[1-9]\d{0,2}(?:[.,'\s]\d{3})+(?:[.,]\d\d)?|[1-9]\d*(?:[.,]\d\d)?"
_CURRENCY = r"(?:[$£¥€₠-₿]|(?<!\w)(?:đ|VNĐ|VND|Rp|IDR|PHP|lei|leu|RON|USD|EUR)(?![^\W\d]))"
_AMOUNT = rf"(?<![\d.+-])(?:{_FIGURE})\s?{_CURRENCY}|{_CURRENCY}\s?(?:{_FIGURE})(?!\d|[.,']\d)"
_CONTACT = r"[\w.+-]+@[\w-]+\.[\w.-]+|\+?\d[\d\s().-]{6,}\d"
_WORDS = re.compile(f"(?P<kept>{_DATE}|{_HOUR}|{_AMOUNT})|{_CONTACT}")


def without_contacts(text: str) -> str:
    """The text with "…" for whatever looks like a phone number or an e-mail address.

    A number is an amount only beside a currency, and never when it begins with a zero: in doubt it is a phone number.
    """
    return _WORDS.sub(lambda found: found["kept"] or "…", text)
