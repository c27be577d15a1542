"""The timeline: what happened, in words, for those who may see it."""

import pytest

from regulars.customers.drafts import AddressDraft
from regulars.customers.models import Customer, Status
from regulars.customers.operations import (
    add_address,
    add_note,
    delete_customer,
    ensure_tags,
    record_consent,
    restore_customer,
    set_status,
    tag_customer,
    update_customer,
)
from regulars.customers.timeline import timeline
from tests.factories import SYSTEM, actor, create_customer, create_staff

pytestmark = pytest.mark.django_db


def sentence(entry):
    return "".join(part["text"] for part in entry["parts"])


def lines(entry):
    return [(change.label, change.old, change.new) for change in entry["changes"]]


class TestTheTimeline:
    def test_tells_old_and_new_in_words(self):
        ann = create_customer(name="Ann Lee", phone="0912345678", birthday="15/05", gender="F", country="VN")
        mai = create_staff(ann.shop, name="Mai")
        raw = {"phone": "0987 654 321", "birthday": "1991-05-15", "gender": "M", "country": "PH", "citizen_id": "77"}

        update_customer(ann, raw, by=actor(mai))
        newest = timeline(ann, mai)[0]

        assert (newest["who"], sentence(newest)) == ("Mai", "Profile changed")
        assert set(lines(newest)) == {
            ("Phone", "0912345678", "0987 654 321"),
            ("Birthday", "May 15", "May 15, 1991"),
            ("Gender", "Female", "Male"),
            ("Country", "Vietnam", "Philippines"),
            ("Citizen id", "", "•••"),
        }

    def test_names_what_is_stored_by_id(self):
        ann = create_customer()
        staff = create_staff(ann.shop)
        contacted = Status.objects.of(ann.shop).get(key="contacted")

        set_status(ann, contacted, by=SYSTEM)
        tag_customer(ann, add=ensure_tags(ann.shop, ["VIP", "tea"]).values(), by=SYSTEM)
        tagged, status, created = timeline(ann, staff)

        assert (sentence(status), lines(status)) == ("Status changed", [("Status", "", contacted.name)])
        assert sentence(tagged) in ("Tagged: VIP, tea", "Tagged: tea, VIP")
        assert (created["who"], sentence(created)) == ("Regulars", "Customer added: Added by hand")

    def test_hides_contact_data_from_those_who_may_not_see_it(self):
        ann = create_customer(email="ann@example.com", phone="0912345678")

        update_customer(ann, {"email": "new@example.com", "phone": "0987654321", "zalo_id": "z9"}, by=SYSTEM)
        shown = str(timeline(ann, create_staff(ann.shop, role="viewer")))

        assert "example.com" not in shown
        assert "0987654321" not in shown
        assert "z9" not in shown
        assert "•••" in shown

    def test_shows_a_note_as_it_is_now(self):
        ann = create_customer()
        note = add_note(ann, "likes <b>tea</b>", by=SYSTEM)

        newest = timeline(ann, create_staff(ann.shop))[0]

        assert (newest["note"], newest["note_id"]) == ("likes <b>tea</b>", note.pk)

    def test_goes_on_where_the_page_before_ended(self):
        ann = create_customer()
        for number in range(5):
            add_note(ann, str(number), by=SYSTEM)
        staff = create_staff(ann.shop)

        first = timeline(ann, staff, limit=3)
        rest = timeline(ann, staff, before=first[-1]["cursor"])

        assert [entry["note"] for entry in first + rest] == ["4", "3", "2", "1", "0", ""]

    def test_asks_as_often_for_many_events_as_for_few(self, django_assert_num_queries):
        ann = create_customer()
        staff = create_staff(ann.shop)
        ann = Customer.objects.select_related("shop").get(pk=ann.pk)
        for number in range(8):
            tag_customer(ann, add=ensure_tags(ann.shop, [f"tag {number}"]).values(), by=SYSTEM)
            add_note(ann, "tea", by=SYSTEM)

        with django_assert_num_queries(4):
            timeline(ann, staff)

    def test_has_words_for_everything_customers_do(self):
        ann = create_customer(note="tea")
        add_address(ann, AddressDraft(city="Huế"), by=SYSTEM)
        record_consent(ann, "email", 1, source="phone call", by=SYSTEM)
        restore_customer(delete_customer(ann, by=SYSTEM), by=SYSTEM)

        for entry in timeline(ann, create_staff(ann.shop)):
            assert sentence(entry) != entry["kind"]
