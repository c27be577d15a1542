"""People who can sign in, whichever shops they work in."""

from allauth.account.models import EmailAddress
from django.db import transaction

from regulars.kit.text import one_line
from regulars.shops.models import User


@transaction.atomic
def create_person(email: str, password: str | None = None, *, name: str = "") -> User:
    """Make somebody who signs in by e-mail; without a password only by a one-time link.

    Whoever runs the installation or owns a shop vouches for the address, so it is kept as verified: a second proof
    can be set up without a mail server, and another address must be confirmed by mail before it can take its place.
    """
    person = User.objects.create_user(email, password, name=one_line(name)[:120])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person
