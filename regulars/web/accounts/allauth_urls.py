"""The parts of allauth we use: sign in, password, sessions, second factor; no sign-up."""

from allauth import urls as allauth_urls

urlpatterns = [
    pattern for pattern in allauth_urls.urlpatterns
]
