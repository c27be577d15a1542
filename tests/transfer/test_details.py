"""Files of notes and of words on marketing: about customers who are here already."""

import csv
import io

import pytest

from regulars.customers.models import ConsentEntry, ConsentState, Customer, Note
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.transfer.commands import import_file, undo_import
from regulars.transfer.errors import BadMapping

SUBSCRIBED, UNSUBSCRIBED = ConsentState.SUBSCRIBED, ConsentState.UNSUBSCRIBED


@pytest.fixture
def bring(shop, tmp_path):
    """Import rows of cells, the first naming the columns."""

    def brought(kind, rows, **told):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path = tmp_path / "file.csv"
        path.write_text(text.getvalue(), "utf-8")
        return import_file(kind, path, shop, **told)

    return brought


@pytest.fixture
def ann(shop, bring):
    bring("customers", [["Name", "Email", "Phone", "Customer ID"], ["Ann", "ann@example.com", "09171234567", "C-1"]])
    return Customer.objects.of(shop).get()


def figures(answer):
    return tuple(answer[name] for name in ("created", "updated", "unchanged", "rejected"))


class TestNotes:
    ROWS = [
        ["Email", "Phone", "Note", "Date", "Author"],
        ["ANN@example.com", "", "Called, no answer", "2026-03-01 14:30", "Linh"],
        ["", "+63 917 123 4567", "Called, no answer", "2026-03-02 09:00", "Linh"],
        ["ann@example.com", "", "Likes tea", "", ""],
    ]  # fmt: skip

    def test_keep_their_day_and_author(self, shop, ann, bring):
        answer = bring("notes", self.ROWS)

        notes = Note.objects.of(shop).order_by("created_at")
        assert figures(answer) == (3, 0, 0, 0)
        assert [(note.text, note.author_name) for note in notes] == [
            ("Called, no answer", "Linh"), ("Called, no answer", "Linh"), ("Likes tea", "file.csv"),
        ]  # fmt: skip
        assert notes[0].created_at.isoformat() == "2026-03-01T06:30:00+00:00"
        assert {note.customer_id for note in notes} == {ann.pk}

    def test_are_not_doubled_when_they_come_again(self, shop, ann, bring):
        bring("notes", self.ROWS)
        events = Event.objects.filter(shop_id=shop.pk).count()

        again = bring("notes", self.ROWS)

        assert figures(again) == (0, 0, 3, 0)
        assert Note.objects.of(shop).count() == 3
        assert Event.objects.filter(shop_id=shop.pk).count() == events

    def test_can_be_tried_and_taken_back(self, shop, ann, bring):
        tried = bring("notes", self.ROWS, dry_run=True)
        assert (figures(tried), Note.objects.of(shop).count()) == ((3, 0, 0, 0), 0)

        done = bring("notes", self.ROWS)
        undone = undo_import(shop, done["id"], by=Actor.system())

        assert undone["restored"] == 1
        assert not Note.objects.of(shop).exists()

    def test_of_strangers_are_rejected_and_change_nobody(self, shop, ann, bring):
        answer = bring(
            "notes",
            [["Email", "Note", "Date"], ["bo@example.com", "Who?", ""], ["", "Whose?", ""],
             ["ann@example.com", "", ""], ["ann@example.com", "When?", "soon"]],
        )  # fmt: skip

        assert figures(answer) == (0, 0, 0, 4)
        assert [(error["line"], error["column"]) for error in answer["errors"]] == [
            (2, ""),
            (3, ""),
            (4, "Note"),
            (5, "Date"),
        ]
        assert "import the customers first" in answer["errors"][0]["reason"]
        assert not Note.objects.of(shop).exists()

    def test_need_a_text_and_somebody(self, shop, bring):
        with pytest.raises(BadMapping, match="text of the note"):
            bring("notes", [["Email", "Date"], ["ann@example.com", "2026-01-01"]])
        with pytest.raises(BadMapping, match="e-mail address"):
            bring("notes", [["Note"], ["Hello"]])


class TestConsents:
    HEAD = ["Email", "Channel", "State", "Said at", "Source"]

    def test_become_the_state_with_their_day_and_place(self, shop, ann, bring):
        answer = bring(
            "consents",
            [self.HEAD, ["ann@example.com", "E-mail", "đồng ý", "2026-03-01", "Sign-up form"],
             ["ann@example.com", "SMS", "tidak", "2026-03-01", ""]],
        )  # fmt: skip

        ann.refresh_from_db()
        entry = ConsentEntry.objects.of(shop).get(channel="email")
        assert figures(answer) == (2, 0, 0, 0)
        assert (ann.consent_email, ann.consent_sms) == (SUBSCRIBED, ConsentState.NOT_SUBSCRIBED)
        assert (entry.source, entry.at.isoformat()) == ("Sign-up form", "2026-02-28T16:00:00+00:00")

    def test_are_told_once(self, shop, ann, bring):
        rows = [self.HEAD, ["ann@example.com", "email", "yes", "2026-03-01", "Form"]]
        bring("consents", rows)

        assert figures(bring("consents", rows)) == (0, 0, 1, 0)
        assert ConsentEntry.objects.of(shop).count() == 1

    @pytest.mark.parametrize(("said", "state"), [
        (("yes", "2026-02-01"), UNSUBSCRIBED),
        (("yes", ""), UNSUBSCRIBED),
        (("yes", "2026-03-01"), UNSUBSCRIBED),
        (("yes", "2026-04-01"), SUBSCRIBED),
    ], ids=["older", "undated", "same moment", "newer"])  # fmt: skip
    def test_never_take_back_an_unsubscription_but_by_a_newer_word(self, shop, ann, bring, said, state):
        bring("consents", [self.HEAD, ["ann@example.com", "email", "unsubscribed", "2026-03-01", ""]])

        bring("consents", [self.HEAD, ["ann@example.com", "email", *said, ""]])

        ann.refresh_from_db()
        assert ann.consent_email == state

    def test_of_one_file_count_by_their_days_not_by_their_order(self, shop, ann, bring):
        bring(
            "consents",
            [self.HEAD, ["ann@example.com", "email", "unsubscribed", "2026-03-02", ""],
             ["ann@example.com", "email", "yes", "2026-03-01", ""]],
        )  # fmt: skip

        ann.refresh_from_db()
        assert ann.consent_email == UNSUBSCRIBED

    def test_can_be_taken_back(self, shop, ann, bring):
        done = bring("consents", [self.HEAD, ["ann@example.com", "email", "yes", "2026-03-01", ""]])

        undo_import(shop, done["id"], by=Actor.system())

        ann.refresh_from_db()
        assert ann.consent_email == ConsentState.UNKNOWN

    def test_with_unknown_words_are_rejected(self, shop, ann, bring):
        answer = bring(
            "consents",
            [self.HEAD, ["ann@example.com", "pigeon", "yes", "", ""], ["ann@example.com", "email", "perhaps", "", ""],
             ["ann@example.com", "email", "yes", "2126-01-01", ""]],
        )  # fmt: skip

        assert [error["column"] for error in answer["errors"]] == ["Channel", "State", "Said at"]
        assert not ConsentEntry.objects.of(shop).exists()

    def test_need_their_channel(self, shop, bring):
        with pytest.raises(BadMapping, match="channel"):
            bring("consents", [["Email", "State"], ["ann@example.com", "yes"]])

    def test_come_from_mailchimps_unsubscribed(self, shop, ann, bring):
        bring("consents", [self.HEAD, ["ann@example.com", "email", "yes", "2026-01-01", ""]])
        header = ["Email Address", "First Name", "UNSUB_TIME", "UNSUB_REASON", "LEID", "EUID", "TAGS"]

        answer = bring("consents", [header, ["ann@example.com", "Ann", "2026-02-01 10:00:00", "NORMAL", "1", "a", ""]])

        ann.refresh_from_db()
        assert (answer["format"], ann.consent_email) == ("mailchimp_unsubscribed", UNSUBSCRIBED)


class TestOtherFilesOfCustomers:
    """A list that says nothing of consent never changes it."""

    def test_leave_an_unsubscription_alone(self, shop, ann, bring):
        bring("consents", [TestConsents.HEAD, ["ann@example.com", "email", "unsubscribed", "2026-03-01", ""]])

        bring("customers", [["Email", "Name"], ["ann@example.com", "Ann Lee"]])
        bring("customers", [["Email", "Accepts e-mail"], ["ann@example.com", "yes"]])
        bring("customers", [["Email", "Accepts e-mail"], ["ann@example.com", ""]])

        ann.refresh_from_db()
        assert (ann.name, ann.consent_email) == ("Ann Lee", UNSUBSCRIBED)
