"""All groups of a shop: how many are in each, how it is filled, in which order rules are asked."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.handlers import STANDARD
from regulars.customers.labels import customers_by_group
from regulars.customers.models import Group
from regulars.customers.operations import arrange_labels
from regulars.kit import money, numbers
from regulars.kit.query import BadCondition, Context, parse, sentence
from regulars.kit.query.language import quoted
from regulars.segments.models import GroupRule
from regulars.segments.rules import arrange_rules
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.ordering import moved_ids
from regulars.web.pages import page, redirect


@staff_may(Permission.SEE_CUSTOMERS)
def groups(request: StaffRequest) -> HttpResponse:
    """Those that rules fill, in the order they are asked; then the others."""
    return _listing(request)


@require_POST
@staff_may(Permission.SEE_CUSTOMERS, Permission.SETTINGS)
def arrange(request: StaffRequest) -> HttpResponse:
    """Another order of the rules (`which` is "rules"), or of the groups filled by hand."""
    if request.POST.get("which") == "rules":
        arrange_rules(request.shop, moved_ids(request.POST), by=request.actor)
    else:
        arrange_labels(Group, request.shop, moved_ids(request.POST), by=request.actor)
    if request.htmx:  # type: ignore[attr-defined]
        return _listing(request)
    return redirect(request, f"/s/{request.shop.slug}/groups/")


def _listing(request: StaffRequest) -> HttpResponse:
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    counts = customers_by_group(request.shop, request.staff)
    rules = {rule.group_id: rule for rule in GroupRule.objects.of(request.shop)}
    everyone = {group.pk: group for group in Group.objects.of(request.shop)}
    ruled = [_row(request, everyone[pk], rule, counts, ctx) for pk, rule in rules.items()]
    others = [_row(request, group, None, counts, ctx) for pk, group in everyone.items() if pk not in rules]
    context = {
        "ruled": ruled,
        "others": others,
        "figures": _figures(len(everyone), sum(counts.values()), ctx),
        "may_change": request.staff.may(Permission.SETTINGS),
        "home": f"/s/{request.shop.slug}/groups/",
    }
    return page(request, "groups/list.html", context)


def _row(
    request: StaffRequest, group: Group, rule: GroupRule | None, counts: dict[int, int], ctx: Context
) -> dict[str, Any]:
    question = quote(f"group = {quoted(group.key)}")
    return {
        "group": group,
        "count": people(counts.get(group.pk, 0), ctx.locale),
        "url": f"/s/{request.shop.slug}/customers/?where={question}",
        "is_standard": group.key == STANDARD,
        "benefits": benefits(group, ctx),
        **(rule_words(rule, ctx) if rule else {"sentence": "", "fault": ""}),
    }


def rule_words(rule: GroupRule, ctx: Context) -> dict[str, str]:
    """A rule as people say it, or why it cannot be asked; what the reader may not ask about stays unsaid."""
    try:
        node = customer_fields.check(parse(rule.where), context_for(rule.shop, locale=ctx.locale))
    except BadCondition as fault:
        return {"sentence": "", "fault": str(fault)}
    if not customer_fields.may_ask(node, ctx):
        return {"sentence": _("By a rule about what you cannot see."), "fault": ""}
    return {"sentence": sentence(node, customer_fields, ctx), "fault": ""}


def benefits(group: Group, ctx: Context) -> list[str]:
    """What a group is promised on prices, in words."""
    words = []
    if group.discount:
        words.append(_("{percent} % off").format(percent=numbers.show_number(group.discount.normalize(), ctx.locale)))
    if group.free_shipping_from is not None:
        amount = money.show_money(group.free_shipping_from, ctx.currency, ctx.locale)
        words.append(_("Free shipping from {amount}").format(amount=amount))
    return [*words, group.price_note] if group.price_note else words


def people(count: int, locale: str) -> str:
    """So many customers, in words."""
    return ngettext("{n} customer", "{n} customers", count).format(n=numbers.show_number(count, locale))


def _figures(groups: int, customers: int, ctx: Context) -> str:
    words = ngettext("{n} group", "{n} groups", groups).format(n=numbers.show_number(groups, ctx.locale))
    return f"{words} · {people(customers, ctx.locale)}"
