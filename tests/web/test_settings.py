"""Settings of a shop: every change by POST, refusals in the form."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from regulars.customers import labels
from regulars.customers.labels import customers_by_tag, retire_tag
from regulars.customers.models import Customer, Status, Tag
from regulars.customers.operations import add_status, add_tag, set_status
from regulars.events.models import Event
from regulars.segments.operations import create_segment
from regulars.shops.models import Channel, Invitation, JobRun, Shop, Staff
from regulars.shops.operations import deactivate_staff, invite
from regulars.shops.operations.shop import CHANGEABLE
from regulars.shops.permissions import Permission, Role, role_may
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def owner(shop, client):
    """An owner, signed in."""
    staff = create_staff(shop, role="owner", name="Linh")
    client.force_login(staff.user, backend=BACKEND)
    return staff


def at(shop, path=""):
    return f"/s/{shop.slug}/settings/{path}"


def text(response):
    return response.content.decode()


def names(model, shop):
    return list(model.objects.of(shop).values_list("name", flat=True))


def settings_of(shop, **changes):
    return {field: getattr(shop, field) for field in CHANGEABLE} | changes


class TestTheShop:
    def test_is_shown_with_a_currency_that_cannot_be_changed(self, client, owner, shop):
        page = text(client.get(at(shop)))

        assert re.search(r'value="Vietnamese Dong \(VND\)"[^>]*disabled', page)

    def test_changes_and_says_so_on_the_next_page(self, client, owner, shop):
        response = client.post(at(shop), settings_of(shop, name="Hoa Đào", language="vi"), follow=True)

        shop.refresh_from_db()
        assert (shop.name, shop.language, shop.currency) == ("Hoa Đào", "vi", "VND")
        assert "Saved." in text(response)

    def test_counts_all_figures_anew_when_other_orders_count(self, client, owner, shop):
        response = client.post(at(shop), settings_of(shop, order_counter="delivered"), follow=True)

        assert Shop.objects.get().order_counter == "delivered"
        assert "counted anew" in text(response)
        assert _waiting("refresh_shop_figures") == 1

    def test_keeps_what_it_was_when_the_form_is_wrong(self, client, owner, shop):
        response = client.post(at(shop), settings_of(shop, name="  ", timezone="Mars/Olympus"))

        assert response.status_code == 422
        assert "field-error" in text(response)
        shop.refresh_from_db()
        assert (shop.name, shop.timezone) == ("Hoa Sen", "Asia/Ho_Chi_Minh")

    def test_shows_a_name_that_looks_like_a_script_as_it_is(self, client, owner, shop):
        page = client.post(at(shop), settings_of(shop, name="<script>alert(1)</script>"), follow=True)

        assert "<script>alert(1)" not in text(page)
        assert "&lt;script&gt;alert(1)" in text(page)


def _waiting(job):
    return ProcrastinateJob.objects.filter(task_name__endswith=job, status="todo").count()


class TestStaff:
    def test_are_listed_with_what_they_may_and_how_they_sign_in(self, client, owner, shop):
        create_staff(shop, role="agent", name="Mai", only_own=True)
        left = create_staff(shop, role="viewer", name="Bo")
        deactivate_staff(left, by=SYSTEM)
        Authenticator.objects.create(user=owner.user, type="totp", data={})

        page = text(client.get(at(shop, "staff/")))

        assert "own customers only" in page
        assert re.search(r"Linh.*?On.*?Mai", page, re.S) or re.search(r"Mai.*?Off.*?Linh.*?On", page, re.S)
        assert page.index(">Mai<") < page.index(">Bo<")

    def test_get_another_role(self, client, owner, shop):
        mai = create_staff(shop, role="viewer")

        client.post(at(shop, f"staff/{mai.pk}/"), {"role": "agent", "only_own": "on"})

        mai.refresh_from_db()
        assert (mai.role, mai.only_own) == ("agent", True)

    def test_lose_and_get_back_access(self, client, owner, shop):
        mai = create_staff(shop, role="agent")
        seen = []

        for active in ("0", "1"):
            client.post(at(shop, f"staff/{mai.pk}/access"), {"active": active})
            seen.append(Staff.objects.get(pk=mai.pk).is_active)

        assert seen == [False, True]

    def test_the_last_owner_stays(self, client, owner, shop):
        role = client.post(at(shop, f"staff/{owner.pk}/"), {"role": "viewer"})
        access = client.post(at(shop, f"staff/{owner.pk}/access"), {"active": "0"})

        assert (role.status_code, access.status_code) == (422, 422)
        assert "is the only owner" in text(role) and "is the only owner" in text(access)
        owner.refresh_from_db()
        assert (owner.role, owner.is_active) == ("owner", True)

    def test_who_makes_themselves_less_lands_where_they_may_be(self, client, owner, shop):
        create_staff(shop, role="owner")

        response = client.post(at(shop, f"staff/{owner.pk}/"), {"role": "agent"})

        assert response.url == f"/s/{shop.slug}/customers/"

    def test_a_manager_sees_them_but_changes_nothing(self, client, shop):
        manager, mai = create_staff(shop, role="manager"), create_staff(shop, role="agent")
        client.force_login(manager.user, backend=BACKEND)

        page = text(client.get(at(shop, "staff/")))

        assert "Only an owner can change this" in page
        assert "Invite somebody" not in page
        assert client.post(at(shop, f"staff/{mai.pk}/"), {"role": "owner"}).status_code == 403
        assert Staff.objects.get(pk=mai.pk).role == "agent"

    def test_asks_as_often_for_twelve_people_as_for_two(self, client, owner, shop):
        client.get(at(shop, "staff/"))
        counts = []
        for more in (1, 10):
            for _number in range(more):
                create_staff(shop, role="agent")
            with CaptureQueriesContext(connection) as asked:
                client.get(at(shop, "staff/"))
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestInvitations:
    def ask(self, client, shop, **facts):
        return client.post(at(shop, "staff/invite/"), {"email": "mai@example.com", "role": "agent", **facts})

    def test_show_their_link_once(self, client, owner, shop):
        page = text(self.ask(client, shop, only_own="on"))

        link = re.search(r'data-copy="(http://testserver/join/[^"]+/)"', page)[1]
        made = Invitation.objects.get()
        assert (made.email, made.role, made.only_own) == ("mai@example.com", "agent", True)
        assert made.token_hash not in page
        assert link not in text(client.get(at(shop, "staff/")))
        assert client.get(link).status_code == 200

    def test_are_sent_when_there_is_a_mail_server(self, client, owner, shop):
        page = text(self.ask(client, shop))

        assert mail.outbox[0].to == ["mai@example.com"]
        assert re.search(r"http://testserver/join/\S+", mail.outbox[0].body)[0] in page
        assert "on its way" in page

    def test_are_made_also_when_mail_cannot_be_sent(self, client, owner, shop, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        page = text(self.ask(client, shop))

        assert "/join/" in page
        assert "on its way" not in page

    def test_are_refused_for_who_is_here_and_for_no_address(self, client, owner, shop):
        here = self.ask(client, shop, email=owner.user.email)
        nobody = self.ask(client, shop, email="mai at home")

        assert (here.status_code, nobody.status_code) == (422, 422)
        assert "already works in this shop" in text(here)
        assert not Invitation.objects.exists()

    def test_can_be_withdrawn(self, client, owner, shop):
        made, token = invite(shop, "mai@example.com", "agent", by=SYSTEM)

        client.post(at(shop, f"invitations/{made.pk}/withdraw"))

        assert client.get(f"/join/{token}/").status_code == 410


class TestRoles:
    def test_are_explained_as_the_permissions_say(self, client, owner, shop):
        page = text(client.get(at(shop, "roles/")))

        allowed = sum(role_may(role, permission) for role in Role for permission in Permission)
        assert page.count('aria-label="Yes"') == allowed
        assert page.count('aria-label="No"') == len(Role) * len(Permission) - allowed


class TestStatuses:
    def test_are_added_with_a_colour(self, client, owner, shop):
        client.post(at(shop, "statuses/"), {"name": "Đại lý", "colour": "teal"})

        assert Status.objects.of(shop).get(name="Đại lý").colour == "teal"

    @pytest.mark.parametrize("name", ["", "closed order", "x" * 61])
    def test_are_refused_in_the_form(self, client, owner, shop, name):
        before = names(Status, shop)

        response = client.post(at(shop, "statuses/"), {"name": name, "colour": "grey"})

        assert response.status_code == 422
        assert "field-error" in text(response)
        assert names(Status, shop) == before

    def test_are_renamed_and_coloured(self, client, owner, shop):
        status = Status.objects.of(shop).first()

        client.post(at(shop, f"statuses/{status.pk}/"), {"name": "Called twice", "colour": "pink"})

        status.refresh_from_db()
        assert (status.name, status.colour) == ("Called twice", "pink")

    def test_do_not_take_another_s_name(self, client, owner, shop):
        first, second, *_rest = Status.objects.of(shop)

        response = client.post(at(shop, f"statuses/{first.pk}/"), {"name": second.name, "colour": "grey"})

        assert response.status_code == 422
        assert Status.objects.get(pk=first.pk).name == first.name

    def test_move_by_button(self, client, owner, shop):
        ids = list(Status.objects.of(shop).values_list("pk", flat=True))

        client.post(at(shop, "statuses/order"), {"ids": ids, "down": ids[0]})
        client.post(at(shop, "statuses/order"), {"ids": [ids[1], ids[0], *ids[2:]], "up": ids[1]})

        assert list(Status.objects.of(shop).values_list("pk", flat=True)) == [ids[1], ids[0], *ids[2:]]

    def test_move_by_dragging_and_ignore_what_is_not_theirs(self, client, owner, shop):
        ids = list(Status.objects.of(shop).values_list("pk", flat=True))
        foreign = add_status(create_shop("There"), "Foreign", by=SYSTEM)

        client.post(at(shop, "statuses/order"), {"ids": [foreign.pk, *reversed(ids), "x"]})

        assert list(Status.objects.of(shop).values_list("pk", flat=True)) == ids[::-1]

    def test_are_removed_when_nobody_has_them(self, client, owner, shop):
        status = Status.objects.of(shop).first()

        client.post(at(shop, f"statuses/{status.pk}/remove"))

        assert status.name not in names(Status, shop)

    def test_ask_where_everybody_goes_who_has_them(self, client, owner, shop):
        ann, (status, other) = create_customer(shop), Status.objects.of(shop)[:2]
        set_status(ann, status, by=SYSTEM)

        page = text(client.get(at(shop, f"statuses/{status.pk}/remove")))
        client.post(at(shop, f"statuses/{status.pk}/remove"), {"successor": other.pk})

        assert "1 customer" in page
        assert status.name not in names(Status, shop)
        ann.refresh_from_db()
        assert ann.status == other

    def test_go_to_none_but_this_shop_s(self, client, owner, shop):
        status, theirs = Status.objects.of(shop).first(), Status.objects.of(create_shop("Other")).first()

        response = client.post(at(shop, f"statuses/{status.pk}/remove"), {"successor": theirs.pk})

        assert response.status_code == 422
        assert status.name in names(Status, shop)


class TestTags:
    def test_show_how_many_have_them_and_lead_there(self, client, owner, shop):
        vip = add_tag(shop, "Rich & famous", by=SYSTEM)
        _give(vip, 2)

        page = text(client.get(at(shop, "tags/")))

        assert "2 customers" in page
        link = re.search(r'href="(/s/[^"]+\?where=[^"]+)"', page)[1]
        assert "2" in text(client.get(link.replace("&amp;", "&")))

    def test_say_before_removing_what_asks_for_them(self, client, owner, shop):
        create_customer(shop, name="Ann", tags="VIP")
        create_segment(shop, name="Dear ones", where="tags CONTAINS 'vip'", by=SYSTEM)

        page = text(client.get(at(shop, "tags/")))

        assert "These cannot be asked any more without it: the segment “Dear ones”." in page

    def test_go_from_everybody_and_say_from_how_many(self, client, owner, shop):
        vip = add_tag(shop, "VIP", by=SYSTEM)
        _give(vip, 3)

        response = client.post(at(shop, f"tags/{vip.pk}/remove"), follow=True)

        assert "from 3 customers" in text(response)
        assert not Tag.objects.of(shop).exists()
        assert not Customer.objects.of(shop).exclude(tag_ids=[]).exists()
        assert Event.objects.filter(kind="customer.tagged", data__removed=[vip.pk]).count() == 3

    def test_of_very_many_go_in_the_background(self, owner, shop, monkeypatch):
        monkeypatch.setattr(labels, "AT_ONCE", 1)
        vip = add_tag(shop, "VIP", by=SYSTEM)
        _give(vip, 2)

        run = retire_tag(vip, staff=owner)

        assert (run.state, run.total) == (JobRun.State.WAITING, 2)
        while labels.untag_next_part(run):
            pass
        assert run.done == 2
        assert customers_by_tag(shop) == {}

    def test_written_differently_are_one(self, client, owner, shop):
        add_tag(shop, "VIP", by=SYSTEM)

        response = client.post(at(shop, "tags/"), {"name": " vip ", "colour": "grey"})

        assert response.status_code == 422
        assert names(Tag, shop) == ["VIP"]


def _give(tag, count):
    for _number in range(count):
        ann = create_customer(tag.shop)
        Customer.objects.filter(pk=ann.pk).update(tag_ids=[tag.pk])


class TestChannels:
    def test_are_added_and_renamed_but_keep_their_key(self, client, owner, shop):
        client.post(at(shop, "channels/"), {"name": "Chợ đêm"})
        market = Channel.objects.of(shop).get(name="Chợ đêm")

        client.post(at(shop, f"channels/{market.pk}/"), {"name": "Night market"})

        market.refresh_from_db()
        assert (market.name, market.key) == ("Night market", "cho-dem")

    def test_exist_once(self, client, owner, shop):
        response = client.post(at(shop, "channels/"), {"name": "Tik Tok"})

        assert response.status_code == 422


class TestADialog:
    def test_comes_alone_and_comes_back_with_its_errors(self, client, owner, shop):
        asked = {"HX-Request": "true", "HX-Target": "div#dialog-body"}
        status = Status.objects.of(shop).first()

        shown = text(client.get(at(shop, f"statuses/{status.pk}/"), headers=asked))
        refused = client.post(at(shop, f"statuses/{status.pk}/"), {"name": "", "colour": "grey"}, headers=asked)
        done = client.post(at(shop, f"statuses/{status.pk}/"), {"name": "Met", "colour": "grey"}, headers=asked)

        assert "<html" not in shown and status.name in shown
        assert (refused.status_code, "<html" in text(refused)) == (422, False)
        assert done["HX-Redirect"] == at(shop, "statuses/")
