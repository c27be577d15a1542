"""Having the database at hand: the one DATABASE_URL names, or this home's embedded server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from regulars.runtime import home, postgres


def is_embedded() -> bool:
    """Tell whether we run the server ourselves."""
    return not os.environ.get("DATABASE_URL", "").strip()


@contextmanager
def database_ready() -> Iterator[None]:
    """Have DATABASE_URL point at a server for the length of the block.

    The embedded server is started if it does not run, and stopped afterwards unless somebody
    else still uses it. Must come before Django reads its settings. Raises RuntimeFault.
    """
    if not is_embedded():
        yield
        return
    with postgres.in_use(home.resolve()) as dsn:
        os.environ["DATABASE_URL"] = dsn
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]
