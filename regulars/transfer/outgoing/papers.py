"""What orders and transactions say of their customer, alike in both files."""

from regulars.transfer.columns import CUSTOMER_COLUMNS
from regulars.transfer.outgoing.columns import ExportColumn
from regulars.transfer.outgoing.writings import Writing, shown_sql

CUSTOMER_JOINS = {
    "u": " LEFT JOIN customers_customer u ON u.shop_id = %s AND u.id = c.customer_id",
    "i": " LEFT JOIN (SELECT customer_id, min(external_id) AS external_id FROM customers_identity"
    " WHERE shop_id = %s AND channel = 'own' GROUP BY customer_id) i ON i.customer_id = c.customer_id",
}


def customer_columns(writing: Writing, **contacts: str) -> list[ExportColumn]:
    """The customer's own number, name and company; and e-mail and phone, each by its SQL."""
    found = [
        _column("external_id", shown_sql("i.external_id", writing), "i"),
        *(_column(name, shown_sql(f"u.{name}", writing), "u") for name in ("name", "given_name", "family_name")),
        _column("company", shown_sql("u.company", writing), "u"),
    ]
    return found + [_column(name, sql, "u", is_contact=True) for name, sql in contacts.items()]


def _column(name: str, sql: str, join: str, *, is_contact: bool = False) -> ExportColumn:
    column = CUSTOMER_COLUMNS[name]
    return ExportColumn(name, column.header, sql, joins=frozenset({join}), is_contact=is_contact, label=column.label)
