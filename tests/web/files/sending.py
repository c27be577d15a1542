"""Short ways to send files through the pages, and to read what they answer."""

import csv
import io
import re
from html import unescape
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from regulars.kit.jobs import run_waiting_jobs

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SAMPLES = Path(__file__).parents[2] / "samples"
PEOPLE = b"Name,Email,Phone\nAnn,ann@example.com,0912345678\nBob,bob@example.com,\n"


def signed_in(client, staff):
    client.force_login(staff.user, backend=BACKEND)
    return staff


def home(shop):
    return f"/s/{shop.slug}/"


def upload(client, shop, content, name="people.csv", *, kind="customers"):
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(f"{home(shop)}files/import/{kind}/", {"file": file})


def uploaded(client, shop, content, name="people.csv", *, kind="customers"):
    """The pages of a file that was taken."""
    return upload(client, shop, content, name, kind=kind).url.removesuffix("columns/")


def form_of(page):
    """What the columns form would send as it stands: its fields and its chosen options."""
    html = page.content.decode()
    values = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options) or re.search(r'value="([^"]*)"', options)
        values[name] = unescape(chosen[1])
    return {name: value for name, value in values.items() if name not in {"format", "delimiter"}}


def checked(client, home_of_run, **changes):
    """Send the columns as they were guessed, with changes; the check page that follows."""
    form = form_of(client.get(home_of_run + "columns/")) | {"tags": ""} | changes
    answer = client.post(home_of_run + "columns/", form)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url)


def imported(client, home_of_run, **changes):
    """Go the whole way; the report."""
    checked(client, home_of_run, **changes)
    client.post(home_of_run + "start")
    run_waiting_jobs()
    return client.get(home_of_run)


def undone(client, home_of_run):
    """See what undoing an import would do, and do it; the report."""
    seen = client.post(home_of_run + "undo/", follow=True).content.decode()
    client.post(re.search(r'action="([^"]*jobs/\d+/undo)"', seen)[1], {"back": home_of_run})
    run_waiting_jobs()
    return client.get(home_of_run)


def figures(page):
    """The four figures of a check or a report."""
    found = re.findall(r'figure-label">(\w+).*?figure-value[^>]*>([\d,]+)<', page.content.decode(), re.DOTALL)
    return {name: int(number.replace(",", "")) for name, number in found}


def text_of(page):
    return unescape(re.sub(r"<[^>]+>", " ", page.content.decode()))


def body(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


def rows_of(response):
    return list(csv.DictReader(io.StringIO(body(response))))
