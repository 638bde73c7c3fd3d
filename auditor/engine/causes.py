"""Groups findings by the one change that would close them.

Two findings have one cause where mending one thing closes both. That is never guessed from text: it is proved by the
site that their hits name (:attr:`auditor.check.Hit.site`; without one, the subject and the locus) and by what the
checks declare. Findings of one check at one site are one cause. A finding joins the cause of another check where its
own check declares itself a facet of that one (``facet_of``) and both have the same site. The finding whose check is
no facet of another there leads.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from auditor.check import Check
from auditor.engine.evaluate import Finding
from auditor.model.function import Function
from auditor.model.severity import Confidence, Severity

_ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings that one change closes: the lead first, then its facets.

    ``id`` is 16 hex characters of a hash of the leading check's id and the site: the same cause has the same one in
    every report, whatever functions it is found on.
    """

    id: str
    site: str
    findings: tuple[Finding, ...]
    severity: Severity = field(init=False)
    """The gravest of its findings."""

    def __post_init__(self) -> None:
        gravest = max((finding.severity for finding in self.findings), key=lambda level: level.rank)
        object.__setattr__(self, "severity", gravest)

    @property
    def lead(self) -> Finding:
        """The finding whose fix is the change."""
        return self.findings[0]

    @property
    def check(self) -> Check:
        """The check of the lead."""
        return self.lead.check

    @property
    def confidence(self) -> Confidence:
        """That of the gravest finding, the surest of equals."""
        gravest = [finding.confidence for finding in self.findings if finding.severity is self.severity]
        return min(gravest, key=list(Confidence).index)

    @property
    def functions(self) -> tuple[str, ...]:
        """Ids of the functions it is found on, sorted; none where only an account or a region has to change."""
        return tuple(sorted({each.subject.id for each in self.findings if isinstance(each.subject, Function)}))

    @property
    def of_surroundings(self) -> bool:
        """Whether the change is one of an account or a region, and so no function's own fault."""
        return not isinstance(self.lead.subject, Function)


def site(finding: Finding) -> str:
    """What has to change for a finding to go away."""
    return finding.hit.site or f"{finding.subject.id}\n{finding.hit.locus}"


def group(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """The causes of findings, gravest first. Every finding is in exactly one."""
    by_site: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_site[site(finding)].append(finding)
    causes = [_cause(where, part) for where, there in by_site.items() for part in _parts(there)]
    return tuple(sorted(causes, key=_order))


def _parts(there: Sequence[Finding]) -> Iterator[list[Finding]]:
    """The findings of one site, parted into those that hang together by what their checks declare."""
    checks = {finding.check.id: finding.check for finding in there}
    root = {check_id: check_id for check_id in checks}

    def find(check_id: str) -> str:
        while root[check_id] != check_id:
            check_id = root[check_id]
        return check_id

    for check_id in sorted(checks):
        leads = [lead for lead in checks[check_id].facet_of if lead in checks]
        if leads:  # the first that is there: a facet belongs to one cause
            root[find(check_id)] = find(leads[0])
    parts: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in there:
        parts[find(finding.check.id)].append(finding)
    yield from parts.values()


def _cause(where: str, findings: Sequence[Finding]) -> Cause:
    present = {finding.check.id for finding in findings}

    def order(finding: Finding) -> tuple[bool, int, str, str, str]:
        facet = not present.isdisjoint(finding.check.facet_of)
        return (facet, -finding.severity.rank, finding.check.id, finding.subject.id, finding.hit.locus)

    ordered = tuple(sorted(findings, key=order))
    made = hashlib.sha256(f"{ordered[0].check.first_id}\0{where}".encode()).hexdigest()[:_ID_LENGTH]
    return Cause(made, where, ordered)


def _order(cause: Cause) -> tuple[int, str, str]:
    return (-cause.severity.rank, cause.check.id, cause.site)
