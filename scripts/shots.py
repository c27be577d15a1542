#!/usr/bin/env python3
"""Take the screenshots of the documentation from a demo shop: `make shots`.

Without arguments a demo of its own runs in a folder that is thrown away afterwards. With the one-time link of a
running demo as argument (`regulars link`) it is photographed instead. Pictures go to docs/images.
"""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.chromium import FLAGS, executable  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 300_000
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LIST = "customers/?sort=-last_order_date&columns=location,orders,last_order,total_spent,tags,status"
QUESTION = (
    "orders >= 5 AND (country = 'VN' OR city = 'Manila') AND "
    "orders_placed MATCHES (date >= -6m, amount >= 500000) AND NOT tags CONTAINS 'Wholesale'"
)
PATIENCE = 300  # seconds a demo may take to stand, on a slow machine

FILE = """Name,Email,Phone,City,Tags,Birthday
Bùi Thanh Hà,thanhha@example.com,0903 456 781,Đà Lạt,VIP,1991-04-12
Rizal Dela Cruz,rizal@example.ph,+63 917 555 0134,Cebu,Wholesale,
Ștefania Popa,stefania@example.ro,0722 555 012,Cluj-Napoca,,1988-11-02
,,,Hà Nội,,
Siti Rahma,siti@example.id,0812 5555 0199,Bandung,Newsletter,
Đinh Gia Bảo,bao.dinh@example,09******21,Huế,VIP,31/02/1990
"""


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    with demo(given) as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        take_all(browser, link)
        browser.close()


# --- the demo ---------------------------------------------------------------------------------------------------------


@contextmanager
def demo(link: str) -> Iterator[str]:
    """The given link, or that of a demo which lives as long as the block."""
    if link:
        yield link
        return
    with tempfile.TemporaryDirectory(prefix="regulars-shots-") as home:
        Path(home).chmod(0o755)  # run by root, the database server is another user and must get in
        log = Path(home) / "log"
        process = start(Path(home) / "home", log)
        try:
            yield link_in(log, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def start(home: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a demo on a free port; what it says goes to the log."""
    environment = {**os.environ, "REGULARS_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "regulars.runtime.cli", "up", "--demo", "--port", str(free_port())]
    with log.open("wb") as out:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def link_in(log: Path, process: subprocess.Popen[bytes]) -> str:
    """The one-time link that a starting demo prints."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"https?://\S+/start/link/\S+", log.read_text()):
            return found[0]
        time.sleep(0.5)
    raise SystemExit(f"The demo did not start:\n{log.read_text()}")


# --- the pictures -----------------------------------------------------------------------------------------------------


def take_all(browser: Browser, link: str) -> None:
    """Sign in once, then visit every place in the light; the list in the dark and on a phone too."""
    context = browser.new_context(viewport=WIDE, locale="en-US", reduced_motion="reduce")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/customers/**")
    home = re.sub(r"customers/.*", "", page.url)

    lists(page, home)
    questions(page, home)
    people(page, home)
    work(page, home)
    files(page, home)
    elsewhere(browser, context, home)


def lists(page: Page, home: str) -> None:
    page.goto(home + LIST)
    save(page, "customers-light")

    page.goto(f"{home}customers/?where=tags CONTAINS VIP AND total_spent >= 2000000")
    page.get_by_role("link", name="Add filter").click()
    page.locator("#drawer").get_by_role("link", name="Last order").first.click()
    page.locator("#drawer").get_by_label("Condition").first.wait_for()
    save(page, "filter")

    page.goto(f"{home}customers/?sort=-total_spent")
    page.get_by_role("checkbox", name="Select this page").check()
    page.get_by_role("button", name="Select all that match").click()
    save(page, "selection")

    page.goto(f"{home}orders/")
    save(page, "orders")


def questions(page: Page, home: str) -> None:
    page.goto(f"{home}customers/filter/editor/?" + urlencode({"where": QUESTION}))
    page.locator(".answer-examples table").wait_for()
    save(page, "question")

    page.goto(f"{home}segments/")
    save(page, "segments")

    page.get_by_role("link", name="Best customers").first.click()
    page.locator("[data-list]").wait_for()
    save(page, "segment")


def people(page: Page, home: str) -> None:
    page.goto(f"{home}customers/?sort=-total_spent")
    page.locator("[data-list] .person-name").nth(1).click()
    page.locator(".figures").wait_for()
    save(page, "customer")

    page.locator(".figure", has_text="Total spent").click()
    page.locator("#dialog .why-total").wait_for()
    save(page, "why")

    page.keyboard.press("Escape")
    page.get_by_role("link", name=re.compile("^Orders")).last.click()
    page.locator("#customer-tab tr[data-href] a").first.click()
    page.locator(".order-page").wait_for()
    save(page, "order")

    page.keyboard.press("Control+k")
    page.keyboard.type("nguyen mai", delay=20)
    page.locator("#search-results [role=option]").first.wait_for()
    save(page, "search")


def work(page: Page, home: str) -> None:
    page.goto(f"{home}customers/pipeline/")
    page.locator("[data-board], .board").first.wait_for()
    save(page, "pipeline")

    page.goto(f"{home}customers/duplicates/")
    save(page, "duplicates")
    page.locator("a[href*='/customers/merge/']").first.click()
    page.locator("input[type=radio]").first.wait_for()
    save(page, "merge")

    page.goto(f"{home}tasks/calendar/")
    page.locator(".fc-event, [class*=fc-] a").first.wait_for()
    save(page, "calendar")

    page.goto(f"{home}debts/")
    save(page, "debts")

    page.goto(f"{home}loyalty/")
    page.get_by_text("Points outstanding").wait_for()
    save(page, "points")


def files(page: Page, home: str) -> None:
    page.goto(f"{home}files/import/customers/")
    upload = {"name": "customers-from-the-till.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("input[type=file]").set_input_files([upload])
    page.get_by_role("button", name="Upload and look at it").click()
    page.get_by_role("heading", name="What the columns hold").wait_for()
    save(page, "import")

    page.get_by_role("button", name="Check what would happen").click()
    page.get_by_role("button", name="Import now").wait_for()
    save(page, "import-check")

    page.goto(page.url.replace("check/", "columns/"))
    page.get_by_role("button", name="Discard this file").click()


def elsewhere(browser: Browser, signed_in: BrowserContext, home: str) -> None:
    """The same list in the dark, and on a phone."""
    state = signed_in.storage_state()
    dark = browser.new_context(viewport=WIDE, locale="en-US", color_scheme="dark", storage_state=state)
    page = dark.new_page()
    page.goto(home + LIST)
    save(page, "customers-dark")

    phone = browser.new_context(viewport=PHONE, locale="en-US", is_mobile=True, has_touch=True, storage_state=state)
    page = phone.new_page()
    page.goto(f"{home}customers/?where=tags CONTAINS VIP")
    save(page, "customers-phone")
    page.locator("[data-list] .person-name").first.click()
    page.locator(".figures").wait_for()
    save(page, "customer-phone")


def save(page: Page, name: str) -> None:
    """Keep what the window shows as docs/images/<name>.png, at most 250 KB."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    shown = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    target = IMAGES / f"{name}.png"
    shown.save(target, optimize=True)
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{target.name} has {size:,} bytes, more than {MOST_BYTES:,}.")
    print(f"{target.relative_to(ROOT)}  {shown.width} × {shown.height}  {size // 1000} KB")


if __name__ == "__main__":
    main()
