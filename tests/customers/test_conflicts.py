"""Two members of staff, one form (T138): nobody's word is lost without being seen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from regulars.customers.errors import EditConflict
from regulars.customers.models import Customer, Tag
from regulars.customers.operations import add_note, ensure_tags, remove_tag, tag_customer, update_customer
from regulars.events.models import Event
from tests.factories import SYSTEM, actor, create_customer, create_staff

FORM = {
    "given_name": "Ann", "family_name": "Lee", "email": "ann@example.com", "phone": "0912345678",
    "birthday": "1991-05-15", "company": "Lee & Co", "tags": "vip",
}  # fmt: skip


@pytest.mark.django_db
class TestTwoOpenForms:
    def test_with_different_fields_are_both_kept(self):
        ann = create_customer(**FORM)

        update_customer(ann, FORM | {"phone": "0987654321"}, by=SYSTEM, version=1)
        ann = update_customer(ann, FORM | {"company": "Lee Ltd"}, by=SYSTEM, version=1)

        assert (ann.phone, ann.company) == ("+84987654321", "Lee Ltd")

    def test_with_the_same_field_show_both_values_and_who(self):
        """T138."""
        ann = create_customer(**FORM)
        mai = create_staff(ann.shop, name="Mai")

        update_customer(ann, FORM | {"company": "Mai's"}, by=actor(mai), version=1)
        with pytest.raises(EditConflict) as conflict:
            update_customer(ann, FORM | {"company": "Bo's", "phone": "0987654321"}, by=SYSTEM, version=1)

        assert conflict.value.fields == {"company": {"old": "Lee & Co", "new": "Mai's", "mine": "Bo's", "by": "Mai"}}
        ann.refresh_from_db()
        assert (ann.company, ann.phone) == ("Mai's", "+84912345678")

    def test_are_settled_by_sending_again_what_was_chosen(self):
        ann = create_customer(**FORM)
        update_customer(ann, FORM | {"company": "Mai's"}, by=SYSTEM, version=1)
        with pytest.raises(EditConflict) as conflict:
            update_customer(ann, FORM | {"company": "Bo's"}, by=SYSTEM, version=1)

        ann = update_customer(ann, FORM | {"company": "Bo's"}, by=SYSTEM, version=conflict.value.version)

        assert ann.company == "Bo's"

    def test_that_say_the_same_are_no_conflict(self):
        ann = create_customer(**FORM)

        for _twice in range(2):
            ann = update_customer(ann, FORM | {"company": "Mai's"}, by=SYSTEM, version=1)

        assert ann.version == 2

    def test_do_not_mind_what_was_changed_and_changed_back(self):
        ann = create_customer(**FORM)
        ann = update_customer(ann, {"company": "x"}, by=SYSTEM)
        ann = update_customer(ann, {"company": "Lee & Co"}, by=SYSTEM)

        ann = update_customer(ann, FORM | {"company": "Lee Ltd"}, by=SYSTEM, version=1)

        assert ann.company == "Lee Ltd"

    def test_show_an_e_mail_and_a_birthday_as_one_field_each(self):
        ann = create_customer(**FORM)
        update_customer(ann, {"email": "mai@example.com", "birthday": "1991-05-16"}, by=SYSTEM)

        with pytest.raises(EditConflict) as conflict:
            update_customer(ann, FORM | {"email": "bo@example.com", "birthday": "1990-05-15"}, by=SYSTEM, version=1)

        assert conflict.value.fields.keys() == {"email", "birth_md"}
        assert conflict.value.fields["email"]["mine"] == "bo@example.com"

    def test_may_each_change_a_part_of_the_name(self):
        ann = create_customer(**FORM)

        update_customer(ann, FORM | {"given_name": "Anna"}, by=SYSTEM, version=1)
        ann = update_customer(ann, FORM | {"family_name": "Cruz"}, by=SYSTEM, version=1)

        assert (ann.name, ann.name_key) == ("Cruz Anna", "cruz anna")

    def test_may_each_change_the_tags(self):
        ann = create_customer(**FORM)

        update_customer(ann, FORM | {"tags": "vip, tea"}, by=SYSTEM, version=1)
        ann = update_customer(ann, FORM | {"tags": "coffee"}, by=SYSTEM, version=1)

        assert names_of(ann) == {"tea", "coffee"}

    def test_know_of_a_tag_that_was_removed_from_everybody(self):
        ann = create_customer(**FORM)
        (vip,) = ensure_tags(ann.shop, ["VIP"]).values()
        ann = tag_customer(ann, add=ensure_tags(ann.shop, ["tea"]).values(), by=SYSTEM)
        opened_at = ann.version

        remove_tag(vip, by=SYSTEM)
        ann = update_customer(ann, FORM | {"tags": "tea, vip, new"}, by=SYSTEM, version=opened_at)

        assert "new" in names_of(ann)
        assert "tea" in names_of(ann)

    def test_never_lose_a_note(self):
        """T138."""
        ann = create_customer(**FORM)

        add_note(ann, "one", by=SYSTEM)
        update_customer(ann, FORM | {"note": "two"}, by=SYSTEM, version=1)

        assert {note.text for note in ann.notes.all()} == {"one", "two"}


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_on_one_field_one_is_kept_and_one_is_told(self):
        outcomes, ann = at_once(FORM | {"company": "Mai's"}, FORM | {"company": "Bo's"})

        assert sorted(outcomes) == ["conflict", "kept"]
        assert ann.company in ("Mai's", "Bo's")
        assert Event.objects.filter(customer_id=ann.pk, kind="customer.changed").count() == 1

    def test_on_different_fields_both_are_kept(self):
        outcomes, ann = at_once(FORM | {"company": "Mai's"}, FORM | {"phone": "0987654321"})

        assert outcomes == ["kept", "kept"]
        assert (ann.company, ann.phone, ann.version) == ("Mai's", "+84987654321", 3)


def at_once(*forms):
    """Send forms of one customer from as many connections at the same moment."""
    ann = create_customer(**FORM)
    ready = Barrier(len(forms))

    def send(form):
        try:
            ready.wait(timeout=10)
            update_customer(ann, form, by=SYSTEM, version=1)
        except EditConflict:
            return "conflict"
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(len(forms)) as people:
        outcomes = list(people.map(send, forms))
    return outcomes, Customer.objects.get(pk=ann.pk)


def names_of(customer):
    return set(Tag.objects.filter(pk__in=customer.tag_ids).values_list("name", flat=True))
