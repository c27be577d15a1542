"""Another shop's things named inside a request, in a filter, a form, a file: they do not exist here."""

import json
import re
from urllib.parse import quote, urlencode

import pytest

from regulars.customers.models import (
    Address,
    Customer,
    CustomField,
    Group,
    Household,
    Merge,
    Note,
    NoteFile,
    OtherContact,
    PossibleDuplicate,
    Status,
    Tag,
)
from regulars.customers.operations import add_note
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.models import Order, Payment, WriteOff
from regulars.orders.why import EXPLAINED
from regulars.shops.models import Channel, JobRun, Notification, Staff
from regulars.tasks.models import CalendarFeed, Task
from regulars.transfer.imports import configure, stage, start
from regulars.transfer.models import ExportLog, ImportRun
from regulars.transfer.own_ids import own_id
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.house.asking import pages_for, said, signed_in
from tests.house.canary import marked_shop

pytestmark = pytest.mark.django_db

CANARY = "CANARYB"
MODELS = (
    Address, CalendarFeed, Channel, Customer, CustomField, ExportLog, Group, Household, ImportRun, JobRun, Merge, Note,
    NoteFile, Notification, Order, OtherContact, Payment, PossibleDuplicate, Staff, Status, Tag, Task, WriteOff,
)  # fmt: skip


@pytest.fixture(scope="module")
def there(kept):
    shop = marked_shop(CANARY)
    run_waiting_jobs()  # its own work, so that none of it is taken for ours
    return shop


@pytest.fixture(scope="module")
def untouched(there):
    return state_of(there)


@pytest.fixture
def here():
    return create_shop("Here")


@pytest.fixture
def owner(here):
    return create_staff(here, role="owner")


@pytest.fixture
def desk(owner):
    return signed_in(owner)


@pytest.fixture
def ann(here):
    return create_customer(here, name="Ann", email="ann@example.com", address1="1 Lê Lợi", note="likes tea")


def one_of(model, shop):
    return model.objects.of(shop).order_by("-pk").first()


def state_of(shop):
    """Everything a shop holds, to compare before and after."""
    rows = {model.__name__: list(model.objects.of(shop).order_by("pk").values()) for model in MODELS}
    return rows | {"events": Event.objects.filter(shop_id=shop.pk).count()}


def tells_nothing(response):
    return CANARY.lower() not in said(response).lower() and response.status_code < 500


@pytest.fixture(autouse=True)
def nothing_of_the_other_shop_changes(there, untouched):
    yield
    assert state_of(there) == untouched


class TestAPage:
    def test_tells_nothing_of_another_shop(self, desk, owner):
        told = [url for _route, url in pages_for(owner) if not tells_nothing(desk.get(url))]

        assert told == []

    def test_tells_nothing_when_asked_about_its_ids(self, desk, owner, here, there, ann):
        theirs = {model.__name__: one_of(model, there).pk for model in MODELS}
        customer = theirs["Customer"]
        names = ("ids", "part", "without", "but", "value", "staff", "group", "status", "tags", "run", "job", "q")
        names += ("search", "before", "after", "customer", "order", "version", "at", "list")
        told = []
        for _route, url in pages_for(owner):
            for pk in {customer, theirs["Order"], theirs["JobRun"], theirs["Task"], theirs["Payment"]}:
                asked = urlencode(dict.fromkeys(names, pk) | {"at": "", "list": f"where=&search={pk}"})
                if not tells_nothing(desk.get(f"{url}?{asked}")):
                    told.append((url, pk))
        assert told == []

    @pytest.mark.parametrize("field", ["tags", "staff", "group", "status"])
    def test_answers_as_if_the_name_did_not_exist(self, desk, here, there, field):
        known = {
            "tags": f"{CANARY} tag",
            "staff": f"{CANARY}.mai@example.com",
            "group": f"{CANARY} group",
            "status": f"{CANARY} status",
        }[field]
        sign = "CONTAINS" if field == "tags" else "="

        answers = []
        for name in (known, known.replace("CANARYB", "CANARYX")):
            where = urlencode({"where": f"{field} {sign} '{name}'"})
            response = desk.get(f"/s/{here.slug}/customers/?{where}")
            answers.append((response.status_code, len(response.content)))

        assert answers[0] == answers[1]
        assert answers[0][0] == 400

    @pytest.mark.parametrize("field", ["name", "email", "company", "phone", "city", "zalo_id"])
    def test_finds_nobody_of_another_shop(self, desk, here, field):
        where = urlencode({"where": f"{field} CONTAINS '{CANARY}' OR {field} IS NOT NULL"})

        rows = re.findall(r"/customers/\d+/", said(desk.get(f"/s/{here.slug}/customers/?{where}")))

        assert rows == []

    @pytest.mark.parametrize("text", [CANARY, f"{CANARY}@example.com", f"R-{CANARY}", f"T-{CANARY}"])
    @pytest.mark.parametrize("path", ["search?q=", "customers/?search=", "orders/?search="])
    def test_finds_nothing_of_another_shop(self, desk, here, there, path, text):
        body = said(desk.get(f"/s/{here.slug}/{path}{quote(text)}"))

        assert there.slug not in body
        for model, home in ((Customer, "customers"), (Order, "orders")):
            assert f"/{home}/{one_of(model, there).pk}/" not in body
        assert CANARY not in body.replace(text, "").replace(quote(text), "")

    @pytest.mark.parametrize("figure", sorted(EXPLAINED))
    def test_explains_no_figure_of_another_shop(self, desk, here, there, figure):
        assert desk.get(f"/s/{here.slug}/customers/{one_of(Customer, there).pk}/why/{figure}/").status_code == 404

    def test_does_not_know_a_page_address_made_in_another_shop(self, desk, here):
        elsewhere = create_shop("Elsewhere")
        for number in range(26):
            create_customer(elsewhere, name=f"N {number}")
        theirs = signed_in(create_staff(elsewhere, role="owner"))
        asked = "customers/?sort=name&size=25"
        (at,) = set(re.findall(r"at=([^\"&]+)", said(theirs.get(f"/s/{elsewhere.slug}/{asked}"))))

        assert theirs.get(f"/s/{elsewhere.slug}/{asked}&at={at}").status_code == 200
        assert desk.get(f"/s/{here.slug}/{asked}&at={at}").status_code == 400

    def test_shows_no_neighbour_of_another_shop(self, desk, here, there, ann):
        theirs = one_of(Customer, there).pk
        for asked in (f"where=name CONTAINS '{CANARY}'", f"search={CANARY}", "sort=name", f"at={theirs}"):
            body = said(desk.get(f"/s/{here.slug}/customers/{ann.pk}/?list={quote(asked)}"))
            assert f"/customers/{theirs}/" not in body


class TestAForm:
    def edit(self, desk, ann, **given):
        facts = {"name": "Ann", "email": "ann@example.com", "group": "standard", "version": ann.version, **given}
        return desk.post(f"/s/{ann.shop.slug}/customers/{ann.pk}/edit/", facts)

    @pytest.mark.parametrize("field", ["group", "status", "staff", "source_channel"])
    @pytest.mark.parametrize("by", ["pk", "key"])
    def test_refuses_another_shops_choice(self, desk, here, there, ann, field, by):
        row = one_of({"group": Group, "status": Status, "staff": Staff, "source_channel": Channel}[field], there)
        value = row.pk if by == "pk" else getattr(row, "key", None) or row.user.email
        counts = [model.objects.of(here).count() for model in MODELS]

        response = self.edit(desk, ann, **{field: value})

        assert response.status_code == 422
        assert [model.objects.of(here).count() for model in MODELS] == counts
        assert Customer.objects.of(here).get(pk=ann.pk).version == ann.version

    def test_makes_a_tag_of_its_own_from_another_shops_number(self, desk, here, there, ann):
        self.edit(desk, ann, tags=[str(one_of(Tag, there).pk)])

        ann.refresh_from_db()
        assert set(ann.tag_ids) == set(Tag.objects.of(here).values_list("pk", flat=True))

    def test_takes_nobody_of_another_shop_for_the_referrer(self, desk, there, ann):
        stranger = one_of(Customer, there)
        for words in (f"#{stranger.pk}", stranger.email):
            self.edit(desk, ann, referrer=words, version=10**6)

            ann.refresh_from_db()
            assert (ann.referred_by_id, ann.referrer_text) == (None, words)

    @pytest.mark.parametrize(("path", "field", "model"), [("status/", "status", Status), ("staff/", "staff", Staff)])
    def test_at_a_glance_refuses_another_shops_choice(self, desk, there, ann, path, field, model):
        url = f"/s/{ann.shop.slug}/customers/{ann.pk}/{path}"

        assert desk.post(url, {field: one_of(model, there).pk}).status_code < 500

        fresh = Customer.objects.of(ann.shop).get(pk=ann.pk)
        assert (fresh.status_id, fresh.staff_id, fresh.version) == (ann.status_id, ann.staff_id, ann.version)

    def test_changes_only_what_it_has_an_input_for(self, desk, here, there, ann):
        columns = {
            "shop": there.pk, "shop_id": there.pk, "id": 1, "pk": 1, "total_spent": 10**6, "orders_count": 9, "debt": 5,
            "deleted_at": "2020-01-01", "staff_id": one_of(Staff, there).pk, "tag_ids": [one_of(Tag, there).pk],
            "group_id": one_of(Group, there).pk, "referred_by_id": one_of(Customer, there).pk, "external_id": "x",
            "created_at": "2001-01-01", "channel": "zalo", "citizen_id_sealed": "x", "keep-shop_id": "theirs",
        }  # fmt: skip
        before = Customer.objects.of(here).filter(pk=ann.pk).values().get()

        self.edit(desk, ann, **columns)

        assert Customer.objects.of(here).filter(pk=ann.pk).values().get() == before

    def test_finds_nobody_of_another_shop_who_is_similar(self, desk, here, there):
        stranger = one_of(Customer, there)
        given = {"name": stranger.name, "email": stranger.email, "company": stranger.company, "but": stranger.pk}

        assert tells_nothing(desk.post(f"/s/{here.slug}/customers/similar/", given))

    @pytest.mark.parametrize("whose", ["another shop", "another customer"])
    @pytest.mark.parametrize("tail", ["notes/{note}/", "notes/{note}/delete/", "addresses/{address}/",
                                      "addresses/{address}/default/", "addresses/{address}/remove/"])  # fmt: skip
    def test_does_not_reach_what_hangs_on_somebody_else(self, desk, here, there, ann, whose, tail):
        other = create_customer(here, name="Bo", address1="2 Lê Lợi")
        add_note(other, "hers", by=SYSTEM)
        shop = there if whose == "another shop" else here
        ids = {"note": one_of(Note, shop).pk, "address": one_of(Address, shop).pk}
        before = state_of(here)

        url = f"/s/{here.slug}/customers/{ann.pk}/{tail.format(**ids)}"

        assert desk.get(url).status_code in (404, 405)
        assert desk.post(url, {"text": "mine", "address1": "3 Lê Lợi", "use": "shipping"}).status_code == 404
        assert state_of(here) == before

    def test_puts_only_its_own_words_in_order(self, desk, here, there):
        ids = [one_of(Status, there).pk, *Status.objects.of(here).values_list("pk", flat=True)]

        response = desk.post(f"/s/{here.slug}/settings/statuses/order", {"ids": ids, "up": ids[-1]})

        assert response.status_code in (200, 302)


class TestAnActionOnMany:
    def run(self, desk, shop, action, selection, **given):
        return desk.post(
            f"/s/{shop.slug}/customers/bulk/{action}/run", {"selection": json.dumps(selection), "key": "k", **given}
        )

    @pytest.mark.parametrize("action", ["tag", "group", "status", "staff", "delete", "restore"])
    def test_leaves_another_shops_customers_alone(self, desk, here, there, ann, action):
        value = {"group": Group, "status": Status, "staff": Staff}.get(action)
        given = {"value": one_of(value, here).pk if value else "", "add": ["VIP"]}
        ids = [one_of(Customer, there).pk]

        self.run(desk, here, action, {"ids": ids, "in_bin": action == "restore"}, **given)
        run_waiting_jobs()

        run = JobRun.objects.of(here).get()
        assert (run.total, run.done, run.result.get("changed", 0)) == (0, 0, 0)
        assert tells_nothing(desk.get(f"/s/{here.slug}/customers/bulk/{action}/", {"ids": ids}))

    @pytest.mark.parametrize(("action", "model"), [("group", Group), ("status", Status), ("staff", Staff)])
    def test_refuses_another_shops_choice(self, desk, here, there, ann, action, model):
        response = self.run(desk, here, action, {"ids": [ann.pk]}, value=one_of(model, there).pk)

        assert response.status_code == 422
        assert tells_nothing(response)
        assert not JobRun.objects.of(here).exists()

    def test_takes_another_shops_tag_number_for_a_name(self, desk, here, there, ann):
        self.run(desk, here, "tag", {"ids": [ann.pk]}, add=[str(one_of(Tag, there).pk)])

        ann.refresh_from_db()
        assert ann.tag_ids == list(Tag.objects.of(here).values_list("pk", flat=True))

    def test_by_a_question_means_nobody_of_another_shop(self, desk, here, there):
        asked = {"where": f"name CONTAINS '{CANARY}'", "search": "", "excluded": [], "expected": 5}

        self.run(desk, here, "delete", asked)

        assert JobRun.objects.of(here).get().total == 0

    def test_does_not_answer_with_anybody_elses_run(self, desk, here, there, ann):
        others = create_staff(here, role="agent")
        secret = JobRun.objects.create(shop=here, kind="customers.undo", title="Undo", idempotency_key="undo:7")
        for key in ("undo:7", CANARY):
            assert tells_nothing(self.run(signed_in(others), here, "tag", {"ids": [ann.pk]}, add=["VIP"], key=key))

        assert JobRun.objects.of(here).filter(staff=others).exclude(pk=secret.pk).count() == 2

    @pytest.mark.parametrize("verb", ["cancel", "undo"])
    def test_is_stopped_and_undone_only_by_those_it_belongs_to(self, desk, here, there, ann, verb):
        self.run(desk, here, "tag", {"ids": [ann.pk]}, add=["VIP"])
        mine, theirs = JobRun.objects.of(here).get(), one_of(JobRun, there)
        agent = signed_in(create_staff(here, role="agent"))

        assert agent.post(f"/s/{here.slug}/jobs/{mine.pk}/{verb}").status_code == 404
        assert desk.post(f"/s/{here.slug}/jobs/{theirs.pk}/{verb}").status_code == 404
        mine.refresh_from_db()
        assert (mine.cancel_asked, mine.undone_by_id) == (False, None)


class TestAFile:
    def test_knows_nobody_by_another_shops_regulars_id(self, here, there, owner, ann):
        stranger = one_of(Customer, there)
        rows = f"Who,Name\n{own_id(there.pk, stranger.pk)},Eve\n{own_id(there.pk, ann.pk)},Eve\n"
        self.imported(here, owner, rows, ("regulars_id", "name"))

        ann.refresh_from_db()
        assert ann.name == "Ann"

    def test_gives_nobody_to_another_shops_staff(self, here, there, owner):
        mai = Staff.objects.of(there).get()
        group = one_of(Group, there)

        self.imported(here, owner, f"N,S,G\nEve,{mai.user.email},{group.pk}\n", ("name", "staff", "group"))

        for eve in Customer.objects.of(here).filter(name="Eve").select_related("group"):
            assert eve.staff_id is None
            assert eve.group.shop_id == here.pk

    def imported(self, shop, staff, rows, mapping):
        run = stage(shop, "customers", [rows.encode()], "people.csv", staff=staff)
        start(configure(run, mapping=mapping), staff=staff)
        run_waiting_jobs()

    def test_of_another_person_is_not_theirs_to_download(self, here, there, owner, ann):
        desk = signed_in(owner)
        desk.post(f"/s/{here.slug}/customers/export/", {"which": "all"})
        mine = one_of(ExportLog, here)
        manager = signed_in(create_staff(here, role="manager"))

        assert desk.get(f"/s/{here.slug}/files/exports/{mine.pk}/download").status_code == 200
        assert manager.get(f"/s/{here.slug}/files/exports/{mine.pk}/download").status_code == 404
        assert desk.get(f"/s/{here.slug}/files/exports/{one_of(ExportLog, there).pk}/download").status_code == 404

    def test_written_for_a_shop_holds_nobody_else(self, desk, here, ann):
        where = f"name CONTAINS '{CANARY}' OR name = 'Ann'"
        desk.post(f"/s/{here.slug}/customers/export/", {"which": "all", "where": where})
        body = said(desk.get(f"/s/{here.slug}/files/exports/{one_of(ExportLog, here).pk}/download"))

        assert "ann@example.com" in body
        assert CANARY not in body


class TestTheWayBack:
    EVIL = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "//[", "http://[::",
            "/s/{other}/customers/", "https://evil.example/s/{slug}/", "/s/{slug}@evil.example/")  # fmt: skip

    @pytest.mark.parametrize("evil", EVIL)
    def test_stays_in_the_shop(self, desk, here, there, ann, evil):
        evil = evil.format(slug=here.slug, other=there.slug)
        given = {"selection": json.dumps({"ids": [ann.pk]}), "add": "VIP", "back": evil, "next": evil}
        headers = {"Referer": evil, "HX-Current-URL": evil}

        response = desk.post(f"/s/{here.slug}/customers/bulk/tag/run", given, headers=headers)

        assert response.status_code == 302
        assert response.url == f"/s/{here.slug}/customers/"

    @pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
    def test_from_the_sign_in_stays_here(self, client, evil):
        body = said(client.get("/accounts/login/", {"next": evil}))

        assert f'href="{evil}' not in body
        assert f'action="{evil}' not in body
