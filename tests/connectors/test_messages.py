"""What other systems report, as their documentation shows it: read, recorded, in any order and as often as it comes."""

import json
from copy import deepcopy
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from django.db import transaction

from regulars.connectors.base import CONNECTORS
from regulars.connectors.errors import NotAMessage, UnknownTopic
from regulars.connectors.receiving import receive
from regulars.customers.models import AccountState, Customer, Tag
from regulars.kit.errors import BadValue
from regulars.orders.models import FinancialState, Order, Payment
from regulars.orders.operations import detach_orders
from tests.factories import SYSTEM, create_customer, create_shop
from tests.orders.trade import state_of

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent.parent / "samples" / "webhooks"
BUYER, ORDER = "115310627314723954", "820982911946154508"


def sample(path):
    """A documented message."""
    body = json.loads((SAMPLES / f"{path}.json").read_text())
    return body["response"] if path.startswith("shopify/") else body


def live(body, **changes):
    """The documented order as one that counts: no test, not cancelled, paid."""
    return (
        body | {"test": False, "cancelled_at": None, "financial_status": "paid", "total_outstanding": "0.00"} | changes
    )


def paid_order(**changes):
    return live(sample("shopify/orders.create"), **changes)


def refund():
    """The documented refund, of the order by its true id."""
    return sample("shopify/refunds.create") | {"order_id": ORDER}


@pytest.fixture
def shop():
    return create_shop(country="US", currency="USD", timezone="America/Los_Angeles")


def people(shop):
    columns = (
        "name",
        "email",
        "phone",
        "city",
        "account_state",
        "deleted_at",
        "total_spent",
        "refunded",
        "orders_count",
    )
    return sorted(Customer.objects.of(shop).values_list(*columns), key=str)


def dumped(shop):
    """Everything that may not depend on the order of messages."""
    gone = [(*row[:5], row[5] is not None, *row[6:]) for row in people(shop)]
    return state_of(shop) | {"people": gone, "customers": []}


def profile(day, *tags):
    """Bob on a day."""
    return sample("shopify/customers.create") | {"updated_at": f"{day}T10:00:00Z", "tags": ", ".join(tags)}


def tag_news(day, *tags):
    """Tags of Bob that came or went on a day."""
    bob = {"customerId": "gid://shopify/Customer/706405506930370084", "occurredAt": f"{day}T10:00:00.500Z"}
    return sample("shopify/customer.tags_added") | bob | {"tags": list(tags)}


def tags_of(shop):
    """The names of the only customer's tags."""
    return set(
        Tag.objects.of(shop).filter(pk__in=Customer.objects.of(shop).get().tag_ids).values_list("name", flat=True)
    )


class TestEveryDocumentedMessage:
    @pytest.mark.parametrize("path", sorted(path.stem for path in (SAMPLES / "shopify").glob("*.json")))
    def test_of_shopify_is_understood_or_refused_by_name(self, shop, path):
        topic = path.replace(".", "/")
        if topic not in CONNECTORS["shopify"].topics:
            with pytest.raises(UnknownTopic, match=topic):
                receive(shop, "shopify", topic, {})
            assert topic in ("shop/redact", "customers/data_request")
            return

        receive(shop, "shopify", topic, sample(f"shopify/{path}"))
        assert not receive(shop, "shopify", topic, sample(f"shopify/{path}"))

    def test_of_woocommerce_is_understood(self, shop):
        for topic, name in (("customer.created", "customer"), ("order.updated", "order"), ("orders", "orders_list")):
            receive(shop, "woocommerce", topic, sample(f"woocommerce/{name}"))
            assert not receive(shop, "woocommerce", topic, sample(f"woocommerce/{name}"))

    @pytest.mark.parametrize("body", [None, [], "x", {}, {"id": {"a": 1}}, {"id": 5, "line_items": 7}])
    def test_that_is_none_changes_nothing(self, shop, body):
        with pytest.raises(NotAMessage):
            receive(shop, "shopify", "orders/create", body)

        assert not Order.objects.of(shop).exists()


class TestShopify:
    def test_a_customer(self, shop):
        body = sample("shopify/customers.create") | {
            "state": "enabled", "tags": "VIP, wholesale",
            "email_marketing_consent": {"state": "subscribed", "consent_updated_at": "2021-12-30T10:00:00Z"},
        }  # fmt: skip
        receive(shop, "shopify", "customers/create", body)

        bob = Customer.objects.of(shop).get()
        assert (bob.given_name, bob.family_name, bob.email, bob.city) == ("Bob", "Biller", "bob@biller.com", "Ottawa")
        assert (bob.account_state, bob.consent_email, len(bob.tag_ids)) == (AccountState.VERIFIED, 1, 2)
        assert bob.identities.get().external_id == "706405506930370084"

    def test_an_older_profile_does_not_undo_a_newer_one(self, shop):
        body = sample("shopify/customers.create")
        receive(
            shop, "shopify", "customers/update", body | {"first_name": "Robert", "updated_at": "2022-02-02T00:00:00Z"}
        )

        assert not receive(shop, "shopify", "customers/create", body)
        assert Customer.objects.of(shop).get().given_name == "Robert"

    def test_a_word_about_marketing_hides_no_profile_that_comes_after_it(self, shop):
        body = sample("shopify/customers.create")
        word = sample("shopify/customers_email_marketing_consent.update") | {"customer_id": "706405506930370084"}

        for _time in range(2):
            receive(shop, "shopify", "customers_email_marketing_consent/update", word)
            receive(shop, "shopify", "customers/create", body)

        assert Customer.objects.of(shop).get().email == "bob@biller.com"

    def test_tags_come_and_go(self, shop):
        body = sample("shopify/customers.create")
        receive(shop, "shopify", "customers/create", body)
        news = sample("shopify/customer.tags_added") | {"customerId": body["admin_graphql_api_id"], "occurredAt": None}

        assert receive(shop, "shopify", "customer.tags_added", news)
        assert len(Customer.objects.of(shop).get().tag_ids) == 2
        assert receive(shop, "shopify", "customer.tags_removed", news | {"tags": ["TAG1"]})
        assert len(Customer.objects.of(shop).get().tag_ids) == 1

    def test_news_of_tags_and_profiles_end_the_same_in_any_order(self):
        told = [
            ("customers/create", profile("2026-01-01", "A")),
            ("customer.tags_added", tag_news("2026-01-02", "B", "C")),
            ("customer.tags_removed", tag_news("2026-01-03", "A")),
            ("customer.tags_removed", tag_news("2026-01-04", "c")),
        ]
        for number, order in enumerate(permutations(told)):
            shop = create_shop(f"Shop {number}")
            for topic, body in order:
                receive(shop, "shopify", topic, body)

            assert tags_of(shop) == {"B"}, order
            assert not any(receive(shop, "shopify", topic, body) for topic, body in order)

    def test_a_late_message_of_tags_undoes_no_newer_profile(self, shop):
        receive(shop, "shopify", "customers/create", profile("2026-01-05", "A"))

        assert not receive(shop, "shopify", "customer.tags_removed", tag_news("2026-01-04", "A"))
        assert not receive(shop, "shopify", "customer.tags_added", tag_news("2026-01-04", "B"))
        assert tags_of(shop) == {"A"}

        assert receive(shop, "shopify", "customer.tags_removed", tag_news("2026-01-06", "A"))
        assert receive(shop, "shopify", "customer.tags_added", tag_news("2026-01-06", "B"))
        assert tags_of(shop) == {"B"}

    def test_a_word_about_marketing_forgets_no_news_of_tags(self, shop):
        receive(shop, "shopify", "customers/create", profile("2026-01-01"))
        receive(shop, "shopify", "customer.tags_removed", tag_news("2026-01-03", "A"))
        word = sample("shopify/customers_email_marketing_consent.update") | {"customer_id": "706405506930370084"}
        receive(shop, "shopify", "customers_email_marketing_consent/update", word)

        assert not receive(shop, "shopify", "customer.tags_added", tag_news("2026-01-02", "A"))
        assert tags_of(shop) == set()

    def test_a_closed_account_and_a_forgotten_person(self, shop):
        receive(shop, "shopify", "customers/disable", sample("shopify/customers.disable"))
        bob = Customer.objects.of(shop).get()
        assert bob.account_state == AccountState.DISABLED

        receive(shop, "shopify", "customers/redact", {"customer": {"id": 706405506930370084}})
        bob.refresh_from_db()
        assert (bob.name, bob.email, bob.anonymised_at is None) == ("", None, False)

    def test_two_who_became_one_there(self, shop):
        body = sample("shopify/customers.create")
        for number, email in ((1, "a@example.com"), (2, "b@example.com")):
            named = {"admin_graphql_api_id": f"gid://shopify/Customer/{number}", "email": email, "state": "enabled"}
            receive(shop, "shopify", "customers/create", body | named)
        news = sample("shopify/customers.merge")

        assert not receive(shop, "shopify", "customers/merge", news)  # it failed there
        assert receive(shop, "shopify", "customers/merge", news | {"status": "completed"})

        [kept] = Customer.objects.of(shop).alive()
        assert kept.email == "a@example.com"
        receive(shop, "shopify", "orders/create", paid_order(
            customer={"id": 2, "email": "b@example.com"}, email="b@example.com"))  # fmt: skip
        assert Order.objects.of(shop).get().customer_id == kept.pk

    def test_who_became_one_has_the_only_address_there_is(self, shop):
        self.two(shop, "", "b@example.com")

        receive(shop, "shopify", "customers/merge", sample("shopify/customers.merge") | {"status": "completed"})

        assert Customer.objects.of(shop).alive().get().email == "b@example.com"

    def test_who_is_still_there_by_another_id_is_not_deleted(self, shop):
        self.two(shop, "a@example.com", "b@example.com")
        receive(shop, "shopify", "customers/merge", sample("shopify/customers.merge") | {"status": "completed"})

        receive(shop, "shopify", "customers/delete", {"id": 2})
        assert Customer.objects.of(shop).alive().exists()
        receive(shop, "shopify", "customers/delete", {"id": 1})
        assert not Customer.objects.of(shop).alive().exists()

    def test_who_was_deleted_there_is_forgotten_when_they_ask(self, shop):
        self.two(shop, "a@example.com", "b@example.com")
        receive(shop, "shopify", "customers/delete", {"id": 2})

        assert receive(shop, "shopify", "customers/redact", {"customer": {"id": 2}})

        assert Customer.objects.of(shop).get(anonymised_at__isnull=False).email is None
        assert not receive(shop, "shopify", "customers/redact", {"customer": {"id": 2}})

    def two(self, shop, *emails):
        body = sample("shopify/customers.create")
        for number, email in enumerate(emails, start=1):
            named = {"admin_graphql_api_id": f"gid://shopify/Customer/{number}", "email": email, "phone": None}
            receive(shop, "shopify", "customers/create", body | named)

    @pytest.mark.parametrize(
        ("topic", "body"),
        [("order_transactions/create", {"id": 1, "order_id": 2}),
         ("refunds/create", {"id": 1, "order_id": 2, "transactions": [{"id": 3, "kind": "refund", "amount": "5"}]}),
         ("refunds/create", {"id": 1, "order_id": 2, "refund_line_items": [{"restock_type": "return"}]})],
    )  # fmt: skip
    def test_what_happened_at_no_time_is_refused(self, shop, topic, body):
        with pytest.raises(NotAMessage):
            receive(shop, "shopify", topic, body)

    @pytest.mark.parametrize(("name", "number"), [("quantity", "1E+3000000"), ("quantity", 10**12), ("price", "1E+30")])
    def test_a_number_beyond_all_measure_is_refused(self, shop, name, number):
        body = paid_order(line_items=[{"name": "Tea", "quantity": 1, "price": "1.00"} | {name: number}])

        with pytest.raises(NotAMessage):
            receive(shop, "shopify", "orders/create", body)

    @pytest.mark.parametrize("topic", ["customers/create", "customers/delete"])
    def test_an_id_that_is_none_is_refused(self, shop, topic):
        with pytest.raises(BadValue):
            receive(shop, "shopify", topic, {"id": "1" * 101})

    def test_the_documented_order_is_a_test_and_counts_nowhere(self, shop):
        receive(shop, "shopify", "orders/create", sample("shopify/orders.create"))

        [paper] = Order.objects.of(shop)
        assert (paper.external_id, paper.number, paper.total, paper.is_test) == (ORDER, "#9999", 40495, True)
        assert [line.sku for line in paper.lines.all()][:2] == ["SKU2006-001", "LENS-PROTECT-2YR"]
        [john] = Customer.objects.of(shop)
        assert (john.email, john.total_spent, john.orders_recorded) == ("john@example.com", 0, 0)

    def test_an_order_paid_and_partly_paid_back(self, shop):
        receive(shop, "shopify", "orders/paid", paid_order())
        receive(shop, "shopify", "refunds/create", refund())

        [john] = Customer.objects.of(shop)
        assert (john.gross_spent, john.refunded, john.total_spent, john.orders_count) == (40495, 8500, 31995, 1)
        assert Order.objects.of(shop).get().financial_state == FinancialState.PARTLY_REFUNDED

    def test_messages_in_any_order_and_three_times_end_the_same(self, shop):
        """T24."""
        first = sample("shopify/customers.create") | {"admin_graphql_api_id": f"gid://shopify/Customer/{BUYER}"}
        newer = first | {"first_name": "Robert", "updated_at": "2022-03-01T00:00:00Z"}
        sent = paid_order(fulfillment_status="fulfilled", updated_at="2022-01-05T00:00:00Z")
        messages = [
            ("customers/create", first), ("orders/create", paid_order(financial_status="pending",
                                                                        total_outstanding="404.95")),
            ("orders/fulfilled", sent), ("refunds/create", refund()), ("customers/update", newer),
        ]  # fmt: skip

        ends = {_end(shop, order) for order in permutations(messages)}

        assert len(ends) == 1
        [end] = ends
        assert "31995" in end
        assert "Robert" in end
        assert _end(shop, [one for one in messages for _ in range(3)]) == end
        assert _end(shop, [one for _ in range(3) for one in reversed(messages)]) == end

    def test_an_order_that_staff_detached_stays_nobodys(self, shop):
        receive(shop, "shopify", "orders/create", paid_order())
        order = Order.objects.of(shop).get()
        detach_orders(order.customer, [order], by=SYSTEM)

        for topic in ("orders/create", "orders/updated", "orders/paid"):
            receive(shop, "shopify", topic, paid_order(updated_at="2030-01-01T00:00:00Z"))

        assert Order.objects.of(shop).get().customer_id is None
        assert all(one[6] == 0 for one in people(shop))

    def test_a_deleted_order_stays_deleted_whenever_the_others_come(self, shop):
        gone = {"id": int(ORDER)}
        messages = [
            ("orders/create", paid_order()), ("orders/delete", gone), ("refunds/create", refund()),
            ("orders/updated", paid_order(updated_at="2022-03-01T00:00:00Z")),
        ]  # fmt: skip

        for order in permutations(messages):
            with transaction.atomic():
                for topic, body in order:
                    receive(shop, "shopify", topic, deepcopy(body))
                assert not Order.objects.of(shop).existing().exists()
                assert not Customer.objects.of(shop).filter(total_spent__gt=0).exists()
                transaction.set_rollback(True)

    def test_a_deleted_customer_stays_deleted(self, shop):
        body = sample("shopify/customers.create")
        messages = [
            ("customers/create", body), ("customers/delete", sample("shopify/customers.delete")),
            ("customers/update", body | {"first_name": "Robert", "updated_at": "2022-03-01T00:00:00Z"}),
        ]  # fmt: skip

        for order in permutations(messages):
            with transaction.atomic():
                for topic, one in order:
                    receive(shop, "shopify", topic, one)
                assert not Customer.objects.of(shop).alive().exists()
                transaction.set_rollback(True)


def _end(shop, messages):
    """What the shop knows after these messages; all is taken back."""
    with transaction.atomic():
        for topic, body in messages:
            receive(shop, "shopify", topic, deepcopy(body))
        end = str(dumped(shop))
        transaction.set_rollback(True)
    return end


class TestWooCommerce:
    def test_a_guest_joins_who_has_their_address(self, shop):
        receive(shop, "woocommerce", "customer.created", sample("woocommerce/customer"))
        receive(shop, "woocommerce", "order.created", sample("woocommerce/order"))

        [john] = Customer.objects.of(shop)
        [paper] = Order.objects.of(shop)
        assert (john.email, john.account_state, john.total_spent) == (
            "john.doe@example.com", AccountState.REGISTERED, 2935,
        )  # fmt: skip
        assert (paper.customer_id, paper.placed_at.isoformat()) == (john.pk, "2017-03-22T19:28:02+00:00")
        assert next((line.title, line.total) for line in paper.lines.all()) == ("Woo Single #1", 600)

    def test_refunds_of_the_list_and_of_the_order_are_the_same_money(self, shop):
        body = sample("woocommerce/order")
        told = body | {"refunds": [{"id": 726, "total": "-10.00"}]}
        one = sample("woocommerce/refund") | {"order_id": body["id"]}

        for messages in permutations([("order.created", body | {"date_modified_gmt": "2017-03-22T19:28:02"}),
                                      ("order.updated", told), ("refund", one)]):  # fmt: skip
            with transaction.atomic():
                for topic, message in messages:
                    receive(shop, "woocommerce", topic, message)
                [john] = Customer.objects.of(shop)
                assert (john.total_spent, john.refunded) == (1935, 1000)
                assert sum(one.amount for one in Payment.objects.of(shop).filter(kind=2)) == 1000
                transaction.set_rollback(True)

    def test_a_refund_at_no_time_is_refused(self, shop):
        with pytest.raises(NotAMessage):
            receive(shop, "woocommerce", "refund", {"id": 1, "order_id": 2, "amount": "5"})

    def test_a_cancelled_order_counts_nowhere(self, shop):
        receive(shop, "woocommerce", "order.updated", sample("woocommerce/order") | {"status": "cancelled"})

        [john] = Customer.objects.of(shop)
        assert (john.total_spent, john.orders_placed, john.orders_cancelled) == (0, 0, 1)


def test_another_shop_hears_nothing(shop):
    other = create_shop(country="US", currency="USD")
    create_customer(other, email="john@example.com")

    receive(shop, "shopify", "orders/paid", paid_order())

    assert not Order.objects.of(other).exists()
    assert Decimal(Customer.objects.of(other).get().total_spent) == 0
