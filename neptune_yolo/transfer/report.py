"""What an import or export has done, checked against what is there: for people as lines, for scripts as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

_SHOWN = 10
_SHOWN_RUNS = 100
"""More runs are told of only where there is something to say."""


class Outcome(StrEnum):
    """What became of one run."""

    NEW = "new"
    CONTINUED = "continued"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Difference:
    """An attribute that is not what it should be.

    Args:
        path: Attribute path.
        expected: What it should be, in words.
        found: What it is, in words.
    """

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


@dataclass
class RunReport:
    """What became of one run.

    Attributes:
        source: Where it comes from: a folder, or the run's original ID.
        outcome: What became of it.
        run: Its ID on the server; None if it has none.
        attributes: Attributes that were checked.
        points: Points of series that were checked.
        files: Files that were checked.
        file_bytes: Their bytes.
        differences: Attributes that are not what they should be.
        problems: What was wrong with the source, or could not be taken over; no error.
        error: Why it failed; empty otherwise.
        details: Further counts, by their names.
    """

    source: str
    outcome: Outcome
    run: str | None = None
    attributes: int = 0
    points: int = 0
    files: int = 0
    file_bytes: int = 0
    differences: list[Difference] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    error: str = ""
    details: dict[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether everything is as it should be."""
        return self.outcome is not Outcome.FAILED and not self.differences

    def lines(self) -> Iterator[str]:
        """Give it in words."""
        what = f" as {self.run}" if self.run else ""
        counts = f": {self.attributes} attributes, {self.points} points, {self.files} files" if self.attributes else ""
        yield f"{self.source}: {self.outcome}{what}{counts}"
        yield from (f"  {name}: {count}" for name, count in self.details.items())
        if self.error:
            yield f"  error: {self.error}"
        yield from (f"  difference: {difference}" for difference in self.differences[:_SHOWN])
        if len(self.differences) > _SHOWN:
            yield f"  and {len(self.differences) - _SHOWN} differences more"
        yield from (f"  note: {problem}" for problem in self.problems[:_SHOWN])
        if len(self.problems) > _SHOWN:
            yield f"  and {len(self.problems) - _SHOWN} notes more"


@dataclass
class TransferReport:
    """What became of everything.

    Attributes:
        runs: One for each run.
        skipped: What is no run, in words.
        is_plan: Whether it only tells what would be done.
    """

    runs: list[RunReport] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    is_plan: bool = False

    @property
    def exit_code(self) -> int:
        """0 if everything is as it should be, else 1."""
        return 0 if all(run.is_good for run in self.runs) else 1

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "runs": [asdict(run) | {"outcome": str(run.outcome), "is_good": run.is_good} for run in self.runs],
            "skipped": self.skipped,
            "totals": self.totals(),
            "is_good": self.exit_code == 0,
            "is_plan": self.is_plan,
        }

    def totals(self) -> dict[str, int]:
        """Return sums over all runs, by their names."""
        outcomes = Counter(str(run.outcome) for run in self.runs)
        return {
            **{str(outcome): outcomes[str(outcome)] for outcome in Outcome},
            "attributes": sum(run.attributes for run in self.runs),
            "points": sum(run.points for run in self.runs),
            "files": sum(run.files for run in self.runs),
            "file_bytes": sum(run.file_bytes for run in self.runs),
            "differences": sum(len(run.differences) for run in self.runs),
        }

    def lines(self) -> Iterator[str]:
        """Give it in words."""
        told = [run for run in self.runs if len(self.runs) <= _SHOWN_RUNS or run.problems or not run.is_good]
        for run in told:
            yield from run.lines()
        if len(told) < len(self.runs):
            yield f"and {len(self.runs) - len(told)} runs of which there is nothing to say"
        yield from (f"not imported: {text}" for text in self.skipped)
        totals = self.totals()
        outcomes = ", ".join(f"{totals[str(outcome)]} {outcome}" for outcome in Outcome if totals[str(outcome)])
        counts = f"{totals['attributes']} attributes, {totals['points']} points and {totals['files']} files"
        counts = f"{counts} ({totals['file_bytes']} bytes) "
        begin = f"{len(self.runs)} runs ({outcomes or 'none'}): "
        if not self.is_plan:
            yield f"{begin}{counts}checked, {totals['differences']} differences"
        else:  # an export of tables is not counted before it is read
            yield f"{begin}{f'{counts}found; ' if totals['attributes'] else ''}nothing was written"
