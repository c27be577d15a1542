"""The web face in Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages; owns no shop tables."""

    name = "regulars.web"
    label = "web"
