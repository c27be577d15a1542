"""Why customers cannot become one, or several again."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class WrongNumber(DomainError):
    code = "customers.merge_wrong_number"
    sentence = _("Choose two to five customers to merge.")


class OtherShop(DomainError):
    code = "customers.merge_other_shop"
    sentence = _("Only customers of one shop can become one.")


class AccountUnclear(DomainError):
    """details: `customer_ids`, who has an account."""

    code = "customers.merge_account_unclear"
    sentence = _("More than one of them has an account. Choose whose account stays.")


class BadChoice(DomainError):
    """details: `field`."""

    code = "customers.merge_bad_choice"
    sentence = _("“{field}” cannot be chosen so.")


class NotMerged(DomainError):
    code = "customers.not_merged"
    sentence = _("These customers are several already.")


class Forgotten(DomainError):
    code = "customers.merge_forgotten"
    sentence = _("The personal data was erased; they can no longer be made several again.")


class NewerMergeFirst(DomainError):
    """details: `merge_id`, the one to take back first."""

    code = "customers.newer_merge_first"
    sentence = _("They were merged with somebody else since. Take the newest merge back first.")
