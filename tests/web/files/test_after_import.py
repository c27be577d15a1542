"""What stands after an import: rejected rows, what people wrote, the list of imports."""

import csv
import io
import json
import re
from html import unescape

import pytest

from regulars.customers.models import Customer
from regulars.transfer.models import ImportRun
from regulars.web.files.paging import slice_of
from tests.web.files.sending import PEOPLE, SAMPLES, body, checked, figures, home, imported, text_of, upload, uploaded

pytestmark = pytest.mark.django_db

NAUGHTY = "<script>alert('x')</script>"


class TestRejectedRows:
    CONTENT = b"Name,Email\nAnn,ann@example.com\nBob\nCid,cid@example.com\n"

    def test_are_shown_and_import_again_once_mended(self, client, shop, ann):
        start = uploaded(client, shop, self.CONTENT, "tháng 3.csv")
        report = imported(client, start)
        download = client.get(start + "rejected.csv")
        content = body(download)
        mended = content.replace("Bob,", "Bob,bob@example.com")
        again = imported(client, uploaded(client, shop, mended.encode()))

        assert figures(report) == {"New": 2, "Changed": 0, "Unchanged": 0, "Rejected": 1}
        assert re.search(r"3 whole row Bob The row has 1 cells, but", " ".join(text_of(report).split()))
        assert content.splitlines()[0] == "Name,Email,Why it was rejected"
        assert "filename*=UTF-8''th%C3%A1ng%203%20rejected.csv" in download["Content-Disposition"]
        assert figures(again)["New"] == 1
        assert Customer.objects.of(shop).get(email="bob@example.com").name == "Bob"

    def test_come_in_pages(self, client, shop, ann):
        content = b"Name,Email\nAnn,ann@example.com\n" + b"Bob\n" * 60
        report = imported(client, uploaded(client, shop, content))
        home_of_run = f"{home(shop)}files/imports/{ImportRun.objects.of(shop).get().pk}/"
        next_page = unescape(re.search(r'rel="next" href="([^"]+)"', report.content.decode())[1])

        second = client.get(home_of_run + next_page)

        assert "52" in re.findall(r'data-label="Line">(\d+)', report.content.decode())
        assert re.findall(r'data-label="Line">(\d+)', second.content.decode()) == [str(n) for n in range(53, 63)]


class TestWhatPeopleWrite:
    def test_is_shown_verbatim_and_never_run(self, client, shop, ann):
        content = f'"{NAUGHTY}",Email\n"{NAUGHTY}",ann@example.com\n"{NAUGHTY}"\n'.encode()
        start = uploaded(client, shop, content, f"{NAUGHTY.replace('/', '')}.csv")
        pages = [client.get(start + "columns/"), checked(client, start, **{"column-0": "name", "tags": NAUGHTY})]
        pages += [imported(client, start, **{"column-0": "name"}), client.get(f"{home(shop)}files/")]

        for page in pages:
            assert page.status_code == 200
            assert "<script>alert" not in page.content.decode()
        assert NAUGHTY in text_of(pages[0]) or "&lt;script&gt;" in pages[0].content.decode()
        assert Customer.objects.of(shop).get().name == NAUGHTY

    def test_may_be_any_of_the_naughty_strings(self, client, shop, ann):
        strings = json.loads((SAMPLES / "strings" / "blns.json").read_text())
        out = io.StringIO()
        rows = [[text, text, f"n{place}@example.com"] for place, text in enumerate(strings)]
        csv.writer(out).writerows([["Name", "Note", "Email"], *rows])

        report = imported(client, uploaded(client, shop, out.getvalue().encode()))

        assert report.status_code == 200
        assert sum(figures(report).values()) == len(strings)


class TestTheListOfImports:
    def test_teaches_while_there_is_none(self, client, shop, ann):
        assert "Files you bring in will stand here" in text_of(client.get(f"{home(shop)}files/"))

    def test_shows_file_person_and_figures_newest_first(self, client, shop, ann):
        imported(client, uploaded(client, shop, PEOPLE, "first.csv"))
        upload(client, shop, PEOPLE, "second.csv")

        page = text_of(client.get(f"{home(shop)}files/"))

        assert page.index("second.csv") < page.index("first.csv")
        assert "Go on" in page
        assert "Done" in page

    def test_walks_back_and_forth_by_key(self, shop, rf):
        runs = [ImportRun.objects.create(shop=shop, kind="customers", format="x", file_name=str(n)) for n in range(5)]
        ask = lambda query: slice_of(ImportRun.objects.of(shop), ("-id",), rf.get("/" + query).GET, size=2)  # noqa: E731

        first = ask("")
        second = ask(first.next)
        last = ask(second.next)

        assert [run.pk for run in first.rows] == [runs[4].pk, runs[3].pk]
        assert [run.pk for run in last.rows] == [runs[0].pk]
        assert (first.previous, last.next) == (None, None)
        assert ask(second.previous).rows == first.rows
        assert ask("?after=nonsense").rows == first.rows
