"""Joins what scanners of others said with what was found here: by package URL, and by the names of vulnerabilities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from auditor.model.code_analysis import NOT_ANALYSED, CodeAnalysis, CodeFacts, Component, Vulnerability
from auditor.model.function import Function
from auditor.model.observed import LEFT_OUT, Gap, GapReason, Known, Unknown

IMPORT: Final = "import"
"""What should have told of a function that no report is about."""


@dataclass(frozen=True, slots=True)
class ImportedScan:
    """A report, and of which functions it is: those whose name or id matches ``functions``."""

    scanner: str
    functions: str
    components: tuple[Component, ...]
    vulnerabilities: tuple[Vulnerability, ...]

    def covers(self, function: Function) -> bool:
        """Whether it is a scan of a function."""
        return fnmatchcase(function.name, self.functions) or fnmatchcase(function.id, self.functions)


def with_imports(functions: Iterable[Function], scans: Sequence[ImportedScan]) -> tuple[Function, ...]:
    """The functions with what the scans say of them; one that nobody scanned is unknown, not clean."""
    return tuple(_with(function, [scan for scan in scans if scan.covers(function)]) for function in functions)


def _with(function: Function, scans: Sequence[ImportedScan]) -> Function:
    analysis = function.code.analysis
    if scans:
        own = analysis.value if isinstance(analysis, Known) else None
        source = analysis.source if own is not None else f"import:{scans[0].scanner}"
        joined: Known[CodeAnalysis] | Unknown = Known(_joined(own, scans), source)
    elif isinstance(analysis, Unknown) and analysis.gap.reason in LEFT_OUT:
        unscanned = "no imported report is about this function, and its package was not looked into"
        joined = Unknown(Gap(GapReason.NOT_COLLECTED, IMPORT, None, unscanned, function.id))
    else:
        return function
    layers = function.code.layers
    if scans and isinstance(layers, Known):  # a scan of the function is taken to be of all that it is deployed with
        read = tuple(
            layer if isinstance(layer.analysis, Known) or layer.analysis.gap.reason not in LEFT_OUT
            else replace(layer, analysis=Known(_EMPTY, joined.source))
            for layer in layers.value
        )  # fmt: skip
        layers = Known(read, layers.source)
    return replace(function, code=replace(function.code, analysis=joined, layers=layers))


_EMPTY = CodeAnalysis(
    components=(),
    vulnerabilities=(),
    judged=True,
    advisories="",
    findings=(),
    facts=CodeFacts(),
    incomplete=(),
    code_incomplete=(NOT_ANALYSED,),
)


def _joined(own: CodeAnalysis | None, scans: Sequence[ImportedScan]) -> CodeAnalysis:
    components = {each.purl: each for scan in scans for each in scan.components}
    components |= {each.purl: each for each in own.components} if own else {}
    told = [each for scan in scans for each in scan.vulnerabilities]
    scanners = ", ".join(dict.fromkeys(scan.scanner for scan in scans))
    return replace(
        own or _EMPTY,
        components=tuple(components.values()),
        vulnerabilities=merged_vulnerabilities([*(own.vulnerabilities if own else ()), *told]),
        judged=True,
        advisories="; ".join(filter(None, (own.advisories if own and own.judged else "", f"reports of {scanners}"))),
    )


def merged_vulnerabilities(told: Iterable[Vulnerability]) -> tuple[Vulnerability, ...]:
    """One for each vulnerability of a component, whatever each scanner calls it; the first to tell it leads."""
    found: list[Vulnerability] = []
    for each in told:
        names = {each.id, *each.aliases}
        same = [other for other in found if other.purl == each.purl and names & {other.id, *other.aliases}]
        merged = each
        for other in reversed(same):
            merged = _one(other, merged)
        place = found.index(same[0]) if same else len(found)
        found = [other for other in found if other not in same]
        found.insert(place, merged)
    return tuple(found)


def _one(lead: Vulnerability, other: Vulnerability) -> Vulnerability:
    return replace(
        lead,
        aliases=tuple(sorted({*lead.aliases, *other.aliases, other.id} - {lead.id})),
        severity=max(lead.severity, other.severity, key=lambda severity: severity.rank),
        score=lead.score if lead.score is not None else other.score,
        upgrade=lead.upgrade or other.upgrade,
        summary=lead.summary or other.summary,
        malicious=lead.malicious or other.malicious,
        scanners=tuple(dict.fromkeys((*lead.scanners, *other.scanners))),
    )
