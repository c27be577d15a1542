"""News for upper floors: whoever wants to hear of an event says so with `@on`.

Handlers run inside the transaction that recorded the event, once for all customers of one bulk operation,
and should do no more than enqueue a job (`kit.jobs.later`).
"""

from collections import defaultdict
from collections.abc import Callable

Handler = Callable[..., None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def on(*kinds: str) -> Callable[[Handler], Handler]:
    """Register `handler(shop_id, kind, customer_ids, batch_id)` for event kinds; "customer.*" hears all of them."""

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            _handlers[kind].append(handler)
        return handler

    return register


def announce(shop_id: int, kind: str, customer_ids: set[int], *, batch_id: int | None = None) -> None:
    """Tell every handler of the kind and of its family."""
    for listening in (kind, f"{kind.split('.')[0]}.*"):
        for handler in _handlers.get(listening, ()):
            handler(shop_id=shop_id, kind=kind, customer_ids=customer_ids, batch_id=batch_id)
