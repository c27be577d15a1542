"""Notes, and words on marketing, out of rows: each about one customer who is here already."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.drafts import ConsentDraft, Draft, Problem
from regulars.customers.matching import MatchKeys
from regulars.customers.models import ConsentChannel
from regulars.customers.profile import NOTE_LENGTH, read_profile
from regulars.customers.words import read_consent
from regulars.kit.dates import read_moment
from regulars.kit.errors import BadValue
from regulars.kit.text import clean, fold, one_line
from regulars.shops.models import Shop
from regulars.transfer.key_columns import CUSTOMER_KEYS
from regulars.transfer.options import Options
from regulars.transfer.own_ids import read_own_id
from regulars.transfer.reading import Row
from regulars.transfer.rows import Cells, Ready

AHEAD = timedelta(days=1)
_KEYS = frozenset(column.name for column in CUSTOMER_KEYS) - {"regulars_id"}

CHANNELS = {"e mail": "email", "mail": "email", "newsletter": "email", "thu dien tu": "email", "surel": "email"}
CHANNELS |= {"text": "sms", "text message": "sms", "tin nhan": "sms", "mobile": "sms", "wa": "whatsapp"}
CHANNELS |= {channel: channel for channel in ConsentChannel.values}
"""What files call a channel of messages, folded."""


class Detail(NamedTuple):
    """What a row says of a customer: `draft` holds nothing but the note, the word or the balance. keys: whose it is."""

    keys: MatchKeys
    draft: Any


class DetailRows(ABC):
    """One row, one thing about one customer."""

    groups = False

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        self._shop, self._options, self._cells, self._source = shop, options, Cells(options), source
        self._country = options.defaults.get("country") or shop.country
        self._channel = options.layout.channel

    def same_record(self, first: Row, following: Row) -> bool:
        return False

    def record(self, rows: list[Row]) -> Ready:
        raw = self._cells.of(rows[0])
        problems = self._cells.problems
        try:
            customer_id = read_own_id(raw.get("regulars_id", ""), self._shop.pk)
            keys = self._keys(raw, problems, customer_id)
            draft = self.draft(raw, problems)
        except BadValue as error:
            return Ready(rows, None, [*problems, Problem(error.field, str(error.value), error.reason, fatal=True)])
        return Ready(rows, Detail(keys, draft), problems, customer_id)

    @abstractmethod
    def draft(self, raw: Mapping[str, str], problems: list[Problem]) -> Any:
        """What the row says. Raises BadValue naming the field."""

    def at(self, raw: Mapping[str, str]) -> datetime | None:
        """When it was written or said; None when the row does not tell. Raises BadValue."""
        written = raw.get("at", "").strip()
        if not written:
            return None
        try:
            at = read_moment(written, self._shop.timezone, self._options.day_order)
        except BadValue as error:
            raise error.for_field("at") from None
        if at > now() + AHEAD:
            raise BadValue(_("This lies in the future."), value=written, field="at")
        return at

    def _keys(self, raw: Mapping[str, str], problems: list[Problem], customer_id: int | None) -> MatchKeys:
        said = {name: raw[name] for name in _KEYS if raw.get(name)}
        if said and self._channel:
            said.setdefault("channel", self._channel)
        read = read_profile(said, country=self._country, tz=self._shop.timezone, partial=True)
        problems += read.problems
        keys = MatchKeys.of(read)
        if not any(keys) and customer_id is None:
            told = next((said[name] for name in ("email", "phone", "external_id") if name in said), "")
            raise BadValue(_("The row does not say whose it is."), value=told, field="email" if told else "")
        return keys


class NoteRows(DetailRows):
    """A note with its day and its author, where the row tells them."""

    def draft(self, raw: Mapping[str, str], problems: list[Problem]) -> Draft:
        text = clean(raw.get("text", ""))
        if not text:
            raise BadValue(_("A note needs its text."), field="text")
        if len(text) > NOTE_LENGTH:
            reason = _("Only the first {length} characters are kept.").format(length=NOTE_LENGTH)
            problems.append(Problem("text", text, reason))
        author = one_line(raw.get("author", ""))[:120]
        return Draft(note=text[:NOTE_LENGTH].rstrip(), note_at=self.at(raw), note_by=author)


class ConsentRows(DetailRows):
    """A word on one channel. Which word counts is for `customers.consent` to judge: the one said last."""

    def draft(self, raw: Mapping[str, str], problems: list[Problem]) -> Draft:
        channel = CHANNELS.get(fold(raw.get("consent_channel", "")[:60].replace("-", " ").replace("_", " ")))
        if channel is None:
            reason = _("Say of which channel: {known}.").format(known=", ".join(ConsentChannel.values))
            raise BadValue(reason, value=raw.get("consent_channel", ""), field="consent_channel")
        state = read_consent(raw.get("state", ""))
        if state is None:
            raise BadValue(
                _("This word is neither a yes nor a no."), value=raw.get("state", ""), field="state"
            )  # fmt: skip
        source = one_line(raw.get("source", ""))[:120] or self._source
        said = [ConsentDraft(channel, int(state), self.at(raw), source)] if state else []
        return Draft(consents=said)
