"""Who was forgotten stays so: another system that still knows them does not bring them back, and leaves no trace."""

from collections.abc import Collection

from django.utils.timezone import now

from regulars.connectors.base import CONNECTORS
from regulars.connectors.models import LastReport
from regulars.customers.forgetting import before_forgetting
from regulars.customers.models import Identity
from regulars.events.record import Actor
from regulars.kit.crypto import blind_index


def gravestone(shop_id: int, channel: str, external_id: str) -> str:
    """What stands in the place of an outside id whose customer was forgotten: it tells nobody who that was."""
    return "forgotten:" + blind_index(f"{channel}:{external_id}", shop_id=shop_id, purpose="last report")


@before_forgetting
def forget_reports(shop_id: int, customer_ids: Collection[int], by: Actor) -> None:
    """Put gravestones in the place of the last reports of these customers."""
    names = Identity.objects.of(shop_id).filter(customer_id__in=customer_ids, channel__in=list(CONNECTORS))
    for channel, external_id in names.values_list("channel", "external_id"):
        reports = LastReport.objects.of(shop_id).filter(channel=channel)
        at = reports.filter(external_id=external_id).values_list("at", flat=True).first() or now()
        reports.filter(external_id=external_id).delete()
        reports.update_or_create(
            shop_id=shop_id,
            channel=channel,
            external_id=gravestone(shop_id, channel, external_id),
            defaults={"at": at, "is_gone": True},
        )
