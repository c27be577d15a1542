"""Short ways to sign in."""

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

PASSWORD = "correct horse battery"

LOGIN = "/accounts/login/"


def text(response):
    return response.content.decode()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})
