"""What every visit does: sign in without the form, watch for faults, wait for background work, ask axe."""

import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, WebError

from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import User

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

ANSWERED = tuple(f"status of {code}" for code in (400, 403, 404, 409, 410, 422))
"""Refusals that are pages: Chromium notes them as errors, although the person reads a sentence."""


class Watch:
    """Writes down what must not happen in any browser of a test."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("response", self._see)

    def _hear(self, said: ConsoleMessage) -> None:
        is_answer = any(words in said.text for words in ANSWERED) and "/static/" not in said.location["url"]
        if said.type == "error" and not is_answer:
            self.faults.append(f"console: {said.text} ({said.location['url']})")

    def _catch(self, thrown: WebError) -> None:
        self.faults.append(f"thrown: {thrown.error}")

    def _see(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")


class Traffic:
    """Knows what a page still fetches; Playwright's "networkidle" says so half a second after the last byte."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.under_way: set[Request] = set()
        page.on("request", lambda begun: self.under_way.add(begun))
        page.on("requestfinished", lambda done: self.under_way.discard(done))
        page.on("requestfailed", lambda done: self.under_way.discard(done))

    def begins_anew(self) -> None:
        """Before another page is opened: what this one waits for no longer counts."""
        self.under_way.clear()

    def has_come(self) -> None:
        """Wait until nothing is under way and the page's own timers bring nothing new. Raises after 15 s."""
        still, deadline = 0, time.monotonic() + 15
        while still < 3:
            assert time.monotonic() < deadline, [request.url for request in self.under_way]
            self.page.evaluate("() => new Promise((done) => setTimeout(done, 30))")
            still = 0 if self.under_way else still + 1


def sign_in(context: BrowserContext, user: User, url: str) -> None:
    """Give the browser a session of this person."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


def work() -> None:
    """Do all waiting background work, as the worker would: in a thread without Playwright's event loop."""
    faults: list[Exception] = []

    def run() -> None:
        try:
            run_waiting_jobs()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()
    if faults:
        raise faults[0]


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page) -> list[str]:
    """What axe has to say about the page as it stands: rule, element, reason; empty when all is well."""
    return _told(page, {"runOnly": RULES})


def colour_faults(page: Page) -> list[str]:
    """The part of it that another theme can change."""
    return _told(page, {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})


def darken(page: Page) -> None:
    """Let the system be dark, and wait until every colour has changed."""
    page.emulate_media(color_scheme="dark")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _told(page: Page, options: dict[str, Any]) -> list[str]:
    page.evaluate(_axe())  # evaluated from outside: the page's own policy stays in force
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)",
        {**options, "resultTypes": ["violations"]},
    )
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))} — {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    wide: bool = page.evaluate("document.scrollingElement.scrollWidth > document.documentElement.clientWidth")
    return wide
