"""How the team gets in touch with a customer, and what comes of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How one gets in touch."""

    PHONE = "phone", _("Phone")
    ZALO = "zalo", _("Zalo")
    WHATSAPP = "whatsapp", _("WhatsApp")
    VIBER = "viber", _("Viber")
    MAIL = "mail", _("E-mail")


class Outcome(models.TextChoices):
    """What came of it, where somebody says so."""

    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    CALL_BACK = "call_back", _("To call back")
