"""What happened to exports, one entry each, chained by hash: the only place that writes them.

An entry stands in the same transaction as what it tells. Whoever writes one holds the end of the shop's chain until
then, so the numbers have no gaps and the order is that of the commits.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from regulars.events.record import Actor
from regulars.transfer.models import ExportChain, ExportEntry, ExportLog


@transaction.atomic
def add_entry(
    log: ExportLog, kind: str, *, by: Actor, ip: str | None = None, data: Mapping[str, Any] | None = None
) -> ExportEntry:
    """Write down what happened to an export. data: JSON of texts, whole numbers and lists of them."""
    end = end_of_chain(log.shop_id)
    entry = ExportEntry(
        shop_id=log.shop_id, number=end.number + 1, export=log, kind=kind, at=now(), actor_kind=by.kind,
        actor_id=by.id, actor_name=by.name[:120], ip=ip or "", data=dict(data or {}), previous=end.hash,
    )  # fmt: skip
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    end.number, end.hash = entry.number, entry.hash
    end.save(update_fields=["number", "hash"])
    return entry


def end_of_chain(shop_id: int) -> ExportChain:
    """The end of a shop's chain, ours until the transaction is over."""
    ExportChain.objects.bulk_create([ExportChain(shop_id=shop_id)], ignore_conflicts=True)
    return ExportChain.objects.of(shop_id).select_for_update().get()


def hash_of(entry: ExportEntry) -> str:
    """SHA-256 of the entry with the hash of the one before it, hexadecimal."""
    return hashlib.sha256(canonical(entry).encode()).hexdigest()


def canonical(entry: ExportEntry) -> str:
    """The entry as the one JSON text that is hashed: keys sorted, no blanks, UTC to the microsecond."""
    told = {
        "shop": entry.shop_id,
        "number": entry.number,
        "export": entry.export_id,  # type: ignore[attr-defined]
        "kind": entry.kind,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [entry.actor_kind, entry.actor_id, entry.actor_name],
        "ip": entry.ip,
        "data": entry.data,
        "previous": entry.previous,
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
