"""News for upper floors: whoever wants to hear of an event says so with `@on`.

Handlers run inside the transaction that recorded the event, once for all customers of one bulk operation,
and should do no more than enqueue a job (`kit.jobs.later`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

Handler = Callable[..., None]
_handlers: dict[str, list[Handler]] = defaultdict(list)
_whose_alone: set[Handler] = set()


class _News(NamedTuple):
    shop_id: int
    kind: str
    customer_ids: set[int]
    batch_id: int | None


_kept: ContextVar[list[_News] | None] = ContextVar("kept", default=None)


def on(*kinds: str, whose_alone: bool = False) -> Callable[[Handler], Handler]:
    """Register `handler(shop_id, kind, customer_ids, batch_id)` for event kinds; "customer.*" hears all of them.

    whose_alone: it asks only whose news they are, so that of several kinds at once it hears once (`at_once`).
    """

    def register(handler: Handler) -> Handler:
        for kind in kinds:
            _handlers[kind].append(handler)
        if whose_alone:
            _whose_alone.add(handler)
        return handler

    return register


def announce(shop_id: int, kind: str, customer_ids: set[int], *, batch_id: int | None = None) -> None:
    """Tell every handler of the kind and of its family."""
    news = _News(shop_id, kind, customer_ids, batch_id)
    kept = _kept.get()
    if kept is None:
        _tell([news])
    else:
        kept.append(news)


@contextmanager
def at_once() -> Iterator[None]:
    """Have what is announced inside told at the end of the block, in the same transaction: so those who ask only whose
    news they are hear once. After an error nothing is told."""
    if _kept.get() is not None:
        yield
        return
    kept: list[_News] = []
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)
    _tell(kept)


def _tell(kept: Sequence[_News]) -> None:
    once: dict[tuple[Handler, int, int | None], _News] = {}
    for news in kept:
        for handler in _hearing(news.kind):
            key = (handler, news.shop_id, news.batch_id)
            if handler not in _whose_alone:
                handler(**news._asdict())
            elif key in once:
                once[key] = once[key]._replace(customer_ids=once[key].customer_ids | news.customer_ids)
            else:
                once[key] = news
    for (handler, *_of), news in once.items():
        handler(**news._asdict())


def _hearing(kind: str) -> Iterator[Handler]:
    for listening in (kind, f"{kind.split('.')[0]}.*"):
        yield from _handlers.get(listening, ())
