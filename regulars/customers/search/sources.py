"""What upper floors know a customer by: order numbers, payment references …"""

from collections.abc import Callable, Sequence

Found = tuple[int, str]
Source = Callable[[int, str], Sequence[Found]]
_sources: dict[str, Source] = {}


def search_source(name: str) -> Callable[[Source], Source]:
    """Register `source(shop_id, text)` → [(customer id, why)], best first, at most some tens, exact hits only.

    text: what somebody typed, cleaned. why: shown beside the hit, for example "order 1001".
    """

    def register(source: Source) -> Source:
        if name in _sources:
            raise ValueError(f"There is already a search source {name!r}.")
        _sources[name] = source
        return source

    return register


def ask_sources(shop_id: int, text: str) -> dict[int, str]:
    """Whom the upper floors know by this text, and why; the first reason counts."""
    found: dict[int, str] = {}
    for source in _sources.values():
        for customer_id, why in source(shop_id, text):
            found.setdefault(customer_id, why)
    return found
