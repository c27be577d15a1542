"""What each role may do, as the permissions say it."""

from django.db.models import Count
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from regulars.shops.models import Staff
from regulars.shops.permissions import Permission, Role, role_may
from regulars.web.access import StaffRequest, staff_may
from regulars.web.settings.frame import settings_page

MEANING = {
    Role.OWNER: _("May do everything, and decides who works here."),
    Role.MANAGER: _("Runs the shop day by day: files, settings, deleting."),
    Role.AGENT: _("Works with customers: adds, edits, tags, calls."),
    Role.VIEWER: _("Reads along, without ways to contact anybody."),
}


@staff_may(Permission.SETTINGS)
def roles(request: StaffRequest) -> HttpResponse:
    """The matrix of roles and permissions."""
    people = Staff.objects.of(request.shop).active().order_by().values_list("role").annotate(Count("pk"))
    counts = dict(people)
    heads = [{"name": role.label, "meaning": MEANING[role], "count": counts.get(role.value, 0)} for role in Role]
    rows = [
        (permission.label, [(role.label, role_may(role, permission)) for role in Role]) for permission in Permission
    ]
    return settings_page(request, "roles.html", {"roles": heads, "rows": rows}, tab="roles/")
