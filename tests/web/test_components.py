"""The frame: how pages answer, and what components write."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import engines
from django.test import RequestFactory, override_settings

from regulars.web import errors, pages
from regulars.web.icons import UnknownIcon, flag, icon
from regulars.web.markup import attributes, device, initials, tint

WEB = Path(pages.__file__).parent
PEOPLE = """{% extends "layout/plain.html" %}
{% from "components/tags.html" import status %}
{% block card %}<ul id="people-list">{% block people_list %}<li>{{ name }} {{ status("New") }}</li>{% endblock %}</ul>
<p id="figures">{% block figures %}1 of 2{% endblock %}</p>{% endblock %}
"""


@pytest.fixture
def people(tmp_path, settings):
    """A page of our own beside the real layouts and components."""
    (tmp_path / "people.html").write_text(PEOPLE)
    mine, *others = settings.TEMPLATES
    with override_settings(TEMPLATES=[{**mine, "DIRS": [*mine["DIRS"], tmp_path]}, *others]):
        yield "people.html"


def ask(path="/", *, method="get", **headers):
    """A request that can hold messages; `hx_target="ul#rows"` is the header HX-Target."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = getattr(RequestFactory(headers=named), method)(path)
    request._messages = CookieStorage(request)
    return request


def component(name, call, **values):
    """What a call of a macro in components/<name>.html writes."""
    macro = re.match(r"\w+", call)[0]
    source = f'{{% from "components/{name}.html" import {macro} %}}{{{{ {call} }}}}'
    return engines["jinja2"].env.from_string(source).render(values)


class TestPages:
    def test_a_plain_request_gets_the_whole_page(self, people):
        answer = pages.page(ask(), people, {"name": "Ann"}, title="People").content.decode()

        assert answer.startswith("<!doctype html>")
        assert "<title>People" in answer
        assert "Ann" in answer

    def test_htmx_gets_the_block_that_fills_its_target(self, people):
        request = ask(hx_request="true", hx_target="ul#people-list")

        answer = pages.page(request, people, {"name": "Ann <b>"}).content.decode()

        assert answer == '<li>Ann &lt;b&gt; <span class="status">New</span></li>'

    def test_other_blocks_travel_along(self, people):
        request = ask(hx_request="true", hx_target="ul#people-list")

        answer = pages.page(request, people, {"name": "Ann"}, oob=["figures"]).content.decode()

        assert answer.endswith('<hx-partial hx-target="#figures">1 of 2</hx-partial>')

    @pytest.mark.parametrize(
        "headers",
        [
            {"hx_request": "true", "hx_target": "div#unknown"},
            {"hx_request": "true", "hx_target": "ul#people-list", "hx_request_type": "full"},
            {"hx_request": "true", "hx_target": "ul#people-list", "hx_history_restore_request": "true"},
        ],
    )
    def test_htmx_gets_the_whole_page_when_no_block_is_meant(self, people, headers):
        answer = pages.page(ask(**headers), people, {"name": "Ann"}).content.decode()

        assert answer.startswith("<!doctype html>")

    def test_caches_are_told_that_parts_and_pages_share_an_address(self, people):
        assert "HX-Target" in pages.page(ask(), people, {"name": "Ann"})["Vary"]

    def test_a_blank_that_nobody_filled_is_an_error(self, people):
        with pytest.raises(Exception, match="'name' is undefined"):
            pages.page(ask(), people, {})

    def test_the_chosen_theme_is_drawn_by_the_server(self, people):
        request = ask()
        request.COOKIES["theme"] = "dark"

        assert 'data-bs-theme="dark"' in pages.page(request, people, {"name": "Ann"}).content.decode()

    def test_a_theme_we_do_not_know_is_the_systems(self, people):
        request = ask()
        request.COOKIES["theme"] = '"><script>'

        assert "data-bs-theme" not in pages.page(request, people, {"name": "Ann"}).content.decode().split("<head>")[0]

    def test_nothing_inline_that_the_content_policy_would_block(self, people):
        answer = pages.page(ask(), people, {"name": "Ann"}).content.decode()

        assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|javascript:", answer)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", answer))


class TestToasts:
    def test_a_part_brings_them_in_a_header(self, people):
        request = ask(hx_request="true", hx_target="ul#people-list")
        pages.toast(request, "Đã xoá 3", undo_url="/undo/")

        answer = pages.page(request, people, {"name": "Ann"})

        assert json.loads(answer["HX-Trigger"]) == {
            "toast": {"toasts": [{"text": "Đã xoá 3", "kind": "done", "undo": "/undo/"}]}
        }

    def test_a_whole_page_draws_them_with_undo_as_a_form(self, people):
        request = ask()
        pages.toast(request, "3 <gone>", undo_url="/undo/")

        answer = pages.page(request, people, {"name": "Ann"}).content.decode()

        assert "3 &lt;gone&gt;" in answer
        assert 'action="/undo/"' in answer

    def test_they_wait_for_the_page_after_a_redirect(self, people):
        request = ask(hx_request="true")
        pages.toast(request, "Saved")

        answer = pages.redirect(request, "/next/")

        assert "HX-Trigger" not in answer
        assert [str(message) for message in request._messages] == ["Saved"]

    def test_an_event_can_be_told_without_a_swap(self):
        request = ask(hx_request="true")
        pages.tell(request, "jobs")

        assert json.loads(pages.nothing(request)["HX-Trigger"]) == {"jobs": {}}


class TestRedirecting:
    def test_a_browser_gets_a_302(self):
        answer = pages.redirect(ask(), "/next/")

        assert (answer.status_code, answer["Location"]) == (302, "/next/")

    def test_htmx_is_told_by_header(self):
        answer = pages.redirect(ask(hx_request="true"), "/next/")

        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/next/")


class TestErrorPages:
    @pytest.mark.parametrize(
        ("view", "status"), [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)]
    )
    def test_say_what_happened_in_a_page(self, view, status):
        answer = view(ask(), None)

        assert answer.status_code == status
        assert "Nothing was changed" in answer.content.decode() or status == 400

    def test_htmx_gets_a_toast_and_keeps_its_page(self):
        answer = errors.not_found(ask(hx_request="true"), None)

        assert (answer.status_code, answer["HX-Reswap"]) == (404, "none")
        assert json.loads(answer["HX-Trigger"])["toast"]["toasts"][0]["kind"] == "problem"

    def test_a_fault_asks_nothing_of_the_database(self):
        # No django_db mark: a query would fail this test.
        answer = errors.broken(ask())

        assert answer.status_code == 500
        assert "Reference" in answer.content.decode()


class TestIcons:
    def test_are_decoration_unless_named(self):
        assert 'aria-hidden="true"' in icon("users")
        assert 'aria-label="a &#34;b&#34;"' in icon("users", label='a "b"')

    def test_an_unknown_one_says_what_to_do(self):
        with pytest.raises(UnknownIcon, match="ICONS"):
            icon("no-such-icon")

    @pytest.mark.parametrize("template", sorted(WEB.rglob("*.html")), ids=lambda path: str(path.relative_to(WEB)))
    def test_those_that_templates_name_are_vendored(self, template):
        for name in re.findall(r"""\bicon(?:_name)?(?:\(|=)"([\w-]+)\"""", template.read_text()):
            icon(name)

    def test_a_flag_needs_two_letters(self):
        assert "flag-country-vn" in flag("VN", "Vietnam")
        assert flag("") == flag("xxx") == flag('v"') == ""


class TestMarkup:
    def test_keywords_become_attributes(self):
        given = {"hx_get": "/a?b&c", "hx_target__inherited": "#x", "class_": "y", "disabled": True, "hidden": False}

        written = ' hx-get="/a?b&amp;c" hx-target:inherited="#x" class="y" disabled'
        assert attributes(given) == written

    @pytest.mark.parametrize(
        ("name", "letters"),
        [("Nguyễn Thị Hương", "NH"), ("Ann", "A"), ("", "?"), ("  ", "?"), ("(Bob) Ștefan", "Ș"), ("李 明", "李明")],
    )
    def test_initials(self, name, letters):
        assert initials(name) == letters

    def test_a_tint_stays_the_same(self):
        assert tint(7) == tint("7")
        assert 0 <= tint("any") < 6

    def test_a_browser_has_a_readable_name(self):
        assert device("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140") == "Edge · Windows"
        assert device("curl/8") == ""


class TestComponents:
    @pytest.mark.parametrize("template", sorted(WEB.rglob("*.html")), ids=lambda path: str(path.relative_to(WEB)))
    def test_every_template_compiles(self, template):
        engines["jinja2"].env.get_template(str(template.relative_to(WEB)))

    def test_a_field_is_tied_to_its_label_help_and_error(self):
        html = component("form", 'text_field("Name", "name", value=v, help="h", errors=["e"], required=True)', v='"')

        assert '<label class="form-label" for="id_name">' in html
        assert 'aria-describedby="id_name-help id_name-error"' in html
        assert 'aria-invalid="true"' in html
        assert 'value="&#34;"' in html

    def test_a_select_marks_the_chosen_options(self):
        html = component("form", 'select("T", "t", [(1, "One"), ("G", [(2, "Two")])], [2], multiple=True)')

        assert '<option value="2" selected>Two</option>' in html
        assert '<option value="1">One</option>' in html

    def test_tags_beyond_the_limit_are_counted(self):
        html = component("tags", 'tag_chips(["a", "b", "<c>"], limit=2)')

        assert "+1" in html
        assert 'title="&lt;c&gt;"' in html

    def test_a_header_says_how_it_is_sorted(self):
        class View:
            sort = "-name"

            def sort_url(self, key):
                return f"?sort={key}"

        html = component("table", 'sort_header("Name", "name", view)', view=View())

        assert 'aria-sort="descending"' in html
        assert 'href="?sort=name"' in html

    def test_a_pager_without_a_next_page_has_no_link_to_it(self):
        html = component("table", 'pager("1–50", previous_url="?p")')

        assert 'rel="prev"' in html
        assert 'rel="next"' not in html

    def test_jobs_are_polled_only_while_one_runs(self):
        jobs = [{"title": "Import", "state": "running", "percent": 5}]

        assert "every 5s" in component("jobs", 'jobs_ring(jobs, "/jobs/")', jobs=jobs)
        assert "every" not in component("jobs", 'jobs_ring([], "/jobs/")')
