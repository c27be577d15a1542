"""Lists of people as newsletters, address books and tills write them."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.cells import first_value, joined_values, quoted_tags
from regulars.transfer.format import IGNORED, Format

_MAILCHIMP = {
    "Email Address": "email",
    "First Name": IGNORED, "Last Name": IGNORED, "MEMBER_RATING": IGNORED, "OPTIN_TIME": IGNORED, "OPTIN_IP": IGNORED,
    "CONFIRM_TIME": IGNORED, "CONFIRM_IP": IGNORED, "LATITUDE": IGNORED, "LONGITUDE": IGNORED, "GMTOFF": IGNORED,
    "DSTOFF": IGNORED, "TIMEZONE": IGNORED, "CC": IGNORED, "REGION": IGNORED, "LAST_CHANGED": IGNORED,
    "LEID": IGNORED, "EUID": IGNORED, "NOTES": IGNORED, "TAGS": IGNORED,
}  # fmt: skip

LIST_FORMATS = (
    Format(
        "mailchimp_audience", "customers", _("Mailchimp audience"),
        ("Email Address", "MEMBER_RATING", "LEID"),
        {
            "Email Address": "email", "First Name": "given_name", "Last Name": "family_name", "NOTES": "note",
            "TAGS": "tags", "CONFIRM_TIME": "consent_at", "CC": "country", "LEID": IGNORED, "EUID": IGNORED,
            "REGION": IGNORED, "OPTIN_TIME": IGNORED,
        },
        clean={"tags": quoted_tags},
    ),
    Format(
        "mailchimp_unsubscribed", "consents", _("Mailchimp, unsubscribed"),
        ("Email Address", "UNSUB_TIME", "LEID"),
        _MAILCHIMP | {
            "UNSUB_TIME": "at", "UNSUB_CAMPAIGN_TITLE": IGNORED, "UNSUB_CAMPAIGN_ID": IGNORED,
            "UNSUB_REASON": IGNORED, "UNSUB_REASON_OTHER": IGNORED,
        },
        says={"consent_channel": "email", "state": "unsubscribed", "source": "Mailchimp"},
    ),
    Format(
        "mailchimp_cleaned", "consents", _("Mailchimp, cleaned"),
        ("Email Address", "CLEAN_TIME", "LEID"),
        _MAILCHIMP | {"CLEAN_TIME": "at", "CLEAN_CAMPAIGN_TITLE": IGNORED, "CLEAN_CAMPAIGN_ID": IGNORED},
        says={"consent_channel": "email", "state": "cleaned", "source": "Mailchimp"},
    ),
    Format(
        "google_contacts", "customers", _("Google Contacts"),
        ("E-mail 1 - Value", "Phone 1 - Value"),
        {
            "Name": "name", "Given Name": "given_name", "Family Name": "family_name", "First Name": "given_name",
            "Last Name": "family_name", "E-mail 1 - Value": "email", "Phone 1 - Value": "phone",
            "Birthday": "birthday", "Gender": "gender", "Notes": "note",
            "Group Membership": "tags", "Labels": "tags", "Location": IGNORED, "Language": IGNORED,
            "Organization Name": "company", "Address 1 - Street": "address1", "Address 1 - City": "city",
            "Address 1 - Region": "region", "Address 1 - Postal Code": "postal_code",
            "Address 1 - Country": "address_country",
        },
        clean=dict.fromkeys(("tags", "email", "phone"), joined_values)
        | dict.fromkeys(("address1", "city", "region", "postal_code", "address_country"), first_value),
    ),
)  # fmt: skip
