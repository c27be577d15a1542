"""The connectors in Django."""

from importlib import import_module

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    """Loads every system we can hear, and what is forgotten of people."""

    name = "regulars.connectors"
    label = "connectors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for name in ("forgetting", "shopify", "woocommerce"):
            import_module(f"regulars.connectors.{name}")
