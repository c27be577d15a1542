"""The shops floor in Django."""

from django.apps import AppConfig


class ShopsConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.shops"
    label = "shops"
    default_auto_field = "django.db.models.BigAutoField"
