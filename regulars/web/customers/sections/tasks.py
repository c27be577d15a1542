"""What is to be done about a customer, and what was done, ready to print."""

from typing import TYPE_CHECKING, Any

from regulars.tasks.models import State, Task
from regulars.web.tasks.rows import Reader, rows

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

MOST_OPEN, MOST_CLOSED = 200, 20


def tasks(view: "CustomerView") -> dict[str, Any]:
    """Open ones by when they are due, and the latest that were done or cancelled."""
    reader = Reader.of(view.staff)
    about = Task.objects.of(view.shop).existing().filter(customer_id=view.customer.pk).for_list()
    return {
        "home": f"{reader.home}tasks/",
        "open": rows(about.open().order_by("due_on", "starts_at", "pk")[:MOST_OPEN], reader),
        "closed": rows(about.exclude(state=State.OPEN).order_by("-closed_at", "-pk")[:MOST_CLOSED], reader),
        "all_url": f"{reader.home}tasks/?view=team&customer={view.customer.pk}",
    }
