"""Notes of the team: pinned, with colleagues named in them and files on them, and never lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.customers import note_files
from regulars.customers.errors import (
    EmptyFile,
    EmptyNote,
    FileTooLarge,
    NoteChanged,
    NoteGone,
    NotYourNote,
    TooManyFiles,
)
from regulars.customers.mentions import names_of, parts_of, who_may_be_mentioned
from regulars.customers.models import Note, NoteFile
from regulars.customers.note_files import Upload, file_name, remove_laid_aside
from regulars.customers.operations import (
    add_note,
    anonymise,
    assign_staff,
    delete_customer,
    delete_note,
    edit_note,
    pin_note,
    purge,
    remove_note_file,
    restore_note,
)
from regulars.customers.operations.notes import edition
from regulars.customers.timeline import timeline
from regulars.events.models import Event
from regulars.shops.models import Notification
from regulars.shops.operations import deactivate_staff
from regulars.shops.operations.notifications import worded
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def linh(shop):
    return create_staff(shop, name="Linh Đào", role="agent")


@pytest.fixture
def mai(shop):
    return create_staff(shop, name="Mai", role="agent")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", email="ann@example.com")


def told(staff):
    return Notification.objects.filter(staff=staff, kind="note.mentioned")


class TestMentioning:
    def test_tells_the_colleague_once(self, ann, linh, mai):
        note = add_note(ann, "@linh đào please call, @Linh Đào!", by=actor(mai))

        assert note.mentioned_ids == [linh.pk]
        notification = told(linh).get()
        assert notification.url == f"customers/{ann.pk}/?tab=notes#note-{note.pk}"
        assert worded(linh, [notification])[0]["text"] == "Mai mentioned you in a note about Ann Lê"

    def test_keeps_no_contact_data(self, shop, linh, mai):
        nobody = create_customer(shop, email="ann@example.com", phone="0912345678")
        add_note(nobody, "@Linh Đào", by=actor(mai))

        notification = told(linh).get()

        assert "ann@example.com" not in str(notification.data)
        assert f"#{nobody.pk}" in worded(linh, [notification])[0]["text"]

    def test_does_not_tell_the_author(self, ann, linh):
        assert add_note(ann, "@Linh Đào (me)", by=actor(linh)).mentioned_ids == [linh.pk]

        assert not told(linh).exists()

    def test_means_whole_names_only(self, ann, linh, mai):
        note = add_note(ann, "@Maik, @Linh and mail@Mai, @@Mai", by=actor(linh))

        assert note.mentioned_ids == []

    def test_means_the_longest_name(self, shop, ann, mai):
        longer = create_staff(shop, name="Mai Anh")

        assert add_note(ann, "@Mai Anh", by=SYSTEM).mentioned_ids == [longer.pk]

    def test_means_both_of_one_name(self, shop, ann, mai):
        other = create_staff(shop, name="Mai")

        assert set(add_note(ann, "@Mai", by=SYSTEM).mentioned_ids) == {mai.pk, other.pk}

    def test_passes_over_who_may_not_see_the_customer(self, shop, ann, linh):
        own = create_staff(shop, name="Own", role="agent", only_own=True)
        gone = deactivate_staff(create_staff(shop, name="Gone"), by=SYSTEM)
        create_staff(name="Elsewhere")

        note = add_note(ann, "@Own @Gone @Elsewhere", by=actor(linh))

        assert note.mentioned_ids == []
        assert not Notification.objects.exists()
        assert {own, gone}.isdisjoint(who_may_be_mentioned(ann))

    def test_asks_as_often_for_a_large_team_as_for_none(self, shop, ann, django_assert_num_queries):
        agents = [create_staff(shop, name=f"Agent {n}", role="agent", only_own=True) for n in range(5)]
        assign_staff(ann, agents[0], by=SYSTEM)
        ann.refresh_from_db()

        with django_assert_num_queries(1):
            assert agents[0] in who_may_be_mentioned(ann)

    def test_reaches_an_agent_who_is_responsible(self, shop, ann):
        own = create_staff(shop, name="Own", role="agent", only_own=True)
        assign_staff(ann, own, by=SYSTEM)

        assert add_note(ann, "@Own", by=SYSTEM).mentioned_ids == [own.pk]

    def test_tells_who_is_newly_named_when_it_changes(self, ann, linh, mai):
        boss = create_staff(ann.shop, name="Boss")
        note = add_note(ann, "@Mai", by=actor(boss))

        edit_note(note, "@Mai and @Linh Đào", staff=boss)
        edit_note(note, "@Mai and @Linh Đào!", staff=boss)

        assert (told(mai).count(), told(linh).count()) == (1, 1)

    def test_says_nothing_of_a_customer_one_sees_no_more(self, shop, ann, linh):
        own = create_staff(shop, name="Own", role="agent", only_own=True)
        assign_staff(ann, own, by=SYSTEM)
        add_note(ann, "@Own", by=actor(linh))

        assign_staff(ann, linh, by=SYSTEM)

        assert "Ann" not in worded(own, [told(own).get()])[0]["text"]

    def test_shows_where_it_is(self, ann, linh, mai):
        note = add_note(ann, "Ask @Mai.", by=actor(linh))

        assert parts_of(note, names_of([note])) == [("Ask ", False), ("@Mai", True), (".", False)]
        assert parts_of(note, {}) == [("Ask @Mai.", False)]


class TestPinning:
    def test_is_for_everybody_who_edits(self, ann, linh, mai):
        note = add_note(ann, "likes tea", by=actor(linh))

        pin_note(note, True, by=actor(mai))
        pin_note(note, True, by=actor(mai))

        note.refresh_from_db()
        assert note.is_pinned
        assert Event.objects.filter(kind="customer.note_pinned").count() == 1

    def test_a_note_that_is_gone(self, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))
        Note.objects.all().delete()

        with pytest.raises(NoteGone):
            pin_note(note, True, by=actor(linh))


class TestTwoAtOnce:
    def test_the_second_is_asked_and_nothing_is_lost(self, ann, linh):
        boss = create_staff(ann.shop)
        note = add_note(ann, "likes tea", by=actor(linh))
        seen = edition(note)
        edit_note(note, "likes green tea", staff=linh, seen=seen)

        with pytest.raises(NoteChanged) as refusal:
            edit_note(note, "likes coffee", staff=boss, seen=seen)

        assert refusal.value.details["text"] == "likes green tea"
        note.refresh_from_db()
        assert note.text == "likes green tea"

        edit_note(note, "likes green tea and coffee", staff=boss, seen=edition(note))
        changes = [entry["changes"] for entry in timeline(ann, boss) if entry["kind"] == "customer.note_changed"]
        assert len(changes) == 2

    def test_the_same_text_is_no_conflict(self, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))
        seen = edition(note)
        edit_note(note, "likes coffee", staff=linh, seen=seen)

        assert edit_note(note, "likes coffee", staff=linh, seen=seen).text == "likes coffee"

    def test_a_note_that_was_deleted_meanwhile(self, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))
        stale = Note.objects.get()
        delete_note(note, staff=linh)

        with pytest.raises(NoteGone):
            edit_note(stale, "likes coffee", staff=linh)


class TestDeleting:
    def test_can_be_undone_as_it_was(self, ann, linh, mai):
        note = add_note(ann, "ask @Mai", by=actor(linh), files=[Upload("a.txt", b"tea")], is_pinned=True)
        before = Note.objects.values().get()
        pk = note.pk

        delete_note(note, staff=linh)
        assert not Note.objects.exists() and not told(mai).exists()
        restore_note(ann, pk, staff=linh)

        assert Note.objects.values().get() == before
        assert bytes(Note.objects.get().files.get().content) == b"tea"
        assert not told(mai).exists()

    def test_is_undone_once(self, ann, linh):
        note = add_note(ann, "likes tea", by=actor(linh))
        pk = note.pk
        delete_note(note, staff=linh)
        restore_note(ann, pk, staff=linh)

        with pytest.raises(NoteGone):
            restore_note(ann, pk, staff=linh)
        with pytest.raises(NoteGone):
            restore_note(ann, pk + 1, staff=linh)

    def test_is_undone_by_who_did_it_or_a_manager(self, ann, linh, mai):
        note = add_note(ann, "likes tea", by=actor(linh))
        pk = note.pk
        delete_note(note, staff=linh)

        with pytest.raises(NotYourNote):
            restore_note(ann, pk, staff=mai)
        assert restore_note(ann, pk, staff=create_staff(ann.shop, role="manager")).pk == pk

    def test_is_not_for_others(self, ann, linh, mai):
        note = add_note(ann, "likes tea", by=actor(linh))

        with pytest.raises(NotYourNote):
            delete_note(note, staff=mai)
        assert Note.objects.exists()

    def test_forgets_the_files_after_a_day(self, ann, linh):
        note = add_note(ann, "plan", by=actor(linh), files=[Upload("a.txt", b"tea")])
        add_note(ann, "other plan", by=actor(linh), files=[Upload("b.txt", b"tea")])
        delete_note(note, staff=linh)

        assert remove_laid_aside() == 0
        NoteFile.objects.filter(removed_at__isnull=False).update(removed_at=timezone.now() - timedelta(days=2))

        assert remove_laid_aside() == 1
        assert NoteFile.objects.get().name == "b.txt"


class TestFiles:
    def test_are_kept_as_they_came(self, ann, linh):
        raw = bytes(range(256))

        note = add_note(ann, "scan", by=actor(linh), files=[Upload("scan.pdf", raw), Upload("no ending", b"x")])

        scan, other = note.files.order_by("pk")
        assert (scan.name, scan.size, bytes(scan.content), scan.content_type) == (
            "scan.pdf",
            256,
            raw,
            "application/pdf",
        )
        assert other.content_type == "application/octet-stream"

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("C:\\Users\\me\\..\\plan.docx", "plan.docx"),
            ("../../etc/passwd", "passwd"),
            ("Hợp đồng.pdf", "Hợp đồng.pdf"),
            ("invoice\u202efdp.exe", "invoicefdp.exe"),
            ("a\r\nX-Evil: 1.txt", "a X-Evil: 1.txt"),
            ("...", "file"),
            ("", "file"),
            ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ],
    )
    def test_have_a_clean_name(self, sent, kept):
        assert file_name(sent) == kept

    def test_are_few_and_small(self, ann, linh, monkeypatch):
        monkeypatch.setattr(note_files, "MOST_BYTES", 10)
        six = [Upload(f"{n}.txt", b"x") for n in range(6)]

        for files, refusal in (
            (six, TooManyFiles),
            ([Upload("big", b"x" * 11)], FileTooLarge),
            ([Upload("none", b"")], EmptyFile),
        ):
            with pytest.raises(refusal):
                add_note(ann, "plan", by=actor(linh), files=files)

        assert not Note.objects.exists() and not NoteFile.objects.exists()

    def test_are_counted_with_those_there(self, ann, linh):
        note = add_note(ann, "plan", by=actor(linh), files=[Upload(f"{n}", b"x") for n in range(4)])

        with pytest.raises(TooManyFiles):
            edit_note(note, "plan", staff=linh, files=[Upload("5", b"x"), Upload("6", b"x")])
        edit_note(note, "plan", staff=linh, files=[Upload("5", b"x")])

        assert note.files.count() == 5

    def test_come_and_go_with_words_in_the_timeline(self, ann, linh, mai):
        note = add_note(ann, "plan", by=actor(linh))
        edit_note(note, "plan", staff=linh, files=[Upload("a.txt", b"x")])

        with pytest.raises(NotYourNote):
            remove_note_file(note.files.get(), staff=mai)
        remove_note_file(note.files.get(), staff=linh)

        assert not NoteFile.objects.exists()
        kinds = {entry["kind"] for entry in timeline(ann, linh)}
        assert {"customer.note_file_added", "customer.note_file_removed"} <= kinds

    def test_need_words_beside_them(self, ann, linh):
        with pytest.raises(EmptyNote):
            add_note(ann, " ", by=actor(linh), files=[Upload("a.txt", b"x")])


class TestForgettingSomebody:
    @pytest.fixture(params=["anonymise", "purge"])
    def forget(self, request, ann):
        def erase():
            if request.param == "purge":
                delete_customer(ann, by=SYSTEM)
                purge(ann, by=SYSTEM)
            else:
                anonymise(ann, by=SYSTEM)

        return erase

    def test_takes_notes_files_and_what_colleagues_were_told(self, ann, linh, mai, forget):
        add_note(ann, "@Mai", by=actor(linh), files=[Upload("a.txt", b"x")])
        deleted = add_note(ann, "secret", by=actor(linh), files=[Upload("b.txt", b"x")])
        delete_note(deleted, staff=linh)

        forget()

        assert not Note.objects.exists() and not NoteFile.objects.exists() and not Notification.objects.exists()
        assert "secret" not in str(list(Event.objects.values_list("data", flat=True)))
