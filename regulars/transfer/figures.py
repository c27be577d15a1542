"""What came of an import, or would come of it: counted with the rows, kept with the run."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from regulars.customers.bulk.planning import Change
from regulars.customers.drafts import Problem
from regulars.transfer.rows import Batch, Ready, Rejected

SHOWN = 100
"""Examples kept of each kind; the rejected rows themselves are all kept."""

Outcome = Literal["new", "changed", "unchanged"]
"""What becomes of a record that is taken."""


@dataclass(slots=True)
class Figures:
    """rows = created + updated + unchanged + rejected, in records (an order with its lines is one).

    changed: how many customers or orders had a field changed. replaced: those of them that lost another value by it.
    warnings: values that were taken as text or left out, by field, with examples. duplicates: records that are
    somebody who stood in the file before, as (line, line before), with examples. is_whole: whether all records were
    counted; a dry run may look at the first of them only.
    """

    most: ClassVar[int] = SHOWN
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    is_whole: bool = True
    changed: Counter[str] = field(default_factory=Counter)
    replaced: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    doubtful: list[dict[str, Any]] = field(default_factory=list)
    twice: list[tuple[int, int]] = field(default_factory=list)

    def read(self, batch: Batch) -> None:
        """Count what was read, before anything is written."""
        self.rows += batch.count
        self.rejected += batch.bad
        self.reject(batch.rejected)
        for ready in batch.ready:
            for problem in ready.problems:
                self.doubt(ready.line, problem)

    def see(self, outcome: Outcome, ready: Ready, change: Change | None = None, *, loses: bool | None = None) -> None:
        """Told by a trial of each record and what would become of it; who only counts does not keep it.

        loses: whether a value is lost by the change, None for what its columns say.
        """

    def reject(self, rows: list[Rejected]) -> None:
        """Keep examples of rows that are not taken."""
        for row in rows[: max(0, self.most - len(self.errors))]:
            self.errors.append({"line": row.line, "column": row.column, "value": row.value, "reason": row.reason})

    def doubt(self, line: int, problem: Problem) -> None:
        """Count a value that was not taken as it stands."""
        self.warnings[problem.field] += 1
        if len(self.doubtful) < self.most:
            said = {"line": line, "column": problem.field, "value": problem.value[:200]}
            self.doubtful.append(said | {"reason": str(problem.reason)})

    def found_twice(self, line: int, before: int) -> None:
        self.duplicates += 1
        if len(self.twice) < self.most:
            self.twice.append((line, before))

    def add(self, other: Self) -> None:
        """These figures and others."""
        for name in ("rows", "created", "updated", "unchanged", "rejected", "duplicates"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("changed", "replaced", "warnings"):
            getattr(self, name).update(getattr(other, name))
        for name in ("errors", "doubtful", "twice"):
            mine = getattr(self, name)
            mine += getattr(other, name)[: max(0, self.most - len(mine))]

    def report(self) -> dict[str, Any]:
        """What is kept as JSON beside the counted columns of a run."""
        return {
            "changed": dict(self.changed),
            "replaced": dict(self.replaced),
            "warnings": dict(self.warnings),
            "duplicates": self.duplicates,
            "errors": self.errors,
            "doubtful": self.doubtful,
            "twice": self.twice,
        }

    @classmethod
    def of(cls, run: Any) -> Self:
        """The figures of an import run as they stand now."""
        report = run.report
        figures = cls(run.rows, run.created, run.updated, run.unchanged, run.rejected)
        figures.duplicates = report.get("duplicates", 0)
        for name in ("changed", "replaced", "warnings"):
            getattr(figures, name).update(report.get(name, {}))
        for name in ("errors", "doubtful", "twice"):
            getattr(figures, name).extend(report.get(name, []))
        return figures
