"""Notes on a customer's page: who reads them, what two at once see, and how files leave."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.models import Note
from regulars.customers.note_files import Upload
from regulars.customers.operations import add_note, assign_staff, delete_note, edit_note
from regulars.customers.operations.notes import edition
from regulars.shops.models import Notification
from tests.api.asking import program
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def linh(shop):
    return create_staff(shop, name="Linh", role="agent")


@pytest.fixture
def desk(client, linh):
    client.force_login(linh.user, backend=BACKEND)
    return client


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê")


def at(customer, path=""):
    return f"/s/hoa-sen/customers/{customer.pk}/{path}"


def text(response):
    return response.content.decode()


class TestTheNotes:
    def test_show_mentions_and_nothing_of_a_script(self, desk, shop, ann, linh):
        create_staff(shop, name="<b>Mai</b>")
        add_note(ann, "<script>alert(1)</script> @<b>Mai</b>", by=actor(linh))

        shown = text(desk.get(at(ann), {"tab": "notes"}))

        assert "&lt;script&gt;" in shown and "<script>alert" not in shown
        assert '<span class="mention">@&lt;b&gt;Mai&lt;/b&gt;</span>' in shown

    def test_stand_on_every_tab_with_the_pinned_first(self, desk, ann, linh):
        add_note(ann, "Always: allergic to nuts", by=actor(linh), is_pinned=True)
        for number in range(5):
            add_note(ann, f"Note {number}.", by=actor(linh))

        beside, tab = text(desk.get(at(ann), {"tab": "orders"})), text(desk.get(at(ann), {"tab": "notes"}))

        assert beside.index("allergic") < beside.index("Note 4.") < beside.index("Note 3.")
        assert "Note 2." not in beside
        assert tab.index("allergic") < tab.index("Note 4.")

    def test_offer_colleagues_who_may_see_the_customer(self, desk, shop, ann):
        create_staff(shop, name="Mai")
        create_staff(shop, name="Own", role="agent", only_own=True)

        shown = text(desk.get(at(ann)))

        assert 'data-name="Mai"' in shown and 'data-name="Own"' not in shown and 'data-name="Linh"' not in shown

    def test_are_pinned_and_let_go(self, desk, ann, linh):
        note = add_note(ann, "tea", by=actor(create_staff(ann.shop)))

        desk.post(at(ann, f"notes/{note.pk}/pin/"), {"pinned": "1"})
        assert Note.objects.get().is_pinned
        desk.post(at(ann, f"notes/{note.pk}/pin/"))
        assert not Note.objects.get().is_pinned

    def test_ask_as_often_for_thirty_as_for_two(self, desk, ann, linh):
        create_staff(ann.shop, name="Mai")
        counts = []
        for more in (2, 28):
            for _n in range(more):
                add_note(ann, "@Mai", by=actor(linh), files=[Upload("a.txt", b"x")])
            desk.get(at(ann), {"tab": "notes"})
            with CaptureQueriesContext(connection) as asked:
                desk.get(at(ann), {"tab": "notes"})
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestTwoAtOnce:
    def test_show_what_the_other_wrote_beside_mine(self, desk, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))
        seen = edition(note)
        edit_note(note, "likes green tea", staff=create_staff(ann.shop))

        answer = desk.post(at(ann, f"notes/{note.pk}/"), {"text": "likes coffee", "seen": seen})

        assert answer.status_code == 409
        assert "likes green tea" in text(answer) and "likes coffee" in text(answer)
        again = {"text": "likes green tea and coffee", "seen": edition(Note.objects.get())}
        assert again["seen"] in text(answer)
        assert desk.post(at(ann, f"notes/{note.pk}/"), again).status_code == 302
        assert Note.objects.get().text == "likes green tea and coffee"

    def test_let_a_text_become_a_new_note_when_its_note_is_gone(self, desk, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))
        pk = note.pk
        delete_note(note, staff=linh)

        answer = desk.post(at(ann, f"notes/{pk}/"), {"text": "likes coffee", "seen": "x"})

        assert answer.status_code == 409
        assert "likes coffee" in text(answer) and f'action="{at(ann, "notes/")}?tab=' in text(answer)

    def test_a_note_that_never_was_is_not_found(self, desk, ann):
        assert desk.post(at(ann, "notes/999999/"), {"text": "x"}).status_code == 404
        assert desk.post(at(ann, f"notes/{2**70}/restore/")).status_code == 404


class TestDeleting:
    def test_offers_undo(self, desk, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))

        answer = desk.post(
            at(ann, f"notes/{note.pk}/delete/"), headers={"HX-Request": "true", "HX-Target": "div#customer-tab"}
        )

        path = at(ann, f"notes/{note.pk}/restore/")
        assert path in answer["HX-Trigger"]
        desk.post(path)
        assert Note.objects.get().text == "likes tea"


class TestFiles:
    @pytest.fixture
    def note(self, ann, linh):
        return add_note(ann, "plan", by=actor(linh), files=[Upload("Hợp đồng.html", b"<script>alert(1)</script>")])

    def test_are_sent_with_the_note(self, desk, ann):
        files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")]

        desk.post(at(ann, "notes/"), {"text": "both", "files": files})

        assert [file.name for file in Note.objects.get().files.order_by("pk")] == ["a.txt", "b.txt"]

    def test_leave_the_words_in_their_box_when_refused(self, desk, ann):
        answer = desk.post(at(ann, "notes/"), {"text": "keep me", "files": [SimpleUploadedFile("a", b"")]})

        assert answer.status_code == 422 and "keep me" in text(answer) and not Note.objects.exists()

    def test_are_never_shown_as_a_page(self, desk, ann, note):
        answer = desk.get(at(ann, f"notes/{note.pk}/files/{note.files.get().pk}/"))

        assert answer.content == b"<script>alert(1)</script>"
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"

    def test_belong_to_their_customer(self, desk, shop, ann, note):
        other = create_customer(shop, name="Ben")
        file = note.files.get().pk

        assert desk.get(at(other, f"notes/{note.pk}/files/{file}/")).status_code == 404
        assert desk.get(at(ann, f"notes/{note.pk + 1}/files/{file}/")).status_code == 404
        assert desk.get(at(ann, f"notes/{note.pk}/files/{2**70}/")).status_code == 404

    def test_are_not_there_for_who_may_not_see_the_customer(self, client, shop, ann, note):
        own = create_staff(shop, role="agent", only_own=True)
        client.force_login(own.user, backend=BACKEND)
        address = at(ann, f"notes/{note.pk}/files/{note.files.get().pk}/")

        assert client.get(address).status_code == 404
        assign_staff(ann, own, by=SYSTEM)
        assert client.get(address).status_code == 200

    def test_are_gone_with_a_deleted_note(self, desk, ann, linh, note):
        address = at(ann, f"notes/{note.pk}/files/{note.files.get().pk}/")

        delete_note(note, staff=linh)

        assert desk.get(address).status_code == 404


class TestWhatColleaguesAreTold:
    def test_leads_to_the_note(self, desk, shop, ann, linh):
        note = add_note(ann, "@Linh", by=actor(create_staff(shop, name="Mai")))

        told = Notification.objects.get()

        assert "Mai mentioned you in a note about Ann Lê" in text(desk.get("/s/hoa-sen/notifications/"))
        assert desk.get(f"/s/hoa-sen/notifications/{told.pk}/").url == f"{at(ann)}?tab=notes#note-{note.pk}"


def test_no_program_reads_them(ann, linh, shop):
    add_note(ann, "Only for the team", by=actor(linh), files=[Upload("team.txt", b"x")])

    asked = program(shop)

    assert "Only for the team" not in str(asked.ask("/customers")) + str(asked.get(f"/customers/{ann.pk}").content)
    assert asked.get("/customers", fields="note").status_code in (400, 403, 422)
