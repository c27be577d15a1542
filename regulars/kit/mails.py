"""Whether mail leaves this installation."""

from django.conf import settings

NOWHERE = {
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
}


def mail_goes_out() -> bool:
    """Whether a mail server is configured (REGULARS_MAIL_URL)."""
    return settings.EMAIL_BACKEND not in NOWHERE
