"""Child processes that must stay up: started, watched, started again, and stopped together."""

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_SECONDS = 6.0
SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SETTLED_SECONDS = 60.0

PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Child:
    """One process by name; it has its own session, so that Ctrl-C reaches us alone."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE
    due: float | None = field(default=None)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_die_with_parent()
        )
        self.started = time.monotonic()
        self.due = None

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def plan_restart(self) -> float:
        """Say when to start again, in seconds from now: longer each time it dies young."""
        settled = time.monotonic() - self.started > SETTLED_SECONDS
        self.pause = SHORTEST_PAUSE if settled else min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause
        return self.pause


class Signals:
    """Turns signals into something to wait for, so that nothing happens in the middle of a line.

    Python writes each signal's number to a socket; waiting is reading from it.
    """

    def __init__(self, inbox: socket.socket) -> None:
        self._inbox = inbox

    def wait(self, seconds: float | None) -> None:
        """Sleep until a child ended or the time is over. Raises Stopped when we are to stop."""
        select.select([self._inbox], [], [], seconds)
        with suppress(BlockingIOError):
            if any(number in STOP_SIGNALS for number in self._inbox.recv(4096)):
                raise Stopped


@contextmanager
def signals() -> Iterator[Signals]:
    """Take charge of SIGTERM, SIGINT, SIGHUP and SIGCHLD inside the block."""
    inbox, outbox = socket.socketpair()
    inbox.setblocking(False)
    outbox.setblocking(False)
    watched = (*STOP_SIGNALS, signal.SIGCHLD)
    before = {number: signal.signal(number, lambda *_: None) for number in watched}
    previous = signal.set_wakeup_fd(outbox.fileno())
    try:
        yield Signals(inbox)
    finally:
        signal.set_wakeup_fd(previous)
        for number, handler in before.items():
            signal.signal(number, handler)
        inbox.close()
        outbox.close()


def keep_running(children: Sequence[Child], told: Signals, say: Callable[[str], None]) -> None:
    """Start again whoever dies, until Stopped."""
    while True:
        for child in children:
            if child.due is not None and child.due <= time.monotonic():
                child.start()
            elif child.due is None and not child.is_alive:
                code = child.process.returncode if child.process else None
                say(f"{child.name} ended ({_ending(code)}), starting it again in {child.plan_restart():g} s.")
        told.wait(_next_due(children))


def stop(children: Sequence[Child], seconds: float = STOP_SECONDS) -> None:
    """Ask all to stop at once, then kill what is left of them after the given seconds."""
    living = [child.process for child in children if child.process and child.is_alive]
    for process in living:
        process.terminate()
    deadline = time.monotonic() + seconds
    for process in living:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in living:
        with suppress(ProcessLookupError):  # the whole session, so that no grandchild stays behind
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _next_due(children: Sequence[Child]) -> float | None:
    due = [child.due for child in children if child.due is not None]
    return max(0.0, min(due) - time.monotonic()) if due else None


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a child is told to stop even if we are killed and cannot tell it."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
