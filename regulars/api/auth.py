"""Who is asking: the key of a program, and what it may see."""

from dataclasses import replace

from django.http import HttpRequest
from ninja.security import HttpBearer

from regulars.api.problems import NotLetIn, ScopeMissing, TooOften, WrongOrigin
from regulars.customers.fields import context_for
from regulars.events.record import Actor
from regulars.kit.query import Context
from regulars.shops.doors import Use, count_use, key_behind
from regulars.shops.models import ApiKey, Shop


class KeyRequest(HttpRequest):
    """A request that was let in: its key, which knows its shop, and how often the key may still be used."""

    auth: ApiKey
    key: ApiKey
    use: Use

    @property
    def shop(self) -> Shop:
        return self.auth.shop


class Bearer(HttpBearer):
    """Lets in keys that hold all the scopes, not too often; a public key from its own websites only."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: KeyRequest, token: str) -> ApiKey:  # type: ignore[override]
        """The key. Raises NotLetIn, TooOften, WrongOrigin, ScopeMissing."""
        key = key_behind(token)
        if key is None:
            raise NotLetIn
        request.key, request.use = key, count_use(key)
        if not request.use.is_allowed:
            raise TooOften(seconds=request.use.seconds)
        if key.is_public and request.headers.get("Origin", "") not in key.origins:
            raise WrongOrigin(origin=request.headers.get("Origin", "")[:200])
        for scope in self.scopes:
            if scope not in key.scopes:
                raise ScopeMissing(scope=scope)
        return key


def context_of(key: ApiKey) -> Context:
    """The context of a key's questions: fields that its scopes do not reach do not exist for it."""
    return replace(context_for(key.shop), may=key.may)


def actor_of(key: ApiKey) -> Actor:
    """The key as the one who does something."""
    return Actor("api", key.pk, key.name)
