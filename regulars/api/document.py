"""The OpenAPI document: what every answer may be, and the rows as the field registry declares them."""

from collections.abc import Mapping
from typing import Any

from regulars.api.problems import CONTENT_TYPE
from regulars.api.schemas import SentCustomer, SentEvent, SentProduct
from regulars.customers.fields import customer_fields
from regulars.kit.query import Field, FieldSet
from regulars.kit.query.told import LISTS
from regulars.orders.fields import order_fields
from regulars.shops.permissions import Scope, scopes_may

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong (RFC 9457). A question that was not understood also names the word and its place.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "For programs; it does not change."},
        "detail": {"type": "string", "description": "For people, in the language of Accept-Language."},
        "field": {"type": "string"},
        "word": {"type": "string"},
        "line": {"type": ["integer", "null"]},
        "column": {"type": ["integer", "null"]},
        "length": {"type": ["integer", "null"]},
        "suggestion": {"type": ["string", "null"]},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
REFUSALS = {
    400: "The request cannot be read, or its cursor is damaged.",
    401: "No key, or one that does not work.",
    403: "The key does not hold the scope, or is used from another website.",
    404: "There is nothing here, or it is another shop's.",
    405: "This address does not understand the method.",
    413: "The body is larger than 1 MiB.",
    422: "A value or a question was not understood.",
    429: "The key was used too often.",
}
USE_HEADERS = {
    "RateLimit-Limit": "Requests a minute.",
    "RateLimit-Remaining": "Requests left in this minute.",
    "RateLimit-Reset": "Seconds until the minute is over.",
}
SHAPES: Mapping[str, dict[str, Any]] = {
    "count": {"type": ["integer", "null"]},
    "flag": {"type": ["boolean", "null"]},
    **{kind: {"type": "array", "items": {"type": "string"}} for kind in LISTS},
}
TEXT = {"type": ["string", "null"]}
CUSTOMERS_PARTS: Mapping[str, dict[str, Any]] = {
    "custom": {"type": "object", "description": "The shop's own fields by their keys; null where nothing is known."},
    "responsible": {
        "type": "array",
        "description": "Who is responsible, the first one first.",
        "items": {
            "type": "object",
            "required": ["id", "name", "email"],
            "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "email": {"type": "string"}},
        },
    },
    "referrer_id": {"type": ["integer", "null"], "description": "The customer who sent them."},
    "household_id": {"type": ["integer", "null"]},
    "household_name": {"type": ["string", "null"]},
    "household_members": {"type": "array", "items": {"type": "integer"}},
}
"""What one customer is told with beside the fields."""


def documented(schema: dict[str, Any]) -> dict[str, Any]:
    """Ninja's document with all refusals, and the rows of customers and orders."""
    parts = schema["components"]
    sent = {one.__name__: _schema_of(one) for one in (SentCustomer, SentProduct, SentEvent)}
    order = _row(order_fields, customer_id={"type": ["integer", "null"]})
    rows = {"Customer": _row(customer_fields, **CUSTOMERS_PARTS), "Order": order}
    parts["schemas"] |= {"Problem": PROBLEM, **sent, **rows}
    parts["responses"] = {f"Problem{status}": _refusal(status) for status in REFUSALS}
    for methods in schema["paths"].values():
        for operation in methods.values():
            _complete(operation)
    _name_schemas(parts)
    return schema


def _complete(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if row := operation.pop("x-schema", None):
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{row}"}}}
        answers.pop(200, None)
        answers[operation.pop("x-status", 200)] = {"description": "OK", "content": content}
    for status in REFUSALS:
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _name_schemas(node: Any) -> None:
    """Put the named part in the place of `x-schema`, which pydantic could not have resolved."""
    if isinstance(node, dict):
        if name := node.pop("x-schema", None):
            node.clear()
            node["$ref"] = f"#/components/schemas/{name}"
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            _name_schemas(part)


def _refusal(status: int) -> dict[str, Any]:
    told = {"description": REFUSALS[status]}
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers = {**USE_HEADERS, "Retry-After": "Seconds to wait."} if status == 429 else {}
    told_headers = {name: {"description": text, "schema": {"type": "integer"}} for name, text in headers.items()}
    return told | {"content": content} | ({"headers": told_headers} if told_headers else {})


def _row(fields: FieldSet, **also: dict[str, Any]) -> dict[str, Any]:
    """A row: its number, and each field that a key can be told at all (what the team notes, none can)."""
    reached = [field for field in fields if not field.needs or scopes_may(Scope.values, field.needs)]
    told = {field.name: {**_shape(field), "description": f"{field.label}. {field.help}".strip()} for field in reached}
    return {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, **also, **told}}


def _shape(field: Field) -> dict[str, Any]:
    return SHAPES.get(field.kind, TEXT)


def _schema_of(model: Any) -> dict[str, Any]:
    schema: dict[str, Any] = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return schema
