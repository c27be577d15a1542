"""People and companies of a shop, and what hangs on them."""

from regulars.customers.models.around import (
    Address,
    Avatar,
    ConsentEntry,
    CustomerSearch,
    Identity,
    InTurn,
    Note,
    NoteFile,
    SelectionPart,
)
from regulars.customers.models.choices import (
    AccountState,
    ConsentChannel,
    ConsentState,
    Gender,
    Interaction,
    OaState,
    PhoneKind,
    Source,
)
from regulars.customers.models.custom import CustomField, CustomKind
from regulars.customers.models.customer import ALIVE, Customer, Household
from regulars.customers.models.labels import Group, Status, Tag
from regulars.customers.models.merging import ContactKind, Decision, Merge, OtherContact, PossibleDuplicate, ToCompare

__all__ = [
    "ALIVE",
    "AccountState",
    "Address",
    "Avatar",
    "ConsentChannel",
    "ConsentEntry",
    "ConsentState",
    "ContactKind",
    "CustomField",
    "CustomKind",
    "Customer",
    "CustomerSearch",
    "Decision",
    "Gender",
    "Group",
    "Household",
    "Identity",
    "InTurn",
    "Interaction",
    "Merge",
    "Note",
    "NoteFile",
    "OaState",
    "OtherContact",
    "PhoneKind",
    "PossibleDuplicate",
    "SelectionPart",
    "Source",
    "Status",
    "Tag",
    "ToCompare",
]
