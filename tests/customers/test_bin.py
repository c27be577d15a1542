"""The bin, and what is left of somebody afterwards."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image

from regulars.customers.anonymise import FORGOTTEN, KEPT
from regulars.customers.bin import empty_the_bins, purge_what_is_due
from regulars.customers.errors import Anonymised, EmailTaken, NotInTheBin
from regulars.customers.models import Customer
from regulars.customers.operations import (
    add_note,
    anonymise,
    delete_customer,
    edit_note,
    purge,
    restore_customer,
    set_avatar,
    update_customer,
)
from regulars.events.models import Event
from tests.factories import SYSTEM, create_customer, create_staff

pytestmark = pytest.mark.django_db


def in_the_bin_for(days, customer):
    Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now() - timedelta(days=days))
    customer.refresh_from_db()
    return customer


class TestTheBin:
    def test_takes_and_gives_back(self):
        ann = create_customer(email="ann@example.com")

        binned = delete_customer(ann, by=SYSTEM)
        gone = not Customer.objects.of(ann.shop).alive().exists()
        restored = restore_customer(binned, by=SYSTEM)

        assert gone
        assert restored.deleted_at is None
        assert list(Event.objects.filter(customer_id=ann.pk).order_by("id").values_list("kind", flat=True)) == [
            "customer.created", "customer.deleted", "customer.restored",
        ]  # fmt: skip

    def test_takes_once(self):
        ann = create_customer()

        first, second = (delete_customer(ann, by=SYSTEM) for _twice in range(2))

        assert first.deleted_at == second.deleted_at
        assert Event.objects.filter(kind="customer.deleted").count() == 1

    def test_does_not_give_back_an_address_that_somebody_else_has_by_now(self):
        ann = delete_customer(create_customer(email="ann@example.com"), by=SYSTEM)
        new = create_customer(ann.shop, email="ann@example.com")

        with pytest.raises(EmailTaken) as refusal:
            restore_customer(ann, by=SYSTEM)

        assert refusal.value.details["customer_id"] == new.pk
        ann.refresh_from_db()
        assert ann.deleted_at is not None

    def test_gives_back_only_what_is_in_it(self):
        with pytest.raises(NotInTheBin):
            restore_customer(create_customer(), by=SYSTEM)


class TestPurging:
    def test_removes_somebody_without_orders(self):
        ann = delete_customer(create_customer(name="Ann", address1="1 Street", note="tea"), by=SYSTEM)
        bo = create_customer(ann.shop, name="Bo", referrer=f"#{ann.pk}")

        assert purge(ann, by=SYSTEM) is True

        bo.refresh_from_db()
        assert bo.referred_by_id is None
        assert not Customer.objects.filter(pk=ann.pk).exists()

    def test_keeps_the_figures_of_somebody_with_orders(self):
        ann = create_customer(name="Ann")
        Customer.objects.filter(pk=ann.pk).update(orders_recorded=2, total_spent=500)

        assert purge(delete_customer(ann, by=SYSTEM), by=SYSTEM) is False

        ann.refresh_from_db()
        assert (ann.name, ann.total_spent) == ("", 500)
        assert ann not in Customer.objects.of(ann.shop).in_bin()

    def test_happens_after_thirty_days_and_not_before(self):
        old, young, alive = (create_customer(name=name) for name in ("old", "young", "alive"))
        in_the_bin_for(31, old)
        in_the_bin_for(29, young)

        assert purge_what_is_due() == 1
        empty_the_bins()

        assert set(Customer.objects.all()) == {young, alive}

    def test_is_for_the_bin_only(self):
        with pytest.raises(NotInTheBin):
            purge(create_customer(), by=SYSTEM)


class TestForgetting:
    def test_has_a_rule_for_every_column(self):
        columns = {field.attname for field in Customer._meta.concrete_fields}

        assert FORGOTTEN.keys() | KEPT == columns
        assert not FORGOTTEN.keys() & KEPT

    def test_leaves_no_word_of_theirs_in_the_database(self):
        canary = "Kanarienvogel"
        ann = create_customer(
            given_name=canary, family_name=canary, email=f"{canary}@example.com", phone="0912345678", company=canary,
            tax_code=canary, citizen_id=canary, zalo_id=canary, referrer=canary, external_id=canary, note=canary,
            address1=canary, city=canary, region=canary, recipient=canary, accepts_email="yes",
        )  # fmt: skip
        manager = create_staff(ann.shop)
        edit_note(add_note(ann, canary, by=SYSTEM), f"{canary} again", staff=manager)
        update_customer(ann, {"company": f"{canary} Ltd", "phone": "0987654321", "address1": f"2 {canary}"}, by=SYSTEM)
        ann.consents.update(source=canary)
        out = BytesIO()
        Image.new("RGB", (9, 9)).save(out, "PNG")
        set_avatar(ann, out.getvalue(), by=SYSTEM)

        anonymise(ann, by=SYSTEM)
        anonymise(ann, by=SYSTEM)

        text = whole_database()
        assert "kanarienvogel" not in text.lower()
        assert "912345678" not in text
        assert "987654321" not in text
        assert Event.objects.filter(customer_id=ann.pk, kind="customer.anonymised").count() == 1

    def test_is_final(self):
        ann = create_customer()
        anonymise(ann, by=SYSTEM)

        with pytest.raises(Anonymised):
            restore_customer(ann, by=SYSTEM)
        with pytest.raises(Anonymised):
            update_customer(ann, {"name": "Ann"}, by=SYSTEM)


def whole_database():
    """Every row of every table of ours, as text."""
    tables = [
        name for name in connection.introspection.table_names() if name.startswith(("customers_", "events_", "shops_"))
    ]
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)
