"""Addresses of a shop's settings."""

from django.urls import URLPattern, path

from regulars.web.settings import fields, figures, keys, kinds, labels, roles, shop, staff


def _words(kind: labels.Kind) -> list[URLPattern]:
    """The pages of one sort of words; only those for what can be done with it."""
    base = f"settings/{kind.key}/"
    found = [
        path(base, labels.listing(kind), name=f"settings_{kind.key}"),
        path(f"{base}<int:pk>/", labels.editing(kind), name=f"settings_{kind.key}_edit"),
    ]
    if kind.remove:
        found.append(path(f"{base}<int:pk>/remove", labels.removing(kind), name=f"settings_{kind.key}_remove"))
    if kind.arrange:
        found.append(path(f"{base}order", labels.arranging(kind), name=f"settings_{kind.key}_order"))
    return found


urlpatterns = [
    path("settings/", shop.shop_settings, name="settings"),
    path("settings/roles/", roles.roles, name="settings_roles"),
    path("settings/staff/", staff.staff_list, name="settings_staff"),
    path("settings/staff/invite/", staff.staff_invite, name="settings_invite"),
    path("settings/staff/<int:pk>/", staff.staff_member, name="settings_staff_member"),
    path("settings/staff/<int:pk>/access", staff.staff_access, name="settings_staff_access"),
    path("settings/invitations/<int:pk>/withdraw", staff.invitation_withdraw, name="settings_invitation_withdraw"),
    path("settings/figures/", figures.figures, name="settings_figures"),
    path("settings/figures/check", figures.check, name="settings_figures_check"),
    path("settings/fields/", fields.field_list, name="settings_fields"),
    path("settings/fields/order", fields.field_order, name="settings_fields_order"),
    path("settings/fields/<int:pk>/", fields.field_edit, name="settings_fields_edit"),
    path("settings/fields/<int:pk>/remove", fields.field_remove, name="settings_fields_remove"),
    path("settings/fields/<int:pk>/restore", fields.field_restore, name="settings_fields_restore"),
    path("settings/keys/", keys.key_list, name="settings_keys"),
    path("settings/keys/new/", keys.key_new, name="settings_key_new"),
    path("settings/keys/<int:pk>/revoke", keys.key_revoke, name="settings_key_revoke"),
    *_words(kinds.STATUSES),
    *_words(kinds.TAGS),
    *_words(kinds.CHANNELS),
]
