"""The profile form: what stands in its inputs, what of it changes the customer, what is wrong with it."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.custom import OwnFields, held, key_of
from regulars.customers.drafts import Draft, Problem
from regulars.customers.models import AccountState, Customer, Gender, Group, OaState, Status, Tag
from regulars.customers.profile import read_profile
from regulars.kit.labels import join_labels, split_labels
from regulars.kit.periods import Birthday
from regulars.kit.text import split_full_name
from regulars.shops.models import Channel, Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.scope import ShopModel
from regulars.web.numbers import whole_number

CONTACT = ("email", "phone", "zalo_id")
"""Inputs that only those have who may see contact data."""

NAMES = ("name", "given_name", "family_name")
BIRTH = ("birth_day", "birth_month", "birth_year")
PROFILE = (
    *NAMES, *CONTACT, *BIRTH, "gender", "company", "tax_code", "citizen_id", "country", "language", "group", "staff",
    "status", "source_channel", "referrer", "account_state", "oa_state",
)  # fmt: skip
ADDRESS = (
    "address_label", "recipient", "address_company", "address1", "address2", "area", "ward", "district", "city",
    "region", "postal_code", "address_country", "address_phone",
)  # fmt: skip
CONSENTS = ("accepts_email", "accepts_sms", "accepts_zalo", "accepts_whatsapp")
ONLY_NEW = (*ADDRESS, *CONSENTS, "consent_at", "consent_source", "note")

CLOSED: dict[str, tuple[type[ShopModel], str]] = {
    "group": (Group, "key"),
    "status": (Status, "key"),
    "source_channel": (Channel, "name"),
}
"""Inputs that offer the shop's own words, and the column that names each."""

MUST_BE_RIGHT = frozenset({"birthday", "consent_at"})
"""What cannot be read here would be left out without a trace; everything else is kept as text."""


class Form:
    """One filling of the form. values: input → text; tags: names; errors and warnings: input → sentences."""

    def __init__(self, shop: Shop, staff: Staff, customer: Customer | None = None) -> None:
        self.shop, self.staff, self.customer = shop, staff, customer
        self.names = tuple(name for name in PROFILE if name not in CONTACT or staff.may(Permission.SEE_CONTACT))
        self.names += ONLY_NEW if customer is None else ()
        self.own = OwnFields.of(shop, get_language() or "")
        self.names += tuple(self.own.by_column)
        self.values = dict.fromkeys((*PROFILE, *ONLY_NEW, *self.own.by_column), "")
        self.tags: list[str] = []
        self.stored = {} if customer is None else {**stored_values(customer), **self._stored_own(customer)}
        self.values |= self.stored
        self.errors: dict[str, list[Any]] = {}
        self.warnings: dict[str, list[Any]] = {}
        self.accepted: list[str] = []
        self.general = ""

    def _stored_own(self, customer: Customer) -> dict[str, str]:
        return {column: self.own.written(column, held(customer, column)) for column in self.own.by_column}

    def fill(self, given: QueryDict) -> "Form":
        """Put in what a browser sent; inputs this person does not have are not looked at."""
        self.values |= {name: str(given[name]) for name in self.names if name in given}
        if "staff" in given:  # any number of e-mail addresses, the first responsible first
            self.values["staff"] = join_labels(name for cell in given.getlist("staff") for name in split_labels(cell))
        self.tags = [name for name in given.getlist("tags") if name.strip()]
        self.accepted = given.getlist("accepted")
        return self

    def start(self) -> "Form":
        """As the form opens."""
        if self.customer is None:
            self.values |= {"country": self.shop.country, "address_country": self.shop.country, "group": "standard"}
            return self
        self.tags = tag_names(self.customer)
        return self

    # --- reading ------------------------------------------------------------------------------------------------
    def read(self) -> Draft:
        """The draft of what is new or changed; problems land in `errors` and `warnings`."""
        raw = self.raw()
        country = self.values["country"] or self.shop.country
        draft = read_profile(
            raw,
            country=country,
            tz=self.shop.timezone,
            source=self.values["consent_source"].strip() or _("Form"),
            partial=self.customer is not None,
            own=self.own,
        )
        for problem in draft.problems:
            self.note(problem)
        self._check_choices()
        self._check_consents()
        if self.customer and not self._is_somebody():
            self.errors.setdefault("name", []).append(_("Give a name, an e-mail address or a phone number."))
        return draft

    def raw(self) -> dict[str, str]:
        """Input names as `read_profile` takes them; of a known customer only what differs from what is stored."""
        raw = {name: self.values[name].strip() for name in self.names if name not in (*BIRTH, "consent_source")}
        raw["birthday"] = birthday_text(*(self.values[part].strip() for part in BIRTH))
        raw["tags"] = join_labels(self.tags)
        if not raw["citizen_id"]:
            del raw["citizen_id"]
        if self.customer is not None:
            raw = self._changes(raw)
        return _with_names(raw, self.values["country"] or self.shop.country)

    def _changes(self, raw: dict[str, str]) -> dict[str, str]:
        assert self.customer
        stored = {**self.stored, "tags": join_labels(tag_names(self.customer)), "citizen_id": ""}
        stored["birthday"] = birthday_text(*(self.stored[part] for part in BIRTH))
        changed = {name for name, text in raw.items() if text != stored[name].strip()}
        if changed & set(NAMES):
            changed |= set(NAMES)
        # A phone is read in the customs of its country, so the country always travels with it.
        return {name: text for name, text in raw.items() if name in changed or (name == "country" and text)}

    def note(self, problem: Problem) -> None:
        """Sort a problem to its input: wrong, or a warning that was not accepted yet."""
        place = "birth_day" if problem.field == "birthday" else problem.field
        if problem.fatal or problem.field in MUST_BE_RIGHT or key_of(problem.field):
            self.errors.setdefault(place, []).append(problem.reason)
        elif self.token(problem) not in self.accepted:
            self.warnings.setdefault(place, []).append(problem.reason)
            self.accepted.append(self.token(problem))

    @staticmethod
    def token(problem: Problem) -> str:
        """What a person accepts by sending the form once more as it is."""
        return f"{problem.field}={problem.value}"

    @property
    def is_ready(self) -> bool:
        return not (self.errors or self.warnings or self.general)

    def _check_choices(self) -> None:
        """A word the shop does not have becomes one of its own in an import; in a form it is none of the choices."""
        for name, (model, column) in CLOSED.items():
            chosen = self.values[name].strip()
            is_known = chosen in ("", self.stored.get(name)) or model.objects.of(self.shop).filter(**{column: chosen})
            if not is_known:
                self.errors.setdefault(name, []).append(_("This choice does not exist any more. Reload the page."))

    def _check_consents(self) -> None:
        said_yes = any(self.values[name] == "yes" for name in CONSENTS)
        if said_yes and not self.values["consent_source"].strip():
            why = _("Say where it was said: on the phone, a paper form, a chat …")
            self.errors.setdefault("consent_source", []).append(why)

    def _is_somebody(self) -> bool:
        return any(self.values[name].strip() for name in (*NAMES, "company", "email", "phone"))


def stored_values(customer: Customer) -> dict[str, str]:
    """A customer as the inputs of the form."""
    country = customer.country or customer.shop.country
    parts = (customer.given_name, customer.family_name)
    if parts == split_full_name(customer.name, country):
        parts = ("", "")  # what the name says by itself
    month, day = divmod(customer.birth_md or 0, 100)
    return {
        "name": customer.name,
        "given_name": parts[0],
        "family_name": parts[1],
        "email": customer.email_raw or customer.email or "",
        "phone": customer.phone_raw or customer.phone or "",
        "gender": "" if customer.gender == Gender.UNKNOWN else Gender(customer.gender).name.lower(),
        "birth_day": str(day or ""),
        "birth_month": str(month or ""),
        "birth_year": str(customer.birth_year or ""),
        "company": customer.company,
        "tax_code": customer.tax_code,
        "country": customer.country,
        "language": customer.language,
        "group": customer.group.key,
        "staff": staff_text(customer),
        "status": customer.status.key if customer.status else "",
        "source_channel": customer.channel_first.name if customer.channel_first else "",
        "referrer": customer.referrer_text,
        "zalo_id": customer.zalo_id,
        "account_state": AccountState(customer.account_state).name.lower(),
        "oa_state": OaState(customer.oa_state).name.lower(),
    }


def staff_text(customer: Customer) -> str:
    """The e-mail addresses of who is responsible, the first one first, as one cell."""
    ids = customer.responsible_ids
    known = dict(Staff.objects.of(customer.shop_id).filter(pk__in=ids).values_list("pk", "user__email")) if ids else {}
    return join_labels(known[pk] for pk in ids if pk in known)


def tag_names(customer: Customer) -> list[str]:
    """The names of a customer's tags."""
    tags = Tag.objects.of(customer.shop_id).filter(pk__in=customer.tag_ids).order_by("key")
    return list(tags.values_list("name", flat=True)) if customer.tag_ids else []


def birthday_text(day: str, month: str, year: str) -> str:
    """Day, month and year as `read_birthday` reads them; what is no date stays as it was typed, to be refused."""
    if not (day or month or year):
        return ""
    if all(whole_number(part) is not None for part in (day, month, year or "1")) and (not year or len(year) == 4):
        return str(Birthday(int(year) if year else None, int(month), int(day)))
    return "/".join(part or "?" for part in (day, month, year))


def _with_names(raw: dict[str, str], country: str) -> dict[str, str]:
    """Parts of a name left blank come from the whole name; one given alone is completed by it."""
    whole, given, family = (raw.get(name, "") for name in NAMES)
    if not whole or (given and family):
        return raw
    if not (given or family):
        return {name: text for name, text in raw.items() if name not in ("given_name", "family_name")}
    first, last = split_full_name(whole, country)
    return {**raw, "given_name": given or first, "family_name": family or last}
