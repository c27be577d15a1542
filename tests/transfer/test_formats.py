"""Files of other shops' systems, by their real header lines."""

import csv

import pytest

from regulars.customers.models import Address, Customer
from regulars.orders.models import FinancialState, FulfilmentState, Line, Order, Payment
from regulars.transfer.columns import COLUMNS, folded, guess
from regulars.transfer.commands import import_file
from regulars.transfer.formats import FORMATS, format_named, recognise
from tests.transfer.conftest import SAMPLES, make_shop


def known_headers() -> dict[str, list[str]]:
    lines = (SAMPLES / "headers" / "known_headers.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {name: next(csv.reader([header], delimiter=delimiter)) for name, delimiter, header in rows}


HEADERS = known_headers()


@pytest.fixture
def bring(tmp_path):
    """Import rows given as {header: cell} under one of the known header lines."""

    def brought(kind, shop, header, *rows):
        path = tmp_path / "file.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return import_file(kind, path, shop)

    return brought


class TestRecognising:
    @pytest.mark.parametrize(
        ("header", "format"),
        [
            ("shopify_customers_2020", "shopify_customers_2020"),
            ("shopify_customers_2022", "shopify_customers_2022"),
            ("shopify_customers_2024", "shopify_customers_2024"),
            ("shopify_customers_import_template", "shopify_customers_template"),
            ("shopify_orders_2025", "shopify_orders"),
            ("mailchimp_audience", "mailchimp_audience"),
            ("google_contacts_old", "google_contacts"),
            ("google_contacts_new", "google_contacts"),
            ("shopee_id_orders_partial", "shopee_orders_id"),
        ],
    )
    def test_goes_by_the_header(self, header, format):
        kind = "orders" if "orders" in header else "customers"

        assert recognise(HEADERS[header], kind).name == format

    def test_does_not_mind_case_order_or_blanks(self):
        header = [cell.upper() + " " for cell in reversed(HEADERS["shopify_customers_2024"])]

        assert recognise(header, "customers").name == "shopify_customers_2024"

    @pytest.mark.parametrize("format", FORMATS.values(), ids=lambda one: one.name)
    def test_every_format_maps_to_fields_that_exist(self, format):
        fields = {meaning for meaning in format.columns.values() if meaning} - {"packed_line"}

        assert fields <= COLUMNS[format.kind].keys()
        assert set(format.clean) <= {name for columns in COLUMNS.values() for name in columns}
        assert format.says.keys() <= COLUMNS[format.kind].keys()
        assert format_named(format.name, format.kind, []) is format

    @pytest.mark.parametrize("kind", COLUMNS)
    def test_our_own_headers_mean_what_they_say(self, kind):
        header = [column.header for column in COLUMNS[kind].values()]

        assert guess(header, kind) == list(COLUMNS[kind])
        assert len({folded(name) for name in header}) == len(header)


class TestShopifyCustomers:
    ANN = {
        "Customer ID": "'9013808660771", "First Name": "Ann", "Last Name": "Lee", "Email": "ann@example.com",
        "Accepts Email Marketing": "yes", "Accepts SMS Marketing": "no", "Default Address Address1": "1 Main St",
        "Default Address City": "Springfield", "Default Address Province Code": "IL", "Default Address Zip": "'00100",
        "Default Address Country Code": "US", "Phone": "'+16305550123", "Total Spent": "120.00", "Total Orders": "3",
        "Tags": "VIP, wholesale", "Note": "likes tea", "Tax Exempt": "no",
    }  # fmt: skip

    def test_arrive_without_their_apostrophes(self, shop, bring):
        answer = bring("customers", shop, HEADERS["shopify_customers_2024"], self.ANN)

        ann, address = Customer.objects.of(shop).get(), Address.objects.of(shop).get()
        identity = ann.identities.get()
        assert (answer["created"], answer["warnings"]) == (1, {})
        assert (identity.channel, identity.external_id) == ("shopify", "9013808660771")
        assert (ann.phone, ann.country, address.postal_code, address.region) == ("+16305550123", "US", "00100", "IL")
        assert (ann.consent_email, ann.consent_sms) == (1, 4)
        assert (ann.total_spent, ann.orders_count, len(ann.tag_ids)) == (0, 0, 2)

    def test_of_2022_are_the_same_people_as_those_of_2024(self, shop, bring):
        bring("customers", shop, HEADERS["shopify_customers_2024"], self.ANN)

        answer = bring("customers", shop, HEADERS["shopify_customers_2022"],
                       {"First Name": "Ann", "Last Name": "Lee", "Email": "Ann@Example.com"})  # fmt: skip

        assert (answer["created"], answer["unchanged"]) == (0, 1)

    def test_with_a_number_only_are_kept(self, shop, bring):
        answer = bring("customers", shop, HEADERS["shopify_customers_2024"], {"Customer ID": "'77"})

        assert (answer["created"], answer["rejected"]) == (1, 0)


class TestShopifyOrders:
    FIRST = {
        "Name": "#1001", "Id": "'5501", "Email": "ann@example.com", "Financial Status": "partially_refunded",
        "Paid at": "2025-03-01 10:00:00 +0800", "Fulfillment Status": "fulfilled", "Currency": "PHP",
        "Subtotal": "900.00", "Shipping": "100.00", "Taxes": "0.00", "Total": "1000.00", "Discount Amount": "50.00",
        "Created at": "2025-03-01 09:59:00 +0800", "Lineitem quantity": "2", "Lineitem name": "Mug",
        "Lineitem price": "300.00", "Lineitem sku": "MUG", "Billing Name": "Ann Lee", "Shipping Name": "Ann Lee",
        "Shipping Address1": "1 Mabini", "Shipping City": "Makati", "Shipping Zip": "'01200", "Shipping Country": "PH",
        "Shipping Phone": "'+639171234567", "Payment Method": "Stripe", "Refunded Amount": "200.00",
        "Outstanding Balance": "0.00", "Payment References": "rABC.1", "Tags": "gift",
    }  # fmt: skip
    SECOND = {
        "Name": "#1001", "Email": "ann@example.com", "Lineitem quantity": "1", "Lineitem name": "Tea",
        "Lineitem price": "350.00", "Created at": "2025-03-01 09:59:00 +0800",
    }  # fmt: skip
    CANCELLED = {
        "Name": "#1002", "Id": "'5502", "Email": "bo@example.com", "Financial Status": "voided", "Currency": "PHP",
        "Total": "500.00", "Created at": "2025-03-02 09:00:00 +0800", "Cancelled at": "2025-03-02 10:00:00 +0800",
        "Lineitem quantity": "1", "Lineitem name": "Mug", "Lineitem price": "500.00",
    }  # fmt: skip

    @pytest.fixture
    def answer(self, shop, bring):
        return bring("orders", shop, HEADERS["shopify_orders_2025"], self.FIRST, self.SECOND, self.CANCELLED)

    def test_of_several_rows_are_one_order(self, shop, answer):
        order = Order.objects.of(shop).get(number="#1001")

        assert (answer["rows"], answer["created"], answer["rejected"]) == (2, 2, 0)
        assert (order.external_id, order.channel.key) == ("5501", "shopify")
        assert (order.total, order.captured, order.refunded) == (100_000, 100_000, 20_000)
        assert order.financial_state == FinancialState.PARTLY_REFUNDED
        assert order.fulfilment_state == FulfilmentState.FULFILLED
        lines = Line.objects.of(shop).filter(order=order)
        assert [(line.title, line.quantity, line.unit_price) for line in lines] == [
            ("Mug", 2, 30_000),
            ("Tea", 1, 35_000),
        ]

    def test_make_their_customers(self, shop, answer):
        ann = Customer.objects.of(shop).get(email="ann@example.com")

        assert (ann.name, ann.phone) == ("Ann Lee", "+639171234567")
        assert ann.total_spent == 80_000
        assert Address.objects.of(shop).get(customer=ann).postal_code == "01200"

    def test_keep_the_number_that_stands_on_the_bank_statement(self, shop, answer):
        assert Payment.objects.of(shop).filter(reference="rABC.1", amount=100_000).count() == 1

    def test_that_were_cancelled_count_for_nothing(self, shop, answer):
        bo = Customer.objects.of(shop).get(email="bo@example.com")

        assert (bo.total_spent, bo.orders_placed, bo.orders_recorded, bo.debt) == (0, 0, 1, 0)

    def test_in_a_currency_without_a_rate_are_rejected_by_name(self, shop, bring):
        answer = bring("orders", shop, HEADERS["shopify_orders_2025"], self.FIRST | {"Currency": "USD"}, self.SECOND)

        assert (answer["created"], answer["rejected"], answer["rows"]) == (0, 1, 1)
        assert [error["line"] for error in answer["errors"]] == [2, 3]
        assert "USD" in answer["errors"][0]["reason"]
        assert not Order.objects.of(shop).exists()


class TestWooCommerce:
    def test_customers_arrive(self, shop, bring):
        row = {
            "ID": "5", "customer_id": "5", "user_login": "annlee", "user_email": "ann@example.com",
            "first_name": "Ann", "last_name": "Lee", "user_registered": "2024-05-01 10:00:00",
            "billing_phone": "0917 123 4567", "billing_address_1": "1 Main St", "billing_city": "Makati",
            "billing_postcode": "01200", "billing_country": "PH", "roles": "customer",
        }  # fmt: skip

        answer = bring("customers", shop, list(row), row)

        ann = Customer.objects.of(shop).get()
        assert (answer["format"], answer["created"]) == ("woocommerce_customers", 1)
        assert (ann.name, ann.phone, ann.identities.get().channel) == ("Ann Lee", "+639171234567", "woocommerce")
        assert ann.registered_at.isoformat() == "2024-05-01T02:00:00+00:00"

    def test_the_customers_report_arrives(self, shop, bring):
        header = ["Name", "Username", "Last Active", "Sign Up", "Email", "Orders", "Total Spend", "AOV",
                  "Country / Region", "City", "Region", "Postal Code"]  # fmt: skip

        answer = bring("customers", shop, header, {"Name": "Ann Lee", "Email": "ann@example.com", "City": "Makati"})

        assert (answer["format"], answer["created"]) == ("woocommerce_customers_report", 1)
        assert Customer.objects.of(shop).get().city == "Makati"

    def test_orders_arrive_with_lines_packed_in_cells(self, shop, bring):
        row = {
            "order_id": "9001", "order_number": "9001", "order_date": "2024-05-01 10:00:00", "status": "wc-completed",
            "shipping_total": "50.00", "order_total": "650.00", "order_currency": "PHP",
            "payment_method_title": "GCash", "transaction_id": "T-77", "customer_id": "0",
            "billing_first_name": "Ann", "billing_last_name": "Lee", "billing_email": "ann@example.com",
            "line_item_1": "name:Mug|product_id:1|sku:MUG|quantity:2|total:400.00|sub_total:400.00",
            "line_item_2": "name:Tea|product_id:2|sku:TEA|quantity:1|total:200.00",
        }  # fmt: skip

        answer = bring("orders", shop, list(row), row)

        order = Order.objects.of(shop).get()
        assert (answer["format"], answer["created"]) == ("woocommerce_orders", 1)
        assert (order.total, order.captured, order.fulfilment_state) == (65_000, 65_000, FulfilmentState.UNFULFILLED)
        assert [(line.title, line.quantity, line.total) for line in order.lines.all()] == [
            ("Mug", 2, 40_000),
            ("Tea", 1, 20_000),
        ]
        assert not order.customer.identities.exists()

    @pytest.mark.parametrize(
        ("status", "captured", "is_cancelled"),
        [("processing", 65_000, False), ("on-hold", 0, False), ("cancelled", 0, True), ("wc-refunded", 65_000, False)],
    )
    def test_states_are_understood(self, shop, bring, status, captured, is_cancelled):
        row = {"order_id": "1", "order_date": "2024-05-01", "status": status, "order_total": "650",
               "billing_first_name": "Ann", "billing_email": "a@example.com"}  # fmt: skip

        bring("orders", shop, list(row), row)

        order = Order.objects.of(shop).get()
        assert (order.captured, order.cancelled_at is not None) == (captured, is_cancelled)


class TestOtherLists:
    def test_mailchimps_quoted_tags_are_taken_apart(self, shop, bring):
        row = {"Email Address": "ann@example.com", "First Name": "Ann", "TAGS": '"VIP","Blog"'}

        bring("customers", shop, HEADERS["mailchimp_audience"], row)

        assert len(Customer.objects.of(shop).get().tag_ids) == 2

    def test_googles_first_values_are_taken(self, shop, bring):
        row = {"First Name": "Ann", "Last Name": "Lee", "E-mail 1 - Value": "ann@example.com",
               "Phone 1 - Value": "0917 123 4567 ::: 0918 765 4321", "Labels": "* myContacts ::: Friends"}  # fmt: skip

        bring("customers", shop, HEADERS["google_contacts_new"], row)

        ann = Customer.objects.of(shop).get()
        assert (ann.name, ann.phone, len(ann.tag_ids)) == ("Ann Lee", "+639171234567", 2)

    def test_orders_of_which_nobody_says_whether_they_were_paid_were(self, shop, bring):
        bring("orders", shop, ["Order no", "Date", "Amount", "Customer"],
              {"Order no": "7", "Date": "2026-01-05", "Amount": "1,250.50", "Customer": "Ann Lee"})  # fmt: skip

        order = Order.objects.of(shop).get()
        assert (order.total, order.captured, order.customer.name, order.customer.debt) == (
            125_050,
            125_050,
            "Ann Lee",
            0,
        )

    def test_amounts_and_days_are_read_as_the_country_writes_them(self, db, bring):
        shop = make_shop("bucuresti", "RO", "RON", timezone="Europe/Bucharest", language="ro")

        bring("orders", shop, ["Nr. comandă", "Data comenzii", "Sumă", "Achitat", "Client"],
              {"Nr. comandă": "7", "Data comenzii": "05.01.2026", "Sumă": "1.250,50", "Achitat": "1.000",
               "Client": "Ana Pop"})  # fmt: skip

        order = Order.objects.of(shop).get()
        assert (order.total, order.captured) == (125_050, 100_000)
        assert order.placed_at.isoformat() == "2026-01-04T22:00:00+00:00"
        assert order.customer.debt == 25_050

    def test_an_order_that_stands_in_neighbouring_rows_is_one(self, shop, bring):
        header = ["Order no", "Date", "Product", "Qty", "Price"]
        rows = [{"Order no": "7", "Date": "2026-01-05", "Product": name, "Qty": "2", "Price": "10"} for name in "ab"]

        answer = bring("orders", shop, header, *rows, {**rows[0], "Order no": "8"})

        assert answer["created"] == 2
        assert sorted(Order.objects.of(shop).values_list("total", flat=True)) == [2000, 4000]

    def test_money_is_never_guessed_from_an_unknown_word(self, shop, bring):
        answer = bring("orders", shop, ["Order no", "Date", "Amount", "Payment status"],
                       {"Order no": "7", "Date": "2026-01-05", "Amount": "10", "Payment status": "maybe"})  # fmt: skip

        assert (answer["created"], answer["rejected"]) == (0, 1)
        assert answer["errors"][0]["column"] == "Payment status"
