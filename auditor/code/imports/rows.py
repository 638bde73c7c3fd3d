"""What readers of scanners' reports share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packageurl import PackageURL

from auditor.analysis.imported_scans import Affected, Statement
from auditor.code.advisories.severity import of_score, of_word
from auditor.code.components.purl import from_purl
from auditor.code.files import shown
from auditor.model.code_analysis import CodeFinding, Component, ComponentEvidence, Vulnerability
from auditor.model.severity import Severity


class UnreadableReportError(Exception):
    """A report that is not of its format."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What one report says."""

    scanner: str
    components: tuple[Component, ...]
    vulnerabilities: tuple[Vulnerability, ...]
    findings: tuple[CodeFinding, ...] = ()
    statements: tuple[Statement, ...] = ()
    of_libraries: bool = True
    """Whether it is a scan of all libraries."""
    affected: tuple[Affected, ...] = ()
    """Vulnerabilities of ranges of versions, where the scanner does not name the installed one."""
    notes: tuple[str, ...] = ()
    """What of it is taken over nowhere, a sentence each."""


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, or of the values of an object; nothing for anything else."""
    rows: Iterable[Any] = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return (row for row in rows if isinstance(row, Mapping))


def at(value: Any, *path: str) -> Any:
    """A member by its path; None where there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def component(purl: str, path: str = "") -> Component | None:
    """The component of a package URL; None for one of an ecosystem that is not read."""
    said = from_purl(purl)
    if said is None:
        return None
    ecosystem, name, version = said
    plain = purl.partition("?")[0].partition("#")[0]
    return Component(
        purl=plain,
        ecosystem=ecosystem,
        name=name,
        version=version,
        evidence=ComponentEvidence.INSTALLED,
        path=path or "imported",
    )


def vulnerability(
    scanner: str,
    purl: str,
    identity: Any,
    *,
    aliases: Iterable[Any] = (),
    severity: Any = None,
    score: Any = None,
    summary: Any = "",
    upgrade: Any = None,
    brought_by: str = "",
) -> Vulnerability:
    """A vulnerability as a scanner tells it; medium where it says no severity that is known."""
    if not isinstance(identity, str) or not identity:
        raise UnreadableReportError("a vulnerability has no id")
    number = float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None
    rated = of_word(severity) or (of_score(number) if number is not None else Severity.MEDIUM)
    names = {name for name in aliases if isinstance(name, str) and name} - {identity}
    return Vulnerability(
        id=identity,
        aliases=tuple(sorted(names)),
        purl=purl,
        severity=Severity.CRITICAL if identity.startswith("MAL-") else rated,
        score=number,
        summary=shown(str(summary or "")),
        upgrade=str(upgrade) if upgrade else None,
        exploited=False,
        epss=None,
        malicious=identity.startswith("MAL-"),
        scanners=(scanner,),
        brought_by=shown(brought_by),
    )


def purl_of(kind: str, name: str, version: str | None) -> str:
    """A package URL of what a scanner calls its package type."""
    namespace, _, last = name.replace(":", "/").rpartition("/") if kind != "golang" else name.rpartition("/")
    return PackageURL(kind, namespace or None, last, version).to_string()
