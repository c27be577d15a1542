"""One customer's page: what it shows, what can be done there, and by whom."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from regulars.customers.anonymise import anonymise
from regulars.customers.drafts import AddressDraft
from regulars.customers.models import Avatar, ConsentEntry, Customer, Note, Status, Tag
from regulars.customers.operations import add_address, add_note, delete_customer, set_status, tag_customer
from regulars.events.models import Event
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts
from regulars.orders.models import PaymentKind
from regulars.orders.operations import record_order
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def manager(shop):
    return create_staff(shop, role="manager", name="Mai Trần")


@pytest.fixture
def desk(manager):
    return signed_in(manager)


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", email="ann@example.com", phone="0912345678")


def signed_in(staff):
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def text(response):
    return response.content.decode()


def at(customer, path=""):
    return f"/s/hoa-sen/customers/{customer.pk}/{path}"


def part(target):
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}


def kinds_of(customer):
    return list(Event.objects.filter(customer_id=customer.pk).order_by("-id").values_list("kind", flat=True))


def order(shop, customer, number, *, total=100_000, paid=None, back=0):
    """An order of yesterday, paid in full unless said otherwise; back: what was paid back."""
    placed = datetime.now(UTC) - timedelta(days=1)
    paid = Decimal(total if paid is None else paid)
    payments = [PaymentFacts(external_id=f"p{number}", amount=paid, at=placed, method="COD", reference=f"FT{number}")]
    refund = PaymentFacts(external_id=f"r{number}", amount=Decimal(back), at=placed, kind=PaymentKind.REFUND)
    facts = OrderFacts(
        channel="website", external_id=str(number), number=f"#{number}", placed_at=placed, currency="VND",
        total=Decimal(total), lines=[LineFacts(title="Trà sen", unit_price=Decimal(total))],
        payments=payments, refunds=[refund] if back else [], customer_id=customer.pk,
    )  # fmt: skip
    return record_order(shop, facts, by=SYSTEM)


TABS = ["timeline", "orders", "transactions", "products", "notes", "addresses", "account", "nonsense"]


class TestThePage:
    def test_shows_who_it_is_and_what_they_are_worth(self, desk, shop, ann):
        order(shop, ann, 1001, total=150_000, paid=100_000)

        shown = text(desk.get(at(ann)))

        for word in ("Ann Lê", "ann@example.com", "+84 912 345 678", "Guest", "#1001", "₫100,000", "₫50,000"):
            assert word in shown
        assert "Counted: Placed: recorded and not cancelled" in shown

    @pytest.mark.parametrize("tab", TABS)
    def test_every_tab_opens_whole_and_as_a_part(self, desk, shop, ann, tab):
        order(shop, ann, 1001)
        add_note(ann, "likes tea", by=SYSTEM)

        whole = desk.get(at(ann), {"tab": tab})
        asked = desk.get(at(ann), {"tab": tab}, headers=part("customer-tab"))

        assert whole.status_code == asked.status_code == 200
        assert "<html" not in text(asked)
        assert 'hx-target="#customer-tabs"' in text(asked)

    def test_the_timeline_speaks_of_orders_and_goes_on_where_it_stopped(self, desk, shop, ann):
        order(shop, ann, 1001)
        for count in range(40):
            add_note(ann, f"note {count}", by=SYSTEM)

        first = text(desk.get(at(ann), headers=part("customer-tab")))
        more = first.split('id="timeline-rest"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        rest = text(desk.get(more, headers=part("timeline-rest")))

        assert first.count('class="moment"') == 30
        assert "note 39" in first and "note 9<" not in first
        assert "note 9<" in rest
        assert "Order <a href=" in rest and "Paid ₫100,000 for" in rest

    @pytest.mark.parametrize("before", ["x", "2024-01-01~1", "~", "2024-01-01T00:00:00+00:00~x", "9" * 40 + "~1"])
    def test_a_damaged_place_in_the_timeline_is_its_beginning(self, desk, ann, before):
        for tab in ("timeline", "orders", "transactions"):
            assert desk.get(at(ann), {"tab": tab, "before": before}).status_code == 200

    def test_asks_as_often_for_much_history_as_for_little(self, desk, shop):
        small, large = create_customer(shop, name="Small"), create_customer(shop, name="Large")
        for customer, count in ((small, 2), (large, 40)):
            for number in range(count):
                order(shop, customer, customer.pk * 1000 + number)
                add_note(customer, f"note {number}", by=SYSTEM)
                add_address(customer, AddressDraft(line1=f"{number} Lê Lợi"), by=SYSTEM)
        desk.get(at(small))

        for tab in ("timeline", "orders", "transactions", "notes", "addresses", "account"):
            counts = []
            for customer in (small, large):
                with CaptureQueriesContext(connection) as asked:
                    desk.get(at(customer), {"tab": tab})
                counts.append(len(asked))
            assert counts[0] == counts[1], tab

    def test_customers_of_others_and_of_other_shops_are_not_there(self, shop, ann):
        agent = signed_in(create_staff(shop, role="agent", only_own=True))
        stranger = create_customer(name="Stranger")

        for pk in (ann.pk, stranger.pk, 0, 10**30):
            assert agent.get(f"/s/hoa-sen/customers/{pk}/").status_code == 404

    def test_hides_contact_data_from_those_who_may_not_see_it(self, shop):
        ann = create_customer(
            shop, name="Ann", email="ann@example.com", phone="0912345678", zalo_id="zalo-77",
            referrer="ben@example.com", address1="1 Lê Lợi", address_phone="0987654321",
        )  # fmt: skip
        viewer = signed_in(create_staff(shop, role="viewer"))

        for tab in ("timeline", "addresses", "account"):
            shown = text(viewer.get(at(ann), {"tab": tab}))
            for secret in ("ann@example.com", "912345678", "912 345 678", "zalo-77", "0987654321"):
                assert secret not in shown
            assert "ben@example.com" not in shown
        assert "•••" in shown


class TestTheWayThroughTheList:
    def test_leads_to_the_neighbours_and_back_to_the_same_place(self, desk, shop):
        one, two, three = (create_customer(shop, name=name, company="Tea") for name in ("A", "B", "C"))
        create_customer(shop, name="Bb")
        came_from = "where=company+%3D+%27Tea%27&sort=name"

        shown = text(desk.get(at(two), {"list": came_from}))

        kept = quote(came_from, safe="").replace("%2F", "/")
        assert f'href="/s/hoa-sen/customers/{one.pk}/?list={kept}"' in shown
        assert f'href="/s/hoa-sen/customers/{three.pk}/?list={kept}"' in shown
        assert 'href="/s/hoa-sen/customers/?where=company+%3D+%27Tea%27&amp;sort=name"' in shown

    def test_follows_a_search_by_closeness(self, desk, shop):
        best, second = create_customer(shop, name="Đào"), create_customer(shop, name="Đào Thị Lan")

        assert f"/customers/{second.pk}/?list=" in text(desk.get(at(best), {"list": "search=%C4%90%C3%A0o"}))

    def test_a_list_that_means_nothing_any_more_is_the_whole_one(self, desk, ann):
        assert desk.get(at(ann), {"list": "where=nonsense+%3D+1&sort=zz&at=%00"}).status_code == 200


class TestFiguresWithTheirReasons:
    @pytest.mark.parametrize(
        "figure", ["orders_count", "total_spent", "spent_3m", "average_order", "debt", "refunded", "orders_placed"]
    )
    def test_each_opens_the_orders_that_add_up(self, desk, shop, ann, figure):
        order(shop, ann, 1001, total=150_000, paid=100_000)
        order(shop, ann, 1002, total=60_000, back=20_000)

        shown = desk.get(at(ann, f"why/{figure}/"), headers=part("dialog-body"))

        assert shown.status_code == 200
        total = {"orders_count": "2", "total_spent": "₫140,000", "spent_3m": "₫140,000", "average_order": "₫70,000",
                 "debt": "₫50,000", "refunded": "₫20,000", "orders_placed": "2"}[figure]  # fmt: skip
        assert f'<dd class="why-total">{total}</dd>' in text(shown)

    def test_there_is_no_why_for_anything_else(self, desk, ann):
        assert desk.get(at(ann, "why/version/")).status_code == 404


class TestWhatIsSetAtAGlance:
    def test_the_status(self, desk, shop, ann):
        closing = Status.objects.of(shop).get(key="closing")

        answer = desk.post(at(ann, "status/"), {"status": closing.pk}, headers=part("customer-states"))

        ann.refresh_from_db()
        assert ann.status == closing
        assert "is-teal" in text(answer)
        assert 'hx-target="#customer-tab"' in text(answer)
        assert 'name="text"' not in text(answer)  # nobody's half-written note is swept away

    def test_works_without_a_script(self, desk, shop, ann):
        closing = Status.objects.of(shop).get(key="closing")

        answer = desk.post(at(ann, "status/?tab=notes&list=sort%3Dname"), {"status": closing.pk})

        assert answer.status_code == 302
        assert answer.url == at(ann, "?tab=notes&list=sort%3Dname")

    def test_another_shops_status_is_refused_in_words(self, desk, ann):
        foreign = Status.objects.of(create_shop("Other")).first()

        answer = desk.post(at(ann, "status/"), {"status": foreign.pk}, headers=part("customer-states"))

        assert "does not exist any more" in answer["HX-Trigger"]
        ann.refresh_from_db()
        assert ann.status is None

    def test_tags_of_this_page_change_and_those_of_others_stay(self, desk, shop, ann):
        tags = Tag.objects.bulk_create([Tag(shop=shop, key=name, name=name) for name in ("vip", "old", "theirs")])
        tag_customer(ann, add=tags, by=SYSTEM)

        desk.post(at(ann, "tags/"), {"had": ["vip", "old"], "tags": ["vip", "new"]})

        ann.refresh_from_db()
        names = set(Tag.objects.filter(pk__in=ann.tag_ids).values_list("name", flat=True))
        assert names == {"vip", "theirs", "new"}

    def test_who_hands_over_their_customer_goes_back_to_the_list(self, shop):
        agent, other = create_staff(shop, role="agent", only_own=True), create_staff(shop, role="agent")
        ann = create_customer(shop, name="Ann", staff=agent.user.email)

        answer = signed_in(agent).post(at(ann, "staff/"), {"staff": other.pk})

        assert answer.url == "/s/hoa-sen/customers/"
        ann.refresh_from_db()
        assert ann.staff == other

    def test_account_and_follower(self, desk, ann):
        desk.post(at(ann, "account/"), {"state": "1"})
        desk.post(at(ann, "follow/"), {"state": "2"})

        ann.refresh_from_db()
        assert (ann.account_state, ann.oa_state) == (1, 2)

    @pytest.mark.parametrize(
        "path", ["status/", "staff/", "tags/", "account/", "follow/", "delete/", "restore/", "purge/"]
    )
    def test_viewers_change_nothing_and_nobody_by_following_a_link(self, desk, shop, ann, path):
        viewer = signed_in(create_staff(shop, role="viewer"))

        assert viewer.post(at(ann, path)).status_code == 403
        assert desk.get(at(ann, path)).status_code == (200 if path == "purge/" else 405)
        assert kinds_of(ann) == ["customer.created"]


class TestNotes:
    def test_are_added_beside_every_tab(self, desk, manager, ann):
        answer = desk.post(at(ann, "notes/?tab=orders"), {"text": "likes tea <b>"}, headers=part("note-form"))

        assert Note.objects.get().author == manager
        assert "likes tea &lt;b&gt;" in text(answer)

    def test_a_refused_note_stays_in_its_box(self, desk, ann):
        delete_customer(ann, by=SYSTEM)

        answer = desk.post(at(ann, "notes/"), {"text": "half an hour of writing"}, headers=part("note-form"))

        assert answer.status_code == 422
        assert "in the bin" in text(answer)
        assert not Note.objects.exists()

    def test_are_changed_and_deleted_by_their_author(self, shop, ann):
        agent = create_staff(shop, role="agent")
        note = add_note(ann, "first", by=actor(agent))
        client = signed_in(agent)

        assert "first" in text(client.get(at(ann, f"notes/{note.pk}/"), headers=part("dialog-body")))
        client.post(at(ann, f"notes/{note.pk}/"), {"text": "second"})
        note.refresh_from_db()
        assert note.text == "second"
        client.post(at(ann, f"notes/{note.pk}/delete/"))
        assert not Note.objects.exists()

    def test_another_agent_may_not(self, shop, ann):
        note = add_note(ann, "mine", by=actor(create_staff(shop, role="agent")))
        other = signed_in(create_staff(shop, role="agent"))

        assert other.get(at(ann, f"notes/{note.pk}/")).status_code == 404
        other.post(at(ann, f"notes/{note.pk}/"), {"text": "changed"})
        other.post(at(ann, f"notes/{note.pk}/delete/"))

        note.refresh_from_db()
        assert note.text == "mine"

    def test_a_note_of_another_customer_is_not_there(self, desk, shop, ann):
        note = add_note(create_customer(shop, name="Ben"), "of Ben", by=SYSTEM)

        for path in (f"notes/{note.pk}/", f"notes/{note.pk}/delete/", f"notes/{10**25}/"):
            assert desk.post(at(ann, path), {"text": "x"}).status_code == 404


class TestAddresses:
    def test_are_added_changed_and_removed(self, desk, ann):
        given = {"address_country": "PH", "address1": "5 Mabini", "ward": "Poblacion", "city": "Makati", "billing": "1"}
        desk.post(at(ann, "addresses/"), given)
        home = ann.addresses.get()
        assert (home.ward, home.is_default_billing, home.is_default_shipping) == ("Poblacion", True, True)

        desk.post(at(ann, f"addresses/{home.pk}/"), {**given, "city": "Manila"})
        home.refresh_from_db()
        assert home.city == "Manila"

        desk.post(at(ann, f"addresses/{home.pk}/remove/"))
        assert not ann.addresses.exists()

    def test_the_default_moves(self, desk, ann):
        first, second = (add_address(ann, AddressDraft(line1=f"{n} Lê Lợi"), by=SYSTEM) for n in (1, 2))

        desk.post(at(ann, f"addresses/{second.pk}/default/"), {"use": "shipping"})

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_default_shipping, first.is_default_billing, second.is_default_shipping) == (False, True, True)

    def test_one_that_says_no_place_is_refused_with_what_was_typed(self, desk, ann):
        answer = desk.post(at(ann, "addresses/"), {"recipient": "Chị Đào"}, headers=part("dialog-body"))

        assert answer.status_code == 422
        assert "needs at least a street" in text(answer) and "Chị Đào" in text(answer)

    def test_the_same_twice_is_refused(self, desk, ann):
        add_address(ann, AddressDraft(line1="1 Lê Lợi"), by=SYSTEM)
        second = add_address(ann, AddressDraft(line1="2 Lê Lợi"), by=SYSTEM)

        answer = desk.post(at(ann, f"addresses/{second.pk}/"), {"address1": "1 le loi"})

        assert answer.status_code == 422
        assert "already has this address" in text(answer)


class TestConsent:
    def test_a_change_is_recorded_with_its_proof(self, desk, ann):
        said = {"channel": "sms", "state": "1", "source": "On the phone", "at": "2024-05-01T10:00"}
        desk.post(at(ann, "consent/"), said)

        word, ann = ConsentEntry.objects.get(), Customer.objects.get()
        assert (word.source, word.at, ann.consent_sms) == ("On the phone", datetime(2024, 5, 1, 3, tzinfo=UTC), 1)
        assert "On the phone" in text(desk.get(at(ann), {"tab": "account"}))

    @pytest.mark.parametrize(
        "wrong",
        [{"source": " "}, {"state": "0"}, {"state": "9"}, {"channel": "fax"}, {"at": "x"}, {"at": "2999-01-01T00:00"}],
    )
    def test_without_proof_or_sense_nothing_is_recorded(self, desk, ann, wrong):
        given = {"channel": "sms", "state": "1", "source": "Paper", "at": "", **wrong}

        assert desk.post(at(ann, "consent/"), given).status_code == 422
        assert not ConsentEntry.objects.exists()


class TestTheCitizenId:
    def test_is_revealed_to_those_who_may_and_that_is_recorded(self, desk, shop):
        ann = create_customer(shop, name="Ann", citizen_id="001099012345")
        assert "001099012345" not in text(desk.get(at(ann), {"tab": "account"}))

        shown = text(desk.post(at(ann, "citizen-id/?tab=account"), headers=part("citizen-id")))

        assert "001099012345" in shown
        assert kinds_of(ann)[0] == "customer.citizen_id_revealed"

    def test_agents_may_not(self, shop):
        ann = create_customer(shop, name="Ann", citizen_id="001099012345")
        agent = signed_in(create_staff(shop, role="agent"))

        assert "Reveal" not in text(agent.get(at(ann), {"tab": "account"}))
        assert agent.post(at(ann, "citizen-id/")).status_code == 403
        assert kinds_of(ann) == ["customer.created"]


class TestThePicture:
    def test_is_uploaded_served_and_removed(self, desk, ann):
        assert upload(desk, ann, png()).status_code == 302

        shown = desk.get(at(ann, "avatar"))
        assert shown.content == bytes(Avatar.objects.get().image)
        assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/webp", "nosniff")
        assert "sandbox" in shown["Content-Security-Policy"] and "private" in shown["Cache-Control"]
        assert desk.get(at(ann, "avatar"), headers={"If-None-Match": shown["ETag"]}).status_code == 304
        assert f'src="{at(ann, "avatar")}?' in text(desk.get(at(ann)))

        desk.post(at(ann, "picture/remove/"))
        assert desk.get(at(ann, "avatar")).status_code == 404

    def test_what_is_no_picture_is_refused_in_words(self, desk, ann):
        answer = upload(desk, ann, b"<svg onload=alert(1)>")

        assert answer.status_code == 422
        assert "not a picture we can read" in text(answer)
        assert desk.post(at(ann, "picture/")).status_code == 422
        assert not Avatar.objects.exists()

    def test_of_another_shops_customer_is_not_there(self, desk):
        stranger = create_customer(name="Stranger")

        assert desk.get(at(stranger, "avatar")).status_code == 404
        assert upload(desk, stranger, png()).status_code == 404


def png():
    out = BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 200)).save(out, "PNG")
    return out.getvalue()


def upload(client, customer, content):
    return client.post(at(customer, "picture/"), {"picture": SimpleUploadedFile("me.png", content, "image/png")})


class TestTheBin:
    def test_deleting_offers_to_undo_and_goes_back_to_the_list(self, desk, ann):
        answer = desk.post(at(ann, "delete/?list=sort%3Dname"), follow=True)

        assert answer.redirect_chain[-1][0] == "/s/hoa-sen/customers/?sort=name"
        assert f'action="{at(ann, "restore/")}?list=sort%3Dname"' in text(answer)
        assert not Customer.objects.alive().exists()

        desk.post(at(ann, "restore/"), {"next": "/s/hoa-sen/customers/"})
        assert Customer.objects.alive().get() == ann

    def test_a_customer_in_it_says_so_and_cannot_be_changed(self, desk, ann):
        delete_customer(ann, by=SYSTEM)

        shown = text(desk.get(at(ann)))

        assert "This customer is in the bin" in shown and "Restore" in shown
        assert at(ann, "edit/") not in shown
        assert "in the bin" in text(desk.post(at(ann, "tags/"), {"tags": ["x"]}, follow=True))

    def test_lists_who_is_in_it(self, desk, shop, ann):
        delete_customer(ann, by=SYSTEM)
        create_customer(shop, name="Ben Alive")

        shown = text(desk.get("/s/hoa-sen/customers/bin/"))

        assert "Ann Lê" in shown and "Ben Alive" not in shown
        assert "/s/hoa-sen/customers/__key__/purge/" in shown

    def test_a_taken_address_keeps_them_there_in_words(self, desk, shop, ann):
        delete_customer(ann, by=SYSTEM)
        create_customer(shop, name="New", email="ann@example.com")

        assert "belongs to another customer" in text(desk.post(at(ann, "restore/"), follow=True))

    def test_removing_for_good(self, desk, shop, ann):
        delete_customer(ann, by=SYSTEM)

        answer = desk.post(at(ann, "purge/"))

        assert answer.url == "/s/hoa-sen/customers/bin/"
        assert not Customer.objects.filter(pk=ann.pk).exists()

    def test_only_from_the_bin(self, desk, ann):
        assert "not in the bin" in text(desk.post(at(ann, "purge/"), follow=True))
        assert Customer.objects.alive().get() == ann

    def test_agents_neither_delete_nor_look_into_it(self, shop, ann):
        agent = signed_in(create_staff(shop, role="agent"))

        assert agent.post(at(ann, "delete/")).status_code == 403
        assert agent.get("/s/hoa-sen/customers/bin/").status_code == 403

    def test_whose_data_was_erased_is_told(self, desk, shop, ann):
        order(shop, ann, 1001)
        anonymise(ann, by=SYSTEM)

        shown = text(desk.get(at(ann), {"tab": "orders"}))

        assert "Personal data erased" in shown and "#1001" in shown
        assert "Ann Lê" not in shown


def test_the_status_stays_in_the_timeline(desk, shop, ann, manager):
    set_status(ann, Status.objects.of(shop).get(key="potential"), by=actor(manager))

    shown = text(desk.get(at(ann)))

    assert "Status changed" in shown and "Mai Trần" in shown
