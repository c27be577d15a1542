"""A real Chromium against a real server with the test database.

Data is committed and never taken back between tests: every module opens shops of its own, and no shop sees another.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from regulars.shops.models import Staff
from tests.browser.chromium import FLAGS, executable
from tests.browser.visiting import Watch, sign_in

# Playwright's sync API keeps an event loop in this thread, where the tests also ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

expect.set_options(timeout=15_000)  # for slow machines; nobody waits longer than needed

USUAL: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "en-US",
    "timezone_id": "Asia/Ho_Chi_Minh",
    "reduced_motion": "reduce",
}

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))  # creates the database; and the others come first


@pytest.fixture
def _django_db_helper(database: None) -> Iterator[None]:
    """No transaction around a test and no emptying after it: the server sees what tests write, modules share it."""
    yield
    connection.close()  # this one belongs to Playwright's event loop: later nobody could reach it any more


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = {"executable_path": executable()} if executable() else {}
    return {**browser_type_launch_args, **found, "args": FLAGS}


@pytest.fixture(scope="session")
def server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """The running server; the database is open to tests as long as it lives."""
    with django_db_blocker.unblock(), override_settings(FILES_ROOT=tmp_path_factory.mktemp("files")):
        running = LiveServer("localhost")
        yield running
        running.stop()
        empty_the_database()


@pytest.fixture(scope="session", autouse=True)
def database(server: LiveServer) -> None:
    """Every test here may use the database."""


def empty_the_database() -> None:
    """As it was before anybody came."""
    call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # the library's own tables are not Django's to flush


@pytest.fixture
def visit(server: LiveServer, new_context: Callable[..., BrowserContext]) -> Iterator[Visit]:
    """`visit(staff, "customers/")` opens a browser of its own, signed in, at a page of the staff member's shop.

    Without staff nobody is signed in; a path from "/" is one of the site. Other options are Playwright's for a new
    context (`**PHONE`, `color_scheme="dark"`, `java_script_enabled=False`). The test fails when a page writes an error
    to the console, breaks the content security policy, throws, or gets a 5xx.
    """
    watch = Watch()

    def open_browser(staff: Staff | None = None, path: str = "", **options: Any) -> Page:
        context = new_context(base_url=server.url, **{**USUAL, **options})
        context.set_default_timeout(15_000)
        watch.over(context)
        if staff:
            sign_in(context, staff.user, server.url)
        page = context.new_page()
        if path:
            page.goto(path if path.startswith("/") else f"/s/{staff.shop.slug}/{path}")  # type: ignore[union-attr]
            if options.get("java_script_enabled", True):
                page.evaluate("() => new Promise((done) => setTimeout(done))")  # htmx, too, begins by a timer of zero
        return page

    yield open_browser
    assert watch.faults == []
