"""Which word about a customer's tag is the newest.

News of tags come beside profiles, which list all tags, and either may come late. What is newest of each tag is kept on
the customer's last report: tag key → [when, its name], where the name is "" for one that was taken off. Times are whole
seconds, as profiles have no finer ones; of two words in one second the one that comes last counts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from regulars.connectors.base import PersonFacts
from regulars.connectors.models import LastReport
from regulars.customers.profile import MOST_TAGS, tag_key

Words = dict[str, list[str]]


def listed(facts: PersonFacts, last: LastReport | None) -> Words:
    """Leave out of a profile what newer news say otherwise of, put in what they add; the words that are known then.

    A profile that does not say how old it is, is the newest.
    """
    if facts.draft is None or facts.at is None:
        return _known(last)
    at = _written(facts.at)
    newer = {key: word for key, word in _known(last).items() if word[0] > at}
    said = {tag_key(name): name for name in facts.draft.tags} | {key: name for key, (_at, name) in newer.items()}
    facts.draft.tags = [name for name in said.values() if name][:MOST_TAGS]
    return {key: [at, name] for key, name in said.items() if name} | newer


def of_now(facts: PersonFacts, last: LastReport | None) -> tuple[PersonFacts, Words]:
    """News of tags without those that are not news any more, and the words that are known then."""
    known = _known(last)
    if facts.at is None:
        return facts, known
    at = _written(facts.at)
    is_listed_since = last is not None and at < _written(last.at)  # a later profile lists what was added before it
    add = [name for name in facts.add_tags if not is_listed_since and _is_news(name, at, known)]
    remove = [name for name in facts.remove_tags if _is_news(name, at, known)]
    words = {tag_key(name): [at, name] for name in add} | {tag_key(name): [at, ""] for name in remove}
    return replace(facts, add_tags=tuple(add), remove_tags=tuple(remove)), known | words


def _known(last: LastReport | None) -> Words:
    return last.tags if last else {}


def _is_news(name: str, at: str, known: Mapping[str, Any]) -> bool:
    key = tag_key(name)
    return key not in known or at >= known[key][0]


def _written(at: datetime) -> str:
    """So that texts compare as instants do."""
    return f"{max(0, int(at.timestamp())):012d}"
