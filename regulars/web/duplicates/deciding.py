"""What is decided about a pair: other people, one household; and asked again."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.likeness import join_as_household, reopen, tell_apart
from regulars.customers.likeness.pairs import visible_pairs
from regulars.customers.models import PossibleDuplicate
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.duplicates.queue import SEES, home, show
from regulars.web.pages import asked_for_part, redirect, toast
from regulars.web.places import back_to

Decide = Callable[[StaffRequest, PossibleDuplicate], None]


def decision(decide: Decide) -> Callable[..., HttpResponse]:
    """A view that decides about the pair of its address, then shows the queue; a refusal is said in the corner."""

    @require_POST
    @staff_may(*SEES, Permission.EDIT_CUSTOMERS)
    @wraps(decide)
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        pair = _pair(request, pk)
        try:
            decide(request, pair)
        except DomainError as refusal:
            toast(request, str(refusal), kind="problem")
        if asked_for_part(request):
            return show(request)
        return redirect(request, back_to(request, "customers/duplicates/"))

    return view


@decision
def apart(request: StaffRequest, pair: PossibleDuplicate) -> None:
    """They are not the same person."""
    tell_apart(pair, by=request.actor)
    words = _("Not the same person: remembered, they are not suggested again.")
    toast(request, words, undo_url=f"{home(request)}{pair.pk}/reopen")


@decision
def household(request: StaffRequest, pair: PossibleDuplicate) -> None:
    """They are two people of one household."""
    joined = join_as_household(pair, by=request.actor)
    leaving = ",".join(map(str, joined))
    toast(request, _("Linked as one household."), undo_url=f"{home(request)}{pair.pk}/reopen?leaving={leaving}")


@decision
def open_again(request: StaffRequest, pair: PossibleDuplicate) -> None:
    """They wait for a decision again; who came into the household by the decision leaves it."""
    both = (pair.first_id, pair.second_id)
    named = request.GET.get("leaving", "").split(",")
    reopen(pair, by=request.actor, leaving=tuple(pk for pk in both if str(pk) in named))
    toast(request, _("They wait for a decision again."), kind="info")


def _pair(request: StaffRequest, pk: int) -> PossibleDuplicate:
    """The shop's pair of that number; 404 unless this person may see both."""
    rows = visible_pairs(request.shop, request.staff)
    pair = rows.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if pair is None:
        raise Http404
    return pair
