"""A field of the shop's own, set for many customers at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.actions import Params, action
from regulars.customers.bulk.sets import set_own_many
from regulars.customers.custom import OwnFields, own_column
from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.shops.models import Shop
from regulars.shops.permissions import Permission


def _read(shop: Shop, params: Mapping[str, Any]) -> Params:
    """`field` (a key), `value` (text as the form takes it; "" empties) and `locale`, of whoever wrote it."""
    own = OwnFields.of(shop, str(params.get("locale") or ""))
    column = own_column(str(params.get("field") or ""))
    if column not in own.by_column:
        raise BadValue(_("Choose a field."), value=params.get("field") or "", field="field")
    text = str(params.get("value") or "").strip()
    try:
        value = own.read(column, text) if text else None
    except BadValue as fault:
        raise fault.for_field("value") from None
    return {"field": own.by_column[column].key, "value": value}


def _title(shop: Shop, params: Params) -> str:
    own, column = OwnFields.of(shop), own_column(params["field"])
    shown = own.shown(column, params["value"]) or _("nothing")
    return _("{field}: {value}").format(field=own.label(column), value=shown)


@action("field", gettext_lazy("Set a field"), needs=Permission.EDIT_CUSTOMERS, read=_read, title=_title)
def set_field(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return set_own_many(shop, ids, params["field"], params["value"], by=by, batch_id=batch_id)
