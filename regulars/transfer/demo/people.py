"""Invented people, a thousand at a time, as the text that COPY reads."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from regulars.customers.citizen import sealed
from regulars.customers.drafts import AddressDraft, places_of, sort_key
from regulars.customers.models import AccountState, ConsentState, Gender, OaState, PhoneKind, Source
from regulars.customers.search.texts import search_text
from regulars.kit.phones import read_phone
from regulars.kit.text import display_name
from regulars.transfer.demo import habits
from regulars.transfer.demo.cast import BLOCK, Cast
from regulars.transfer.demo.words import COUNTRIES, Country, Place

REFORM = dt.date(2025, 7, 1)
"""Vietnam's provinces and wards were merged and its districts ended; addresses written since are the new ones."""

HOUSEHOLDS = 0.03
"""Of the people: live with the one before, with the same phone."""

TWICE_EVERY = 97
"""Of so many people one is here a second time: typed again, the name turned round, from another channel."""

_PHONE_KINDS = {
    "": PhoneKind.NONE, "mobile": PhoneKind.MOBILE, "fixed": PhoneKind.FIXED, "other": PhoneKind.OTHER,
    "invalid": PhoneKind.INVALID, "masked": PhoneKind.MASKED,
}  # fmt: skip
_MARKETPLACES = frozenset({"shopee", "lazada", "tiktok"})
_DRAWN_COUNTRIES = [country for country in COUNTRIES for _ in range(country.share)]
_CHANNEL_SLOTS = habits.channel_slots()


@dataclass(slots=True)
class Person:
    """One customer in the making.

    place: counts from 0, in the order in which people came. at: when, in seconds since 1970, as are the moments in
    `columns` (Customer column → value), `consents` (channel, state, when) and `note` (text, when).
    """

    id: int
    place: int
    orders: int
    at: int
    country: Country
    channel: str
    columns: dict[str, Any] = field(default_factory=dict)
    address: AddressDraft | None = None
    identities: list[tuple[str, str]] = field(default_factory=list)
    consents: list[tuple[str, int, int]] = field(default_factory=list)
    note: tuple[str, int] | None = None
    tags: list[int] = field(default_factory=list)
    is_business: bool = False


def people(cast: Cast, first: int, counts: Sequence[int]) -> list[Person]:
    """The people from place `first` on, one for each of `counts`, the orders they placed; at most BLOCK."""
    rng = cast.chance(f"people/{first // BLOCK}")
    made: list[Person] = []
    for place, orders in enumerate(counts, start=first):
        made.append(_person(cast, rng, place, orders, made[-1] if made else None))
    return made


def _person(cast: Cast, rng: random.Random, place: int, orders: int, before: Person | None) -> Person:
    draw = rng.random
    family = before if before and before.address and before.columns["phone"] and draw() < HOUSEHOLDS else None
    again = before if before and _comes_again(place, before) else None
    family = again or family
    country = family.country if family else _DRAWN_COUNTRIES[int(draw() * 100)]
    day = cast.joining_slots[place * habits.SLOTS // cast.customers]
    at = cast.begin + day * 86_400 + cast.minutes[int(draw() * 1024)] * 60 + int(draw() * 60)
    slot = COUNTRIES.index(country) * 32 + int(draw() * 32)
    channel = habits.CHANNELS[_CHANNEL_SLOTS[slot]]
    person = Person(cast.first_customer_id + place, place, orders, at, country, channel)
    person.is_business = not family and draw() < 0.04
    _come(cast, rng, person, day)
    _name(rng, person, family)
    _reach(cast, rng, person, family)
    _live(cast, rng, person, family, day)
    if again:
        _repeat(person, again)
    _belong(cast, rng, person)
    _agree(cast, rng, person)
    _be_known(cast, rng, person)
    return person


def _pick(rng: random.Random, words: Sequence[Any]) -> Any:
    return words[int(rng.random() * len(words))]


def _later(cast: Cast, rng: random.Random, at: int) -> int:
    """A moment between then and the end, rather sooner."""
    return at + int((cast.end - at) * rng.random() * rng.random())


def _come(cast: Cast, rng: random.Random, person: Person, day: int) -> None:
    """How they came to the shop, and whether they can sign in there."""
    draw = rng.random()
    if day < habits.DAYS // 12 and draw < 0.7:
        source = Source.IMPORT
    elif person.orders and draw < 0.62:
        source = Source.ORDER
    else:
        source = _pick(rng, (Source.SIGNUP, Source.SIGNUP, Source.MANUAL, Source.IMPORT, Source.API))
    state, registered = AccountState.GUEST, None
    draw = rng.random()
    if source == Source.SIGNUP:
        state = AccountState.VERIFIED if draw < 0.7 else AccountState.REGISTERED
        registered = person.at
    elif draw < 0.18:
        state, registered = AccountState.VERIFIED, _later(cast, rng, person.at)
    elif draw < 0.26:
        state = AccountState.INVITED
    if registered and rng.random() < 0.015:
        state = AccountState.DISABLED
    person.columns |= {"source": source.value, "account_state": state, "registered_at": registered}


def _name(rng: random.Random, person: Person, family: Person | None) -> None:
    """Names as their country writes them, gender, birthday; a fifth of the companies have no person's name."""
    country, draw = person.country, rng.random()
    is_woman = draw < 0.72
    given = _pick(rng, country.women if is_woman else country.men)
    if middle := _pick(rng, country.middle_women if is_woman else country.middle_men):
        given = f"{middle} {given}"
    last = family.columns["family_name"] if family else _pick(rng, country.family)
    if person.is_business:
        word, pattern = _pick(rng, country.company_words), _pick(rng, country.companies)
        company = pattern.format(word=word, family=last or given)
        person.columns |= {"company": company, "tax_code": country.tax_code(rng.getrandbits(22))}
        if rng.random() < 0.2:
            given = last = ""
    known = given and rng.random() < 0.85
    person.columns |= {
        "name": display_name(given, last, country.code),
        "given_name": given,
        "family_name": last,
        "gender": (Gender.FEMALE if is_woman else Gender.MALE) if known else Gender.UNKNOWN,
        "country": country.code,
        "language": country.language if rng.random() < 0.9 else "en",
    }
    if given and rng.random() < 0.55:
        _be_born(rng, person)


def _be_born(rng: random.Random, person: Person) -> None:
    """A birthday, one in eight without a year; between 18 and 63 years before 2024, most about thirty."""
    born = dt.date(1961, 1, 1) + dt.timedelta(days=int(16_400 * max(rng.random(), rng.random())))
    person.columns["birth_md"] = born.month * 100 + born.day
    if rng.random() < 0.875:
        person.columns["birth_year"] = born.year


def _reach(cast: Cast, rng: random.Random, person: Person, family: Person | None) -> None:
    """Phone and e-mail; marketplaces hide digits, people mistype, households share."""
    columns = person.columns
    raw = family.columns["phone_raw"] if family else _phone(cast, rng, person)
    phone = read_phone(raw, person.country.code)
    columns |= {"phone": phone.e164, "phone_raw": raw, "phone_kind": _PHONE_KINDS[phone.kind]}
    columns["name_key"] = sort_key(columns)
    draw = rng.random()
    if draw < 0.78 or not (phone.e164 or columns["name"]):
        email = _email(cast, rng, person)
        columns |= {"email": email, "email_raw": email if draw > 0.03 else email.title()}
    elif draw < 0.785:
        columns["email_raw"] = f"{columns['name_key'].replace(' ', '')}@gmail"


def _phone(cast: Cast, rng: random.Random, person: Person) -> str:
    """A mobile number as somebody wrote it. No two alike below 10**6 people; a few hidden, wrong or missing."""
    code, prefixes, size = person.country.phone
    prefix = _pick(rng, prefixes)
    number = (person.place * 7_654_321 + cast.seed * 104_729 + cast.edition * 15_485_863) % 10**size
    rest, draw = f"{number:0{size}d}", rng.random()
    if person.channel in _MARKETPLACES and draw < 0.06:
        return f"+{code} {prefix} {'x' * (size - 4)} xx{rest[-2:]}" if draw < 0.03 else f"0{prefix[:2]}****{rest[-4:]}"
    if draw < 0.5:
        return f"0{prefix}{rest}"
    if draw < 0.7:
        return f"0{prefix} {rest[:3]} {rest[3:]}"
    if draw < 0.93:
        return f"+{code} {prefix} {rest[:3]} {rest[3:]}"
    if draw < 0.935:
        return _pick(rng, ("N/A", "000000000", "123456", "chưa có", "0"))
    return "" if draw > 0.965 else f"+{code}{prefix}{rest}"


def _email(cast: Cast, rng: random.Random, person: Person) -> str:
    """An address made of the name and a number nobody else has."""
    columns, width = person.columns, max(3, len(str(cast.customers)))
    number = (person.place * 387_420_489 + cast.seed * 7_919) % 10**width
    words = columns["name_key"].split()
    first, last = (words[-1], words[0]) if person.country.code == "VN" else (words[0], words[-1])
    pattern = _pick(
        rng, ("{0}.{1}", "{0}{1}", "{1}.{0}", "{0}", "{1}{0}_", "shop.{0}" if columns.get("company") else "{0}")
    )
    local = pattern.format(first, last) + f"{number:0{width}d}" + (f".{cast.edition}" if cast.edition else "")
    return f"{local}@{_pick(rng, person.country.mail)}"


def _live(cast: Cast, rng: random.Random, person: Person, family: Person | None, day: int) -> None:
    """An address for four of five; Vietnamese ones written before the reform keep their district."""
    if family and family.address:
        address = family.address
        person.address = AddressDraft(**{name: getattr(address, name) for name in _PLACE_COLUMNS})
    elif rng.random() < 0.8 or person.is_business:
        is_after = cast.opened + dt.timedelta(days=day) >= REFORM
        person.address = _address(rng, person.country, is_after=is_after)
    if person.address:
        person.address.label = person.country.labels[person.is_business]
        person.address.recipient = person.columns["name"]
        person.address.company = person.columns.get("company", "")
        person.columns |= places_of(person.address, person.country.code)


_PLACE_COLUMNS = ("country", "line1", "ward", "district", "city", "region", "postal_code")


def _address(rng: random.Random, country: Country, *, is_after: bool) -> AddressDraft:
    place: Place = _pick(rng, country.places)
    ward, district, city, region = place.ward, place.district, place.city, place.region
    if place.later and is_after:
        (ward, city, region), district = place.later, ""
    number, street = 1 + int(rng.random() * 240), _pick(rng, country.streets)
    if country.code == "ID":
        line = f"{street} No. {number}"
    elif country.code == "RO":
        line = f"{street} nr. {number}" + (f", ap. {1 + number % 40}" if number % 3 else "")
    else:
        line = f"{number} {street}"
    return AddressDraft(
        country=country.code, line1=line, ward=ward, district=district, city=city, region=region,
        postal_code=place.postal_code,
    )  # fmt: skip


def _comes_again(place: int, before: Person) -> bool:
    named = before.columns["given_name"] and before.columns["family_name"]
    return place % TWICE_EVERY == TWICE_EVERY - 1 and bool(named and before.address and not before.is_business)


def _repeat(person: Person, before: Person) -> None:
    """The same person as somebody else would write them down: by phone, or by a name that is nearly the same."""
    columns, way = person.columns, person.place // TWICE_EVERY % 4
    given, last = before.columns["given_name"], before.columns["family_name"]
    if way == 1:
        given, last = last, given
    elif way == 2:
        given = _mistyped(given)
    columns |= {"given_name": given, "family_name": last, "name": display_name(given, last, person.country.code)}
    columns["gender"] = before.columns["gender"]
    for fact in ("birth_md", "birth_year"):  # nobody asks twice
        columns.pop(fact, None)
    if way:
        columns |= {"phone": None, "phone_raw": "", "phone_kind": PhoneKind.NONE}
    columns["name_key"] = sort_key(columns)
    if person.address:
        person.address.recipient = columns["name"]


def _mistyped(name: str) -> str:
    """Two letters inside the longest word have changed places."""
    word = max(name.split(), key=len)
    return name.replace(word, word[:-2] + word[-1] + word[-2]) if len(word) > 3 else name


def _belong(cast: Cast, rng: random.Random, person: Person) -> None:
    """Group, status, agent, channel, who sent them, tags."""
    columns, draw = person.columns, rng.random
    columns["group_id"] = cast.groups["business" if person.is_business else "standard"]
    if draw() < 0.55:
        columns["status_id"] = cast.statuses[_pick(rng, _STATUSES[bool(person.orders)])]
        columns["status_at"] = _later(cast, rng, person.at)
    if person.is_business or draw() < 0.3:
        columns["staff_id"] = _pick(rng, cast.agents)[0]
    if person.place and draw() < 0.04:
        columns["referred_by_id"] = cast.first_customer_id + int(draw() * person.place)
    columns["channel_first_id"] = cast.channels[person.channel]
    person.tags = sorted(cast.tags[tag] for tag in _tags(person, draw))


_STATUSES = {
    True: ("closed",) * 6 + ("closing", "contacted", "contacted", "potential"),
    False: ("potential",) * 4 + ("contacted",) * 3 + ("not_potential", "unreachable", "unreachable"),
}

TAGS = {
    "VIP": "yellow", "Skincare": "teal", "Make-up": "pink", "Spa": "cyan", "Live buyer": "red", "Gift": "orange",
    "Wholesale": "blue", "Newsletter": "azure", "Birthday club": "purple", "Returns": "grey", "Late payer": "red",
    "Bride": "pink", "Influencer": "lime", "Press": "grey",
}  # fmt: skip
"""Name → colour."""

# Of all people, by chance alone.
_CHANCE_TAGS = (
    ("Skincare", 0.12), ("Make-up", 0.08), ("Live buyer", 0.06), ("Gift", 0.05), ("Newsletter", 0.04),
    ("Birthday club", 0.03), ("Returns", 0.012), ("Bride", 0.006), ("Influencer", 0.003), ("Press", 0.0004),
)  # fmt: skip


def _tags(person: Person, draw: Any) -> list[str]:
    found = [tag for tag, share in _CHANCE_TAGS if draw() < share]
    if person.orders > 30 and draw() < 0.8:
        found.append("VIP")
    if person.country.code == "VN" and draw() < 0.12:
        found.append("Spa")
    if person.is_business:
        found.append("Wholesale")
        if draw() < 0.1:
            found.append("Late payer")
    return found


def _agree(cast: Cast, rng: random.Random, person: Person) -> None:
    """What they said about marketing on the channels by which they can be reached."""
    columns = person.columns
    reachable = {"email": columns.get("email"), "sms": columns["phone"]}
    reachable["zalo"] = columns["phone"] and person.country.code == "VN"
    reachable["whatsapp"] = columns["phone"] and person.country.code in {"ID", "PH", "RO"}
    for channel, is_open in reachable.items():
        draw = rng.random()
        if not is_open or draw > 0.62:
            continue
        state = ConsentState.SUBSCRIBED
        if draw > 0.5:
            state = ConsentState.NOT_SUBSCRIBED
        elif draw > 0.47:
            state = ConsentState.PENDING
        else:
            person.consents.append((channel, int(state), person.at))
            if draw > 0.4:
                state = ConsentState.UNSUBSCRIBED
        if state != ConsentState.SUBSCRIBED:
            when = _later(cast, rng, person.at) if state == ConsentState.UNSUBSCRIBED else person.at
            person.consents.append((channel, int(state), when))
        columns[f"consent_{channel}"] = state


def _be_known(cast: Cast, rng: random.Random, person: Person) -> None:
    """Zalo, outside ids, citizen ids, and what the team noted."""
    columns, draw = person.columns, rng.random
    if person.country.code == "VN" and columns["phone"] and draw() < 0.35:
        number = (person.place * 48_271 + cast.seed) % 10**9
        columns["zalo_id"] = f"{cast.edition + 3}{number:09d}{person.place:08d}"
        columns["oa_state"] = _pick(rng, (OaState.FOLLOWED, OaState.FOLLOWED, OaState.UNFOLLOWED, OaState.NEVER))
        if columns["oa_state"] != OaState.NEVER:
            columns["oa_at"] = _later(cast, rng, person.at)
        person.identities.append(("zalo", columns["zalo_id"]))
    if person.channel in _MARKETPLACES or draw() < 0.1:
        person.identities.append((person.channel, f"c-{cast.mark}{person.place + 100_000}"))
    if person.country.code == "VN" and "birth_year" in columns and draw() < 0.05:
        columns |= sealed(cast.shop_id, person.id, _citizen_id(rng, columns))
    if draw() < 0.12:
        person.note = (_pick(rng, person.country.notes), _later(cast, rng, person.at))


def _citizen_id(rng: random.Random, columns: dict[str, Any]) -> str:
    """A Vietnamese citizen id (CCCD): province, century and sex, year of birth, six digits. Asked for on invoices."""
    year, is_woman = columns["birth_year"], columns["gender"] == Gender.FEMALE
    century = (0 if year < 2000 else 2) + is_woman
    return f"{_pick(rng, ('001', '031', '048', '079', '092'))}{century}{year % 100:02d}{rng.randrange(10**6):06d}"


def search_of(person: Person) -> str:
    """The folded text they are found by: one definition for all writers."""
    return search_text(person.columns, person.identities)


__all__ = ["BLOCK", "TAGS", "Person", "people", "search_of"]
