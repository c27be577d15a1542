"""Words for the search are sorted into their indexes by a second connection, on whichever core is free.

What is written goes into a list first (PostgreSQL's "pending list" of GIN indexes), and whoever makes that list too
long must sort all of it in, a fifth of the work of an import. Meanwhile searches look through the list, too, which
takes them 3 ms for 16 MB.
"""

import logging
import threading

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

_busy = threading.Lock()


def let_lists_grow(size: str) -> None:
    """Let this transaction write on until a list is so long (such as "16MB"), before it sorts it in by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('gin_pending_list_limit', %s, true)", [size])


def sort_in_apart(*indexes: str) -> threading.Thread | None:
    """Begin to sort in what waits for these indexes; the thread that does, none while another is busy with it."""
    if not _busy.acquire(blocking=False):
        return None
    thread = threading.Thread(target=_sort_in, args=indexes, name="sorting-in")
    thread.start()
    return thread


def _sort_in(*indexes: str) -> None:
    try:
        with connection.cursor() as cursor:
            for index in indexes:
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
    except DatabaseError:  # whoever writes does it then
        logger.warning("New words could not be sorted in apart.", exc_info=True)
    finally:
        connection.close()
        _busy.release()
