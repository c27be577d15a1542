"""Files we know: one declaration each.

A format names the headers by which it is recognised, what its columns mean where our synonyms would not guess it,
and what must be done to its cells. Whatever it does not name is guessed as in any other file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.transfer.cells import joined_values, quoted_tags, without_apostrophe
from regulars.transfer.columns import COLUMNS, folded, guess
from regulars.transfer.errors import UnknownFormat

Cleaner = Callable[[str], str]

IGNORED = ""
"""The meaning of a column that we know and do not take."""

PACKED_LINE = "packed_line"
"""A whole order line in one cell; the only field that several columns may bring."""

_APOSTROPHES: Mapping[str, Cleaner] = dict.fromkeys(
    ("external_id", "order_id", "number", "phone", "address_phone", "postal_code", "shipping_phone", "billing_phone",
     "shipping_postal_code", "billing_postal_code", "line_sku", "payment_reference"),
    without_apostrophe,
)  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A layout of files.

    recognised_by: headers that are all there in such a file, and together in no other. columns: header → field,
    IGNORED for what we leave out on purpose. channel: whose numbers the outside ids are (of orders: where they were
    placed). clean: what to do to the cells of a field. group_rows: an order may go on in the rows below it.
    """

    name: str
    kind: str
    label: Any
    recognised_by: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    clean: Mapping[str, Cleaner] = field(default_factory=dict)
    group_rows: bool = True

    def mapping(self, header: list[str]) -> list[str]:
        """The field each column brings, "" for none; no field twice but packed lines."""
        known = {folded(name): meaning for name, meaning in self.columns.items()}
        declared = [known.get(folded(cell)) for cell in header]
        taken: set[str] = set()
        for index, meaning in enumerate(declared):
            if meaning and meaning in taken and meaning != PACKED_LINE:
                declared[index] = IGNORED
            taken.add(meaning or "")
        guesses = guess([cell if declared[i] is None else "" for i, cell in enumerate(header)], self.kind)
        return [
            declared[i] or "" if declared[i] is not None else ("" if guesses[i] in taken else guesses[i])
            for i in range(len(header))
        ]

    def cleaners(self) -> Mapping[str, Cleaner]:
        """What to do to cells, by field."""
        return self.clean

    @property
    def is_own(self) -> bool:
        """Whether we write such files ourselves."""
        return self.name.startswith("regulars_")


def _own(kind: str) -> dict[str, str]:
    return {column.header: column.name for column in COLUMNS[kind].values()}


_SHOPIFY_CUSTOMER = {
    "Customer ID": "external_id",
    "First Name": "given_name",
    "Last Name": "family_name",
    "Accepts Marketing": "accepts_email",
    "Accepts Email Marketing": "accepts_email",
    "Accepts SMS Marketing": "accepts_sms",
    "Company": "company",
    "Address1": "address1",
    "Address2": "address2",
    "City": "city",
    "Province": "region",
    "Province Code": IGNORED,
    "Country": IGNORED,
    "Country Code": "country",
    "Zip": "postal_code",
    "Total Spent": "total_spent",
    "Total Orders": "total_orders",
    "Tax Exempt": IGNORED,
}

_SHOPIFY_DEFAULT_ADDRESS = {
    "Default Address Company": "company",
    "Default Address Address1": "address1",
    "Default Address Address2": "address2",
    "Default Address City": "city",
    "Default Address Province Code": "region",
    "Default Address Country Code": "country",
    "Default Address Zip": "postal_code",
    "Default Address Phone": "address_phone",
}

_WOO_STATES = {
    "completed": "paid", "processing": "paid", "on-hold": "pending", "pending": "pending", "refunded": "refunded",
    "failed": "voided", "cancelled": "cancelled",
}  # fmt: skip


def _woo_status(cell: str) -> str:
    return _WOO_STATES.get(cell.strip().lower().removeprefix("wc-"), cell)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "regulars_customers", "customers", _("Regulars customers"),
            ("Given name", "Family name", "E-mail", "Phone"), _own("customers"),
        ),
        Format(
            "regulars_orders", "orders", _("Regulars orders"),
            ("Order ID", "Order number", "Placed at", "Total"), _own("orders"),
        ),
        Format(
            "shopify_customers_2024", "customers", _("Shopify customers"),
            ("Customer ID", "Accepts Email Marketing", "Default Address Address1"),
            _SHOPIFY_CUSTOMER | _SHOPIFY_DEFAULT_ADDRESS, "shopify", _APOSTROPHES,
        ),
        Format(
            "shopify_customers_template", "customers", _("Shopify customers, import template"),
            ("Accepts Email Marketing", "Default Address Address1"),
            _SHOPIFY_CUSTOMER | _SHOPIFY_DEFAULT_ADDRESS, "shopify", _APOSTROPHES,
        ),
        Format(
            "shopify_customers_2022", "customers", _("Shopify customers, 2022 to 2023"),
            ("Accepts Email Marketing", "Address1", "Province Code", "Tax Exempt"),
            _SHOPIFY_CUSTOMER, "shopify", _APOSTROPHES,
        ),
        Format(
            "shopify_customers_2020", "customers", _("Shopify customers, before 2022"),
            ("Accepts Marketing", "Address1", "Province Code", "Tax Exempt"),
            _SHOPIFY_CUSTOMER, "shopify", _APOSTROPHES,
        ),
        Format(
            "shopify_orders", "orders", _("Shopify orders"),
            ("Name", "Financial Status", "Lineitem quantity", "Lineitem name"),
            {
                "Name": "number", "Id": "order_id", "Created at": "placed_at", "Taxes": "tax",
                "Discount Amount": "discount", "Notes": "order_note", "Cancelled at": "cancelled_at",
                "Payment Reference": IGNORED, "Payment References": "payment_reference", "Payment ID": IGNORED,
                "Receipt Number": IGNORED, "Source": IGNORED, "Tags": IGNORED, "Accepts Marketing": "accepts_email",
                "Billing Street": IGNORED, "Shipping Street": IGNORED, "Billing Address1": "billing_address1",
                "Shipping Address1": "shipping_address1", "Billing Province": IGNORED, "Shipping Province": IGNORED,
                "Billing Province Name": "billing_region", "Shipping Province Name": "shipping_region",
                "Outstanding Balance": "outstanding", "Refunded Amount": "refunded",
            },
            "shopify", _APOSTROPHES,
        ),
        Format(
            "woocommerce_customers", "customers", _("WooCommerce customers"),
            ("user_email", "user_login"),
            {
                "ID": IGNORED, "customer_id": "external_id", "user_login": IGNORED, "user_email": "email",
                "user_nicename": IGNORED, "display_name": IGNORED, "nickname": IGNORED, "user_url": IGNORED,
                "user_registered": "registered_at", "user_status": IGNORED, "roles": IGNORED, "role": IGNORED,
                "first_name": "given_name", "last_name": "family_name", "description": IGNORED,
                "billing_first_name": IGNORED, "billing_last_name": IGNORED, "billing_email": IGNORED,
                "billing_company": "company", "billing_phone": "phone", "billing_address_1": "address1",
                "billing_address_2": "address2", "billing_city": "city", "billing_state": "region",
                "billing_postcode": "postal_code", "billing_country": "country",
                "locale": "language", "orders": "total_orders", "total_spent": "total_spent",
            },
            "woocommerce",
        ),
        Format(
            "woocommerce_customers_report", "customers", _("WooCommerce customers, from its report"),
            ("Name", "Username", "Email", "Total Spend", "AOV"),
            {
                "Username": IGNORED, "Last Active": IGNORED, "Sign Up": "registered_at",
                "Date Registered": "registered_at", "Orders": "total_orders", "Total Spend": "total_spent",
                "AOV": IGNORED, "Country / Region": "country", "Region": "region", "Postal Code": "postal_code",
            },
        ),
        Format(
            "woocommerce_orders", "orders", _("WooCommerce orders"),
            ("order_id", "order_total", "billing_first_name"),
            {
                "order_number": "number", "order_date": "placed_at", "date": "placed_at", "paid_date": "paid_at",
                "status": "state", "shipping_total": "shipping", "tax_total": "tax", "discount_total": "discount",
                "cart_discount": IGNORED, "order_discount": IGNORED, "order_total": "total",
                "order_subtotal": "subtotal", "order_currency": "currency", "payment_method": IGNORED,
                "payment_method_title": "payment_method", "transaction_id": "payment_reference",
                "refunded_total": "refunded", "customer_id": "external_id", "customer_user": IGNORED,
                "customer_email": IGNORED, "billing_email": "email", "billing_phone": "phone",
                "billing_first_name": "given_name", "billing_last_name": "family_name", "billing_company": "company",
                "billing_address_1": "billing_address1", "billing_address_2": "billing_address2",
                "billing_postcode": "billing_postal_code", "billing_state": "billing_region",
                "shipping_address_1": "shipping_address1", "shipping_address_2": "shipping_address2",
                "shipping_postcode": "shipping_postal_code", "shipping_state": "shipping_region",
                "shipping_first_name": IGNORED, "shipping_last_name": IGNORED, "customer_note": "order_note",
                **{f"line_item_{number}": PACKED_LINE for number in range(1, 101)},
            },
            "woocommerce", {"state": _woo_status},
        ),
        Format(
            "bagisto_customers", "customers", _("Bagisto customers"),
            ("customer_group_code", "first_name", "last_name", "date_of_birth"),
            {"customer_group_code": "group"},
            "bagisto", {"group": lambda cell: "standard" if cell.strip().lower() == "general" else cell},
        ),
        Format(
            "mailchimp_audience", "customers", _("Mailchimp audience"),
            ("Email Address", "MEMBER_RATING", "LEID"),
            {"LEID": IGNORED, "EUID": IGNORED, "REGION": IGNORED, "CC": "country", "OPTIN_TIME": IGNORED},
            clean={"tags": quoted_tags},
        ),
        Format(
            "google_contacts", "customers", _("Google Contacts"),
            ("E-mail 1 - Value", "Phone 1 - Value"),
            {
                "Group Membership": "tags", "Labels": "tags", "Location": IGNORED, "Language": IGNORED,
                "Organization Name": "company",
            },
            clean=dict.fromkeys(("tags", "email", "phone"), joined_values),
        ),
        Format(
            "regulars_activity", "activity", _("Regulars visits and viewed products"), ("Event ID", "Type", "At"),
            _own("activity"),
        ),
        Format("generic_customers", "customers", _("Any other list of customers"), clean=_APOSTROPHES),
        Format("generic_orders", "orders", _("Any other list of orders"), clean=_APOSTROPHES),
        Format("generic_activity", "activity", _("Any other list of visits"), clean=_APOSTROPHES),
    )
}  # fmt: skip


def recognise(header: list[str], kind: str) -> Format:
    """The format of a file by its header: of those whose headers are all there, the one that asks for most."""
    there = {folded(cell) for cell in header}
    fitting = [
        one for one in FORMATS.values() if one.kind == kind and all(folded(name) in there for name in one.recognised_by)
    ]
    return max(fitting, key=lambda one: len(one.recognised_by))


def format_named(name: str, kind: str, header: list[str]) -> Format:
    """The format of that name; of "auto" or "" the one recognised. Raises UnknownFormat."""
    if name in {"", "auto"}:
        return recognise(header, kind)
    known = {one.name: one for one in FORMATS.values() if one.kind == kind}
    known |= {"generic": known[f"generic_{kind}"], "regulars": known[f"regulars_{kind}"]}
    if name not in known:
        raise UnknownFormat(format=name, known=", ".join(["auto", *known]))
    return known[name]
