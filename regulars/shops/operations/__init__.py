"""What can be done to shops, their channels and their staff."""

from regulars.shops.operations.api_keys import create_api_key, revoke_api_key
from regulars.shops.operations.channels import add_channel, ensure_channels, rename_channel
from regulars.shops.operations.invitations import accept_invitation, invite, withdraw_invitation
from regulars.shops.operations.leaving import hand_over, held_by, on_leaving
from regulars.shops.operations.notifications import mark_read, notify, unread_count
from regulars.shops.operations.people import create_person
from regulars.shops.operations.shop import change_shop, create_shop
from regulars.shops.operations.staff import add_staff, change_staff, deactivate_staff, reactivate_staff

__all__ = [
    "accept_invitation",
    "add_channel",
    "add_staff",
    "change_shop",
    "change_staff",
    "create_api_key",
    "create_person",
    "create_shop",
    "deactivate_staff",
    "ensure_channels",
    "hand_over",
    "held_by",
    "invite",
    "mark_read",
    "notify",
    "on_leaving",
    "reactivate_staff",
    "rename_channel",
    "revoke_api_key",
    "unread_count",
    "withdraw_invitation",
]
