"""Getting in: first run, password, second proof, one-time links, invitations, several shops."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from regulars.shops.models import Shop, User
from regulars.web.accounts.links import first_run_link, one_time_link
from tests.browser.conftest import empty_the_database
from tests.browser.scene import open_shop
from tests.factories import create_staff, create_user

PASSWORD = "ba con mèo trắng"


def enter(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def a_person_with_a_password(name: str = "Hương Vũ"):
    staff = open_shop(person=name)
    staff.user.set_password(PASSWORD)
    staff.user.save()
    return staff


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


class TestTheFirstRun:
    @pytest.fixture(autouse=True)
    def nobody_exists(self, database):
        empty_the_database()

    def test_leads_in_four_steps_from_the_link_to_the_first_customers(self, visit):
        page = visit(path=first_run_link())
        expect(page.get_by_role("heading", name="Your account")).to_be_visible()
        expect(page.get_by_role("list", name="Steps").get_by_text("Your account")).to_have_attribute(
            "aria-current", "step"
        )
        page.get_by_label("Your name").fill("Mai Lý")
        page.get_by_label("E-mail").fill("mai@example.com")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue").click()

        expect(page.get_by_role("heading", name="Your shop")).to_be_visible()
        page.get_by_label("Name of the shop").fill("Tiệm Mai")
        country = page.locator(".ts-wrapper input").and_(page.get_by_label("Country"))
        country.fill("Philipp")
        page.get_by_role("option", name="Philippines").click()
        expect(page.locator("[name=currency]")).to_have_value("PHP")
        expect(page.locator("[name=timezone]")).to_have_value("Asia/Manila")
        page.get_by_role("button", name="Open the shop").click()

        expect(page.get_by_role("heading", name="Bring your customers")).to_be_visible()
        page.get_by_role("link", name=re.compile("show me the shop")).click()

        expect(page.get_by_role("heading", name="Your customers will stand here")).to_be_visible()
        made = Shop.objects.get()
        assert (made.name, made.currency, made.timezone) == ("Tiệm Mai", "PHP", "Asia/Manila")

    def test_says_why_a_password_is_too_weak_and_keeps_the_rest(self, visit):
        page = visit(path=first_run_link())
        page.get_by_label("Your name").fill("Mai Lý")
        page.get_by_label("E-mail").fill("mai@example.com")
        page.get_by_label("Password", exact=True).fill("12345")
        page.get_by_role("button", name="Continue").click()

        expect(page.locator(".field-error")).to_contain_text("10 characters")
        expect(page.get_by_label("E-mail")).to_have_value("mai@example.com")
        assert not User.objects.exists()

    def test_is_over_once_somebody_exists(self, visit):
        link = first_run_link()
        open_shop()

        page = visit(path=link)

        expect(page.get_by_role("heading", name="This link is used up")).to_be_visible()

    def test_without_the_link_only_tells_how_to_get_one(self, visit):
        page = visit(path="/")

        expect(page.get_by_role("heading", name="Regulars is running")).to_be_visible()
        expect(page.get_by_text("regulars link")).to_be_visible()


class TestSigningIn:
    def test_by_password_leads_to_the_customers(self, visit):
        huong = a_person_with_a_password()
        page = visit(path="/accounts/login/")

        enter(page, huong.user.email, PASSWORD)

        expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()

    def test_leads_back_to_the_page_one_wanted(self, visit):
        huong = a_person_with_a_password()
        page = visit(path=f"/s/{huong.shop.slug}/orders/?search=x")

        enter(page, huong.user.email, PASSWORD)

        expect(page).to_have_url(re.compile(r"/orders/\?search=x$"))

    def test_by_a_wrong_password_says_so_without_telling_who_exists(self, visit):
        huong = a_person_with_a_password()
        page = visit(path="/accounts/login/")
        said = []

        for email in (huong.user.email, "nobody@example.com"):
            enter(page, email, "not this one")
            expect(page.get_by_role("alert")).to_be_visible()
            said.append(page.get_by_role("alert").inner_text())

        assert said[0] == said[1]

    def test_asks_for_the_second_proof_of_those_who_have_one(self, visit):
        huong = a_person_with_a_password()
        secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        TOTP.activate(huong.user, secret)
        page = visit(path="/accounts/login/")
        enter(page, huong.user.email, PASSWORD)

        page.get_by_label(re.compile("code", re.IGNORECASE)).fill(code_of(secret))
        page.get_by_role("button", name=re.compile("Sign in|Continue|Confirm")).first.click()

        expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()

    def test_ends_by_signing_out(self, visit):
        huong = a_person_with_a_password()
        page = visit(huong, "customers/")

        page.get_by_role("button", name=re.compile("^You:")).click()
        page.get_by_role("menuitem", name="Sign out").click()

        page.goto(f"/s/{huong.shop.slug}/customers/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


class TestAOneTimeLink:
    def test_signs_in_once(self, visit):
        huong = open_shop(person="Hương Vũ")
        link = one_time_link(huong.user, f"/s/{huong.shop.slug}/customers/")

        page = visit(path=link)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()

        other = visit(path=link)
        expect(other.get_by_role("heading", name="This link is used up")).to_be_visible()


class TestAnInvitation:
    def test_brings_somebody_new_into_the_shop(self, visit):
        owner = open_shop(person="Hương Vũ")
        page = visit(owner, "settings/staff/")
        page.get_by_role("link", name="Invite somebody").click()
        form = page.get_by_role("dialog", name="Invite somebody")
        form.get_by_label("E-mail").fill("an@example.com")
        form.get_by_label("Role").select_option(label="Agent")
        form.get_by_role("button", name="Invite").click()
        link = page.get_by_label("Link to hand over").input_value()

        guest = visit(path="/" + link.split("/", 3)[3])
        expect(guest.get_by_role("heading", name="Join Hoa Sen")).to_be_visible()
        guest.get_by_label("Your name").fill("An Trần")
        guest.get_by_label("Password", exact=True).fill(PASSWORD)
        guest.get_by_role("button", name="Join").click()

        expect(guest.get_by_role("heading", name="Your customers will stand here")).to_be_visible()
        expect(guest.get_by_role("link", name="Settings")).to_have_count(0)
        page.goto(f"/s/{owner.shop.slug}/settings/staff/")
        expect(page.get_by_role("row", name=re.compile("An Trần"))).to_contain_text("Agent")


class TestSeveralShops:
    def test_are_switched_by_the_name_on_top(self, visit):
        here = open_shop("Hoa Sen")
        there = create_staff(open_shop("Áo Dài").shop, user=here.user)
        page = visit(here, "customers/")

        page.get_by_role("button", name="Hoa Sen").click()
        page.get_by_role("menuitem", name=re.compile("Áo Dài")).click()

        expect(page).to_have_url(re.compile(f"/s/{there.shop.slug}/"))
        expect(page.get_by_role("button", name="Áo Dài")).to_be_visible()

    def test_of_others_do_not_exist(self, visit):
        stranger = open_shop("Elsewhere")
        page = visit(open_shop(person="Hương Vũ"))

        answer = page.goto(f"/s/{stranger.shop.slug}/customers/")

        assert answer.status == 404
        page.get_by_role("link", name="Back to the start").click()
        expect(page.get_by_role("heading", name="Your customers will stand here")).to_be_visible()


class TestTheTheme:
    def test_is_drawn_by_the_server_from_the_first_byte(self, visit):
        page = visit(open_shop(), "customers/")
        page.get_by_role("button", name=re.compile("^You:")).click()

        page.get_by_role("menuitemradio", name="Dark").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

        with page.expect_response(re.compile("/customers/$")) as answer:
            page.reload()
        assert 'data-bs-theme="dark"' in answer.value.text()[:400]

    def test_follows_the_person_to_another_browser(self, visit):
        lan = open_shop()
        page = visit(lan, "customers/")
        page.get_by_role("button", name=re.compile("^You:")).click()
        with page.expect_response(re.compile("/me/theme")):
            page.get_by_role("menuitemradio", name="Dark").click()

        elsewhere = visit(lan, "customers/")

        expect(elsewhere.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_someone_without_a_shop_is_told_so(visit, database):
    open_shop()
    user = create_user(name="Minh Châu")
    page = visit(path=one_time_link(user, "/"))

    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Hello, Minh Châu")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("work in no shop")
