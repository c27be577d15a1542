"""The three sorts of words, and the sentences of their pages."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.customers.labels import customers_by_status, customers_by_tag, retire_status, retire_tag
from regulars.customers.models import Status, Tag
from regulars.customers.operations import (
    add_status,
    add_tag,
    arrange_labels,
    change_label,
    remove_status,
)
from regulars.segments.renaming import change_tag
from regulars.shops.models import Channel
from regulars.shops.operations import add_channel, rename_channel
from regulars.web.access import StaffRequest
from regulars.web.settings.labels import Kind, removed


def _retire(request: StaffRequest, tag: Tag) -> str:
    run = retire_tag(tag, staff=request.staff)
    if not run.is_over:
        return _("“{name}” is being removed in the background.").format(name=tag.name)
    words = ngettext(
        "“{name}” was removed, from %(num)s customer.", "“{name}” was removed, from %(num)s customers.", run.done
    )
    return (words % {"num": f"{run.done:,}"}).format(name=tag.name)


def _retire_status(request: StaffRequest, status: Status, replacement: Status | None) -> tuple[str, str | None]:
    run = retire_status(status, replacement, staff=request.staff)
    if not run.is_over:
        return _("“{name}” is being removed in the background.").format(name=status.name), None
    words = ngettext(
        "“{name}” was removed; %(num)s customer was moved.",
        "“{name}” was removed; %(num)s customers were moved.",
        run.done,
    )
    return (words % {"num": f"{run.done:,}"}).format(name=status.name), f"/s/{request.shop.slug}/jobs/{run.pk}/undo"


def _words(**sentences: Any) -> dict[str, Any]:
    return sentences


STATUSES = Kind(
    key="statuses",
    model=Status,
    words=_words(
        title=gettext_lazy("Statuses"),
        lead=gettext_lazy("The stages of working with a customer, in the order they are offered."),
        add=gettext_lazy("Add a status"),
        edit=gettext_lazy("Change the status"),
        one=gettext_lazy("Status"),
        sure=gettext_lazy("Nobody is at it, so no customer changes."),
        example=gettext_lazy("Waiting for an answer"),
    ),
    add=add_status,
    change=change_label,
    remove=removed(remove_status),
    retire=_retire_status,
    arrange=arrange_labels,
    counts=customers_by_status,
    question="status = {}",
    field="status",
)

TAGS = Kind(
    key="tags",
    model=Tag,
    words=_words(
        title=gettext_lazy("Tags"),
        lead=gettext_lazy(
            "Free words, as many on a customer as you like. Written differently they are still one: VIP, vip."
        ),
        add=gettext_lazy("Add a tag"),
        edit=gettext_lazy("Change the tag"),
        one=gettext_lazy("Tag"),
        sure=gettext_lazy("Nobody has it, so no customer changes."),
        loses=gettext_lazy("%(people)s will lose it. The tag itself cannot be brought back."),
        example=gettext_lazy("Sensitive skin"),
    ),
    add=add_tag,
    change=change_tag,
    remove=_retire,
    counts=customers_by_tag,
    question="tags CONTAINS {}",
    field="tags",
)

CHANNELS = Kind(
    key="channels",
    model=Channel,
    words=_words(
        title=gettext_lazy("Channels"),
        lead=gettext_lazy(
            "Where the shop sells. Files and connected systems know a channel by its short name, which stays."
        ),
        add=gettext_lazy("Add a channel"),
        edit=gettext_lazy("Rename the channel"),
        one=gettext_lazy("Channel"),
        example=gettext_lazy("Night market"),
    ),
    add=add_channel,
    change=rename_channel,
    has_colour=False,
)
