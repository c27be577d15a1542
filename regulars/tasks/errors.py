"""What can go wrong with tasks, in words one can act on."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class TaskChanged(DomainError):
    """details: `version`, the one it has now."""

    code = "tasks.changed"
    sentence = _("Somebody else changed this task meanwhile.")


class TaskIsClosed(DomainError):
    code = "tasks.closed"
    sentence = _("“{title}” is done or cancelled. Open it again first.")


class NotTheirCustomer(DomainError):
    code = "tasks.not_their_customer"
    sentence = _("There is no such customer.")


class FeedRevoked(DomainError):
    code = "tasks.feed_revoked"
    sentence = _("The feed “{name}” has been revoked already.")
