"""Options that many commands share."""

from collections.abc import Iterable

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document, for programs.")
one_shop = click.option("--shop", "slug", metavar="SLUG", help="Which shop; may be left out when there is one.")
where = click.option("--where", default="", metavar="QUERY", help="Such as: total_spent >= 100 AND tags = 'vip'")


def comma_list(text: str) -> list[str]:
    """Read `a,b , c`."""
    return [part.strip() for part in text.split(",") if part.strip()]


def named_values(texts: Iterable[str]) -> dict[str, str]:
    """Read `name=value` each."""
    pairs = [text.partition("=") for text in texts]
    for name, sign, _value in pairs:
        if not sign:
            raise click.BadParameter(f"{name!r} is not NAME=VALUE")
    return {name.strip(): value.strip() for name, _sign, value in pairs}
