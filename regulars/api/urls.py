"""Addresses of the API, each with what happens around it."""

from django.urls import URLPattern

from regulars.api.door import at_the_door
from regulars.api.house import api

app_name = "api"
urlpatterns, _app, _namespace = api.urls
for pattern in urlpatterns:
    assert isinstance(pattern, URLPattern)
    pattern.callback = at_the_door(pattern.callback, for_websites=pattern.name == "send_events")
