"""Reads the reports of scanners, each by its own format."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from auditor.analysis.imported_scans import Affected, Statement
from auditor.code.imports import npm_ranges
from auditor.code.imports.rows import (
    Imported,
    UnreadableReportError,
    at,
    component,
    objects,
    purl_of,
    vulnerability,
)
from auditor.code.imports.vex import cyclonedx_statement, read_openvex
from auditor.code.imports.weaknesses import read_sarif
from auditor.model.code_analysis import CodeFinding, Component, ComponentEvidence, Vulnerability

Found = tuple[str, Vulnerability | None]
"""A purl with a version, and what is known against it."""

_NOT_OF_LIBRARIES: Final = frozenset({"sarif", "openvex", "cyclonedx"})
"""Formats of documents that may be about something else; a document that names a library is about libraries."""

_TRIVY: Final = {
    "python-pkg": "pypi", "pip": "pypi", "poetry": "pypi", "pipenv": "pypi", "uv": "pypi",
    "node-pkg": "npm", "npm": "npm", "yarn": "npm", "pnpm": "npm", "jar": "maven", "pom": "maven",
    "gobinary": "golang", "gomod": "golang", "nuget": "nuget", "dotnet-core": "nuget",
    "gemspec": "gem", "bundler": "gem", "composer": "composer", "composer-vendor": "composer",
}  # fmt: skip
_SNYK: Final = {
    "pip": "pypi", "poetry": "pypi", "npm": "npm", "yarn": "npm", "maven": "maven", "gradle": "maven",
    "nuget": "nuget", "rubygems": "gem", "gomodules": "golang", "golangdep": "golang", "composer": "composer",
}  # fmt: skip
_OSV: Final = {
    "PyPI": "pypi", "npm": "npm", "Maven": "maven", "NuGet": "nuget", "Go": "golang", "RubyGems": "gem",
    "Packagist": "composer",
}  # fmt: skip


def _trivy(report: Any) -> Iterator[Found]:
    for result in objects(_needed(report, "Results", list)):
        kind = _TRIVY.get(str(result.get("Type")))
        for package in objects(result.get("Packages")):
            yield str(at(package, "Identifier", "PURL") or _made(kind, package, "Name", "Version")), None
        for row in objects(result.get("Vulnerabilities")):
            purl = str(at(row, "PkgIdentifier", "PURL") or _made(kind, row, "PkgName", "InstalledVersion"))
            fixed = str(row.get("FixedVersion") or "").split(",")[0].strip()
            yield purl, vulnerability(
                "Trivy", purl, row.get("VulnerabilityID"), aliases=row.get("VendorIDs") or (),
                severity=row.get("Severity"), summary=row.get("Title"), upgrade=fixed,
            )  # fmt: skip


def _grype(report: Any) -> Iterator[Found]:
    for match in objects(_needed(report, "matches", list)):
        purl, row = str(at(match, "artifact", "purl") or ""), match.get("vulnerability")
        related = [each.get("id") for each in objects(match.get("relatedVulnerabilities"))]
        fixed = at(row, "fix", "versions")
        yield purl, vulnerability(
            "Grype", purl, at(row, "id"), aliases=related, severity=at(row, "severity"),
            summary=at(row, "description"), upgrade=fixed[0] if isinstance(fixed, list) and fixed else None,
        )  # fmt: skip


def _pip_audit(report: Any) -> Iterator[Found]:
    rows = report if isinstance(report, list) else _needed(report, "dependencies", list)
    for package in objects(rows):
        if "version" not in package:
            continue  # skipped by pip-audit, with a reason of its own
        purl = purl_of("pypi", str(package.get("name")), str(package["version"]))
        yield purl, None
        for row in objects(package.get("vulns")):
            fixed = row.get("fix_versions")
            yield purl, vulnerability(
                "pip-audit", purl, row.get("id"), aliases=row.get("aliases") or (), summary=row.get("description"),
                upgrade=fixed[-1] if isinstance(fixed, list) and fixed else None,
            )  # fmt: skip


def _osv_scanner(report: Any) -> Iterator[Found]:
    for result in objects(_needed(report, "results", list)):
        for entry in objects(result.get("packages")):
            said = entry.get("package")
            kind = _OSV.get(str(at(said, "ecosystem")))
            purl = _made(kind, said, "name", "version")
            yield purl, None
            scores = {
                str(name): group.get("max_severity")
                for group in objects(entry.get("groups"))
                for name in group.get("ids") or ()
            }
            for row in objects(entry.get("vulnerabilities")):
                yield purl, vulnerability(
                    "OSV-Scanner", purl, row.get("id"), aliases=row.get("aliases") or (),
                    severity=at(row, "database_specific", "severity"), score=_number(scores.get(str(row.get("id")))),
                    summary=row.get("summary"),
                )  # fmt: skip


def _npm_audit(report: Any) -> Iterator[Found | Affected]:
    for name, row in _needed(report, "vulnerabilities", dict).items():
        nodes = [str(node) for node in at(row, "nodes") or () if isinstance(node, str)]
        for via in objects(at(row, "via")):
            package, written = str(via.get("name") or name), str(via.get("range") or "*")
            purl, url = purl_of("npm", package, None), str(via.get("url") or "")
            known = vulnerability(
                "npm audit", purl, url.rpartition("/")[2] or str(via.get("source")), severity=via.get("severity"),
                score=at(via, "cvss", "score") or None, summary=via.get("title"),
                upgrade=_npm_fix(row, package) or npm_ranges.first_after(written),
                brought_by=_npm_parent(row, package),
            )  # fmt: skip
            yield Affected(
                Component(
                    purl=purl,
                    ecosystem="npm",
                    name=package,
                    version="",
                    evidence=ComponentEvidence.LOCK,
                    path=f"{nodes[0]}/package.json" if nodes else "report of npm audit",
                ),
                known,
                partial(npm_ranges.includes, written),
            )


def _npm_fix(row: Any, package: str) -> str:
    """The version that npm audit would install; "" where it names none, or one of another package."""
    named, fixed = at(row, "fixAvailable", "name"), at(row, "fixAvailable", "version")
    return str(fixed) if named == package and isinstance(fixed, str) else ""


def _npm_parent(row: Any, package: str) -> str:
    """The package that npm audit would change to be rid of this one, with the version it would install."""
    named, fixed = at(row, "fixAvailable", "name"), at(row, "fixAvailable", "version")
    return f"{named}@{fixed}" if isinstance(named, str) and isinstance(fixed, str) and named != package else ""


def _snyk(report: Any) -> Iterator[Found]:
    for project in objects(report if isinstance(report, list) else [report]):
        kind = _SNYK.get(str(project.get("packageManager")))
        for row in objects(_needed(project, "vulnerabilities", list)):
            purl, fixed = _made(kind, row, "packageName", "version"), row.get("fixedIn")
            yield purl, vulnerability(
                "Snyk", purl, row.get("id"), aliases=[*(at(row, "identifiers", "CVE") or ()),
                *(at(row, "identifiers", "GHSA") or ())], severity=row.get("severity"), score=row.get("cvssScore"),
                summary=row.get("title"), upgrade=fixed[0] if isinstance(fixed, list) and fixed else None,
            )  # fmt: skip


def _dependency_check(report: Any) -> Iterator[Found]:
    for row in objects(_needed(report, "dependencies", list)):
        for package in objects(row.get("packages")):
            purl = str(package.get("id") or "")
            yield purl, None
            for known in objects(row.get("vulnerabilities")):
                yield purl, vulnerability(
                    "OWASP Dependency-Check", purl, known.get("name"), severity=known.get("severity"),
                    score=at(known, "cvssv3", "baseScore"), summary=known.get("description"),
                )  # fmt: skip


def _cyclonedx(report: Any) -> Iterator[Found | Statement]:
    if at(report, "bomFormat") != "CycloneDX":
        raise UnreadableReportError("it is not CycloneDX (JSON)")
    purls = {}
    for row in objects(report.get("components")):
        purl = str(row.get("purl") or "")
        purls[str(row.get("bom-ref") or purl)] = purl
        yield purl, None
    for row in objects(report.get("vulnerabilities")):
        about = [purls.get(str(each.get("ref")), _linked(each.get("ref"))) for each in objects(row.get("affects"))]
        statement = cyclonedx_statement(row, about)
        if statement is not None:
            yield statement
            if statement.harmless:
                continue
        rating = next(objects(row.get("ratings")), {})
        for purl in about:
            yield purl, vulnerability(
                "CycloneDX", purl, row.get("id"), aliases=[each.get("id") for each in objects(row.get("references"))],
                severity=rating.get("severity"), score=rating.get("score"), summary=row.get("description"),
            )  # fmt: skip


def _linked(ref: Any) -> str:
    """What a reference into another document names: after the mark is its purl there, as most tools write it."""
    text = str(ref)
    return unquote(text.rpartition("#")[2]) if text.startswith("urn:cdx:") else text


READERS: Final[Mapping[str, tuple[str, Callable[[Any], Iterator[Any]]]]] = {
    "trivy": ("Trivy", _trivy),
    "grype": ("Grype", _grype),
    "pip-audit": ("pip-audit", _pip_audit),
    "osv-scanner": ("OSV-Scanner", _osv_scanner),
    "npm-audit": ("npm audit", _npm_audit),
    "snyk": ("Snyk", _snyk),
    "dependency-check": ("OWASP Dependency-Check", _dependency_check),
    "cyclonedx": ("CycloneDX", _cyclonedx),
    "sarif": ("SARIF", read_sarif),
    "openvex": ("OpenVEX", read_openvex),
}


def read(form: str, report: Any) -> Imported:
    """What a report says. Raises UnreadableReportError where it is not of its format."""
    scanner, reader = READERS[form]
    try:
        rows = list(reader(report))
    except (TypeError, ValueError, KeyError, AttributeError) as wrong:
        raise UnreadableReportError(f"it is not a report of {scanner} ({type(wrong).__name__})") from wrong
    findings = tuple(row for row in rows if isinstance(row, CodeFinding))
    scanner = findings[0].scanner if findings else scanner
    components: dict[str, Component] = {}
    known: dict[tuple[str, str], Vulnerability] = {}
    for purl, said in (row for row in rows if isinstance(row, tuple)):
        found = component(purl, f"report of {scanner}")
        if found is None:
            continue
        components[found.purl] = found
        if said is not None:
            known[found.purl, said.id] = said if said.purl == found.purl else _of(said, found.purl)
    return Imported(
        scanner,
        tuple(components.values()),
        tuple(known.values()),
        findings,
        tuple(row for row in rows if isinstance(row, Statement)),
        of_libraries=bool(components) or form not in _NOT_OF_LIBRARIES,
        affected=tuple(row for row in rows if isinstance(row, Affected)),
        notes=tuple(row for row in rows if isinstance(row, str)),
    )


def _of(said: Vulnerability, purl: str) -> Vulnerability:
    return replace(said, purl=purl)


def _needed(value: Any, name: str, kind: type) -> Any:
    found = at(value, name)
    if not isinstance(found, kind):
        raise UnreadableReportError(f"it has no {name}")
    return found


def _made(kind: str | None, row: Any, name: str, version: str) -> str:
    said, number = at(row, name), at(row, version)
    if kind is None or not isinstance(said, str) or not isinstance(number, str):
        return ""
    if kind == "golang" and not number.startswith("v"):
        number = f"v{number}"
    return purl_of(kind, said, number)


def _number(text: Any) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
