"""A batch of points balances into the shop, or tried and taken back."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from regulars.customers.bulk import Change
from regulars.customers.drafts import Draft
from regulars.events.record import Actor
from regulars.kit.errors import BadValue, DomainError
from regulars.loyalty.errors import NotEnoughPoints, SeveralBalances
from regulars.loyalty.openings import Account, state_openings
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures, Outcome
from regulars.transfer.options import Options
from regulars.transfer.rows import Ready, Rejected, rejections
from regulars.transfer.writing_details import strangers, whose

Pair = tuple[int, Ready]

_FIELDS = {"counts_on": "as_of"}
"""Fields of an opening → the columns that brought them."""


class PointsWriter:
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int | None) -> None:
        self._shop, self._options, self._by, self._batch_id = shop, options, by, batch_id

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """State what is new or another number; rows of nobody and of balances that cannot be are the answer."""
        pairs = list(zip(whose(self._shop, self._options, ready), ready, strict=True))
        bad = strangers([one for pk, one in pairs if pk is None], figures, self._options)
        stated = self._that_count([(pk, one) for pk, one in pairs if pk is not None], figures)
        openings = [one.record.draft.opening(pk) for pk, one in stated]
        answers = state_openings(self._shop, openings, by=self._by, batch_id=self._batch_id)
        for pair, answer in zip(stated, answers, strict=True):
            if answer.refusal is None:
                self._taken(pair, answer.delta, figures)
            else:
                bad += self._refused(pair[1], answer.refusal, figures)
        return bad

    def _that_count(self, pairs: Sequence[Pair], figures: Figures) -> list[Pair]:
        """One row of each customer and programme, the first or the last as was chosen; the others change nothing."""
        rows: dict[Account, Pair] = {}
        lines: dict[Account, int] = {}
        for pair in pairs:
            account = _account(pair)
            if pair[1].record.draft.points is None:
                self._unchanged(pair, figures)
            elif pair[1].gives_way and account not in rows:
                figures.duplicates += 1
                self._unchanged(pair, figures)
            else:
                if account in rows:
                    figures.found_twice(pair[1].line, lines[account])
                    gone, pair = (pair, rows[account]) if self._options.twice == "first" else (rows[account], pair)
                    self._unchanged(gone, figures)
                rows[account] = pair
                lines.setdefault(account, pair[1].line)
        return list(rows.values())

    def _before(self, pair: Pair, stated: int) -> int:
        """What the programme said before this row; stated: so far as the shop knows."""
        return stated

    def _taken(self, pair: Pair, delta: int, figures: Figures) -> None:
        pk, one = pair
        points = one.record.draft.points
        before = self._before(pair, points - delta)
        if before == points:
            self._unchanged(pair, figures)
            return
        outcome: Outcome = "changed" if before else "new"
        figures.created += not before
        figures.updated += bool(before)
        if before:
            figures.changed["points"] += 1
        change = Change(pk, Draft(), {"points": [before, points]})
        figures.see(outcome, one, change, loses=points < before)

    def _unchanged(self, pair: Pair, figures: Figures) -> None:
        figures.unchanged += 1
        figures.see("unchanged", pair[1], Change(pair[0], Draft()))

    def _refused(self, one: Ready, refusal: DomainError, figures: Figures) -> list[Rejected]:
        column, value, reason = _blame(one, refusal)
        bad = rejections(one.rows, column, value, reason, self._options)
        figures.rejected += 1
        figures.reject(bad)
        return bad


class PointsTrial(PointsWriter):
    """States each batch and takes it back: so the figures are those of the import, and nothing stays."""

    def __init__(self, shop: Shop, options: Options) -> None:
        super().__init__(shop, options, Actor.system(), None)
        self._said: dict[Account, int] = {}  # what earlier batches would have stated

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        with transaction.atomic():
            bad = super().write(ready, figures)
            transaction.set_rollback(True)
        return bad

    def _before(self, pair: Pair, stated: int) -> int:
        account = _account(pair)
        before = self._said.get(account, stated)
        self._said[account] = pair[1].record.draft.points
        return before


def _account(pair: Pair) -> Account:
    return pair[0], pair[1].record.draft.origin


def _blame(one: Ready, refusal: DomainError) -> tuple[str, str, str]:
    """The column that is to blame, its value and the reason."""
    if isinstance(refusal, BadValue):
        return _FIELDS.get(refusal.field, refusal.field), str(refusal.value), refusal.reason
    points = str(one.record.draft.points)
    if isinstance(refusal, NotEnoughPoints):
        reason = _("This would take {needed} points, but only {left} are left: the others were used since.")
        return "points", points, reason.format(needed=refusal.details["needed"], left=refusal.details["balance"])
    return ("points", points, str(refusal)) if isinstance(refusal, SeveralBalances) else ("", "", str(refusal))
