"""Fields of a customer that are worked out, or lie in other tables: places, age, notes, whom they referred."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import country_options, customer_fields
from regulars.customers.models import Address, Customer, Note
from regulars.customers.places import Cities, Regions
from regulars.kit.query.kinds_derived import Age, EmailDomain, MomentAnniversary, Verdict
from regulars.kit.query.kinds_linked import RelatedCount, RelatedText, SeveralChoices
from regulars.kit.query.phrases import Phrase
from regulars.shops.permissions import Permission

_ADDRESSES = Address.objects.filter(shop_id=OuterRef("shop_id"), customer_id=OuterRef("pk"))

customer_fields.add(
    SeveralChoices(
        "countries", _("Countries"), aliases=["customer_countries"], table=Address, item="country", of=country_options,
        section="place", help=_("Of all addresses; the country of the profile is the field country."),
    ),
    Regions(
        "regions", _("Provinces"), aliases=["customer_regions"], of="region", section="place",
        help=_("Of all addresses, by name or by code (US-NY)."),
    ),
    Cities(
        "cities", _("Cities"), aliases=["customer_cities"], of="city", section="place",
        help=_("Of all addresses, by name in any spelling."),
    ),
    Verdict("has_address", _("Has an address"), when=Q(Exists(_ADDRESSES)), section="place"),
    Age(
        "age", _("Age"), birth="birth",
        help=_("Whole years today; of whom the year of birth is not known, the age is not either."),
    ),
    EmailDomain(
        "email_domain", _("E-mail domain"), of="email", aliases=["customer_email_domain"], section="contact",
        needs=Permission.SEE_CONTACT, help=_("What stands behind the @, for example gmail.com."),
    ),
    MomentAnniversary(
        "joined_anniversary", _("Customer since: day of the year"), of="created_at", section="relation",
        help=_("The day of the year on which the customer was added, in the shop's time zone; the first one too."),
    ),
    RelatedText(
        "note", _("Notes"), table=Note, item="text", aliases=["notes"], section="relation", shown=False,
        needs=Permission.SEE_NOTES, help=_("A part of any note that the team wrote."),
    ),
    RelatedCount(
        "referred_count", _("Customers referred"), table=Customer, link="referred_by_id",
        where=Q(deleted_at__isnull=True), aliases=["referrals"], section="relation",
        help=_("How many customers name this one as who referred them."),
    ),
)  # fmt: skip


def _whose_day(attribute: str) -> str:
    """The field that another system's name of a yearly date means."""
    if "birth" in attribute:
        return "birthday"
    return "joined_anniversary" if "joined" in attribute or attribute.endswith("added_date") else ""


customer_fields.add_predicates(
    Phrase(
        "anniversary", _("Anniversary"), of=customer_fields, meant=_whose_day,
        reads=("birthday", "joined_anniversary"),
    )
)  # fmt: skip
