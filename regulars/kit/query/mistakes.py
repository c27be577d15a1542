"""What is wrong with a text that is not of the language: where, what could have stood there, what was perhaps meant."""

import re
from collections.abc import Set
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lark import UnexpectedInput, UnexpectedToken
from rapidfuzz import fuzz, process

from regulars.kit.query.conditions import BadCondition, Place

_VALUE = {"STRING", "DATE", "OFFSET", "AGO", "NUMBER", "NAME"}
_SIGNS = {"LPAR": "(", "RPAR": ")", "COMMA": ",", "COMPARISON": "="}
_WORD = re.compile(r"[^\s()'\"“”‘’,:;=<>!&|]+")
_RUN = re.compile(r"[=<>!&|]+")
_STRING = re.compile(r"'(?:[^'\\]|\\.|'')*'(?!')|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_MEANT = {
    "==": "=", "===": "=", "=>": ">=", "=<": "<=", "!==": "!=", "&&": "AND", "&": "AND", "||": "OR", "|": "OR",
    "!": "NOT", "like": "CONTAINS", "ilike": "CONTAINS", "has": "CONTAINS", "includes": "CONTAINS",
    "begins": "STARTS WITH", "startswith": "STARTS WITH", "empty": "NULL", "blank": "NULL", "none": "NULL",
}  # fmt: skip
_BARE_NUMBERS = gettext_lazy("Amounts are written as bare numbers: 1000.50.")
_HABITS = (
    (r"[“”‘’]", gettext_lazy("Texts stand in straight quotation marks: 'VIP'.")),
    (r"(?i)[+-]?\d+(q|h|min|s)", gettext_lazy("Write days, weeks, months or years: -7d, -4w, -3m, -1y.")),
    (r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}", gettext_lazy("Dates are written 2026-01-31.")),
    (r"[€$£₫₱¥]\d[\d.]*|\d[\d.]*[€$£₫₱¥]", _BARE_NUMBERS),
)
"""How things are written elsewhere, and the sentence that says how here."""
_SHOWN = 40


def place_at(text: str, start: int, length: int) -> Place:
    """The place of some characters of a text; a line ends at a line feed."""
    return Place(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), max(length, 1))


def explained(fault: UnexpectedInput, text: str) -> BadCondition:
    """What the parser stumbled over, as a merchant is told it."""
    accepted = set(fault.interactive_parser.accepts())
    if isinstance(fault, UnexpectedToken) and fault.token.type == "$END":
        return _ended(text, accepted)
    start, end = _span(text, fault.pos_in_stream or 0)
    found = text[start:end]
    if found[0] in "'\"" and not _STRING.match(text, start):
        reason = _("The quotation mark opened here is never closed.")
        return BadCondition(reason, word=found[0], place=place_at(text, start, 1))
    whole = start == fault.pos_in_stream
    reason = _habit(text, start, found, accepted) or _refused(found, _expected(accepted) if whole else "")
    return BadCondition(reason, word=found, place=place_at(text, start, len(found)), suggestion=_meant(found, accepted))


def _refused(found: str, expected: str) -> str:
    """expected: "" when the beginning of the word could have stood there, so that nothing else is to be named."""
    shown = found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"
    if not expected:
        return _("“{found}” is not understood.").format(found=shown)
    return _("“{found}” cannot stand here; expected: {expected}.").format(found=shown, expected=expected)


def _ended(text: str, accepted: Set[str]) -> BadCondition:
    """The text stops where more was needed: a bracket that is still open, or the rest of a condition."""
    opened = _open_bracket(text)
    if "RPAR" in accepted and opened is not None:
        return BadCondition(_("The bracket opened here is never closed."), word="(", place=place_at(text, opened, 1))
    reason = _("The filter ends too early; expected: {expected}.").format(expected=_expected(accepted))
    return BadCondition(reason, place=place_at(text, len(text.rstrip()), 1))


def _open_bracket(text: str) -> int | None:
    """Where the innermost bracket opens that is not closed."""
    opened: list[int] = []
    bare = _STRING.sub(lambda string: " " * len(string[0]), text)
    for at, letter in enumerate(bare):
        if letter == "(":
            opened.append(at)
        elif letter == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _span(text: str, at: int) -> tuple[int, int]:
    """The whole word, text or sign around a character, as people see it."""
    if string := _STRING.match(text, at):
        return string.span()
    for kind in (_WORD, _RUN):
        if kind.match(text, at):
            start = at
            while start and kind.match(text[start - 1]):
                start -= 1
            whole = kind.match(text, start)
            return start, whole.end() if whole else at + 1
    return at, at + 1


def _habit(text: str, start: int, found: str, accepted: Set[str]) -> str:
    """How a thing is written here that is written otherwise elsewhere; "" when that is not the trouble."""
    before, after = text[:start][-1:], text[start + 1 : start + 4]
    if before in ("'", '"') and found[0].isalnum():
        return _("A quotation mark inside a text is written twice: 'O''Brien'.")
    if found == "," and before.isdigit() and after.isdigit():
        return str(_BARE_NUMBERS)
    if found == ")" and "$END" in accepted:
        return _("This bracket closes nothing.")
    if found == "(" and "_ALL" in accepted:
        return _("For several values write IN ('a', 'b'), any of them, or CONTAINS ALL ('a', 'b').")
    if found.upper() == "NULL" and "_MATCHES" in accepted:
        return _("Write IS NULL for what is not known, IS NOT NULL for what is.")
    if found.upper() == "AND" and accepted == {"COMMA", "RPAR"}:
        return _("Parameters are separated by commas.")
    if found == ":" and "COMPARISON" in accepted:
        return _("In MATCHES a parameter is written as a condition: date >= -90d.")
    return next((str(words) for pattern, words in _HABITS if re.fullmatch(pattern, found)), "")


def _meant(found: str, accepted: Set[str]) -> str:
    """The word that was perhaps meant, "" when nothing is near."""
    if found.lower() in _MEANT:
        return _MEANT[found.lower()]
    if re.fullmatch(r"[0-9]+[dwmy]", found, re.I):
        return f"-{found.lower()}"
    words = [name[1:] for name in sorted(accepted) if name.startswith("_") and name != "_NOT_MATCHES"]
    near = process.extractOne(found.upper(), words, scorer=fuzz.ratio, score_cutoff=60) if found.isalpha() else None
    return near[0] if near else ""


def _expected(accepted: Set[str]) -> str:
    """What could stand there, in few words."""
    if accepted >= _VALUE:
        return str(_("a value, such as 'VIP', 100 or -90d"))
    ending = "$END" in accepted
    if ending or {"RPAR", "_AND"} <= accepted:
        return _("AND, OR or the end") if ending else _("AND, OR or )")
    if {"COMPARISON", "_IS"} <= accepted:
        return _("an operator, such as =, >=, CONTAINS or IS NULL")
    if "NAME" in accepted:
        return _("a field, such as total_spent") if "_NOT" in accepted else _("a parameter, such as date >= -90d")
    return _joined([_SIGNS.get(name) or name.lstrip("_") for name in sorted(accepted)])


def _joined(words: list[Any]) -> str:
    return _("{first} or {second}").format(first=", ".join(words[:-1]), second=words[-1]) if words[1:] else words[0]
