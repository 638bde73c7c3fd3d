"""What a report holds of each check on each cloud: verdicts counted, findings open and waived."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.reporter import Report, Row


@dataclass(slots=True)
class Observed:
    """One check on one cloud. ``unfinished`` counts failing verdicts of which an answer is missing besides."""

    verdicts: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0
    open: list[str] = field(default_factory=list)
    waived: list[Row] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether a defect was found that is not waived; one that no finding stands for counts as open."""
        return bool(self.open) or (self.verdicts[Status.FAIL] > 0 and not self.waived)

    @property
    def unread(self) -> int:
        """Verdicts that were asked for and not reached."""
        return self.verdicts[Status.UNKNOWN] + self.verdicts[Status.ERROR] + self.unfinished

    @property
    def judged(self) -> bool:
        """Whether any verdict was reached."""
        return any(self.verdicts[each] for each in (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE))

    @property
    def whole(self) -> bool:
        """Whether it ran, and reached every verdict."""
        return self.judged and not self.unread and not self.verdicts[Status.NOT_EXAMINED]


class Observations:
    """Everything a report says that controls are decided by.

    ``renamed`` holds present ids of checks by former ones; ``clouds`` the cloud of each function, where it is known
    without making the rows of ``functions``.
    """

    def __init__(self, report: Report, renamed: Mapping[str, str], clouds: Mapping[str, Cloud] | None) -> None:
        head = report.head
        self.clouds = tuple(sorted({Cloud(row["cloud"]) for row in head["scopes"]}))
        self.doubts = _doubts(head)
        self.crashed = bool(head["run"]["errors"])
        self._by_check: defaultdict[tuple[str, Cloud], Observed] = defaultdict(Observed)
        self._renamed = renamed
        self._count(report, clouds)
        for row in report.findings():
            found = self._at(str(row["check_id"]), Cloud(row["cloud"]))
            if row["waived"] is None:
                found.open.append(str(row["fingerprint"]))
            else:
                found.waived.append(row)

    def of(self, check: str, cloud: Cloud) -> Observed:
        """What was observed of a check on a cloud; nothing where it did not run or had nothing to judge."""
        return self._by_check.get((check, cloud)) or Observed()

    def _at(self, check: str, cloud: Cloud) -> Observed:
        return self._by_check[self._renamed.get(check, check), cloud]

    def _count(self, report: Report, clouds: Mapping[str, Cloud] | None) -> None:
        functions = clouds or {str(row["id"]): Cloud(row["cloud"]) for row in report.functions()}
        partial = report.head.get("partial_verdicts") or {}
        for subject, verdicts in report.verdicts():
            cloud = functions.get(subject) or Cloud(subject.partition("/")[0])
            for check, status in verdicts.items():
                self._at(check, cloud).verdicts[Status(status)] += 1
            for check in partial.get(subject, ()):
                self._at(check, cloud).unfinished += 1


def _doubts(head: Row) -> Mapping[Cloud, str]:
    """The clouds on which functions may exist that the report does not hold, each with why."""
    found = {}
    for row in head["scopes"]:
        unread = ", ".join(row.get("unlisted") or ())
        if row["status"] == "unreadable":
            found[Cloud(row["cloud"])] = f"the functions of {row['id']} could not be listed"
        elif unread:
            found[Cloud(row["cloud"])] = f"the list of functions of {row['id']} is not whole: {unread}"
        elif head["run"].get("interrupted"):
            found.setdefault(Cloud(row["cloud"]), "the run was interrupted")
    return found
