"""The real web server and a signed-in browser that keeps its connection."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

import psutil

from regulars.runtime.processes import READY_SECONDS, answers

HOST = "127.0.0.1"
LONGEST_IDLE = 2.0
"""Seconds after which a new connection is made: the server closes those that are silent."""


class Refused(Exception):
    """A page did not come as it should; nothing of it may be counted."""


class Server:
    """`regulars up` on a free port: web server and worker, as people run them."""

    def __init__(self, log: Path) -> None:
        self.port = _free_port()
        self._log: IO[bytes] = log.open("wb")
        command = [sys.executable, "-m", "regulars.runtime.cli", "up", "--port", str(self.port)]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment)
        try:
            self._wait(log)
        except BaseException:
            self.stop()
            raise

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(HOST, self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise Refused(f"`regulars up` does not answer; see {log}")
            time.sleep(0.1)

    def memory(self) -> int:
        """Bytes used by the web server and the worker, what they share counted once."""
        family = psutil.Process(self._process.pid).children(recursive=True)
        return sum(one.memory_full_info().pss for one in [*family, psutil.Process(self._process.pid)])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()


class Browser:
    """One connection, one session."""

    def __init__(self, port: int, cookie: str, home: str) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=120)
        self._home, self._asked = home, 0.0
        self._headers = {"Cookie": cookie, "Accept-Language": "en", "Host": f"localhost:{port}"}

    def get(self, path: str, part: str = "") -> str:
        """The page at a path below the shop (or a whole path), or the part of it that htmx puts into an element.

        part: the element as htmx names it, such as `div#list-table`. Raises Refused for anything but 200.
        """
        address = path if path.startswith("/") else self._home + path
        if time.monotonic() - self._asked > LONGEST_IDLE:
            self._connection.close()
        self._connection.request("GET", address, headers={**self._headers, **_wish(part)})
        response = self._connection.getresponse()
        self._asked = time.monotonic()
        body = response.read().decode()
        if response.status != 200:
            raise Refused(f"{address} answered {response.status}: {body[:300]}")
        return body

    def close(self) -> None:
        self._connection.close()


def session_cookie() -> str:
    """Sign the owner of the shop in, without the form."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bench.house import the_shop
    from regulars.runtime.people import owner_of

    owner = owner_of(the_shop())
    session = SessionStore()
    session[SESSION_KEY] = str(owner.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _wish(part: str) -> Mapping[str, str]:
    return {"HX-Request": "true", "HX-Target": part} if part else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
