"""Private feeds: addresses by which other calendars read somebody's calendar. The address is shown once."""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line
from regulars.shops.models import Shop, Staff
from regulars.shops.operations.api_keys import hashed
from regulars.shops.permissions import Permission
from regulars.tasks.errors import FeedRevoked
from regulars.tasks.layers import layers_for
from regulars.tasks.models import CalendarFeed

TOKEN = re.compile(r"rgc_(?P<shop>[0-9]{1,18})_(?P<secret>[A-Za-z0-9_-]{43})")
NAME_LENGTH = 60
LIMIT = 60
"""How often a feed may be read in one minute: programs ask a few times an hour."""

NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_feed(
    staff: Staff, name: str, layers: Iterable[str], *, with_contacts: bool = False, by: Actor
) -> tuple[CalendarFeed, str]:
    """A feed of somebody's calendar: it and its token, which is shown once and stored nowhere.

    with_contacts: notes, phone numbers and e-mail addresses go out too, of those who may see them.
    Raises BadValue (field "name" or "layers").
    """
    name = one_line(name)[:NAME_LENGTH]
    if not name:
        raise BadValue(_("Give the feed a name that says where it is used."), value=name, field="name")
    wanted = set(layers)
    chosen = [one.name for one in layers_for(staff) if one.name in wanted]
    if not chosen:
        raise BadValue(_("Choose what the feed shows."), field="layers")
    token = f"rgc_{staff.shop_id}_{secrets.token_urlsafe(32)}"
    feed = CalendarFeed.objects.create(
        shop_id=staff.shop_id, staff=staff, name=name, token_hash=hashed(token), layers=chosen,
        with_contacts=with_contacts and staff.may(Permission.SEE_CONTACT),
    )  # fmt: skip
    _record(feed, "created", by, layers=chosen, with_contacts=feed.with_contacts)
    return feed, token


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: Actor) -> None:
    """Stop a feed from working, at once and for ever. Raises FeedRevoked when it had stopped already."""
    if not CalendarFeed.objects.of(feed.shop_id).working().filter(pk=feed.pk).update(revoked_at=now()):
        raise FeedRevoked(name=feed.name)
    _record(feed, "revoked", by)


def feeds_of(staff: Staff) -> list[CalendarFeed]:
    """Somebody's working feeds, newest first."""
    return list(CalendarFeed.objects.of(staff.shop_id).working().filter(staff_id=staff.pk))


def feed_behind(token: str) -> CalendarFeed | None:
    """The working feed with this token, of somebody who still may use tasks; None for anything else."""
    shape = TOKEN.fullmatch(token)
    if shape is None:
        return None
    shop = Shop.objects.filter(pk=int(shape["shop"])).first()
    if shop is None:
        return None
    feeds = CalendarFeed.objects.of(shop).working().filter(staff__is_active=True, staff__user__is_active=True)
    feed: CalendarFeed | None = feeds.select_related("staff__user").filter(token_hash=hashed(token)).first()
    if feed is None:
        return None
    feed.shop = feed.staff.shop = shop
    return feed if feed.staff.may(Permission.TASKS) else None


def count_use(feed: CalendarFeed) -> int:
    """Count one reading in this minute of the clock: seconds to wait when there were too many, else 0."""
    at = now()
    minute, second = divmod(int(at.timestamp()), 60)
    if feed.last_used_at is None or at - feed.last_used_at >= NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - NOTED_EVERY)
        CalendarFeed.objects.of(feed.shop_id).filter(stale, pk=feed.pk).update(last_used_at=at)
    return 60 - second if _counted(feed, minute) > LIMIT else 0


def _counted(feed: CalendarFeed, minute: int) -> int:
    """How often it was read in this minute, with this time: one statement, so that no two readings count as one."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {CalendarFeed._meta.db_table} "  # noqa: S608
            "SET used = CASE WHEN minute = %s THEN used + 1 ELSE 1 END, minute = %s "
            "WHERE shop_id = %s AND id = %s RETURNING used",
            [minute, minute, feed.shop_id, feed.pk],
        )
        return int(cursor.fetchone()[0])


def _record(feed: CalendarFeed, what: str, by: Actor, **data: object) -> None:
    told = {"name": feed.name, **data}
    record(feed.shop_id, f"calendar_feed.{what}", about=("calendar_feed", feed.pk), by=by, data=told)
