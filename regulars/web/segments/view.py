"""What the pages of one segment share: its head and its tabs. Each part is read when it is drawn."""

import hashlib
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit import dates, numbers
from regulars.kit.query import BadCondition, parse, sentence
from regulars.segments.members import members
from regulars.segments.models import Override, Segment, SegmentKind, SegmentSize
from regulars.segments.passes import running_pass
from regulars.segments.rights import may_change
from regulars.segments.uses import Use, used_by
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest
from regulars.web.lists import cells
from regulars.web.segments.counting import share_of


class SegmentView:
    """One segment as one reader sees it."""

    def __init__(self, request: StaffRequest, segment: Segment, tab: str = "members") -> None:
        self.request, self.segment, self.tab = request, segment, tab
        self.shop, self.staff = request.shop, request.staff
        self.ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
        self.home = f"/s/{request.shop.slug}/segments/{segment.pk}/"

    def url(self, path: str = "") -> str:
        """An address below this segment."""
        return self.home + path

    @cached_property
    def may_change(self) -> bool:
        return may_change(self.staff, self.segment)

    @property
    def may_copy(self) -> bool:
        return self.staff.may(Permission.SEGMENTS)

    @property
    def may_export(self) -> bool:
        return self.staff.may(Permission.EXPORT)

    @property
    def is_dynamic(self) -> bool:
        return self.segment.kind == SegmentKind.DYNAMIC

    @property
    def is_building(self) -> bool:
        """Whether the first answer is still being found."""
        return self.is_dynamic and self.segment.evaluated_at is None and not self.segment.fault

    # --- figures ------------------------------------------------------------------------------------------------
    @cached_property
    def count(self) -> int:
        """Its members, as far as the reader may see them."""
        if not self.staff.only_own:
            return self.segment.size
        return members(self.segment).visible_to(self.staff).count()

    @property
    def count_words(self) -> str:
        """How many, and whose when the reader sees only their own."""
        if self.staff.only_own:
            words = ngettext("{n} of your customers", "{n} of your customers", self.count)
        else:
            words = ngettext("{n} customer", "{n} customers", self.count)
        return words.format(n=numbers.show_number(self.count, self.ctx.locale))

    @cached_property
    def share(self) -> str:
        """The part of all customers, "" while there are none."""
        return "" if self.is_building else share_words(share_of(self.count, self.staff), self.ctx.locale)

    @property
    def progress(self) -> int | None:
        """How far the first answer is, in per cent; None before it began."""
        run = running_pass(self.shop)
        return round(100 * run.done / run.total) if run and run.total and run.done else None

    @cached_property
    def first_day(self) -> date:
        """The first day at whose end the members are known."""
        return dates.day_of(self.segment.defined_at, self.shop.timezone)

    @property
    def first_day_words(self) -> str:
        return dates.show_day(self.first_day, self.ctx.locale)

    @cached_property
    def version(self) -> str:
        """Another one as soon as anybody joined or left, or the conditions were asked anew; it tells nothing else."""
        last = SegmentSize.objects.of(self.shop).filter(segment=self.segment).order_by("-day")
        moves = last.values_list("day", "entered", "left").first()
        facts = (self.segment.size, self.segment.evaluated_at, self.segment.fault, moves)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]

    @property
    def read_at(self) -> str:
        """The time on the shop's clocks, which is when the page's figures were true."""
        return dates.show_time(self.ctx.now, self.shop.timezone, self.ctx.locale)

    @property
    def as_of(self) -> Any:
        """When it was last known to be true of everybody."""
        return cells.show_moment(self.segment.evaluated_at, self.ctx) if self.segment.evaluated_at else ""

    # --- the question -------------------------------------------------------------------------------------------
    @cached_property
    def may_read_question(self) -> bool:
        """Whether every field it asks exists for the reader."""
        try:
            return customer_fields.may_ask(parse(self.segment.where), self.ctx)
        except BadCondition:
            return True

    @cached_property
    def sentence(self) -> str:
        """Its conditions as people say them."""
        if not self.segment.where:
            return "" if not self.is_dynamic else _("everyone")
        if not self.may_read_question:
            return _("The conditions use data that your role does not show.")
        try:
            return sentence(parse(self.segment.where), customer_fields, self.ctx)
        except BadCondition:
            return self.segment.where

    @cached_property
    def uses(self) -> list[Use]:
        return used_by(self.segment, reader_id=self.staff.pk)

    @property
    def by_hand_count(self) -> int:
        """Who was put in or kept out by hand, as far as the reader may see them."""
        rows = Override.objects.of(self.shop).filter(segment=self.segment, customer__deleted_at__isnull=True)
        if self.staff.only_own:
            own = Customer.objects.of(self.shop).visible_to(self.staff)
            rows = rows.filter(customer_id__in=own.values("pk"))
        return rows.count()

    # --- tabs ---------------------------------------------------------------------------------------------------
    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        """Those the reader has. How large it was is about everybody's customers, so not for who sees only their own."""
        named = [
            ("members", "", _("Members"), self.count),
            ("moves", "moves/", _("Joined and left"), None),
            ("size", "size/", _("Size"), None),
            ("question", "question/", _("Conditions"), None),
            ("by_hand", "by-hand/", _("By hand"), self.by_hand_count if self.is_dynamic else None),
            ("uses", "uses/", _("Used by"), len(self.uses)),
        ]
        return [
            {
                "label": label,
                "url": self.url(path),
                "count": None if count is None else numbers.show_number(count, self.ctx.locale),
                "current": key == self.tab,
            }
            for key, path, label, count in named
            if key != "size" or not self.staff.only_own
        ]


def share_words(share: float | None, locale: str) -> str:
    """A share of all customers in per cent, with one figure behind the point while it is small."""
    if share is None:
        return ""
    percent = share * 100
    if 0 < percent < 0.1:
        return _("< 0.1 %")
    shown = round(percent, 1) if percent < 10 else round(percent)
    return _("{n} %").format(n=numbers.show_number(_decimal(shown), locale))


def _decimal(number: float) -> int | Decimal:
    return int(number) if number == int(number) else Decimal(str(number))
