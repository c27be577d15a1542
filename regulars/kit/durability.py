"""How long a transaction waits for the disk."""

from django.db import connection


def commit_before_the_disk() -> None:
    """Let the present transaction end before it is on the disk: only for work that goes on from its own checkpoint.

    What a power cut takes, checkpoint and all, is done again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
