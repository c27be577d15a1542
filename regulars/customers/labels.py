"""Groups, statuses and tags seen from above: how many customers each has, and how one leaves a large shop."""

from django.db.models import Count, F, Func
from django.utils.translation import gettext as _

from regulars.customers.bulk.groups import Regroup, empty_group
from regulars.customers.bulk.sets import BATCH, Retag, retag
from regulars.customers.errors import LabelIsBuiltIn
from regulars.customers.handlers import STANDARD
from regulars.customers.models import Customer, Group, Tag
from regulars.customers.operations.labels import remove_group, remove_tag
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.queries import acting
from regulars.shops.work import start_job, work

REMOVE_TAG = "customers.remove_tag"
REMOVE_GROUP = "customers.remove_group"
AT_ONCE = 1000
"""A tag or group of up to so many customers goes while the person waits: less than a second."""


def customers_by_group(shop: Shop, staff: Staff | None = None) -> dict[int, int]:
    """Group id → customers in it, those in the bin aside. One scan of an index. staff: of those this person sees."""
    return _counted(shop, "group_id", staff)


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


def retire_group(group: Group, *, staff: Staff) -> JobRun:
    """Move everybody in a group to Standard, and the group out of the shop; in the background when they are many.

    Answers the run: `done` of `total` customers, those in the bin aside. Raises LabelIsBuiltIn.
    """
    if group.is_builtin:
        raise LabelIsBuiltIn(name=group.name)
    count = Customer.objects.of(group.shop_id).alive().filter(group=group).count()
    title = _("Remove the group “{name}”").format(name=group.name)
    data = {"group": group.pk}
    return start_job(group.shop, REMOVE_GROUP, title, data=data, staff=staff, total=count, at_once=count <= AT_ONCE)


@work(REMOVE_GROUP)
def empty_next_part(run: JobRun) -> bool:
    """Move the next thousand to Standard; when nobody is left, the group goes."""
    group = Group.objects.of(run.shop_id).filter(pk=run.data["group"]).first()
    if group is None or run.staff is None:
        return False
    by = acting(run.staff)
    standard = Group.objects.of(run.shop_id).get(key=STANDARD).pk
    members = Customer.objects.of(run.shop_id).filter(group=group)
    ids = list(members.alive().order_by("pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        wanted = [Regroup(pk, standard) for pk in ids]
        run.done += empty_group(run.shop_id, wanted, by=by, batch_id=run.pk)
        return True
    Group.objects.of(run.shop_id).select_for_update().get(pk=group.pk)  # nobody comes in any more
    if members.alive().exists():
        return True
    members.update(group_id=standard, group_by_hand=False)  # those in the bin
    remove_group(group, by=by)
    return False


def _counted(shop: Shop, column: str, staff: Staff | None = None) -> dict[int, int]:
    people = Customer.objects.of(shop).alive().filter(**{f"{column}__isnull": False})
    people = people.visible_to(staff) if staff else people
    return dict(people.order_by().values_list(column).annotate(Count("pk")))
