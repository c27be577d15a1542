"""Why something about a customer was refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class DraftRefused(DomainError):
    """A profile that must not be stored; details: `problems`, as dicts of field, value, reason."""

    code = "customers.draft_refused"
    sentence = "{reason}"


class EmailTaken(DomainError):
    """details: `customer_id`, who has it."""

    code = "customers.email_taken"
    sentence = _("{email} belongs to another customer of this shop.")


class IdentityTaken(DomainError):
    """details: `customer_id`, who has it."""

    code = "customers.identity_taken"
    sentence = _("The id {external_id} ({channel}) belongs to another customer of this shop.")


class EditConflict(DomainError):
    """Somebody changed the same fields after the form was opened; nothing was saved.

    fields: {column: {"old": when the form was opened, "new": now, "mine": in the form, "by": who changed it}},
    values as they stand in the column. version: to send with the next try, once a person has chosen.
    """

    code = "customers.edit_conflict"
    sentence = _("Somebody else changed the same fields meanwhile. Choose which values to keep.")

    def __init__(self, *, fields: dict[str, dict[str, Any]], version: int) -> None:
        super().__init__(fields=fields, version=version)

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return self.details["fields"]

    @property
    def version(self) -> int:
        return self.details["version"]


class InTheBin(DomainError):
    code = "customers.in_the_bin"
    sentence = _("This customer is in the bin. Restore them first.")


class Merged(InTheBin):
    """details: `customer_id`, whom they became."""

    code = "customers.merged"
    sentence = _("This customer was merged into another one, who has everything now.")


class NotInTheBin(DomainError):
    code = "customers.not_in_the_bin"
    sentence = _("This customer is not in the bin.")


class Anonymised(DomainError):
    code = "customers.anonymised"
    sentence = _("The personal data of this customer was erased for good.")


class NotYourNote(DomainError):
    code = "customers.not_your_note"
    sentence = _("Only its author and managers may change or delete a note.")


class EmptyNote(DomainError):
    code = "customers.empty_note"
    sentence = _("The note is empty.")


class NoteChanged(DomainError):
    """details: `text`, what somebody else wrote meanwhile."""

    code = "customers.note_changed"
    sentence = _("Somebody changed this note while you were writing.")


class NoteGone(DomainError):
    code = "customers.note_gone"
    sentence = _("This note does not exist any more.")


class TooManyFiles(DomainError):
    """details: `most`."""

    code = "customers.too_many_files"
    sentence = _("A note holds {most} files at most.")


class FileTooLarge(DomainError):
    """details: `name`, `most` in MB."""

    code = "customers.file_too_large"
    sentence = _("“{name}” is too large: {most} MB at most.")


class EmptyFile(DomainError):
    """details: `name`."""

    code = "customers.empty_file"
    sentence = _("“{name}” is empty.")


class NotAPlace(DomainError):
    code = "customers.not_a_place"
    sentence = _("An address needs at least a street, a city or a postal code.")


class AddressTwice(DomainError):
    code = "customers.address_twice"
    sentence = _("The customer already has this address.")


class BadPicture(DomainError):
    code = "customers.bad_picture"
    sentence = "{reason}"


class MayNotReveal(DomainError):
    code = "customers.may_not_reveal"
    sentence = _("You may not see citizen ids.")


class NoCitizenId(DomainError):
    code = "customers.no_citizen_id"
    sentence = _("No citizen id is stored for this customer.")


class LabelExists(DomainError):
    code = "customers.label_exists"
    sentence = _("“{name}” exists already.")


class LabelInUse(DomainError):
    """details: `count`, how many customers have it."""

    code = "customers.label_in_use"
    sentence = _("{count} customers have “{name}”. Say where to move them.")


class LabelIsBuiltIn(DomainError):
    code = "customers.label_is_built_in"
    sentence = _("“{name}” belongs to every shop and cannot be removed.")


class TooManyFields(DomainError):
    """details: `most`."""

    code = "customers.too_many_fields"
    sentence = _("A shop can have {most} fields of its own. Remove one first.")


class SelfReferral(DomainError):
    code = "customers.self_referral"
    sentence = _("Nobody can be sent by themselves.")


class ReferralCircle(DomainError):
    """details: `referrer`, their name or number."""

    code = "customers.referral_circle"
    sentence = _("{referrer} was sent by this customer, directly or through others.")


class BadReferralCode(DomainError):
    code = "customers.bad_referral_code"
    sentence = _("“{code}” is no code: 3 to 16 letters without accents, digits, and - . _ between them.")


class ReferralCodeTaken(DomainError):
    code = "customers.referral_code_taken"
    sentence = _("Another customer has the code {code}.")


class NoSuchCustomer(DomainError):
    """details: `id`."""

    code = "customers.no_such_customer"
    sentence = _("There is no customer {id}.")


class TwoHouseholds(DomainError):
    code = "customers.two_households"
    sentence = _("They are in different households. Take one of them out of theirs first.")
