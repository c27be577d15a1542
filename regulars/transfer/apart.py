"""Reading in a process of its own, so that rows are made ready on one core while the other writes them.

A thread is not enough for large files: two busy threads of one Python take turns, and PostgreSQL waits for both.
The process (`answer`) is told what to read, answers with batches, and asks no database. It ends with whoever asked,
for a closed pipe is the end of it, and by itself when nobody takes its batches.
"""

import contextlib
import gc
import logging
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple, cast

from regulars.transfer.errors import ReadingTooSlow
from regulars.transfer.reading import Position
from regulars.transfer.rows import Batch, Ready

logger = logging.getLogger(__name__)

WORTH_IT = 20_000
"""Rows from which on the second that a process needs to begin is won back."""

IDLE_SECONDS = 120
"""A process whose batch nobody took for so long ends: the import was paused, or goes on elsewhere."""

MOST_SECONDS = 300
"""How long one batch may be in coming: a thousand times what it takes. Some cells must be worse than we thought."""

PART = 250
"""Records that are handed over in one piece."""

PROGRAM = "import django; django.setup(); from regulars.transfer.apart import answer; answer()"

Read = Callable[[Position], Iterator[Batch]]


class Stopped(NamedTuple):
    """Why reading ended before the file did; stands in the place of a batch."""

    fault: Exception


def read_apart(read: Read, at: Position) -> Iterator[Batch]:
    """The batches that `read` (to be pickled) answers from a place on. Raises what it raises.

    Where no process can be had, or it dies, this one goes on behind the last whole batch.
    """
    is_last = False
    with _process() as process:
        for batch in _answers(process, read, at) if process else ():
            at, is_last = batch.end, batch.is_last
            yield batch
    if not is_last:
        logger.warning("The process that reads ahead ended early, or never began; reading goes on without it.")
        yield from read(at)


@contextlib.contextmanager
def _process() -> "Iterator[subprocess.Popen[bytes] | None]":
    """The process until it is no longer needed; None where the system has no memory or no place for one more."""
    try:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError:
        logger.warning("No process can be had to read ahead.", exc_info=True)
        yield None
        return
    try:
        yield process
    finally:
        process.kill()
        with contextlib.suppress(BrokenPipeError):
            process.communicate()


def _answers(process: "subprocess.Popen[bytes]", read: Read, at: Position) -> Iterator[Batch]:
    """What the process answers until it is through or gone."""
    assert process.stdin and process.stdout
    with contextlib.suppress(EOFError, BrokenPipeError, pickle.UnpicklingError):
        pickle.dump((read, at), process.stdin)
        process.stdin.flush()
        while True:
            batch = _in_time(process, process.stdout, at)
            at = batch.end
            yield batch


def _in_time(process: "subprocess.Popen[bytes]", answers: IO[bytes], at: Position) -> Batch:
    """The next batch, which begins at `at`. Raises ReadingTooSlow, and what reading raised there."""
    is_late = threading.Event()

    def give_up() -> None:
        is_late.set()
        process.kill()

    watch = threading.Timer(MOST_SECONDS, give_up)
    watch.daemon = True
    watch.start()
    try:
        return _batch(answers)
    except (EOFError, pickle.UnpicklingError):
        if is_late.is_set():
            raise ReadingTooSlow(line=at.line, limit=MOST_SECONDS) from None
        raise
    finally:
        watch.cancel()


def _batch(answers: IO[bytes]) -> Batch:
    """The next batch, put together of its parts. Raises what reading raised there."""
    ready: list[Ready] = []
    while isinstance(part := pickle.load(answers), list):  # noqa: S301  from a process of our own
        ready += part
    if isinstance(part, Stopped):
        raise part.fault
    part.ready = ready
    return cast(Batch, part)


def answer() -> None:
    """What the process does: read as told by its input, write the batches to its output."""
    gc.disable()  # batches hold no circles, and looking for them took a third of the time
    with contextlib.suppress(BrokenPipeError):
        read, at = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that began this one
        try:
            for batch in read(at):
                for part in _parts(batch):
                    _write(part)
        except BrokenPipeError:
            raise
        except Exception as fault:
            fault.add_note(traceback.format_exc())  # what it was raised by stays behind
            _write(Stopped(fault))


def _parts(batch: Batch) -> Iterator[list[Ready] | Batch]:
    """A batch in parts: pickling remembers all that it met, and in one piece that is slow to look through.

    What was handed over is let go, so that there is room for the next batch.
    """
    batch.ready.reverse()
    while batch.ready:
        part = batch.ready[-PART:]
        del batch.ready[-PART:]
        yield part[::-1]
    yield batch


def _write(part: list[Ready] | Batch | Stopped) -> None:
    data = pickle.dumps(part, pickle.HIGHEST_PROTOCOL)
    signal.alarm(IDLE_SECONDS)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    signal.alarm(0)
