"""What is set and said on a customer's page: states, notes, the timeline."""

import pytest

from regulars.customers.models import Note, Status, Tag
from regulars.customers.operations import add_note, delete_customer, set_status, tag_customer
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.web.customers.desk import at, kinds_of, part, text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


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


def test_the_status_stays_in_the_timeline(desk, shop, ann, manager):
    set_status(ann, Status.objects.of(shop).get(key="potential"), by=actor(manager))

    shown = text(desk.get(at(ann)))

    assert "Status changed" in shown and "Mai Trần" in shown
