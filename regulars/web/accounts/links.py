"""Links that let somebody in once: a one-time sign-in, and the first run of an empty installation.

Nothing is stored: a token is a signature over facts that change when it is used (the person's last sign-in; that
nobody exists yet), so a used link is a dead link.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from regulars.kit.errors import DomainError
from regulars.shops.models import User

VALID_FOR = timedelta(days=1)
_FIRST = signing.TimestampSigner(salt="regulars.first-run")


class LinkUsed(DomainError):
    """The link was used, or is older than a day."""

    code = "accounts.link_used"


class _OneTime(PasswordResetTokenGenerator):
    """Django's reset token with a salt of its own; it dies with the sign-in it allows.

    Django cuts the sign-in to whole seconds, so that its token would outlive a sign-in within the second.
    """

    key_salt = "regulars.one-time-link"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{user.pk} {user.password} {user.last_login} {user.email} {timestamp}"


_one_time = _OneTime()


def one_time_link(user: User, next_path: str = "/") -> str:
    """The path of a link that signs this person in once within a day and goes on to `next_path`."""
    packed = signing.dumps([user.pk, _one_time.make_token(user), next_path], salt="regulars.one-time-link")
    return reverse("one_time_link", args=[packed])


def open_link(packed: str, *, to_use: bool = False) -> tuple[User, str]:
    """The person and the page behind a one-time link. Raises LinkUsed.

    to_use: locks the person until the sign-in is written, so that of two clicks at once one comes too late.
    """
    people = User.objects.select_for_update() if to_use else User.objects.all()
    try:
        pk, token, next_path = signing.loads(packed, salt="regulars.one-time-link", max_age=VALID_FOR)
        user = people.get(pk=pk, is_active=True)
    except (signing.BadSignature, User.DoesNotExist, ValueError):
        raise LinkUsed from None
    if not _one_time.check_token(user, token):
        raise LinkUsed
    return user, safe_path(next_path)


def first_run_link() -> str:
    """The path of the link that starts an installation where nobody exists yet."""
    return reverse("first_run_link", args=[_FIRST.sign("start")])


def is_first_run(token: str) -> bool:
    """Whether the token opens the first run: it is ours, fresh, and nobody exists yet."""
    try:
        _FIRST.unsign(token, max_age=VALID_FOR)
    except signing.BadSignature:
        return False
    return not User.objects.exists()


def safe_path(path: Any) -> str:
    """A path on this site, "/" for anything else."""
    good = isinstance(path, str) and path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if good else "/"
