"""Reminders and feeds: what mails one gets, the addresses of one's calendar, and the calendar behind an address."""

from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.kit.errors import BadValue, DomainError
from regulars.kit.mails import mail_goes_out
from regulars.shops.permissions import Permission
from regulars.tasks.feeds import count_use, create_feed, feed_behind, feeds_of, revoke_feed
from regulars.tasks.ical import written
from regulars.tasks.layers import layers_for
from regulars.tasks.models import CalendarFeed
from regulars.tasks.telling import note_address, set_habit, wants_mail
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page, redirect, toast
from regulars.web.tasks.forms import FeedForm


@staff_may(Permission.TASKS)
def feeds(request: StaffRequest) -> HttpResponse:
    """One's own feeds, and whether reminders come by mail."""
    return _page(request, _form(request))


@require_POST
@staff_may(Permission.TASKS)
def make(request: StaffRequest) -> HttpResponse:
    """A new feed; its address is shown on the answer, this once."""
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            feed, token = create_feed(request.staff, **form.cleaned_data, by=request.actor)
            link = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
            context = {
                "feed": feed,
                "link": link,
                "web_link": f"webcal:{link.partition(':')[2]}",
                "home": _home(request),
            }
            return page(request, "tasks/feed_made.html", context)
        except BadValue as fault:
            form.add_error(fault.field or None, str(fault))
    return _page(request, form, status=422)


@require_POST
@staff_may(Permission.TASKS)
def revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop one's feed from working."""
    feed = CalendarFeed.objects.of(request.shop).filter(staff_id=request.staff.pk, pk=pk).first()
    if feed is None:
        raise Http404
    try:
        revoke_feed(feed, by=request.actor)
        toast(request, _("The feed “{name}” does not work any more.").format(name=feed.name))
    except DomainError as fault:
        toast(request, str(fault), kind="problem")
    return redirect(request, _home(request))


@require_POST
@staff_may(Permission.TASKS)
def habit(request: StaffRequest) -> HttpResponse:
    """Whether reminders come by mail too (`wants_mail`)."""
    set_habit(request.staff, wants_mail=request.POST.get("wants_mail") == "1")
    note_address(request.staff, request.build_absolute_uri("/").rstrip("/"))
    toast(request, _("Saved."))
    return redirect(request, _home(request))


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind an address, for programs: 404 for one that does not work, 429 when asked too often."""
    feed = feed_behind(token)
    if feed is None:
        raise Http404
    if wait := count_use(feed):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    body = written(feed)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    is_known = tag in request.headers.get("If-None-Match", "")
    response = HttpResponse(status=304) if is_known else HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _form(request: StaffRequest, given: Any = None) -> FeedForm:
    layers = layers_for(request.staff)
    form = FeedForm(given, initial={"layers": [one.name for one in layers if one.is_on]})
    form.fields["layers"].choices = [(one.name, one.label) for one in layers]  # type: ignore[attr-defined]
    if not request.staff.may(Permission.SEE_CONTACT):
        form.fields["with_contacts"].disabled = True
    return form


def _page(request: StaffRequest, form: FeedForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "chosen": set(form["layers"].value() or ()),
        "feeds": feeds_of(request.staff),
        "labels": {one.name: one.label for one in layers_for(request.staff)},
        "wants_mail": wants_mail(request.staff),
        "mail_goes_out": mail_goes_out(),
        "home": _home(request),
    }
    return page(request, "tasks/feeds.html", context, status=status)


def _home(request: StaffRequest) -> str:
    return f"/s/{request.shop.slug}/tasks/feeds/"
