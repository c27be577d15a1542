"""One instant for everything that is read of an export: the names of its values, its rows, and how many they are.

The work of an export is written down in the transaction of its step, which must see what others change meanwhile
(whether somebody called it off). So reading has a connection of its own, whose transaction sees one snapshot.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Questions asked inside are answered as of the first of them; nothing can be written.

    What the caller's own transaction has not committed is not seen.
    """
    usual, reading = connections[DEFAULT_DB_ALIAS], connection.copy()
    connections[DEFAULT_DB_ALIAS] = reading
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        reading.close()
