"""How customers are found."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from regulars.kit.query.people import in_care_of
from regulars.shops.scope import ShopQuerySet

if TYPE_CHECKING:
    from regulars.shops.models import Staff


class CustomerQuerySet(ShopQuerySet):
    """Customers; every sentence starts with `.of(shop)`."""

    def alive(self) -> Self:
        """Not in the bin."""
        return self.filter(deleted_at__isnull=True)

    def in_bin(self) -> Self:
        """Deleted, not yet purged. Who was merged is no rubbish: their id leads to whom they became."""
        return self.filter(deleted_at__isnull=False, anonymised_at__isnull=True, merged_into__isnull=True)

    def here(self) -> Self:
        """Alive or in the bin: who can be looked at, now or when they are restored."""
        return self.filter(Q(deleted_at__isnull=True) | Q(anonymised_at__isnull=True, merged_into__isnull=True))

    def visible_to(self, staff: "Staff") -> Self:
        """What a staff member may see: an agent limited to their own sees only customers they are responsible for."""
        return self.in_care_of(staff.pk) if staff.only_own else self

    def in_care_of(self, staff_id: int) -> Self:
        """For whom a staff member is responsible, first or together with others."""
        return self.filter(in_care_of([staff_id], "staff_id", "co_staff_ids"))

    def tagged(self, tag_id: int) -> Self:
        return self.filter(tag_ids__contains=[tag_id])

    def reached_by(self, *, email: str | None = None, phone: str | None = None) -> Self:
        """Who has exactly this normalised e-mail or E.164 phone; nobody when both are empty."""
        question = Q()
        if email:
            question |= Q(email=email)
        if phone:
            question |= Q(phone=phone)
        return self.filter(question) if question else self.none()
