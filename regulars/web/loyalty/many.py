"""What points for a selection would do, said while somebody types; and whom a run left out."""

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from regulars.customers.actions import ACTION_RUN
from regulars.customers.bulk.performed import MOST_NAMED
from regulars.kit.numbers import show_number
from regulars.loyalty.entries import today_of
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.bulk import posted
from regulars.web.customers.subject import LARGEST_ID
from regulars.web.jobs.links import shows
from regulars.web.loyalty.bulk import moved_words, named
from regulars.web.loyalty.lines import line_of_many
from regulars.web.loyalty.wish import given_in
from regulars.web.pages import page

OURS = "points"


@require_POST
@staff_may(Permission.SEE_CUSTOMERS, Permission.POINTS)
def line(request: StaffRequest) -> HttpResponse:
    """The line below the inputs."""
    today = today_of(request.shop)
    people = posted(request).queryset(request.staff)
    said = line_of_many(people, given_in(request.POST, today), today=today, locale=get_language() or "en")
    return page(request, "loyalty/line.html", {"line": said})


@shows(ACTION_RUN)
def _path(run: JobRun) -> str | None:
    """Runs that left somebody out have a page that names them."""
    left_out = run.data.get("action") == OURS and run.result.get("left_out")
    return f"loyalty/runs/{run.pk}/" if left_out else None


@staff_may(Permission.SEE_CUSTOMERS, Permission.POINTS)
def left_out(request: StaffRequest, pk: int) -> HttpResponse:
    """Who had too few points in a run of this person, or of anybody for who may see all work."""
    runs = JobRun.objects.of(request.shop).filter(kind=ACTION_RUN, data__action=OURS)
    if not request.staff.may(Permission.SETTINGS):
        runs = runs.filter(staff_id=request.staff.pk)
    run = runs.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if run is None:
        raise Http404
    home, locale = f"/s/{request.shop.slug}/", get_language() or "en"
    people = named(run, request, MOST_NAMED)
    more = run.result.get("left_out", 0) - len(people)
    context = {
        "run": run,
        "home": home,
        "told": moved_words(run),
        "people": [{"name": name, "url": f"{home}customers/{pk}/?tab=points"} for pk, name in people],
        "more": show_number(more, locale) if more > 0 else "",
    }
    return page(request, "loyalty/run.html", context, title=run.title)
