"""Writes docs/reference/fields.md from the field registry; `--check` says whether it is up to date."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs/reference/fields.md"

HEAD = """# Fields

<!-- Written by scripts/reference.py from the registry; do not edit. -->

What can be asked, shown, sorted and exported. The name is the one of the query language
(docs/reference/query-language.md), of addresses, the command line and exported files.
"""


def rendered() -> str:
    """The page, from the registry as it is now."""
    import regulars.loyalty.entry_fields
    import regulars.orders.fields
    import regulars.orders.payment_fields
    from regulars.customers.fields import SECTIONS, customer_fields

    parts = [HEAD]
    orders, payments = regulars.orders.fields.order_fields, regulars.orders.payment_fields.payment_fields
    points = regulars.loyalty.entry_fields.entry_fields
    sets = {"Customers": customer_fields, "Orders": orders, "Transactions": payments, "Points": points}
    for title, fields in sets.items():
        parts.append(f"## {title}\n")
        parts.append("| field | also called | what | kind | understands |\n|---|---|---|---|---|")
        ordered = sorted(fields, key=lambda field: list(SECTIONS).index(field.section))
        parts += [_row(field) for field in ordered]
        parts.append("")
    return "\n".join([*parts, *_events(customer_fields)])


def _events(fields) -> list[str]:
    """What happens to customers, with what can be asked of one event and of all of them together."""
    from django.utils.timezone import now

    from regulars.kit.query import Context

    ctx = Context(shop_id=0, currency="USD", tz="UTC", now=now())
    head = "| event | also called | what | of one event | of all of them |\n|---|---|---|---|---|"
    return ["## What customers did\n", head, *(_event(one, ctx) for one in fields.predicates(ctx)), ""]


def _event(predicate, ctx) -> str:
    also = ", ".join(f"`{alias}`" for alias in predicate.aliases)
    names = [field.name for field in predicate.parameters(ctx)]
    single = ", ".join(f"`{name}`" for name in names if name not in predicate.totals)
    totals = ", ".join(f"`{name}`" for name in predicate.totals)
    return f"| `{predicate.name}` | {also} | {predicate.label}. {predicate.help} | {single} | {totals} |"


def _row(field) -> str:
    also = ", ".join(f"`{alias}`" for alias in field.aliases)
    what = f"{field.label}. {field.help}".strip() if field.help else str(field.label)
    ops = ", ".join(f"`{op}`" for op in field.operators()) if field.filterable else "–"
    return f"| `{field.name}` | {also} | {what} | {field.kind} | {ops} |"


def main() -> int:
    """Write the page, or compare it."""
    text = rendered()
    if "--check" in sys.argv:
        return int(not TARGET.exists() or TARGET.read_text() != text)
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
    django.setup()
    raise SystemExit(main())
