"""Account, follower, ids, origin, and what the customer said about marketing."""

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from regulars.customers.citizen import HIDDEN
from regulars.customers.consent import UNDATED
from regulars.customers.models import AccountState, ConsentChannel, ConsentEntry, ConsentState, OaState
from regulars.shops.models import Channel
from regulars.shops.permissions import Permission
from regulars.web.customers.sections.head import referrer
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

CONSENT_TONES = {
    ConsentState.SUBSCRIBED: "good",
    ConsentState.PENDING: "warn",
    ConsentState.UNSUBSCRIBED: "bad",
    ConsentState.NOT_SUBSCRIBED: "",
    ConsentState.UNKNOWN: "",
}
_ICONS = {"email": "mail", "sms": "message", "zalo": "message-circle", "whatsapp": "brand-whatsapp"}
_WITHOUT_ACCOUNT = frozenset({AccountState.GUEST, AccountState.INVITED})
MOST_WORDS = 50  # of one channel's ledger


def consents(view: "CustomerView") -> list[dict[str, Any]]:
    """One row a channel: state, since when, said where, and every word before."""
    ledger = _ledger(view)
    return [_channel(view, channel, ledger[channel]) for channel in ConsentChannel.values]


def _ledger(view: "CustomerView") -> dict[str, list[ConsentEntry]]:
    """Channel → its words, the one that counts first."""
    words: dict[str, list[ConsentEntry]] = defaultdict(list)
    said = ConsentEntry.objects.of(view.shop).filter(customer=view.customer).order_by("-at", "-id")
    for entry in said[: MOST_WORDS * len(ConsentChannel.values)]:
        words[entry.channel].append(entry)
    return words


def _channel(view: "CustomerView", channel: str, said: list[ConsentEntry]) -> dict[str, Any]:
    state = ConsentState(getattr(view.customer, f"consent_{channel}"))
    return {
        "channel": channel,
        "label": ConsentChannel(channel).label,
        "icon": _ICONS[channel],
        "state": state.label,
        "tone": CONSENT_TONES[state],
        "since": _when(view, said[0]) if said else "",
        "source": said[0].source if said else "",
        "words": [_word(view, entry) for entry in said[:MOST_WORDS]],
    }


def _word(view: "CustomerView", entry: ConsentEntry) -> dict[str, Any]:
    state = ConsentState(entry.state)
    return {
        "state": state.label,
        "tone": CONSENT_TONES[state],
        "at": _when(view, entry),
        "source": entry.source,
        "recorded": cells.show_moment(entry.recorded_at, view.ctx),
    }


def _when(view: "CustomerView", entry: ConsentEntry) -> Any:
    return _("date unknown") if entry.at == UNDATED else cells.show_moment(entry.at, view.ctx)


class Account:
    """The account card of the tab."""

    def __init__(self, view: "CustomerView") -> None:
        self.view, self.customer = view, view.customer

    @property
    def states(self) -> list[tuple[int, Any]]:
        return list(AccountState.choices)

    @property
    def follows(self) -> list[tuple[int, Any]]:
        return list(OaState.choices)

    @cached_property
    def facts(self) -> list[tuple[Any, Any]]:
        """Dates and where the customer came from."""
        customer, ctx = self.customer, self.view.ctx
        without = _("no account") if customer.account_state in _WITHOUT_ACCOUNT else ""
        registered = cells.show_moment(customer.registered_at, ctx) if customer.registered_at else without
        return [
            (_("Registered"), registered),
            (_("Customer since"), cells.show_moment(customer.created_at, ctx)),
            (_("Came in"), customer.get_source_display()),
            (_("First channel"), customer.channel_first.name if customer.channel_first else ""),
            (_("Last channel"), customer.channel_last.name if customer.channel_last else ""),
            (_("Sent by"), referrer(self.view)),
            (_("Number here"), f"#{customer.pk}"),
            *self.identities,
        ]

    @cached_property
    def identities(self) -> list[tuple[str, str]]:
        """What other systems call them; a Zalo id is contact data."""
        known = self.customer.identities.order_by("channel", "external_id")[:50]
        visible = [one for one in known if one.channel != "zalo" or self.view.may_contact]
        names = dict(Channel.objects.of(self.view.shop).values_list("key", "name")) if visible else {}
        called = ((names.get(one.channel, one.channel), one.external_id) for one in visible)
        return [(_("Id at {channel}").format(channel=name), its_id) for name, its_id in called]

    @property
    def oa_since(self) -> Any:
        return cells.show_moment(self.customer.oa_at, self.view.ctx) if self.customer.oa_at else ""

    @property
    def citizen_id(self) -> str:
        """Always hidden here; "" when there is none."""
        return HIDDEN if self.customer.citizen_id_sealed else ""

    @property
    def may_reveal(self) -> bool:
        return self.view.may(Permission.REVEAL_CITIZEN_ID)
