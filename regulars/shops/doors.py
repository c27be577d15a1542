"""Programs at the door: whose key it is, and whether it was used too often."""

import hmac
import re
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils.timezone import now

from regulars.shops.models import ApiKey, ApiUse
from regulars.shops.operations.api_keys import hashed

SECRET = re.compile(r"(?P<prefix>rg_(?:secret|public)_(?P<shop>[0-9]{1,18})_[0-9a-f]{8})_[0-9a-f]{64}")
SECRET_LIMIT = 600
PUBLIC_LIMIT = 3000  # all visitors of a website share it
NOTED_EVERY = timedelta(minutes=1)


class Use(NamedTuple):
    """One more use of a key: how many a minute are allowed, how many are left, and seconds until it starts anew."""

    limit: int
    left: int
    seconds: int

    @property
    def is_allowed(self) -> bool:
        return self.left >= 0


def key_behind(secret: str) -> ApiKey | None:
    """The working key with this secret, with its shop; None for anything else."""
    shape = SECRET.fullmatch(secret)
    if shape is None:
        return None
    keys = ApiKey.objects.of(int(shape["shop"])).working().select_related("shop")
    key = keys.filter(prefix=shape["prefix"]).first()
    return key if key is not None and hmac.compare_digest(key.secret_hash, hashed(secret)) else None


def count_use(key: ApiKey) -> Use:
    """Count one use of a key, in this minute of the clock; when it was last used is noted once a minute."""
    at = now()
    minute, second = divmod(int(at.timestamp()), 60)
    limit = PUBLIC_LIMIT if key.is_public else SECRET_LIMIT
    if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - NOTED_EVERY)
        ApiKey.objects.of(key.shop_id).filter(stale, pk=key.pk).update(last_used_at=at)
    return Use(limit, limit - _counted(key, minute), 60 - second)


def _counted(key: ApiKey, minute: int) -> int:
    """How often the key was used in this minute, with this time: one statement, so that no two uses count as one."""
    table = ApiUse._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS u (shop_id, key_id, minute, used) VALUES (%s, %s, %s, 1) "  # noqa: S608
            "ON CONFLICT (shop_id, key_id) DO UPDATE SET minute = EXCLUDED.minute, "
            "used = CASE WHEN u.minute = EXCLUDED.minute THEN u.used + 1 ELSE 1 END RETURNING used",
            [key.shop_id, key.pk, minute],
        )
        return int(cursor.fetchone()[0])
