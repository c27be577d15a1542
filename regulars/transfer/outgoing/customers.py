"""Customers as a file."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.customers.custom import own_column
from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer
from regulars.customers.search import search_q
from regulars.kit.query import Context
from regulars.kit.query.kept import Kept
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.transfer.columns import CUSTOMER_COLUMNS, guess
from regulars.transfer.outgoing.columns import ExportColumn, of_field
from regulars.transfer.outgoing.kinds import ExportKind, offer
from regulars.transfer.outgoing.writings import Writing, shown_sql
from regulars.transfer.own_ids import own_id_sql

# Fields whose column in a file has another name than in the registry.
_AS_IMPORTED = {
    "account": "account_state",
    "oa_follow": "oa_state",
    **{f"consent_{channel}": f"accepts_{channel}" for channel in ("email", "sms", "zalo", "whatsapp")},
}

# Headers that must not be read back: the place shown of an address is not an address.
_OWN_HEADERS = {"city": "City of the customer", "region": "Province of the customer", "source": "Came in by"}

_ADDRESS = {
    "address_label": "label", "recipient": "recipient", "address_company": "company", "address1": "line1",
    "address2": "line2", "area": "area", "ward": "ward", "district": "district", "address_city": "city",
    "address_region": "region", "postal_code": "postal_code", "address_country": "country",
    "address_phone": "phone_raw",
}  # fmt: skip
_ADDRESS_IMPORTS = {"address_city": "city", "address_region": "region"}

READ_BACK = (
    "regulars_id", "external_id", "name", "given_name", "family_name", "email", "phone", "gender", "birthday",
    "company", "tax_code", "country", "language", "group", "tags", "staff", "status", "referrer", "referral_code",
    "zalo_id", "account", "oa_follow", "consent_email", "consent_sms", "consent_zalo", "consent_whatsapp", "created_at",
    "registered_at", "credit_limit", *_ADDRESS,
)  # fmt: skip

_QUOTED_TAG = """CASE WHEN tag.name ~ '[,;|\\n"]' THEN '"' || replace(tag.name, '"', '""') || '"' ELSE tag.name END"""
"""As `kit.labels.join_labels` writes a label."""

_JOINS = {
    "a": " LEFT JOIN customers_address a ON a.shop_id = %s AND a.customer_id = c.id AND a.is_default_shipping",
    "i": " LEFT JOIN (SELECT customer_id, min(external_id) AS external_id FROM customers_identity"
    " WHERE shop_id = %s AND channel = 'own' GROUP BY customer_id) i ON i.customer_id = c.id",
    # names are put together once for each set of tags that occurs, not for each customer
    "t": " LEFT JOIN (SELECT sets.ids, tags.names, tags.listed FROM (SELECT DISTINCT tag_ids AS ids"  # noqa: S608
    " FROM customers_customer WHERE shop_id = %s AND tag_ids <> '{}') sets"
    f" CROSS JOIN LATERAL (SELECT string_agg({_QUOTED_TAG}, ', ' ORDER BY tag.key) AS names,"
    " json_agg(tag.name ORDER BY tag.key) AS listed FROM customers_tag tag"
    " WHERE tag.shop_id = %s AND tag.id = ANY(sets.ids)) tags) t ON t.ids = c.tag_ids",
}


def _rows(shop: Shop, staff: Staff | None) -> QuerySet:
    rows = Customer.objects.of(shop).alive()
    return rows if staff is None else rows.visible_to(staff)


def _find(rows: QuerySet, shop: Shop, staff: Staff | None, text: str) -> QuerySet:
    return rows.filter(search_q(shop, text, seen_by=staff))


def _columns(ctx: Context, writing: Writing) -> list[ExportColumn]:
    fields = [field for field in customer_fields.of(ctx) if field.shown]
    return [
        _regulars_id(ctx), _own_id(writing), *(_of_field(field, ctx, writing) for field in fields),
        *(_of_address(name, column, writing) for name, column in _ADDRESS.items()),
    ]  # fmt: skip


def _of_field(field: Any, ctx: Context, writing: Writing) -> ExportColumn:
    if isinstance(field, Kept):
        return of_field(field, ctx, writing, _own_header(field))
    imported = CUSTOMER_COLUMNS.get(_AS_IMPORTED.get(field.name, field.name))
    column = of_field(field, ctx, writing, _OWN_HEADERS.get(field.name) or (imported.header if imported else ""))
    return _SPECIAL[field.name](column, writing) if field.name in _SPECIAL else column


def _own_header(field: Kept) -> str:
    """The field's name, unless an import would take the column for another one's."""
    column, name = own_column(field.key), str(field.label)
    return name if guess([name], "customers", {column: {"name": name}}) == [column] else column


def _phone(column: ExportColumn, writing: Writing) -> ExportColumn:
    """E.164, which is no formula and needs no guard; a number that is none as it was given."""
    return replace(column, sql=f"coalesce(c.phone, {shown_sql('c.phone_raw', writing)})")


def _email(column: ExportColumn, writing: Writing) -> ExportColumn:
    return replace(column, sql=shown_sql("coalesce(c.email, c.email_raw)", writing))


_SPECIAL = {"phone": _phone, "email": _email}


def _regulars_id(ctx: Context) -> ExportColumn:
    column = CUSTOMER_COLUMNS["regulars_id"]
    return ExportColumn("regulars_id", column.header, *own_id_sql(ctx.shop_id), label=column.label)


def _own_id(writing: Writing) -> ExportColumn:
    column = CUSTOMER_COLUMNS["external_id"]
    sql = shown_sql("i.external_id", writing)
    return ExportColumn("external_id", column.header, sql, joins=frozenset({"i"}), label=column.label)


def _of_address(name: str, place: str, writing: Writing) -> ExportColumn:
    column = CUSTOMER_COLUMNS[_ADDRESS_IMPORTS.get(name, name)]
    sql = f"nullif(a.\"{place}\", '')" if place == "country" else shown_sql(f'a."{place}"', writing)
    if place == "phone_raw":
        sql = f"coalesce(a.phone, {sql})"
    contact = place == "phone_raw"
    return ExportColumn(name, column.header, sql, joins=frozenset({"a"}), is_contact=contact, label=column.label)


CUSTOMERS = offer(
    ExportKind(
        name="customers",
        label=_("Customers"),
        fields=customer_fields,
        rows=_rows,
        find=_find,
        columns=_columns,
        joins=_JOINS,
        usual=READ_BACK,
        dates=("created_at", "registered_at", "first_order_date", "last_order_date", "updated_at"),
        needs=(Permission.SEE_CUSTOMERS,),
        counted=lambda n: ngettext("{n} customer", "{n} customers", n),
        round_trip=_("Profile, consent and default address; not the figures made from orders."),
    )
)
