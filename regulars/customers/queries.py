"""How customers are found."""

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from regulars.shops.scope import ShopQuerySet

if TYPE_CHECKING:
    from regulars.shops.models import Staff


class CustomerQuerySet(ShopQuerySet):
    """Customers; every sentence starts with `.of(shop)`."""

    def alive(self) -> Self:
        """Not in the bin."""
        return self.filter(deleted_at__isnull=True)

    def in_bin(self) -> Self:
        """Deleted, not yet purged."""
        return self.filter(deleted_at__isnull=False, anonymised_at__isnull=True)

    def visible_to(self, staff: "Staff") -> Self:
        """What a staff member may see: an agent limited to their own sees only customers they are responsible for."""
        return self.filter(staff_id=staff.pk) if staff.only_own else self

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
