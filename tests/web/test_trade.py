"""Transactions, what staff record of an order, and whose orders are, as pages answer."""

import re
from decimal import Decimal

import pytest

from regulars.orders.by_hand import Money, take_payment
from regulars.orders.models import Order, Payment, PaymentKind, PaymentState, Return
from regulars.orders.operations import cancel_order, record_order, record_payment, record_return
from tests.factories import create_customer, create_shop, create_staff
from tests.house.asking import signed_in
from tests.orders.trade import BY, DAY, fresh, goods_back, later, order, payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com")


@pytest.fixture
def desk(shop):
    return signed_in(create_staff(shop, role="agent"))


def bought(shop, name="a", **facts):
    found = record_order(shop, order(name, number=f"#{name}", **facts), by=BY)
    return Order.objects.of(shop).get(pk=found.order_id)


def url(shop, path):
    return f"/s/{shop.slug}/{path}"


def key_of(answer):
    return re.search(r'name="key" value="([0-9a-f]+)"', answer.content.decode())[1]


class TestTheListOfTransactions:
    def test_shows_filters_and_finds(self, shop, ann, desk):
        bought(shop, total=500, payments=[payment(500, "p1", reference="VN-1", fee=Decimal(10))], customer_id=ann.pk)
        record_payment(shop, payment(70, "p2", state=PaymentState.FAILED, order_external_id="a"), by=BY)

        whole = desk.get(url(shop, "transactions/")).content.decode()
        failed = desk.get(url(shop, "transactions/?where=state = 'failed'")).content.decode()
        found = desk.get(url(shop, "transactions/?search=vn-1")).content.decode()

        assert ">VN-1<" in whole and ">p2<" in whole and "Ann" in whole and "#a" in whole
        assert ">VN-1<" not in failed and ">p2<" in failed
        assert ">VN-1<" in found and ">p2<" not in found

    @pytest.mark.parametrize(
        "where", ["amount > 400", "kind = 'capture'", "method = momo", "reference = 'VN-1'", "fee = 10",
                  "customer = 'Ann'", "order = '#a'", "channel = website", "date = 2026-11-01", "status = succeeded"],
    )  # fmt: skip
    def test_asks_by_everything(self, shop, ann, desk, where):
        facts = payment(500, "p1", reference="VN-1", method="momo", fee=Decimal(10))
        bought(shop, total=500, payments=[facts], customer_id=ann.pk)

        assert ">VN-1<" in desk.get(url(shop, "transactions/"), {"where": where}).content.decode()
        assert ">VN-1<" not in desk.get(url(shop, "transactions/"), {"where": f"NOT ({where})"}).content.decode()


class TestATransaction:
    def test_tells_its_story_fee_and_net(self, shop, ann, desk):
        bought(shop, total=500, customer_id=ann.pk, payments=[
            payment(500, "auth", kind=PaymentKind.AUTHORISATION, reference="VN-1"),
            payment(500, "cap", at=later(5), reference="VN-1", fee=Decimal(20)),
            payment(200, "ref", at=later(9), kind=PaymentKind.REFUND),
        ])  # fmt: skip
        captured = Payment.objects.of(shop).get(external_id="cap")

        shown = desk.get(url(shop, f"transactions/{captured.pk}/")).content.decode()

        steps = [shown.index(word) for word in ("Authorised</a>", "<strong>Captured", "Paid back</a>")]
        assert steps == sorted(steps)
        assert "480" in shown and "VN-1" in shown and "Ann" in shown and "#a" in shown

    def test_without_an_order_is_grouped_by_its_reference(self, shop, desk):
        for name, minutes in (("try", 0), ("again", 3)):
            record_payment(
                shop, payment(9, name, state=PaymentState.FAILED, reference="VN-2", at=later(minutes)), by=BY
            )
        first = Payment.objects.of(shop).get(external_id="try")

        shown = desk.get(url(shop, f"transactions/{first.pk}/")).content.decode()

        assert shown.count("Payment: Failed") == 2

    def test_in_doubt_leads_to_what_may_be_the_same_money(self, shop, ann, desk):
        one = bought(shop, total=500, customer_id=ann.pk, payments=[payment(200, "p1")])
        mine = take_payment(one, Money(key="k", amount=Decimal(200), on=DAY.date()), by=BY)
        theirs = Payment.objects.of(shop).get(external_id="p1")

        for here, other in ((mine, theirs), (theirs, mine)):
            shown = desk.get(url(shop, f"transactions/{here.pk}/")).content.decode()
            alert = shown[shown.index("It may be the same money") :]
            assert f'transactions/{other.pk}/"' in alert[: alert.index("</div>")]

    def test_in_doubt_is_said_to_be_the_same(self, shop, ann, desk):
        one = bought(shop, total=500, customer_id=ann.pk, payments=[payment(200, "p1")])
        mine = take_payment(one, Money(key="k", amount=Decimal(200), on=DAY.date()), by=BY)
        theirs = Payment.objects.of(shop).get(external_id="p1")

        answer = desk.post(url(shop, f"transactions/{theirs.pk}/same/{mine.pk}/"))

        assert answer.url == url(shop, f"transactions/{mine.pk}/")
        assert fresh(ann).total_spent == 200
        shown = desk.get(url(shop, f"customers/{ann.pk}/")).content.decode()
        assert "were the same money" in shown
        viewer = signed_in(create_staff(shop, role="viewer"))
        assert "It is the same" not in viewer.get(answer.url).content.decode()

    def test_is_found_by_its_reference(self, shop, ann, desk):
        bought(shop, total=5, payments=[payment(5, reference="VN-77X")], customer_id=ann.pk)

        shown = desk.get(url(shop, "search?q=vn-77x")).content.decode()

        assert f"transactions/{Payment.objects.of(shop).get().pk}/" in shown

    def test_of_another_shop_does_not_exist(self, shop, desk):
        elsewhere = create_shop()
        bought(elsewhere, total=5, paid=5)

        assert desk.get(url(shop, f"transactions/{Payment.objects.of(elsewhere).get().pk}/")).status_code == 404


class TestRecordingByHand:
    def test_a_payment_is_prefilled_with_what_is_open_and_counts_once(self, shop, ann, desk):
        one = bought(shop, total=1000, paid=300, customer_id=ann.pk)
        path = url(shop, f"orders/{one.pk}/payment/")
        form = desk.get(path)
        assert 'value="₫700"' in form.content.decode()

        given = {"key": key_of(form), "amount": "₫700", "method": "cash", "reference": "R-1", "on": ""}
        for _click in range(2):
            assert desk.post(path, given).status_code == 302

        assert (fresh(ann).debt, fresh(ann).total_spent) == (0, 1000)
        assert Payment.objects.of(shop).filter(reference="R-1").count() == 1

    @pytest.mark.parametrize("amount", ["", "0", "-1", "much", "1e9999"])
    def test_a_refused_amount_says_why_and_changes_nothing(self, shop, ann, desk, amount):
        one = bought(shop, total=1000, customer_id=ann.pk)

        answer = desk.post(url(shop, f"orders/{one.pk}/payment/"), {"key": "k", "amount": amount})

        assert answer.status_code == 422 and "field-error" in answer.content.decode()
        assert fresh(ann).total_spent == 0

    def test_a_refund_is_at_most_what_was_paid(self, shop, ann, desk):
        one = bought(shop, total=1000, payments=[payment(1000)], customer_id=ann.pk)
        path = url(shop, f"orders/{one.pk}/refund/")

        assert desk.post(path, {"key": "k1", "amount": "1001"}).status_code == 422
        assert desk.post(path, {"key": "k2", "amount": "400"}).status_code == 302
        assert (fresh(ann).total_spent, fresh(ann).refunded) == (600, 400)

    def test_a_return_of_an_order_without_lines(self, shop, ann, desk):
        one = bought(shop, total=1000, customer_id=ann.pk)
        path = url(shop, f"orders/{one.pk}/return/")
        given = {"key": "k", "quantity": "1", "worth": "250", "credited": "", "reason": "1", "note": "Torn"}

        assert desk.post(path, given).status_code == 302

        assert (fresh(ann).debt, Return.objects.of(shop).get().note) == (750, "Torn")
        tab = desk.get(url(shop, f"customers/{ann.pk}/?tab=returns")).content.decode()
        assert "Torn" in tab and "Something wrong with the product" in tab

    @pytest.mark.parametrize("path", ["payment/", "return/"])
    def test_of_a_cancelled_order_is_refused_where_the_form_was(self, shop, ann, desk, path):
        one = bought(shop, total=1000, customer_id=ann.pk)
        cancel_order(one, by=BY)
        path, given = url(shop, f"orders/{one.pk}/{path}"), {"key": "k", "amount": "5", "quantity": "1", "worth": "5"}

        asked, sent = desk.get(path), desk.post(path, {**given, "reason": "1"})

        assert (asked.status_code, sent.status_code) == (200, 422)
        for answer in (asked, sent):
            page = answer.content.decode()
            assert "was cancelled: nothing more is paid" in page and 'name="key"' not in page
        assert not Payment.objects.of(shop).exists() and not Return.objects.of(shop).exists()

    def test_is_for_those_who_may(self, shop, ann):
        one = bought(shop, total=1000, customer_id=ann.pk)
        viewer = signed_in(create_staff(shop, role="viewer"))

        for path in ("payment/", "refund/", "return/", "cancel/", "delete/"):
            assert viewer.post(url(shop, f"orders/{one.pk}/{path}"), {"amount": "5", "key": "k"}).status_code == 403
        page = viewer.get(url(shop, f"orders/{one.pk}/")).content.decode()
        assert "payment/" not in page and "order-menu" not in page

    def test_cancelling_and_deleting_can_be_taken_back(self, shop, ann):
        one, boss = bought(shop, total=9, customer_id=ann.pk), signed_in(create_staff(shop, role="manager"))

        counted = []
        for deed in ("cancel/", "uncancel/", "delete/", "restore/"):
            assert boss.post(url(shop, f"orders/{one.pk}/{deed}")).status_code == 302
            counted.append(fresh(ann).orders_placed)

        assert counted == [0, 1, 0, 1]


class TestRelatedOrders:
    def test_are_attached_and_brought_back(self, shop, ann, desk):
        bob = create_customer(shop, name="Bob")
        his = bought(shop, "his", total=5, paid=5, email="ann@example.com", customer_id=bob.pk)
        tab = url(shop, f"customers/{ann.pk}/?tab=related")
        shown = desk.get(tab).content.decode()
        assert "#his" in shown and "Bob" in shown and 'Related<span class="count">1</span>' in shown

        desk.post(url(shop, f"customers/{ann.pk}/related/attach/"), {"orders": his.pk})
        assert (fresh(ann).total_spent, fresh(bob).total_spent) == (5, 0)

        desk.post(url(shop, f"customers/{ann.pk}/orders/undo/?orders={his.pk}"))
        assert (fresh(ann).total_spent, fresh(bob).total_spent) == (0, 5)

    def test_a_wrong_order_is_detached_and_brought_back(self, shop, ann, desk):
        hers = bought(shop, "hers", total=5, paid=5, customer_id=ann.pk)
        assert "Detach" in desk.get(url(shop, f"customers/{ann.pk}/?tab=orders")).content.decode()

        desk.post(url(shop, f"customers/{ann.pk}/orders/detach/"), {"orders": hers.pk})
        assert fresh(ann).orders_recorded == 0
        desk.post(url(shop, f"customers/{ann.pk}/orders/undo/?orders={hers.pk}"))

        assert fresh(ann).orders_recorded == 1

    def test_of_colleagues_customers_are_not_shown_to_who_sees_only_their_own(self, shop):
        agent = create_staff(shop, role="agent", only_own=True)
        mine = create_customer(shop, name="Mine", email="m@example.com", staff=agent.user.email)
        his = bought(shop, "his", email="m@example.com", customer_id=create_customer(shop, name="Bob").pk)
        own = signed_in(agent)

        assert "#his" not in own.get(url(shop, f"customers/{mine.pk}/?tab=related")).content.decode()
        own.post(url(shop, f"customers/{mine.pk}/related/attach/"), {"orders": his.pk})

        assert fresh(mine).orders_recorded == 0

    def test_cannot_be_taken_from_another_shop(self, shop, ann, desk):
        elsewhere = create_shop()
        theirs = bought(elsewhere, "x", email="ann@example.com")

        desk.post(url(shop, f"customers/{ann.pk}/related/attach/"), {"orders": theirs.pk})

        assert Order.objects.of(elsewhere).get().customer_id != ann.pk


class TestReturns:
    def test_stand_on_the_customers_page(self, shop, ann, desk):
        bought(shop, total=100, customer_id=ann.pk)
        record_return(shop, goods_back(order_external_id="a", amount=30, credited=10, quantity=2), by=BY)

        shown = desk.get(url(shop, f"customers/{ann.pk}/?tab=returns")).content.decode()

        assert "#a" in shown and "₫30" in shown and "₫10" in shown
