"""What can go wrong with messages of other systems, in words the user can act on."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class UnknownTopic(DomainError):
    code = "connectors.unknown_topic"
    sentence = _("{name} does not know “{topic}”. It knows: {known}.")


class NotAMessage(DomainError):
    code = "connectors.not_a_message"
    sentence = _("This is not a message of {name}: “{field}” is missing or not as it should be.")
