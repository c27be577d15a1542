"""`regulars up`: everything starts, is watched over, and stops without leaving anything behind."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from regulars.runtime import postgres, processes
from tests.runtime.conftest import environment_of, regulars

LONGEST_START = 120  # seconds; from nothing on a busy machine, where everything is made first


@dataclass
class Running:
    """One `regulars up` and what it said."""

    process: subprocess.Popen
    home: Path
    port: int
    log: Path

    def said(self) -> str:
        return self.log.read_text()

    def is_late(self) -> bool:
        return time.time() - psutil.Process(self.process.pid).create_time() > LONGEST_START

    def worker(self) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it was killed a moment ago
                if child.status() != psutil.STATUS_ZOMBIE and "worker" in child.cmdline():
                    return child
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(answer: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answer():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


@pytest.fixture
def running(old_home: Path) -> Iterator[Running]:
    """It runs in a home that has run before."""
    with run(old_home) as up:
        yield up


@contextmanager
def run(home: Path) -> Iterator[Running]:
    port, log = free_port(), home.parent / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "regulars.runtime.cli", "up", "--port", str(port)],
            env=environment_of(home),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    up = Running(process, home, port, log)
    try:
        wait_until(
            lambda: "is running on" in up.said() or process.poll() is not None or up.is_late(), 2 * LONGEST_START
        )
        assert "is running on" in up.said(), up.said()
        yield up
    finally:
        process.terminate()
        process.wait(20)


class TestUp:
    def test_serves_prints_a_link_and_stops_everything_on_sigterm(self, new_home):
        with run(new_home) as running:
            assert processes.answers("127.0.0.1", running.port)
            assert re.search(rf"http://localhost:{running.port}/\S+", running.said().split("works once:")[1])
            family = psutil.Process(running.process.pid).children(recursive=True)

            running.process.send_signal(signal.SIGTERM)

            assert running.process.wait(10) == 0
            assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
            assert not postgres.is_running(running.home)

    def test_starts_a_killed_worker_again(self, running):
        wait_until(running.worker)
        killed = running.worker()

        killed.kill()

        wait_until(lambda: (worker := running.worker()) and worker.pid != killed.pid)
        assert "killed by SIGKILL" in running.said()
        assert processes.answers("127.0.0.1", running.port)

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
    def test_leaves_no_web_server_behind_when_it_is_killed_itself(self, running):
        family = psutil.Process(running.process.pid).children(recursive=True)

        running.process.kill()

        _, alive = psutil.wait_procs(family, timeout=10)
        assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]

    def test_leaves_the_database_to_a_command_that_comes_along(self, running):
        done = regulars("shops", "list", "--json", home=running.home)

        assert (done.returncode, done.stdout) == (0, '{\n  "shops": []\n}\n')
        assert postgres.is_running(running.home)


class TestATakenPort:
    def test_is_refused_in_words_before_anything_starts(self, new_home):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = regulars("up", "--port", str(taken.getsockname()[1]), home=new_home)

        assert done.returncode == 2
        assert "Choose another with --port" in done.stderr
        assert not new_home.exists()
