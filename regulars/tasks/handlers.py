"""What tasks do when they hear of news from other floors."""

from typing import Any

from regulars.events.handlers import on
from regulars.events.models import Event
from regulars.kit.jobs import later
from regulars.shops.operations.notifications import forget_notifications
from regulars.tasks.jobs import reckon_shop
from regulars.tasks.models import Task


@on("customer.anonymised", "customer.purged")
def forget(shop_id: int, customer_ids: set[int], **_news: Any) -> None:
    """What was to be done about somebody who is forgotten is forgotten too: titles and notes name people.

    Of tasks that are about somebody else by now, what they were before goes, and what would follow them.
    """
    about = Task.objects.of(shop_id).filter(customer_id__in=customer_ids)
    forget_notifications(shop_id, "task", list(about.values_list("pk", flat=True)))
    about.delete()
    Task.objects.of(shop_id).filter(following__customer_id__in=list(customer_ids)).update(following={})
    trail = Event.objects.filter(shop_id=shop_id, about="task")
    once_about = trail.filter(customer_id__in=customer_ids).values("about_id")
    trail.filter(about_id__in=once_about).update(data={})


@on("shop.changed")
def reckon_anew(shop_id: int, **_news: Any) -> None:
    """Days may begin at another instant for all who have no time zone of their own."""
    later(reckon_shop, once=f"tasks.reckon:{shop_id}", shop_id=shop_id)
