"""Short ways to make a segment and to ask for its pages."""

from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.operations import create_segment
from tests.factories import SYSTEM, actor


def made(shop, name="VIPs", where="city = 'Huế'", *, staff=None, **facts):
    """A segment whose first answer is found."""
    by = actor(staff) if staff else SYSTEM
    segment = create_segment(shop, name=name, where=where, staff=staff, by=by, **facts)
    run_waiting_jobs()
    segment.refresh_from_db()
    return segment


def at(segment=None, path=""):
    return f"/s/hoa-sen/segments/{f'{segment.pk}/' if segment else ''}{path}"


def text(response):
    return response.content.decode()


def part(target):
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}
