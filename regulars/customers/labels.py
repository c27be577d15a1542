"""Groups, statuses and tags seen from above: how many customers each has, and how one leaves a large shop."""

from collections.abc import Sequence

from django.db.models import Count, F, Func
from django.utils.translation import gettext as _

from regulars.customers.actions import undo_needs
from regulars.customers.bulk.groups import Regroup, empty_group
from regulars.customers.bulk.sets import BATCH, Retag, retag, set_many
from regulars.customers.bulk.undoing import Outcome, Undoing, undoes
from regulars.customers.errors import LabelIsBuiltIn
from regulars.customers.handlers import STANDARD
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.operations.labels import remove_group, remove_status, remove_tag
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.queries import acting
from regulars.shops.work import start_job, work

REMOVE_TAG = "customers.remove_tag"
REMOVE_GROUP = "customers.remove_group"
REMOVE_STATUS = "customers.remove_status"
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


def retire_status(status: Status, replacement: Status | None, *, staff: Staff) -> JobRun:
    """Move everybody at a stage to another (None: to no stage), and the stage out of the shop.

    In the background when they are many. Answers the run: `done` of `total` customers, those in the bin aside. Undone
    it brings the stage back, and everybody whom nobody has moved since. Raises BadValue (field "replacement").
    """
    if replacement is not None and (replacement.pk == status.pk or replacement.shop_id != status.shop_id):
        raise BadValue(_("Choose another status of this shop."), value=replacement.name, field="replacement")
    count = Customer.objects.of(status.shop_id).alive().filter(status=status).count()
    return start_job(
        status.shop,
        REMOVE_STATUS,
        _("Remove the status “{name}”").format(name=status.name),
        data={"status": status.pk, "to": replacement.pk if replacement else None},
        staff=staff,
        total=count,
        at_once=count <= AT_ONCE,
        can_undo=True,
    )


undo_needs(REMOVE_STATUS, Permission.SETTINGS)


@work(REMOVE_STATUS)
def move_next_part(run: JobRun) -> bool:
    """Move the next thousand; when nobody is left, the status goes."""
    status = Status.objects.of(run.shop_id).filter(pk=run.data["status"]).first()
    if status is None or run.staff is None:
        return False
    to = Status.objects.of(run.shop_id).filter(pk=run.data["to"] or 0).values_list("pk", flat=True).first()
    by, people = acting(run.staff), Customer.objects.of(run.shop_id).filter(status=status)
    ids = list(people.alive().order_by("pk").values_list("pk", flat=True)[:BATCH])
    if ids:
        run.done += set_many(run.shop, ids, "status_id", to, by=by, batch_id=run.pk)
        run.result = {"changed": run.done}
        return True
    Status.objects.of(run.shop_id).select_for_update().get(pk=status.pk)  # nobody comes in any more
    if people.alive().exists():
        return True
    people.update(status_id=to)  # those in the bin
    remove_status(status, by=by, batch_id=run.pk)
    return False


@undoes("status.removed")
def bring_status_back(undoing: Undoing, events: Sequence[Event], outcome: Outcome) -> None:
    """The stage as it was, with its number, so that whoever was at it can go back."""
    for event in events:
        was = dict(event.data["was"])
        if Status.objects.of(undoing.shop).filter(key=was["key"]).exists():  # made anew meanwhile
            was["key"] = f"{was['key'][:20]}_{event.about_id}"
        if not Status.objects.of(undoing.shop).filter(pk=event.about_id).exists():
            Status.objects.create(pk=event.about_id, shop_id=undoing.shop.pk, **was)


def _counted(shop: Shop, column: str, staff: Staff | None = None) -> dict[int, int]:
    people = Customer.objects.of(shop).alive().filter(**{f"{column}__isnull": False})
    people = people.visible_to(staff) if staff else people
    return dict(people.order_by().values_list(column).annotate(Count("pk")))
