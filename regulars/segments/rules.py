"""Groups by rule: a question for each group, asked in order of precedence; the first that holds decides.

Who was put into a group by hand stays there. A rule that cannot be understood (any more) says so and moves nobody:
those in its group stay, unless a rule before it takes them. So does one that the database cannot answer, until the
next midnight.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db import DataError, transaction
from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Value, When
from django.utils import translation

from regulars.customers.bulk import Regroup, group_by_rules
from regulars.customers.bulk.sets import batches
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.handlers import STANDARD
from regulars.customers.labels import retire_group
from regulars.customers.models import Customer, Group
from regulars.events.record import Actor, record
from regulars.kit.jobs import checkpoint, job, later
from regulars.kit.query import BadCondition, Context, compile_where, parse
from regulars.segments.asking import UNANSWERED
from regulars.segments.cycles import refuse_rule_cycle
from regulars.segments.errors import RuleAsksNothing, RuleOfTheStandardGroup
from regulars.segments.models import GroupRule
from regulars.segments.questions import canonical_where
from regulars.shops.models import JobRun, Shop, Staff

log = logging.getLogger(__name__)

NEW = -1
"""Stands for a group that does not exist yet, when one asks what its rule would do."""


# --- changing rules -------------------------------------------------------------------------------------------------


@transaction.atomic
def set_rule(
    group: Group, where: str, *, position: int | None = None, by: Actor, staff: Staff | None = None
) -> GroupRule:
    """Fill a group by a question from now on; everybody is asked in the background.

    where: text of the query language, in the words of `staff`. position: its place among the rules, 0 asked first;
    None leaves it where it is, a new one comes last.
    Raises BadCondition, SegmentCycle (it asks about groups, itself or through a segment), RuleAsksNothing,
    RuleOfTheStandardGroup.
    """
    shop = group.shop
    if group.key == STANDARD:
        raise RuleOfTheStandardGroup(name=group.name)
    text = _checked(shop, where, staff=staff, instead_of=rule_of(group))
    rules = GroupRule.objects.of(shop).select_for_update()
    last = rules.order_by().aggregate(last=Max("position"))["last"] or 0
    facts = {"where": text, "fault": ""}
    old = rules.filter(group=group).values_list("where", flat=True).first() or ""
    rule, is_new = rules.update_or_create(
        shop=shop, group=group, defaults=facts, create_defaults={**facts, "position": last + 1}
    )
    if position is not None:
        _place(shop, rule, position)
    if is_new or old != text:
        data = {"changes": {"where": [old, text]}}
        record(shop.pk, "group.rule_set", about=("group", group.pk), by=by, data=data)
    ask_everybody(shop)
    return rule


@transaction.atomic
def remove_rule(group: Group, *, by: Actor) -> None:
    """Fill a group by hand again. Who is in it stays, unless another rule takes them."""
    rule = rule_of(group)
    if rule is None:
        return
    data = {"changes": {"where": [rule.where, ""]}}
    rule.delete()
    record(group.shop_id, "group.rule_removed", about=("group", group.pk), by=by, data=data)
    ask_everybody(group.shop)


@transaction.atomic
def arrange_rules(shop: Shop, ids: Iterable[int], *, by: Actor) -> None:
    """Ask the rules of these groups (ids) in this order; others follow in the order they had."""
    rules = {rule.group_id: rule for rule in GroupRule.objects.of(shop).select_for_update()}
    before = list(rules)
    named = [rules.pop(pk) for pk in dict.fromkeys(ids) if pk in rules]
    order = [*named, *rules.values()]
    _number(order)
    if (after := [rule.group_id for rule in order]) != before:
        record(shop.pk, "group.rules_arranged", about=("shop", shop.pk), by=by, data={"groups": after})
        ask_everybody(shop)


@transaction.atomic
def retire(group: Group, *, staff: Staff, by: Actor) -> JobRun:
    """Remove a group with its rule; its members come to Standard, then to where other rules put them.

    In the background when they are many. Raises LabelIsBuiltIn.
    """
    if not group.is_builtin:
        remove_rule(group, by=by)
    run = retire_group(group, staff=staff)
    ask_everybody(group.shop)
    return run


def rule_of(group: Group) -> GroupRule | None:
    """The rule that fills a group, if one does."""
    return GroupRule.objects.of(group.shop_id).filter(group=group).first()


def _checked(shop: Shop, where: str, *, staff: Staff | None, instead_of: GroupRule | None) -> str:
    text = canonical_where(shop, where, staff=staff)
    if not text:
        raise RuleAsksNothing
    refuse_rule_cycle(shop, parse(text), instead_of=instead_of)
    return text


def _place(shop: Shop, rule: GroupRule, position: int) -> None:
    others = list(GroupRule.objects.of(shop).exclude(pk=rule.pk))
    _number([*others[:position], rule, *others[position:]])
    rule.refresh_from_db(fields=["position"])


def _number(rules: Sequence[GroupRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        if rule.position != position:
            GroupRule.objects.of(rule.shop_id).filter(pk=rule.pk).update(position=position)


# --- applying them --------------------------------------------------------------------------------------------------


def ask_everybody(shop: Shop) -> None:
    """Have all rules asked of everybody, in the background."""
    later(ask_all_rules, once=f"rules:{shop.pk}", lock=f"rules:{shop.pk}", shop_id=shop.pk)


@job(queue="segments", retry=3)
def ask_all_rules(shop_id: int) -> None:
    """Bring everybody's group up to date; begun again, it goes on with those who are not there yet."""
    apply_rules(Shop.objects.get(pk=shop_id))


def apply_rules(shop: Shop, ids: Sequence[int] | None = None) -> int:
    """Put customers (all of them without ids) where the rules say; answers how many came to another group.

    Whose group was chosen by hand, and who is in the bin, is left alone. Doing it again changes nothing.
    """
    if not GroupRule.objects.of(shop).exists():
        return 0
    if ids is not None:
        return sum(_applied(shop, part) for part in batches(list(ids)))
    changed = 0
    for part in batches(_misplaced(shop)):
        checkpoint()
        changed += _applied(shop, part)
    return changed


def _misplaced(shop: Shop) -> list[int]:
    """Everybody who is not where the rules say, found by one scan; they are asked again when their turn comes."""
    return [pk for pk, _wanted in _moves(shop, Customer.objects.of(shop).alive())]


@transaction.atomic
def _applied(shop: Shop, ids: Sequence[int]) -> int:
    people = Customer.objects.of(shop).alive().filter(pk__in=ids)
    wanted = [Regroup(pk, group_id) for pk, group_id in _moves(shop, people, only=ids)]
    return group_by_rules(shop.pk, wanted, by=Actor.system())


def _moves(shop: Shop, people: QuerySet, *, only: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """Who of these people must move (id), and to which group; rules that cannot be answered are set aside."""
    while True:
        rules = Rules.of(shop, only=only)
        rules.note_faults()
        try:
            with transaction.atomic():
                return list(rules.moves(people).order_by("pk").values_list("pk", "wanted"))
        except DataError as fault:
            failing = rules.failing(people)
            if not failing:
                raise
            log.warning("shop %s: the database cannot answer the rules of groups %s: %s", shop.slug, failing, fault)
            with translation.override(shop.language):
                GroupRule.objects.of(shop).filter(group_id__in=failing).update(fault=str(UNANSWERED))


# --- what the rules say ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a shop, understood: (group id, question) in order of precedence.

    faults: rule id → why it cannot be asked. stored: rule id → the fault as stored.
    """

    shop: Shop
    standard: int
    asked: list[tuple[int, Q]]
    faults: dict[int, str] = field(default_factory=dict)
    stored: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, shop: Shop, *, only: Sequence[int] | None = None) -> "Rules":
        """As they stand. only: customers (ids) who will be asked."""
        return cls._read(shop, list(GroupRule.objects.of(shop)), only)

    @classmethod
    def with_rule(cls, shop: Shop, group_id: int, where: str, position: int | None) -> "Rules":
        """As they would stand with another question for a group (`NEW`: for one more). Nothing is stored."""
        rules = list(GroupRule.objects.of(shop))
        place = next((at for at, rule in enumerate(rules) if rule.group_id == group_id), len(rules))
        rules = [rule for rule in rules if rule.group_id != group_id]
        place = place if position is None else position
        wished = GroupRule(shop=shop, group_id=group_id, where=where)
        return cls._read(shop, [*rules[:place], wished, *rules[place:]], None)

    @classmethod
    def _read(cls, shop: Shop, rules: Sequence[GroupRule], only: Sequence[int] | None) -> "Rules":
        ctx = replace(context_for(shop), only=only)
        standard = Group.objects.of(shop).get(key=STANDARD).pk
        found = cls(shop, standard, [], stored={rule.pk: rule.fault for rule in rules if rule.pk})
        with translation.override(shop.language):
            for rule in rules:
                try:
                    found.asked.append((rule.group_id, question_of(rule, ctx)))
                except BadCondition as fault:
                    found.faults[rule.pk] = str(fault)
                    found.asked.append((rule.group_id, Q(group_id=rule.group_id)))
        return found

    def moves(self, people: QuerySet) -> QuerySet:
        """Those of them who are in another group than the rules say, with that group's id as `wanted`."""
        cases = [When(question, then=Value(group_id)) for group_id, question in self.asked]
        ruled = [group_id for group_id, _question in self.asked]
        cases.append(When(group_id__in=ruled, then=Value(self.standard)))
        wanted = Case(*cases, default=F("group_id"), output_field=BigIntegerField())
        return people.filter(group_by_hand=False).annotate(wanted=wanted).exclude(group_id=F("wanted"))

    def failing(self, people: QuerySet) -> list[int]:
        """Groups (ids) whose rules the database cannot answer for these people, each asked alone."""
        failing = []
        for group_id, question in self.asked:
            try:
                with transaction.atomic():
                    people.filter(question, group_by_hand=False).count()
            except DataError:
                failing.append(group_id)
        return failing

    def note_faults(self) -> None:
        """Store why rules cannot be asked, and that others can be again."""
        for pk, stored in self.stored.items():
            if stored != (fault := self.faults.get(pk, "")):
                GroupRule.objects.of(self.shop).filter(pk=pk).update(fault=fault)


def question_of(rule: GroupRule, ctx: Context) -> Q:
    """The Q of a rule. Raises BadCondition, also for one that was set aside."""
    if rule.fault and rule.fault == str(UNANSWERED):
        raise BadCondition(UNANSWERED)
    node = customer_fields.check(parse(rule.where), ctx)
    return compile_where(node, customer_fields, ctx)


# --- before one saves -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do now. matching: who answers to it. takes: group id → how many come from there.

    leaves: group id → how many of its group go there. chosen: who answers to it and stays elsewhere, chosen by hand.
    """

    where: str
    matching: int
    takes: dict[int, int]
    leaves: dict[int, int]
    chosen: int


def preview_rule(
    shop: Shop, where: str, *, group: Group | None = None, position: int | None = None, staff: Staff | None = None
) -> Preview:
    """What `set_rule` would do, counted among those `staff` may see; group None: of one that is still to be added.

    Raises what `set_rule` raises.
    """
    if group is not None and group.key == STANDARD:
        raise RuleOfTheStandardGroup(name=group.name)
    text = _checked(shop, where, staff=staff, instead_of=rule_of(group) if group else None)
    group_id = group.pk if group else NEW
    rules = Rules.with_rule(shop, group_id, text, position)
    people = Customer.objects.of(shop).alive()
    people = people.visible_to(staff) if staff else people
    moves = rules.moves(people).order_by().values_list("group_id", "wanted").annotate(Count("pk"))
    answering = people.filter(dict(rules.asked)[group_id])
    chosen = answering.filter(group_by_hand=True).exclude(group_id=group_id)
    try:
        with transaction.atomic():
            found, matching = list(moves), answering.count()
    except DataError as fault:
        raise BadCondition(UNANSWERED) from fault
    return Preview(
        where=text,
        matching=matching,
        takes={came_from: count for came_from, comes_to, count in found if comes_to == group_id},
        leaves={comes_to: count for came_from, comes_to, count in found if came_from == group_id},
        chosen=chosen.count(),
    )
