"""`regulars up`: the database, the web server and the worker, from one command until one signal."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress

import click

from regulars.runtime import children
from regulars.runtime.children import Child, Signals, Stopped
from regulars.runtime.database import database_ready
from regulars.runtime.faults import RuntimeFault

READY_SECONDS = 60
APPLICATION = "regulars.config.wsgi:application"


def up(*, host: str, port: int, demo: bool) -> None:
    """Serve until SIGTERM or Ctrl-C; then nothing of ours is left running.

    Ends within seconds: background work that is cut off is taken up again by the next worker.
    Raises RuntimeFault when the port is taken, the database does not start, or the web server
    does not answer.
    """
    refuse_taken_port(host, port)
    with children.signals() as told, suppress(Stopped), database_ready():
        link = _prepare(told, demo=demo)
        staff = [_web(host, port), _worker()]
        try:
            for child in staff:
                child.start()
            _wait_until_it_answers(staff[0], host, port, told)
            _greet(host, port, link)
            children.keep_running(staff, told, say)
        finally:
            children.stop(staff)


def say(line: str) -> None:
    """Tell the operator; stdout is left to what programs read."""
    click.echo(line, err=True)


def refuse_taken_port(host: str, port: int) -> None:
    """Raise RuntimeFault unless we could listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        raise RuntimeFault(
            f"Cannot listen on {host}, port {port}: {fault.strerror}. Choose another with --port."
        ) from fault


def _prepare(told: Signals, *, demo: bool) -> str | None:
    """Run regulars.runtime.prepare and answer the path of the sign-in link, if there is one."""
    command = [sys.executable, "-m", "regulars.runtime.prepare", *(["--demo"] if demo else [])]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            while process.poll() is None:
                told.wait(None)
        except Stopped:
            process.terminate()
            raise
        if process.returncode:
            raise RuntimeFault("Regulars could not be prepared; the reason stands above.")
        return json.loads(process.stdout.read())["link"] if process.stdout else None


def _web(host: str, port: int) -> Child:
    """Granian; GRANIAN_… variables tune what is not fixed here (GRANIAN_WORKERS=4)."""
    options = [
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
        "--respawn-failed-workers",
    ]
    threads = os.environ.get("GRANIAN_BLOCKING_THREADS", "4")
    options += ["--blocking-threads", threads, "--workers-kill-timeout", "4", "--log-level", "warning"]
    return Child("The web server", [sys.executable, "-m", "granian", *options, APPLICATION])


def _worker() -> Child:
    return Child("The worker", [sys.executable, "-m", "regulars.runtime.cli", "worker"])


def _wait_until_it_answers(web: Child, host: str, port: int, told: Signals) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers(host, port):
        if not web.is_alive:
            raise RuntimeFault("The web server ended before it answered; the reason stands above.")
        if time.monotonic() > deadline:
            raise RuntimeFault(f"The web server does not answer after {READY_SECONDS} seconds.")
        told.wait(0.1)


def answers(host: str, port: int) -> bool:
    """Tell whether a healthy web server answers there."""
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)


def _greet(host: str, port: int, link: str | None) -> None:
    named = "localhost" if _reachable(host) in {"127.0.0.1", "::1"} else host
    address = f"http://{named}:{port}"
    say(f"\nRegulars is running on {address}   (Ctrl-C stops it)")
    if link:
        say("Sign in with this link, which works once:\n")
        click.echo(f"{address}{link}")
        say("")
