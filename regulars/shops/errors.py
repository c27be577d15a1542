"""Why something about a shop or its staff was refused."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class NoSuchShop(DomainError):
    code = "shops.no_such_shop"
    sentence = _("There is no shop “{slug}”.")


class NoShopYet(DomainError):
    code = "shops.no_shop_yet"
    sentence = _("There is no shop yet.")


class WhichShop(DomainError):
    """Several shops are here; details: `slugs`, joined by commas."""

    code = "shops.which_shop"
    sentence = _("Say which shop is meant: {slugs}.")


class AddressTaken(DomainError):
    code = "shops.address_taken"
    sentence = _("The address “{slug}” belongs to another shop.")


class AlreadyStaff(DomainError):
    code = "shops.already_staff"
    sentence = _("{person} already works in this shop.")


class LastOwner(DomainError):
    code = "shops.last_owner"
    sentence = _("{person} is the only owner. Make somebody else an owner first.")


class InvitationGone(DomainError):
    """Unknown, used, withdrawn and expired links look the same from outside."""

    code = "shops.invitation_gone"
    sentence = _("This invitation is no longer valid. Ask for a new one.")


class InvitationForAnother(DomainError):
    code = "shops.invitation_for_another"
    sentence = _("This invitation is for {email}. Sign in with that address.")


class AccountExists(DomainError):
    code = "shops.account_exists"
    sentence = _("{email} already has an account. Sign in first, then open the invitation again.")


class ChannelExists(DomainError):
    code = "shops.channel_exists"
    sentence = _("There is already a channel “{name}”.")


class KeySeesMore(DomainError):
    code = "shops.key_sees_more"
    sentence = _("You see only your own customers, so you cannot make a key that reads everybody's.")


class KeyRevoked(DomainError):
    code = "shops.key_revoked"
    sentence = _("The key “{name}” has been revoked already.")


class CannotSucceed(DomainError):
    code = "shops.cannot_succeed"
    sentence = _("{person} cannot take over: choose a colleague who works here.")
