"""Why one customer does or does not answer to a question, for programs and the command line."""

from datetime import date
from typing import Any

from regulars.customers.errors import NoSuchCustomer
from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import Condition, Context, Happened, sentence, write
from regulars.kit.query.conditions import All, Any_, Not
from regulars.kit.query.evaluate import Explained, explain, fetch_for
from regulars.kit.query.fields import Row
from regulars.kit.query.told import told
from regulars.shops.models import Shop
from regulars.transfer.asking import question_of


def explain_customer(
    shop: Shop, customer_id: int, where: str, *, segment: str = "", as_of: date | None = None
) -> dict[str, Any]:
    """{"id", "name", "holds", "where", "sentence", "parts"} of a living customer; the question as in `question_of`.

    Each part has "kind" (condition, event, all, any, not), "where", "sentence", "holds", and either "value" (of a
    condition, in the shape of `kit.query.told`; of an event its figures by name) or "parts".
    Raises BadCondition, NoSuchCustomer.
    """
    question = question_of(shop, where, segment=segment, as_of=as_of)
    tree, ctx = question.node, question.ctx
    rows = Customer.objects.of(shop).alive().filter(pk=customer_id)
    row = fetch_for(tree, rows, customer_fields, ctx).first()
    if row is None:
        raise NoSuchCustomer(id=customer_id)
    found = _told(explain(tree, row, customer_fields, ctx), row, ctx)
    parts = found["parts"] if found["kind"] == "all" else [found]
    name = rows.values_list("name", flat=True).get()
    return {"id": customer_id, "name": name} | {
        "holds": found["holds"], "where": write(tree), "sentence": found["sentence"], "parts": parts,
    }  # fmt: skip


def _told(found: Explained, row: Row, ctx: Context) -> dict[str, Any]:
    node = found.node
    answer: dict[str, Any] = {
        "kind": _KINDS[type(node)], "where": write(node), "sentence": sentence(node, customer_fields, ctx),
        "holds": found.holds,
    }  # fmt: skip
    if isinstance(node, Condition):
        return answer | {"value": told(customer_fields.find(node.field, ctx), row, ctx)}
    if isinstance(node, Happened):
        return answer | {"value": found.value}
    return answer | {"parts": [_told(part, row, ctx) for part in found.parts]}


_KINDS = {Condition: "condition", Happened: "event", All: "all", Any_: "any", Not: "not"}
