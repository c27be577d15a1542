"""What speaks for two being one person, and how much: the one rule for whoever is typed, imported or already here.

The rule is symmetric, and knows nothing but the two: how people were found does not change what is said of them.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from regulars.customers.likeness.names import are_similar, words_key

SHOWN_FROM = 50
"""The score (0 to 100) from which two wait for a decision."""

REASONS = {
    "citizen_id": _("same citizen id"),
    "email": _("same e-mail"),
    "zalo": _("same Zalo"),
    "tax_code": _("same tax code"),
    "phone": _("same phone"),
    "name": _("same name"),
    "reversed": _("same name in another order"),
    "slip": _("similar name"),
    "birthday": _("same birthday"),
    "company": _("same company"),
    "city": _("same city"),
    "other_name": _("different names"),
}
"""Key → words, surest first. `other_name` speaks against it: perhaps a household."""

IDENTIFIERS = ("citizen_id", "email", "zalo", "tax_code", "phone")
_NAMES = ("name", "reversed", "slip")
_FACTS = ("birthday", "company", "city")

# What each weighs beside names that agree, that cannot be compared, and that are clearly different.
_WEIGHTS = {
    "citizen_id": (99, 98, 85),
    "email": (97, 95, 75),
    "zalo": (96, 92, 75),
    "tax_code": (92, 0, 0),
    "phone": (94, 75, 50),
}
_NAME_ALONE = {"name": 40, "reversed": 36, "slip": 28}
_NAME_WITH = {"birthday": 45, "company": 32, "city": 30}
_AGAINST = {"phones": 21, "emails": 12, "birthday": 25, "citizen_id": 40}
_EACH_FURTHER = 2
_BORN_ON_ANOTHER_DAY = 10
"""Less for namesakes who share a phone or an address: a father and his son."""


class Person(NamedTuple):
    """What is compared of a customer, in the forms that are equal for equal things; "" and empty: not known.

    name: `whole_name`. called: any name, also of one word. birthday: month, day and year.
    """

    pk: int | None
    name: str = ""
    called: str = ""
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    zalo: str = ""
    citizen_id: str = ""
    tax_code: str = ""
    city: str = ""
    company: str = ""
    birthday: str = ""


class Verdict(NamedTuple):
    """score: 0 (nothing) to 100. reasons: keys of REASONS, surest first."""

    score: int
    reasons: tuple[str, ...]


def compare(one: Person, other: Person) -> Verdict:
    """How likely two are one person, and why."""
    name = _names(one, other)
    identifiers = [kind for kind in IDENTIFIERS if _shares(one, other, kind)]
    facts = [kind for kind in _FACTS if _shares(one, other, kind)]
    column = 0 if name in _NAMES else 2 if name == "other_name" else 1
    if "tax_code" in identifiers and "company" in facts and column != 2:
        column = 0
    weights = [_WEIGHTS[kind][column] for kind in identifiers]
    if name in _NAMES:
        weights.append(_by_name(one, other, name, facts))
    score = max(weights, default=0)
    if not score:
        return Verdict(0, ())
    if identifiers and name in _NAMES and "citizen_id" not in identifiers and _differs(one.birthday, other.birthday):
        score -= _BORN_ON_ANOTHER_DAY
    told = [*identifiers, *([name] if name else []), *(facts if name in _NAMES or "tax_code" in identifiers else [])]
    further = len(identifiers) - 1 if column < 2 else 0
    return Verdict(min(100, score + _EACH_FURTHER * max(0, further)), tuple(kind for kind in REASONS if kind in told))


def _names(one: Person, other: Person) -> str:
    """How the names compare; "" when one is missing or a part of the other."""
    if not one.called or not other.called:
        return ""
    if one.name and other.name:
        if one.name == other.name:
            return "name"
        if words_key(one.name) == words_key(other.name):
            return "reversed"
        if are_similar(one.name, other.name):
            return "slip"
    words = set(one.called.split()), set(other.called.split())
    return "" if words[0] <= words[1] or words[1] <= words[0] else "other_name"


def _by_name(one: Person, other: Person, name: str, facts: list[str]) -> int:
    """The weight of a name with what else is equal, less what is known of both and differs."""
    weight = _NAME_ALONE[name] + max((_NAME_WITH[fact] for fact in facts), default=0)
    against = sum(loss for kind, loss in _AGAINST.items() if _differs(getattr(one, kind), getattr(other, kind)))
    return max(0, weight - against)


def _differs(ours: str | frozenset[str], theirs: str | frozenset[str]) -> bool:
    if not ours or not theirs:
        return False
    return ours.isdisjoint(theirs) if isinstance(ours, frozenset) else ours != theirs


def _shares(one: Person, other: Person, kind: str) -> bool:
    if kind in ("email", "phone"):
        return not getattr(one, f"{kind}s").isdisjoint(getattr(other, f"{kind}s"))
    ours = getattr(one, kind)
    return bool(ours) and ours == getattr(other, kind)
