"""The vulnerable components of a function, one finding a package: what mends it is one upgrade."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from auditor.analysis.package_components import Loaded, runtime_components, unversioned
from auditor.model.code_analysis import ComponentEvidence, Vulnerability
from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Confidence, Severity

UNKNOWN_VERSION = "(version not known)"
_SHOWN = 5
_SURE = frozenset({ComponentEvidence.INSTALLED, ComponentEvidence.BINARY})


@dataclass(frozen=True, slots=True)
class VulnerableDependency:
    """A package that a function loads, in each version of it, with what is known against it."""

    package: str
    """Package URL without the version."""
    versions: tuple[str, ...]
    paths: tuple[str, ...]
    layer: str
    vulnerabilities: tuple[Vulnerability, ...]
    confidence: Confidence
    source: str
    declared: bool
    """Only a list of requirements names it: it is not installed in what was read."""

    @property
    def severity(self) -> Severity:
        """That of the gravest."""
        return max((each.severity for each in self.vulnerabilities), key=lambda each: each.rank)

    @property
    def upgrade(self) -> str:
        """The version that clears all of them; "" where none is known."""
        upgrades = {each.upgrade or "" for each in self.vulnerabilities}
        return upgrades.pop() if len(upgrades) == 1 else ""

    @property
    def brought_by(self) -> str:
        """The package to change instead, with its version; "" where that is the package itself, or not told."""
        named = {each.brought_by for each in self.vulnerabilities} - {""}
        return ", ".join(sorted(named))

    @property
    def ids(self) -> str:
        """Their ids, CVE numbers where they have one, the gravest first."""
        ordered = sorted(self.vulnerabilities, key=lambda each: (-each.severity.rank, each.id))
        named = [next((name for name in each.aliases if name.startswith("CVE-")), each.id) for each in ordered]
        more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        return ", ".join(named[:_SHOWN]) + more

    @property
    def exploited(self) -> str:
        """In words, what is known of exploitation; "" where nothing is."""
        if any(each.exploited for each in self.vulnerabilities):
            return "; CISA lists it as exploited"
        likely = max((each.epss or 0 for each in self.vulnerabilities), default=0)
        return f"; EPSS {likely:.2f}" if likely >= 0.1 else ""

    @property
    def scanners(self) -> str:
        """Who says so."""
        return ", ".join(sorted({name for each in self.vulnerabilities for name in each.scanners}))


def vulnerable_dependencies(function: Function, *, malicious: bool) -> Iterator[VulnerableDependency]:
    """The packages with advisories of one kind: that they are malicious, or that they are vulnerable.

    Raises Unanswered after them where a component may have been missed, or nothing was compared with advisories.
    """
    found = runtime_components(function.code)
    grouped: dict[tuple[str, str], list[Loaded]] = {}
    for each in found.loaded:
        if any(one.malicious is malicious and not one.statement for one in each.vulnerabilities):
            grouped.setdefault((unversioned(each.component.purl), each.layer), []).append(each)
    for (package, layer), loaded in grouped.items():
        yield _dependency(package, layer, loaded, found.source, malicious=malicious)
    analysis = function.code.analysis.need()
    if not analysis.judged:
        raise Unanswered(Gap(GapReason.NOT_COLLECTED, found.source, None, analysis.advisories))
    if found.gap is not None:
        raise Unanswered(found.gap)


def _dependency(
    package: str, layer: str, loaded: Iterable[Loaded], source: str, *, malicious: bool
) -> VulnerableDependency:
    rows = list(loaded)
    known: Mapping[tuple[str, str], Vulnerability] = {
        (each.purl, each.id): each
        for row in rows
        for each in row.vulnerabilities
        if each.malicious is malicious and not each.statement
    }
    evidences = {row.component.evidence for row in rows}
    return VulnerableDependency(
        package=package,
        versions=tuple(sorted({row.component.version or UNKNOWN_VERSION for row in rows})),
        paths=tuple(sorted({row.component.path for row in rows})),
        layer=layer,
        vulnerabilities=tuple(known.values()),
        confidence=_confidence(evidences),
        source=source,
        declared=evidences == {ComponentEvidence.DECLARED},
    )


def _confidence(evidences: AbstractSet[ComponentEvidence]) -> Confidence:
    """By how its versions were seen: in the package, in a lock, or in a list of requirements alone."""
    if evidences & _SURE:
        return Confidence.HIGH
    return Confidence.LOW if evidences == {ComponentEvidence.DECLARED} else Confidence.MEDIUM
