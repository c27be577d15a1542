"""A browser that somebody is signed in with."""

from django.test import Client

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(staff, **options):
    """options: of Django's test client."""
    client = Client(**options)
    client.force_login(staff.user, backend=BACKEND)
    return client
