"""What can be done to one customer. To many at once: `customers.bulk`."""

from regulars.customers.addresses import add_address, change_address, remove_address, set_default_address
from regulars.customers.anonymise import anonymise
from regulars.customers.avatars import remove_avatar, set_avatar
from regulars.customers.bin import delete_customer, purge, restore_customer
from regulars.customers.citizen import reveal_citizen_id
from regulars.customers.consent import record_consent
from regulars.customers.credit import set_credit_limit
from regulars.customers.operations.fields import (
    add_field,
    arrange_fields,
    change_field,
    remove_field,
    restore_field,
)
from regulars.customers.operations.labels import (
    add_group,
    add_status,
    add_tag,
    arrange_labels,
    change_label,
    change_tag,
    ensure_tags,
    remove_group,
    remove_status,
    remove_tag,
    set_benefits,
)
from regulars.customers.operations.notes import (
    add_note,
    delete_note,
    edit_note,
    pin_note,
    remove_note_file,
    restore_note,
)
from regulars.customers.operations.profiles import create_customer, update_customer
from regulars.customers.operations.states import (
    assign_staff,
    release_group,
    set_account_state,
    set_group,
    set_oa_state,
    set_referrer,
    set_staff,
    set_status,
    tag_customer,
)
from regulars.customers.referrals import give_referral_code, set_referral_code

__all__ = [
    "add_address",
    "add_field",
    "add_group",
    "add_note",
    "add_status",
    "add_tag",
    "anonymise",
    "arrange_fields",
    "arrange_labels",
    "assign_staff",
    "change_address",
    "change_field",
    "change_label",
    "change_tag",
    "create_customer",
    "delete_customer",
    "delete_note",
    "edit_note",
    "ensure_tags",
    "give_referral_code",
    "pin_note",
    "purge",
    "record_consent",
    "release_group",
    "remove_address",
    "remove_avatar",
    "remove_field",
    "remove_group",
    "remove_note_file",
    "remove_status",
    "remove_tag",
    "restore_customer",
    "restore_field",
    "restore_note",
    "reveal_citizen_id",
    "set_account_state",
    "set_avatar",
    "set_benefits",
    "set_credit_limit",
    "set_default_address",
    "set_group",
    "set_oa_state",
    "set_referral_code",
    "set_referrer",
    "set_staff",
    "set_status",
    "tag_customer",
    "update_customer",
]
