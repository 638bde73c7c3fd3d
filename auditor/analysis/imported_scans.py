"""Joins what scanners of others said with what was found here: by package URL, and by the names of vulnerabilities."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from auditor.analysis.package_components import unversioned
from auditor.model.code import Layer
from auditor.model.code_analysis import (
    NOT_ANALYSED,
    CodeAnalysis,
    CodeFacts,
    CodeFinding,
    Component,
    Vulnerability,
)
from auditor.model.function import Function
from auditor.model.observed import LEFT_OUT, Gap, GapReason, Known, Unknown

IMPORT: Final = "import"
"""What should have told of a function that no report is about."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a VEX document says of a vulnerability by its names: that it does no harm, or that it may.

    ``products`` are the package URLs that it is about, without a version for every version; none: all there are.
    """

    names: frozenset[str]
    products: tuple[str, ...]
    harmless: bool
    text: str

    def is_about(self, known: Vulnerability) -> bool:
        """Whether it speaks of a vulnerability of a component."""
        named = not self.names.isdisjoint({known.id, *known.aliases})
        return named and (not self.products or any(_means(product, known.purl) for product in self.products))


@dataclass(frozen=True, slots=True)
class Affected:
    """A vulnerability of a range of versions, from a scanner that does not name the installed one.

    ``component`` has no version, ``vulnerability`` its package URL; ``includes``: whether a version is in the range.
    """

    component: Component
    vulnerability: Vulnerability
    includes: Callable[[str], bool]

    def among(self, installed: Iterable[Component]) -> tuple[tuple[Component, Vulnerability], ...]:
        """The installed versions that it is about; the package without a version where none of it is known.

        None where all that is installed of the package is outside the range: the report is of another version.
        """
        key = (self.component.ecosystem, self.component.name)
        same = [each for each in installed if (each.ecosystem, each.name) == key and each.version]
        if not same:
            return ((self.component, self.vulnerability),)
        hit = {each.purl: each for each in same if self.includes(each.version)}
        return tuple((each, replace(self.vulnerability, purl=each.purl)) for each in hit.values())


@dataclass(frozen=True, slots=True)
class ImportedScan:
    """A report, and of which functions it is: those whose name or id matches ``functions``.

    ``of_libraries``: it is a scan of all libraries, so that what it does not name has no known vulnerability.
    """

    scanner: str
    functions: str
    components: tuple[Component, ...]
    vulnerabilities: tuple[Vulnerability, ...]
    findings: tuple[CodeFinding, ...] = ()
    statements: tuple[Statement, ...] = ()
    of_libraries: bool = True
    affected: tuple[Affected, ...] = ()

    def covers(self, function: Function) -> bool:
        """Whether it is a scan of a function."""
        return fnmatchcase(function.name, self.functions) or fnmatchcase(function.id, self.functions)


def with_imports(functions: Iterable[Function], scans: Sequence[ImportedScan]) -> tuple[Function, ...]:
    """The functions with what the scans say of them; one that nobody scanned is unknown, not clean."""
    return tuple(_with(function, [scan for scan in scans if scan.covers(function)]) for function in functions)


def _with(function: Function, told: Sequence[ImportedScan]) -> Function:
    analysis, scans = function.code.analysis, [scan for scan in told if scan.of_libraries or scan.findings]
    statements = [statement for scan in told for statement in scan.statements]
    if scans:
        own = analysis.value if isinstance(analysis, Known) else None
        source = analysis.source if own is not None else f"import:{scans[0].scanner}"
        analysis = Known(_joined(own, [_placed(scan, _installed(function, scans)) for scan in scans]), source)
    elif isinstance(analysis, Unknown) and analysis.gap.reason in LEFT_OUT:
        unscanned = "no imported report is about this function, and its package was not looked into"
        analysis = Unknown(Gap(GapReason.NOT_COLLECTED, IMPORT, None, unscanned, function.id))
    elif not statements:
        return function
    layers = function.code.layers
    if isinstance(layers, Known) and any(scan.of_libraries for scan in scans):
        layers = Known(tuple(_scanned_layer(layer, analysis.source) for layer in layers.value), layers.source)
    if statements:
        analysis = analysis.map(lambda inside: stated(inside, statements))
        layers = layers.map(lambda held: tuple(_stated_layer(layer, statements) for layer in held))
    return replace(function, code=replace(function.code, analysis=analysis, layers=layers))


def _installed(function: Function, scans: Iterable[ImportedScan]) -> tuple[Component, ...]:
    """The components of the package and its layers, as they were seen here and as reports name them."""
    layers = function.code.layers.value if isinstance(function.code.layers, Known) else ()
    parts = (function.code.analysis, *(layer.analysis for layer in layers))
    seen = [each for part in parts if isinstance(part, Known) for each in part.value.components]
    return (*seen, *(each for scan in scans for each in scan.components))


def _placed(scan: ImportedScan, installed: Sequence[Component]) -> ImportedScan:
    """The scan with the installed versions that its ranges are about."""
    if not scan.affected:
        return scan
    placed = [pair for each in scan.affected for pair in each.among(installed)]
    return replace(
        scan,
        components=(*scan.components, *(component for component, _ in placed)),
        vulnerabilities=(*scan.vulnerabilities, *(known for _, known in placed)),
        affected=(),
    )


def _scanned_layer(layer: Layer, source: str) -> Layer:
    """A layer, of which a scan of the function is taken to tell too."""
    if isinstance(layer.analysis, Known) or layer.analysis.gap.reason not in LEFT_OUT:
        return layer
    return replace(layer, analysis=Known(_EMPTY, source))


def _stated_layer(layer: Layer, statements: Sequence[Statement]) -> Layer:
    return replace(layer, analysis=layer.analysis.map(lambda inside: stated(inside, statements)))


def stated(analysis: CodeAnalysis, statements: Sequence[Statement]) -> CodeAnalysis:
    """The analysis with what VEX documents say of its vulnerabilities: of several statements, the last one."""
    known = []
    for each in analysis.vulnerabilities:
        said = [statement for statement in statements if statement.is_about(each)]
        known.append(replace(each, statement=said[-1].text if said and said[-1].harmless else each.statement))
    return replace(analysis, vulnerabilities=tuple(known))


def _means(product: str, purl: str) -> bool:
    """Whether a package URL means a component: the same package, in the same version where it names one."""
    bare = product.partition("?")[0].partition("#")[0].lower()
    package, _, version = bare.rpartition("@") if "@" in bare else (bare, "", "")
    of = unversioned(purl).lower()
    return package == of and version in ("", purl[len(of) + 1 :].lower())


_EMPTY = CodeAnalysis(
    components=(),
    vulnerabilities=(),
    judged=False,
    advisories="no imported report is about its libraries",
    findings=(),
    facts=CodeFacts(),
    incomplete=(),
    code_incomplete=(NOT_ANALYSED,),
)


def _joined(own: CodeAnalysis | None, scans: Sequence[ImportedScan]) -> CodeAnalysis:
    libraries = [scan for scan in scans if scan.of_libraries]
    components = {each.purl: each for scan in scans for each in scan.components}
    components |= {each.purl: each for each in own.components} if own else {}
    told = [each for scan in scans for each in scan.vulnerabilities]
    joined = replace(
        own or _EMPTY,
        components=tuple(components.values()),
        vulnerabilities=merged_vulnerabilities([*(own.vulnerabilities if own else ()), *told]),
        findings=_merged_findings((own.findings if own else ()), (each for scan in scans for each in scan.findings)),
    )
    if not libraries:
        return joined
    scanners = f"reports of {', '.join(dict.fromkeys(scan.scanner for scan in libraries))}"
    return replace(
        joined,
        judged=True,
        advisories="; ".join(filter(None, (own.advisories if own and own.judged else "", scanners))),
    )


def _merged_findings(own: Iterable[CodeFinding], told: Iterable[CodeFinding]) -> tuple[CodeFinding, ...]:
    """One for each rule and line, whatever folder a scanner was started in; the first leads, and names all."""
    found = list(own)
    for each in told:
        place = next((place for place, other in enumerate(found) if _same_place(each, other)), None)
        if place is None:
            found.append(each)
        elif each.scanner not in (found[place].scanner, *found[place].also):
            found[place] = replace(found[place], also=(*found[place].also, each.scanner))
    return tuple(found)


def _same_place(one: CodeFinding, other: CodeFinding) -> bool:
    if (one.rule, one.line) != (other.rule, other.line):
        return False
    return f"/{one.file}".endswith(f"/{other.file}") or f"/{other.file}".endswith(f"/{one.file}")


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
        brought_by=lead.brought_by or other.brought_by,
        summary=lead.summary or other.summary,
        malicious=lead.malicious or other.malicious,
        statement=lead.statement or other.statement,
        scanners=tuple(dict.fromkeys((*lead.scanners, *other.scanners))),
    )
