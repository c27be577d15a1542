"""What the team of a demo shop tells each other about its best customers: notes, calls, codes to send friends by."""

from itertools import cycle

from django.db import transaction

from regulars.customers.contacts import log_contact
from regulars.customers.models import Customer, Note
from regulars.customers.note_files import Upload
from regulars.customers.operations import add_note, give_referral_code
from regulars.shops.models import Shop, Staff
from regulars.shops.queries import acting

TALKED_ABOUT = 12
SENDERS = 15
"""Customers who sent others, and so have a code."""

_NOTES = (
    "@{colleague} please call before Tết: she wants the silk set again, in red.",
    "Agreed: invoice to the company, delivery to the shop. @{colleague} knows the address.",
    "Allergic to nuts. No gift boxes with cashews.",
    "@{colleague} can you check whether the last parcel arrived?",
    "Pays by bank transfer on Fridays.",
)
_CALLS = (("phone", "reached"), ("zalo", ""), ("phone", "not_reached"), ("mail", ""), ("phone", "call_back"))


@transaction.atomic
def talk(shop: Shop) -> None:
    """Write some notes that mention colleagues, pin some, log some calls, give codes. Does nothing a second time."""
    team = list(Staff.objects.of(shop).active().filter(only_own=False).select_related("user").order_by("pk"))
    if not team or Note.objects.of(shop).filter(is_pinned=True).exists():
        return
    people = Customer.objects.of(shop).alive()
    best = people.filter(total_spent__gt=0).order_by("-total_spent", "pk")[:TALKED_ABOUT]
    for place, (customer, words) in enumerate(zip(best, cycle(_NOTES), strict=False)):
        _about(customer, words, team, place)
    sent = people.filter(referred_by__isnull=False).order_by("-total_spent", "pk")
    senders = list(dict.fromkeys(sent.values_list("referred_by_id", flat=True)[: 4 * SENDERS]))[:SENDERS]
    for customer in people.filter(pk__in=senders).order_by("pk"):
        give_referral_code(customer, by=acting(team[0]))


def _about(customer: Customer, words: str, team: list[Staff], place: int) -> None:
    author, colleague = team[(place + 1) % len(team)], team[place % len(team)]
    by = acting(author)
    files = [Upload("measures.txt", b"Bust 86, waist 66, length 120 (cm)\n")] if place == 0 else []
    add_note(customer, words.format(colleague=colleague), by=by, files=files, is_pinned=place % 5 in (0, 2))
    way, outcome = _CALLS[place % len(_CALLS)]
    log_contact(customer, way, outcome=outcome, by=by)
