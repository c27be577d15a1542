"""The wizard of imports: what is read, saved, tried, paused, undone, before and after anything is written."""

import re
from html import unescape

import pytest

from regulars.customers.models import Customer
from regulars.customers.operations import update_customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import JobRun
from regulars.shops.permissions import Role
from regulars.shops.work import is_quiet
from regulars.transfer import trials
from regulars.transfer.models import ImportRun, ImportTemplate
from regulars.web.files import tried
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.web.files.sending import checked, figures, form_of, home, imported, signed_in, text_of, undone, uploaded

pytestmark = pytest.mark.django_db

PEOPLE = b"Name,Email,Phone\nAnn,ann@example.com,0912345678\nBob,bob@example.com,\n"
ODD = b"Who,Reach,Born\nAnn,ann@example.com,03/04/1990\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def ann(client, shop):
    """A manager, signed in."""
    return signed_in(client, create_staff(shop, role=Role.MANAGER, name="Ann"))


def looked_at(client, start, **changes):
    """The first rows as another choice would have them read."""
    form = form_of(client.get(start + "columns/")) | {"do": "look"} | changes
    return text_of(client.post(start + "columns/", form, headers={"HX-Request": "true", "HX-Target": "#first-rows"}))


def tab(client, start, name, **more):
    return text_of(client.get(start + "check/", {"tab": name, **more}))


class TestTheFirstRows:
    def test_are_shown_as_they_will_be_read(self, client, shop, ann):
        page = text_of(client.get(uploaded(client, shop, PEOPLE + b"Cid,cid@example.com,0744\n") + "columns/"))

        assert "+84912345678" in page
        assert "is not a valid phone number" in page

    def test_follow_what_is_chosen_without_keeping_it(self, client, shop, ann):
        start = uploaded(client, shop, ODD)
        chosen = {"column-0": "name", "column-1": "email", "column-2": "birthday"}

        day_first = looked_at(client, start, **chosen, day_order="dmy")
        month_first = looked_at(client, start, **chosen, day_order="mdy")

        assert "Apr 3, 1990" in day_first
        assert "Mar 4, 1990" in month_first
        assert ImportRun.objects.of(shop).get().options["mapping"][0] == ""

    def test_say_why_a_row_will_not_be_taken(self, client, shop, ann):
        start = uploaded(client, shop, b"Name,Email\nAnn,ann@example.com\n,\nBob,b@example.com,x\n")

        assert "The row has 3 cells" in text_of(client.get(start + "columns/"))

    @pytest.mark.parametrize("junk", ["telex", "", "name'; --"])
    def test_stand_what_is_no_field(self, client, shop, ann, junk):
        start = uploaded(client, shop, PEOPLE)

        assert "ann@example.com" in looked_at(client, start, **{"column-0": junk})


class TestHowAFileIsRead:
    def test_is_said_and_open_to_change_when_it_is_a_guess(self, client, shop, ann):
        content = "Nume;Email\nŞtefan Ţuca;stefan@example.ro\n".encode("cp1250")

        page = client.get(uploaded(client, shop, content) + "columns/")

        assert "Windows-1250 (Romanian, Polish, Czech …) · Semicolon · column names in line 1" in text_of(page)
        assert "The encoding was guessed from the letters." in text_of(page)
        assert re.search(r"<details class=\"card card-body reading\" open>", page.content.decode())

    def test_is_said_and_folded_away_when_it_is_sure(self, client, shop, ann):
        page = client.get(uploaded(client, shop, PEOPLE) + "columns/")

        assert "UTF-8 · Comma · column names in line 1" in text_of(page)
        assert '<details class="card card-body reading">' in page.content.decode()


class TestASavedMapping:
    def saved(self, client, shop, name="Odd ones"):
        start = uploaded(client, shop, ODD)
        form = form_of(client.get(start + "columns/")) | {
            "column-0": "name", "column-1": "email", "tags": "fair", "do": "save", "template": name,
        }  # fmt: skip
        client.post(start + "columns/", form)
        return ImportTemplate.objects.of(shop).get(name=name)

    def test_is_followed_and_can_be_put_aside(self, client, shop, ann):
        self.saved(client, shop)
        start = uploaded(client, shop, ODD)

        followed = client.get(start + "columns/")
        client.post(start + "columns/", {"do": "follow", "follow": ""})
        guessed = client.get(start + "columns/")

        assert "Taken as in the saved mapping “Odd ones”" in text_of(followed)
        assert form_of(followed)["column-0"] == "name"
        assert "Taken as in" not in text_of(guessed)
        assert form_of(guessed)["column-0"] == ""

    def test_is_listed_renamed_and_deleted(self, client, shop, ann):
        template = self.saved(client, shop)
        base = f"{home(shop)}files/mappings/"

        listed = text_of(client.get(base))
        client.post(f"{base}{template.pk}/rename", {"name": "Monthly"})
        renamed = client.get(base).content.decode()
        client.post(f"{base}{template.pk}/delete")

        assert "Who → Full name, Reach → E-mail" in listed
        assert 'value="Monthly"' in renamed
        assert not ImportTemplate.objects.of(shop).exists()
        assert "No mapping is saved yet" in text_of(client.get(base))

    def test_of_another_shop_does_not_exist(self, client, shop, ann):
        template = self.saved(client, shop)
        other = create_shop("Other")
        signed_in(client, create_staff(other, role=Role.OWNER, name="Cid"))

        assert client.post(f"{home(other)}files/mappings/{template.pk}/delete").status_code == 404
        assert ImportTemplate.objects.of(shop).exists()


class TestWhatWouldHappen:
    def test_is_told_field_by_field_with_those_who_lose_a_value_first(self, client, shop, ann):
        create_customer(shop, name="Bob", email="bob@example.com")
        create_customer(shop, name="Ann Old", email="ann@example.com")
        start = uploaded(client, shop, PEOPLE + b"New,new@example.com,\n")

        page = text_of(checked(client, start))

        said = re.search(r"1 new, 1 changed: .*", re.sub(r"\s+", " ", page))[0]
        assert "1 Full name" in said and "1 would lose a value" in said
        assert re.search(r"Ann Old\s+.*Name\s+Ann Old\s+Ann", page, re.DOTALL)
        assert "New · new@example.com" in tab(client, start, "new")
        assert "Bob" in tab(client, start, "unchanged")

    def test_is_shown_page_by_page(self, client, shop, ann, monkeypatch):
        monkeypatch.setattr(tried, "SIZE", 2)
        rows = b"".join(f"P{n},p{n}@example.com,\n".encode() for n in range(5))
        start = uploaded(client, shop, b"Name,Email,Phone\n" + rows)
        checked(client, start)

        assert "1 to 2 of 5" in tab(client, start, "new")
        assert "P3 · p3@example.com" in tab(client, start, "new", at="2")
        assert "1 to 2 of 5" in tab(client, start, "new", at="99")

    def test_of_a_long_file_is_found_in_the_background(self, client, shop, ann, monkeypatch):
        monkeypatch.setattr(trials, "USUALLY_WAITED_FOR", 1)
        start = uploaded(client, shop, PEOPLE)

        waiting = checked(client, start)
        run_waiting_jobs()
        found = client.get(start + "check/")

        assert "Trying all rows" in text_of(waiting)
        assert "Trying all rows" not in text_of(found)
        assert figures(found)["New"] == 2
        assert not Customer.objects.of(shop).exists()

    def test_need_not_be_waited_for(self, client, shop, ann, monkeypatch):
        monkeypatch.setattr(trials, "USUALLY_WAITED_FOR", 1)
        start = uploaded(client, shop, PEOPLE)
        checked(client, start)

        client.post(start + "start")
        run_waiting_jobs()

        assert figures(client.get(start))["New"] == 2

    def test_leaves_those_alone_who_are_here(self, client, shop, ann):
        create_customer(shop, name="Ann Old", email="ann@example.com")

        report = imported(client, uploaded(client, shop, PEOPLE), policy="leave")

        assert figures(report) == {"New": 1, "Changed": 0, "Unchanged": 1, "Rejected": 0}
        assert Customer.objects.of(shop).get(email="ann@example.com").name == "Ann Old"


class TestAnImport:
    def test_gets_a_tag_of_its_own_on_request(self, client, shop, ann):
        report = imported(client, uploaded(client, shop, PEOPLE, "fair, day 1.csv"), own_tag="on", tags="vip")

        link = unescape(re.search(r'href="([^"]*customers/\?where=[^"]*)"', report.content.decode())[1])
        assert "fair%20%20day%201" in link or "fair++day+1" in link or "fair" in link
        assert "2 match" in text_of(client.get(link))
        assert all(len(customer.tag_ids) == 2 for customer in Customer.objects.of(shop))

    def test_says_to_its_job_that_nothing_is_to_be_set_off(self, client, shop, ann):
        imported(client, uploaded(client, shop, PEOPLE), quiet="on")
        imported(client, uploaded(client, shop, PEOPLE))

        quiet, loud = JobRun.objects.of(shop).filter(kind="import").order_by("pk")
        assert is_quiet(shop.pk, quiet.pk)
        assert not is_quiet(shop.pk, loud.pk)

    def test_rests_and_goes_on(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        checked(client, start)
        client.post(start + "start")
        client.post(start + "pause")
        run_waiting_jobs()
        resting = text_of(client.get(start))
        untouched = Customer.objects.of(shop).count()

        client.post(start + "resume")
        run_waiting_jobs()

        assert "Paused" in resting and "Go on" in resting
        assert untouched == 0
        assert figures(client.get(start))["New"] == 2

    def test_that_rests_can_be_stopped(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        checked(client, start)
        client.post(start + "start")
        client.post(start + "pause")
        run_waiting_jobs()

        client.post(start + "cancel")
        run_waiting_jobs()

        assert ImportRun.objects.of(shop).get().state == ImportRun.State.CANCELLED

    def test_says_what_undoing_it_left_with_both_values(self, client, shop, ann):
        """T70: conflicts are listed."""
        create_customer(shop, name="Ann Old", email="ann@example.com")
        start = uploaded(client, shop, PEOPLE)
        imported(client, start)
        known = Customer.objects.of(shop).get(email="ann@example.com")
        update_customer(known, {"name": "Ann Newest"}, by=SYSTEM)

        page = re.sub(r"\s+", " ", text_of(undone(client, start)))

        known.refresh_from_db()
        assert (known.name, known.phone) == ("Ann Newest", None)
        assert "1 customer was changed since: that stays." in page
        assert "Ann Newest Name Ann Old Ann Ann Newest" in page
        assert f'href="{home(shop)}customers/{known.pk}/"' in client.get(start).content.decode()
