"""What customers said about marketing: the word said later counts."""

from datetime import UTC, datetime

import pytest

from regulars.customers.bulk import apply_changes, plan_changes
from regulars.customers.consent import UNDATED, Word, outranks
from regulars.customers.models import ConsentEntry, ConsentState
from regulars.customers.operations import record_consent
from regulars.customers.profile import read_profile
from regulars.events.models import Event
from regulars.events.record import Actor
from tests.factories import SYSTEM, create_customer

YES, NO, WITHDRAWN = ConsentState.SUBSCRIBED, ConsentState.NOT_SUBSCRIBED, ConsentState.UNSUBSCRIBED
SPRING, SUMMER = datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
FILE = Actor("import", 1, "shopify.csv")


class TestAWord:
    @pytest.mark.parametrize(
        ("new", "last", "wins"),
        [
            (Word(YES, SPRING), None, True),
            (Word(YES, SUMMER), Word(WITHDRAWN, SPRING), True),
            (Word(YES, SPRING), Word(WITHDRAWN, SUMMER), False),
            (Word(YES, SPRING), Word(WITHDRAWN, SPRING), False),
            (Word(WITHDRAWN, SPRING), Word(YES, SPRING), True),
            (Word(YES, None), Word(WITHDRAWN, SPRING), False),
            (Word(YES, None), Word(WITHDRAWN, UNDATED), False),
            (Word(NO, None), Word(YES, SPRING), False),
            (Word(WITHDRAWN, None), Word(YES, SPRING), True),
            (Word(WITHDRAWN, SPRING), Word(YES, UNDATED), True),
        ],
    )
    def test_counts_when_it_was_said_later_and_hearsay_only_withdraws(self, new, last, wins):
        assert outranks(new, last) is wins


@pytest.mark.django_db
class TestTheLedger:
    def test_keeps_every_word_and_shows_the_latest(self):
        ann = create_customer()

        assert record_consent(ann, "email", YES, at=SUMMER, source="checkout", by=SYSTEM)
        assert not record_consent(ann, "email", WITHDRAWN, at=SPRING, source="old list", by=FILE)

        ann.refresh_from_db()
        assert ann.consent_email == YES
        assert ConsentEntry.objects.filter(customer=ann).count() == 2
        event = Event.objects.filter(kind="customer.consent").earliest("id")
        assert event.data["changes"] == {"consent_email": [0, 1]}
        assert event.data["said_at"] == SUMMER.isoformat()

    def test_of_a_file_read_twice_grows_once(self):
        ann = create_customer()

        for _twice in range(2):
            record_consent(ann, "sms", YES, at=SPRING, source="list", by=FILE)
            record_consent(ann, "zalo", YES, source="list", by=FILE)

        assert ConsentEntry.objects.filter(customer=ann).count() == 2

    def test_never_turns_a_withdrawal_into_a_yes_by_a_file_without_dates(self):
        ann = create_customer()
        record_consent(ann, "email", WITHDRAWN, source="link in a mail", by=SYSTEM)

        record_consent(ann, "email", YES, source="list", by=FILE)

        ann.refresh_from_db()
        assert ann.consent_email == WITHDRAWN

    def test_believes_a_dated_withdrawal_more_than_an_undated_yes(self):
        ann = create_customer()
        record_consent(ann, "email", YES, source="list", by=FILE)

        record_consent(ann, "email", WITHDRAWN, at=SPRING, source="list", by=FILE)

        ann.refresh_from_db()
        assert ann.consent_email == WITHDRAWN

    def test_takes_an_undated_withdrawal_as_said_now(self):
        ann = create_customer()
        record_consent(ann, "email", YES, at=SPRING, source="checkout", by=SYSTEM)

        assert record_consent(ann, "email", WITHDRAWN, source="list", by=FILE)
        assert not record_consent(ann, "email", YES, at=SUMMER, source="older", by=FILE)

        ann.refresh_from_db()
        assert ann.consent_email == WITHDRAWN

    def test_does_not_believe_in_the_future(self):
        ann = create_customer()

        record_consent(ann, "email", YES, at=datetime(2999, 1, 1, tzinfo=UTC), source="list", by=FILE)

        assert ConsentEntry.objects.get().at.year < 2999


@pytest.mark.django_db
class TestAFile:
    def test_read_twice_adds_no_word_though_newer_ones_are_known(self):
        ann = create_customer(email="ann@example.com")
        record_consent(ann, "email", WITHDRAWN, at=SUMMER, source="link", by=SYSTEM)
        words = {"accepts_email": "yes", "accepts_sms": "yes", "consent_at": "2024-04-01"}
        draft = read_profile(words, country="VN", partial=True)

        for _twice in range(2):
            apply_changes(ann.shop, plan_changes(ann.shop, [(ann.pk, draft)], "overwrite"), by=FILE)

        ann.refresh_from_db()
        assert (ann.consent_email, ann.consent_sms) == (WITHDRAWN, YES)
        assert ConsentEntry.objects.filter(customer=ann).count() == 3

    def test_without_dates_is_hearsay_for_new_customers_too(self):
        ann = create_customer(name="Ann", accepts_email="yes", by=FILE, source="import")

        assert ConsentEntry.objects.get(customer=ann).at == UNDATED
        assert record_consent(ann, "email", WITHDRAWN, at=SPRING, source="older file", by=FILE)
