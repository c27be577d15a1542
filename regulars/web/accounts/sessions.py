"""Signing somebody in without the sign-in page."""

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from regulars.shops.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign in by what has just been proved: a link, or an account that was made a moment ago.

    The session is listed among the person's from now on; left alone, it would be missing until its next request and
    could not be ended by signing out the others.
    """
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)
