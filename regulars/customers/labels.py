"""Groups, statuses and tags seen from above: how many customers each has, and how one leaves a large shop."""

from django.db.models import Count, F, Func
from django.utils.translation import gettext as _

from regulars.customers.bulk.sets import BATCH, Retag, retag
from regulars.customers.models import Customer, Tag
from regulars.customers.operations.labels import remove_tag
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.queries import acting
from regulars.shops.work import start_job, work

REMOVE_TAG = "customers.remove_tag"
AT_ONCE = 1000
"""A tag of up to so many customers goes while the person waits: less than a second."""


def customers_by_group(shop: Shop) -> dict[int, int]:
    """Group id → customers in it, those in the bin aside. One scan of an index."""
    return _counted(shop, "group_id")


def customers_by_status(shop: Shop) -> dict[int, int]:
    """Status id → customers at it, those in the bin aside."""
    return _counted(shop, "status_id")


def customers_by_tag(shop: Shop) -> dict[int, int]:
    """Tag id → customers who have it, those in the bin aside."""
    each = Customer.objects.of(shop).alive().exclude(tag_ids=[]).annotate(tag=Func(F("tag_ids"), function="unnest"))
    return dict(each.order_by().values_list("tag").annotate(Count("pk")))


def retire_tag(tag: Tag, *, staff: Staff) -> JobRun:
    """Take a tag away from everybody and from the shop; in the background when many have it.

    Answers the run: `done` of `total` customers, those in the bin aside.
    """
    count = Customer.objects.of(tag.shop_id).alive().tagged(tag.pk).count()
    title = _("Remove the tag “{name}”").format(name=tag.name)
    data = {"tag": tag.pk}
    return start_job(tag.shop, REMOVE_TAG, title, data=data, staff=staff, total=count, at_once=count <= AT_ONCE)


@work(REMOVE_TAG)
def untag_next_part(run: JobRun) -> bool:
    """Take the tag from the next thousand; when nobody has it any more, the tag goes."""
    tag = Tag.objects.of(run.shop_id).filter(pk=run.data["tag"]).first()
    if tag is None or run.staff is None:
        return False
    by = acting(run.staff)
    tagged = Customer.objects.of(run.shop_id).alive().tagged(tag.pk)
    ids = list(tagged.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        run.done += retag(run.shop_id, [Retag(pk, (), (tag.pk,)) for pk in ids], by=by, batch_id=run.pk)
        return True
    remove_tag(tag, by=by)
    return False


def _counted(shop: Shop, column: str) -> dict[int, int]:
    people = Customer.objects.of(shop).alive().filter(**{f"{column}__isnull": False})
    return dict(people.order_by().values_list(column).annotate(Count("pk")))
