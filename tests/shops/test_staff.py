"""Who works in a shop: roles, invitations, and the owner who cannot leave."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.shops.errors import (
    AccountExists,
    AlreadyStaff,
    InvitationForAnother,
    InvitationGone,
    LastOwner,
)
from regulars.shops.models import Invitation, Staff, User
from regulars.shops.operations import (
    accept_invitation,
    add_staff,
    change_staff,
    deactivate_staff,
    invite,
    reactivate_staff,
    withdraw_invitation,
)
from regulars.shops.operations.invitations import find_invitation
from regulars.shops.queries import shops_of, staff_of
from tests.factories import SYSTEM, create_shop, create_staff, create_user

PASSWORD = "correct horse battery"


@pytest.mark.django_db
class TestStaff:
    def test_change_is_recorded_with_old_and_new(self):
        mai = create_staff(role="agent")

        change_staff(mai, role="manager", only_own=True, by=SYSTEM)

        changes = Event.objects.get(kind="staff.changed").data["changes"]
        assert changes == {"role": ["agent", "manager"], "only_own": [False, True]}

    def test_who_left_has_no_shop_and_can_come_back_as_the_same(self):
        mai = create_staff(role="agent")

        deactivate_staff(mai, by=SYSTEM)
        left = shops_of(mai.user)
        back = add_staff(mai.shop, mai.user, "viewer", by=SYSTEM)

        assert left == []
        assert (back, back.role, staff_of(mai.shop, mai.user)) == (mai, "viewer", mai)

    def test_cannot_be_added_twice(self):
        mai = create_staff()

        with pytest.raises(AlreadyStaff):
            add_staff(mai.shop, mai.user, "agent", by=SYSTEM)

    def test_has_one_of_four_roles(self):
        with pytest.raises(BadValue):
            create_staff(role="emperor")


@pytest.mark.django_db
class TestTheLastOwner:
    def test_cannot_leave_or_become_less(self):
        ann = create_staff(role="owner")
        create_staff(ann.shop, role="manager")

        with pytest.raises(LastOwner):
            deactivate_staff(ann, by=SYSTEM)
        with pytest.raises(LastOwner):
            change_staff(ann, role="manager", by=SYSTEM)

        ann.refresh_from_db()
        assert (ann.role, ann.is_active) == ("owner", True)

    def test_can_when_there_is_another(self):
        ann = create_staff(role="owner")
        create_staff(ann.shop, role="owner")

        assert change_staff(ann, role="agent", by=SYSTEM).role == "agent"
        assert reactivate_staff(deactivate_staff(ann, by=SYSTEM), by=SYSTEM).is_active


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_demote_each_other_at_once_one_stays():
    ann = create_staff(role="owner")
    bo = create_staff(ann.shop, role="owner")
    ready = Barrier(2)

    def demote(staff):
        try:
            ready.wait(timeout=10)
            change_staff(staff, role="viewer", by=SYSTEM)
        except LastOwner:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(demote, [ann, bo]))

    assert outcomes == ["done", "refused"]
    assert Staff.objects.of(ann.shop).filter(role="owner").count() == 1


@pytest.mark.django_db
class TestAnInvitation:
    def test_makes_a_new_person_who_can_sign_in(self):
        shop = create_shop()
        _invitation, token = invite(shop, "Mai@Example.com", "agent", only_own=True, by=SYSTEM)

        mai = accept_invitation(token, name="Mai", password=PASSWORD)

        assert (mai.shop, mai.role, mai.only_own, mai.user.email) == (shop, "agent", True, "mai@example.com")
        assert mai.user.check_password(PASSWORD)

    def test_is_stored_as_a_hash_only(self):
        invitation, token = invite(create_shop(), "mai@example.com", "agent", by=SYSTEM)

        assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
        assert find_invitation(token) == invitation

    def test_works_once(self):
        _invitation, token = invite(create_shop(), "mai@example.com", "agent", by=SYSTEM)
        accept_invitation(token, password=PASSWORD)

        with pytest.raises(InvitationGone):
            accept_invitation(token, password=PASSWORD)

    def test_ends(self):
        _late, token = invite(create_shop(), "mai@example.com", "agent", by=SYSTEM, valid_for=timedelta(seconds=-1))

        with pytest.raises(InvitationGone):
            accept_invitation(token, password=PASSWORD)
        assert not User.objects.filter(email="mai@example.com").exists()

    def test_is_replaced_by_the_next_and_can_be_withdrawn(self):
        shop = create_shop()
        _first, old = invite(shop, "mai@example.com", "agent", by=SYSTEM)
        second, new = invite(shop, "mai@example.com", "manager", by=SYSTEM)

        with pytest.raises(InvitationGone):
            find_invitation(old)
        withdraw_invitation(second, by=SYSTEM)
        with pytest.raises(InvitationGone):
            find_invitation(new)

    def test_is_for_the_person_with_that_address(self):
        _invitation, token = invite(create_shop(), "mai@example.com", "agent", by=SYSTEM)
        mai, bo = create_user("mai@example.com"), create_user("bo@example.com")

        with pytest.raises(InvitationForAnother):
            accept_invitation(token, user=bo)
        with pytest.raises(AccountExists):
            accept_invitation(token, password=PASSWORD)

        assert accept_invitation(token, user=mai).user == mai

    def test_wants_a_password_that_is_one(self):
        _invitation, token = invite(create_shop(), "mai@example.com", "agent", by=SYSTEM)

        with pytest.raises(BadValue) as refusal:
            accept_invitation(token, password="password")

        assert refusal.value.field == "password"
        assert find_invitation(token).accepted_at is None

    def test_is_not_for_those_who_work_there(self):
        mai = create_staff()

        with pytest.raises(AlreadyStaff):
            invite(mai.shop, mai.user.email, "agent", by=SYSTEM)
