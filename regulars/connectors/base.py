"""What a connector is, and what a report of its system becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from regulars.connectors.errors import UnknownTopic
from regulars.customers.drafts import Draft
from regulars.orders.facts import OrderFacts, PaymentFacts, ReturnFacts
from regulars.shops.models import Shop

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A customer as another system knows them now.

    external_id: its name for them. at: when it last changed them, or their tags; None when it does not say (then it is
    the newest). draft: what it knows, None for one that it only deleted. add_tags, remove_tags: news of tags alone.
    account_disabled: the account was closed on purpose; plain profiles say nothing of that. is_whole: whether it says
    enough to make somebody new of it.
    """

    external_id: str
    at: datetime | None = None
    draft: Draft | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    account_disabled: bool = False
    is_whole: bool = True
    deleted: bool = False
    forget: bool = False


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """Two customers of another system that became one there."""

    kept: str
    gone: str


@dataclass(slots=True)
class Report:
    """Everything one message tells, in the order in which it is recorded."""

    people: list[PersonFacts] = field(default_factory=list)
    merges: list[MergeFacts] = field(default_factory=list)
    orders: list[OrderFacts] = field(default_factory=list)
    payments: list[PaymentFacts] = field(default_factory=list)
    returns: list[ReturnFacts] = field(default_factory=list)


Read = Callable[[Shop, Any], Report]
R = TypeVar("R", bound=Read)


class Connector:
    """One kind of system: its channel, and how each topic of its messages is read."""

    def __init__(self, key: str, name: str) -> None:
        self.key, self.name = key, name
        self._readers: dict[str, Read] = {}
        CONNECTORS[key] = self

    def topic(self, *names: str) -> Callable[[R], R]:
        """Register how messages of these topics are read."""

        def register(read: R) -> R:
            self._readers |= dict.fromkeys(names, read)
            return read

        return register

    @property
    def topics(self) -> list[str]:
        return sorted(self._readers)

    def read(self, shop: Shop, topic: str, body: Any) -> Report:
        """What a message tells. Raises UnknownTopic, or BadValue for a body that cannot be one of that topic."""
        if topic not in self._readers:
            raise UnknownTopic(name=self.name, topic=topic, known=", ".join(self.topics))
        return self._readers[topic](shop, body)


CONNECTORS: dict[str, Connector] = {}


def connector(key: str) -> Connector:
    """The connector of that key. Raises UnknownTopic that names those there are."""
    if key not in CONNECTORS:
        raise UnknownTopic(name=_("Regulars"), topic=key, known=", ".join(sorted(CONNECTORS)))
    return CONNECTORS[key]
