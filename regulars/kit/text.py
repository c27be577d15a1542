"""The one way text is cleaned, folded for search, and taken apart into names."""

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

from anyascii import anyascii

NameOrder = Literal["given", "family", "comma"]

# Where the family name is said first. Hungary too; the Philippines, Indonesia and Romania are not.
FAMILY_FIRST = frozenset({"VN", "CN", "TW", "HK", "MO", "JP", "KR", "KP", "KH", "HU"})

# Marks on one letter that are kept. Reordering marks is quadratic in every Unicode library
# (100,000 on one letter: 5 s); Unicode's own stream-safe format allows 30, real text needs 4.
MOST_MARKS = 256


def clean(text: str) -> str:
    """Text as it may be stored: what every door (form, file, API, webhook) calls first.

    Line breaks become "\\n" and tabs a blank; other control characters (C0, DEL, C1), byte order
    marks inside the text and marks beyond 256 on one letter go; half a surrogate pair and the
    noncharacters U+FFFE and U+FFFF, which XML cannot carry, become U+FFFD; the rest is composed
    (NFC) and its outer blanks are cut off. Everything else stays: emoji, joiners, zero-width and
    right-to-left marks are part of somebody's text; pages escape and isolate what they show.
    Cleaning twice changes nothing more.
    """
    if text.isprintable() and len(text) <= MOST_MARKS and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip()
    return _cleaned(text)


def _cleaned(text: str) -> str:
    """Any text, the long way."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").translate(_CLEANING)
    return unicodedata.normalize("NFC", _without_excess_marks(text)).strip()


def can_be_stored(text: str) -> bool:
    """Whether PostgreSQL takes a text as it is: without NUL and without half a surrogate pair.

    For texts that are only compared. What is kept is cleaned instead.
    """
    return "\0" not in text and not _SURROGATE.search(text)


def one_line(text: str) -> str:
    """Cleaned text on one line, each run of blanks a single one: for names, titles, tags."""
    return " ".join(clean(text).split()) if text else ""


def fold(text: str) -> str:
    """Text as it is searched: lower case, plain ASCII, single blanks ("Thị  Đào" → "thi dao").

    Composed and decomposed spellings fold alike. What cannot be seen folds to nothing, other
    scripts are spelled in Latin letters, an emoji by its name. Folding twice changes nothing more.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _without_excess_marks(text)).translate(_FOLDING)
    elif text.isprintable():
        text = text.lower()
    else:
        text = text.translate(_FOLDING)
    return " ".join(text.split())


def name_key(name: str, length: int = 200) -> str:
    """What a name is sorted by, in code point order: folded, without punctuation.

    Equal for names that differ only in accents or case: a list sorted by it needs a tie-break.
    """
    folded = fold(name)
    return (" ".join(_WORD.findall(folded.replace("'", ""))) or folded)[:length]


def tokens(text: str) -> list[str]:
    """The folded words of a search box; "Cruz, Juan" → ["cruz", "juan"].

    Blanks, commas and semicolons separate; quotes and brackets around a word fall off; marks
    inside one stay, so that "@gmail.com", "+tag" and "#1001" can be looked for.
    """
    words = (word.strip("\"'`()[]{}<>") for word in _SEPARATORS.split(fold(text)))
    return [word for word in words if word]


def initials(name: str) -> str:
    """At most two capital letters for an avatar: of the first and the last word, "" without letters."""
    letters = [first for word in name.split() if (first := _first_letter(word))]
    chosen = letters[:1] + letters[1:][-1:]
    return "".join(chosen)


def split_full_name(name: str, country: str | None = None) -> tuple[str, str]:
    """A full name as (given, family), as its country writes names.

    "Nguyễn Thị Đào" in VN → ("Thị Đào", "Nguyễn"); "Juan dela Cruz Jr." in PH → ("Juan",
    "dela Cruz Jr."); a comma always follows the family name; one word alone is a given name.
    It is a guess, to be shown before it is stored.
    """
    if "," in name:
        family, given = (one_line(part) for part in name.split(",", 1))
        if family and given and not _is_suffix(given):
            return given, family
    words = one_line(name).split()
    if len(words) < 2:
        return " ".join(words), ""
    if country in FAMILY_FIRST:
        return " ".join(words[1:]), words[0]
    start = _family_start(words)
    return " ".join(words[:start]), " ".join(words[start:])


def display_name(given: str, family: str, country: str | None = None, *, order: NameOrder | None = None) -> str:
    """The name as it is shown in its country, or in the order asked for.

    order: "given" (Ann Lee), "family" (Lee Ann), "comma" (Lee, Ann); None lets the country decide.
    """
    if not (given and family):
        return given or family
    order = order or ("family" if country in FAMILY_FIRST else "given")
    if order == "comma":
        return f"{family}, {given}"
    return f"{family} {given}" if order == "family" else f"{given} {family}"


def cut(text: str, length: int) -> str:
    """At most `length` characters, the last an ellipsis if something was cut; no letter loses its marks."""
    if len(text) <= length:
        return text
    end = length - 1
    while end > 0 and (_clings(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return (text[:end].rstrip() or text[: length - 1]) + "…"


_JOINER = "\u200d"
_SURROGATE = re.compile("[\ud800-\udfff]")
_CLEANING = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFEFF]),
    ord("\n"): "\n",
    ord("\r"): "\n",
    0x2028: "\n",
    0x2029: "\n",
    ord("\t"): " ",
    0xFFFE: "\ufffd",
    0xFFFF: "\ufffd",
}
_WORD = re.compile(r"[a-z0-9]+")
_SEPARATORS = re.compile(r"[\s,;]+")
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "de del dela della delos di da das do dos du la las le los van von der den ter ten"
        " san santa sto sta bin binti bte al el ibn st",
    )
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v", "phd", "md"})


class _Folding(dict[int, str]):
    """Folds one character and remembers it: a third of the cost of folding each name afresh."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = "" if 0xD800 <= code <= 0xDFFF else anyascii(character.casefold()).lower()
        if not folded.isprintable():
            folded = " " if character.isspace() else ""
        if code < 0x3000:  # keeps the table small: above lie tens of thousands of rare signs
            self[code] = folded
        return folded


_FOLDING = _Folding()


@cache
def _too_many_marks() -> re.Pattern[str]:
    """Finds the marks beyond MOST_MARKS; made when first needed, as it looks at all of Unicode."""
    codes = [code for code in range(0x300, sys.maxunicode + 1) if unicodedata.combining(chr(code))]
    mark = "[" + "".join(chr(code) for code in codes) + "]"
    return re.compile(f"({mark}{{{MOST_MARKS}}}){mark}+")


def _without_excess_marks(text: str) -> str:
    return text if len(text) <= MOST_MARKS else _too_many_marks().sub(r"\1", text)


def _first_letter(word: str) -> str:
    return next((letter.upper()[:1] for letter in word if letter.isalnum()), "")


def _is_suffix(word: str) -> bool:
    return word.rstrip(".").lower() in _SUFFIXES


def _family_start(words: list[str]) -> int:
    """Where the family name begins: its last word, with the particles before and the suffix after it."""
    start = len(words) - 1
    if _is_suffix(words[start]) and start > 1:
        start -= 1
    while start > 1 and words[start - 1].lower().rstrip(".") in _PARTICLES:
        start -= 1
    return start


def _clings(character: str) -> bool:
    """Whether it belongs to the character before: a mark, a joiner, a skin tone."""
    is_mark = unicodedata.category(character) in ("Mn", "Me", "Mc")
    return is_mark or character == _JOINER or 0x1F3FB <= ord(character) <= 0x1F3FF
