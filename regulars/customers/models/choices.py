"""The closed lists of words a customer's columns hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Gender(models.IntegerChoices):
    UNKNOWN = 0, _("Unknown")
    FEMALE = 1, _("Female")
    MALE = 2, _("Male")
    OTHER = 3, _("Other")


class AccountState(models.IntegerChoices):
    """Whether the customer can sign in to the shop's own site."""

    GUEST = 0, _("Guest")
    INVITED = 1, _("Invited")
    REGISTERED = 2, _("Registered")
    VERIFIED = 3, _("Verified")
    DISABLED = 4, _("Disabled")


class OaState(models.IntegerChoices):
    """Whether the customer follows the shop's Zalo official account."""

    UNKNOWN = 0, _("Unknown")
    NEVER = 1, _("Never followed")
    FOLLOWED = 2, _("Follows")
    UNFOLLOWED = 3, _("Unfollowed")


class Interaction(models.IntegerChoices):
    """How much a customer did on the shop's site and in its app lately (docs/reference/figures.md)."""

    NONE = 0, _("None")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class ConsentState(models.IntegerChoices):
    """What a customer said about marketing on one channel. Nothing said is not a no, and never a yes."""

    UNKNOWN = 0, _("Not asked")
    SUBSCRIBED = 1, _("Subscribed")
    PENDING = 2, _("Waiting for confirmation")
    UNSUBSCRIBED = 3, _("Unsubscribed")
    NOT_SUBSCRIBED = 4, _("Not subscribed")


class ConsentChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    ZALO = "zalo", _("Zalo")
    WHATSAPP = "whatsapp", _("WhatsApp")


class PhoneKind(models.IntegerChoices):
    NONE = 0, _("No phone")
    MOBILE = 1, _("Mobile")
    FIXED = 2, _("Landline")
    OTHER = 3, _("Other")
    INVALID = 4, _("Not a valid number")
    MASKED = 5, _("Masked")


class Source(models.TextChoices):
    """How the customer came into Regulars."""

    MANUAL = "manual", _("Added by hand")
    ORDER = "order", _("From an order")
    IMPORT = "import", _("From a file")
    API = "api", _("From another system")
    SIGNUP = "signup", _("Signed up")
