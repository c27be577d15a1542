"""Short ways to the pages of points, and to their answers."""

import json
import re
from html import unescape

from tests.web.customers.desk import at

PART = {"HX-Request": "true", "HX-Target": "div#dialog-body"}


def text(response):
    """What people read of an answer, in one line."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(plain))


def send(desk, customer, points, **given):
    """Confirm the dialog for a customer."""
    sent = {"way": "give", "points": str(points), "note": "Gift", **given}
    return desk.post(at(customer, "points/adjust/"), sent, headers=PART)


def line(desk, customer, points, **given):
    """The line below the dialog's inputs."""
    sent = {"way": "give", "points": str(points), "do": "look", **given}
    headers = {"HX-Request": "true", "HX-Target": "p#points-line"}
    return text(desk.post(at(customer, "points/adjust/"), sent, headers=headers)).strip()


def send_many(desk, people, points, *, headers=PART, **given):
    """Apply the dialog to some customers."""
    chosen = json.dumps({"ids": [one.pk for one in people]})
    sent = {"way": "give", "points": str(points), "note": "Gift", "selection": chosen, **given}
    return desk.post("/s/hoa-sen/customers/bulk/points/run", sent, headers=headers)


def toasts(desk):
    """What is said on the next page."""
    return text(desk.get("/s/hoa-sen/notifications/"))
