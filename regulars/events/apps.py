"""The events floor in Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
