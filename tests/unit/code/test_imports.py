"""Reports of scanners, each in the shape its scanner writes, mapped to functions and joined with what is found here."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.analysis.imported_scans import ImportedScan, merged_vulnerabilities, with_imports
from auditor.cli.importing import imported, vex_documents
from auditor.code.imports.rows import UnreadableReportError
from auditor.code.imports.scanners import READERS, read
from auditor.errors import UsageError
from auditor.model.code import NOT_READ
from auditor.model.finding import Status
from auditor.model.observed import GapReason, Known
from auditor.model.severity import Severity
from checks.event_injection.command_injection import command_injection
from checks.third_party_dependency.dependency_vulnerable import dependency_vulnerable
from tests.unit.checks.build import code, layer, make, only, verdicts
from tests.unit.checks.third_party_dependency.test_dependencies import (
    BAD,
    REQUESTS,
    component,
    vulnerability,
)

PURL = "pkg:pypi/requests@2.31.0"
GHSA, CVE = "GHSA-9wx4-h78v-vm56", "CVE-2024-35195"

REPORTS: dict[str, tuple[Any, tuple[str, str, str | None, str]]] = {
    # report, and of its one vulnerability: purl, id, upgrade, severity
    "trivy": (
        {
            "SchemaVersion": 2,
            "Results": [
                {
                    "Target": "Python",
                    "Type": "python-pkg",
                    "Packages": [{"Name": "requests", "Version": "2.31.0", "Identifier": {"PURL": PURL}}],
                    "Vulnerabilities": [
                        {
                            "VulnerabilityID": CVE,
                            "VendorIDs": [GHSA],
                            "PkgName": "requests",
                            "PkgIdentifier": {"PURL": PURL},
                            "InstalledVersion": "2.31.0",
                            "FixedVersion": "2.32.0",
                            "Severity": "MEDIUM",
                            "Title": "requests: verify=False sticks",
                        }
                    ],
                }
            ],
        },
        (PURL, CVE, "2.32.0", "medium"),
    ),
    "grype": (
        {
            "matches": [
                {
                    "vulnerability": {
                        "id": GHSA,
                        "severity": "Medium",
                        "fix": {"versions": ["2.32.0"], "state": "fixed"},
                    },
                    "relatedVulnerabilities": [{"id": CVE}],
                    "artifact": {"name": "requests", "version": "2.31.0", "type": "python", "purl": PURL},
                }
            ]
        },
        (PURL, GHSA, "2.32.0", "medium"),
    ),
    "pip-audit": (
        {
            "dependencies": [
                {
                    "name": "requests",
                    "version": "2.31.0",
                    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.32.0"], "aliases": [CVE], "description": "x"}],
                },
                {"name": "local", "skip_reason": "not found on PyPI"},
            ],
            "fixes": [],
        },
        (PURL, "PYSEC-1", "2.32.0", "medium"),
    ),
    "osv-scanner": (
        {
            "results": [
                {
                    "source": {"path": "/app/poetry.lock", "type": "lockfile"},
                    "packages": [
                        {
                            "package": {"name": "requests", "version": "2.31.0", "ecosystem": "PyPI"},
                            "vulnerabilities": [{"id": GHSA, "aliases": [CVE], "summary": "x"}],
                            "groups": [{"ids": [GHSA], "max_severity": "5.6"}],
                        }
                    ],
                }
            ]
        },
        (PURL, GHSA, None, "medium"),
    ),
    "npm-audit": (
        {
            "auditReportVersion": 2,
            "vulnerabilities": {
                "qs": {
                    "name": "qs",
                    "severity": "high",
                    "via": [
                        {
                            "source": 1096470,
                            "name": "qs",
                            "title": "Prototype Pollution",
                            "url": "https://github.com/advisories/GHSA-hrpp-h998-j3pp",
                            "severity": "high",
                            "cvss": {"score": 7.5},
                            "range": ">=6.5.0 <6.5.3",
                        }
                    ],
                    "fixAvailable": {"name": "qs", "version": "6.5.3", "isSemVerMajor": False},
                },
                "express": {"name": "express", "severity": "high", "via": ["qs"], "fixAvailable": True},
            },
        },
        ("pkg:npm/qs", "GHSA-hrpp-h998-j3pp", "6.5.3", "high"),
    ),
    "snyk": (
        {
            "packageManager": "pip",
            "vulnerabilities": [
                {
                    "id": "SNYK-PYTHON-REQUESTS-6928867",
                    "packageName": "requests",
                    "version": "2.31.0",
                    "severity": "medium",
                    "cvssScore": 5.6,
                    "title": "x",
                    "fixedIn": ["2.32.2"],
                    "identifiers": {"CVE": [CVE], "CWE": ["CWE-670"], "GHSA": [GHSA]},
                }
            ],
        },
        (PURL, "SNYK-PYTHON-REQUESTS-6928867", "2.32.2", "medium"),
    ),
    "dependency-check": (
        {
            "reportSchema": "1.1",
            "dependencies": [
                {
                    "fileName": "log4j-core-2.14.1.jar",
                    "packages": [{"id": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "confidence": "HIGH"}],
                    "vulnerabilities": [
                        {
                            "name": "CVE-2021-44228",
                            "severity": "CRITICAL",
                            "cvssv3": {"baseScore": 10.0},
                            "description": "x",
                        }
                    ],
                }
            ],
        },
        ("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "CVE-2021-44228", None, "critical"),
    ),
    "cyclonedx": (
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "components": [{"bom-ref": "ref-1", "name": "requests", "version": "2.31.0", "purl": PURL}],
            "vulnerabilities": [
                {"id": CVE, "ratings": [{"severity": "medium", "score": 5.6}], "affects": [{"ref": "ref-1"}]},
                {"id": "CVE-1", "analysis": {"state": "not_affected"}, "affects": [{"ref": "ref-1"}]},
            ],
        },
        (PURL, CVE, None, "medium"),
    ),
}


def test_each_format_is_read() -> None:
    told = {}
    for form, (report, _) in REPORTS.items():
        found = read(form, report)
        (known,) = (*found.vulnerabilities, *(each.vulnerability for each in found.affected))
        told[form] = (known.purl, known.id, known.upgrade, known.severity.value)
        assert known.purl in {each.purl for each in (*found.components, *(each.component for each in found.affected))}
        assert known.scanners == (found.scanner,)
    assert told == {form: expected for form, (_, expected) in REPORTS.items()}
    assert set(REPORTS) == set(READERS) - {"sarif", "openvex"}, "these have tests of their own"


@pytest.mark.parametrize(
    "document",
    [
        {
            "@context": "https://openvex.dev/ns/v0.2.0",
            "author": "Shop",
            "timestamp": "2026-01-01T00:00:00Z",
            "statements": [
                {
                    "vulnerability": {"name": CVE},
                    "products": [{"@id": REQUESTS.purl}],
                    "status": "not_affected",
                    "justification": "vulnerable_code_not_present",
                }
            ],
        },
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "components": [{"bom-ref": "a", "type": "library", "name": "requests", "purl": REQUESTS.purl}],
            "vulnerabilities": [
                {"id": CVE, "affects": [{"ref": "a"}], "analysis": {"state": "not_affected", "detail": "not called"}}
            ],
        },
    ],
    ids=["openvex", "cyclonedx"],
)
def test_a_vex_document_is_told_by_what_it_holds(document: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "vex.json"
    path.write_text(json.dumps(document), "utf-8")
    (found,) = vex_documents([str(path)])
    assert len(found.statements) == 1
    assert found.functions == "*"


DAMAGED: tuple[Any, ...] = (
    [],
    {},
    None,
    "text",
    {"Results": 1},
    {"matches": {}},
    {"vulnerabilities": {"a": {"via": [1]}}},
)


@pytest.mark.parametrize("form", READERS)
def test_what_is_no_report_of_the_scanner_is_refused_or_empty(form) -> None:
    refused = 0
    for report in DAMAGED:
        try:
            found = read(form, report)
        except UnreadableReportError:
            refused += 1
        else:
            assert found.vulnerabilities == ()
    assert refused >= 3


def test_one_vulnerability_by_two_names_is_told_once_with_both_scanners() -> None:
    ours = vulnerability(REQUESTS, GHSA, aliases=(CVE,), upgrade="2.32.2")
    theirs = replace(ours, id=CVE, aliases=(), severity=Severity.CRITICAL, upgrade=None, scanners=("Trivy",))
    other = replace(ours, purl="pkg:pypi/requests@1.0")
    merged, apart = merged_vulnerabilities([ours, theirs, other])
    assert (merged.id, merged.aliases, merged.upgrade) == (GHSA, (CVE,), "2.32.2")
    assert (merged.severity, merged.scanners) == (Severity.CRITICAL, ("auditor", "Trivy"))
    assert apart == other


def scan(functions: str, *known: Any, components: tuple[Any, ...] = (REQUESTS,)) -> ImportedScan:
    return ImportedScan("Trivy", functions, components, known)


def test_reports_are_mapped_to_functions_and_what_nobody_scanned_is_unknown() -> None:
    scanned, sound, unscanned = (make(name, code=code(analysis=NOT_READ)) for name in ("orders", "sound", "idle"))
    looked_into = make("looked-into", code=code(analysis=Known(BAD, "lambda:GetFunctionCode")))
    theirs = vulnerability(REQUESTS, CVE, scanners=("Trivy",))
    found = with_imports((scanned, sound, unscanned, looked_into), (scan("ord*", theirs), scan("*:function:sound")))
    assert verdicts(dependency_vulnerable, {each.name: each for each in found}) == {
        "orders": Status.FAIL,
        "sound": Status.PASS,
        "idle": Status.UNKNOWN,
        "looked-into": Status.FAIL,
    }
    assert verdicts(command_injection, {each.name: each for each in found[:3]}) == dict.fromkeys(
        ("orders", "sound", "idle"), Status.NOT_EXAMINED
    )
    hit = only(dependency_vulnerable, found[0])
    assert hit.evidence[0].source == "import:Trivy"
    assert "(by Trivy)" in hit.evidence[0].detail
    assert found[2].code.analysis.gap.reason is GapReason.NOT_COLLECTED
    assert found[3] is looked_into


def test_a_report_is_joined_with_what_was_found_here() -> None:
    both = make(code=code(analysis=Known(BAD, "lambda:GetFunctionCode"), layers=Known((layer(),), "x")))
    extra = component("urllib3", "1.26.0")
    (joined,) = with_imports((both,), (scan("*", vulnerability(extra, "GHSA-2"), components=(extra,)),))
    said = joined.code.analysis.value
    assert {each.purl for each in said.components} == {REQUESTS.purl, extra.purl}
    assert said.advisories == "OSV dumps of 2026-11-01; reports of Trivy"
    assert [hit.locus for hit in _hits(joined)] == ["pkg:pypi/requests", "pkg:pypi/urllib3"]


def _hits(function):
    from tests.unit.checks.build import found

    return found(dependency_vulnerable, function)


def test_the_option_names_format_file_and_functions(tmp_path: Path) -> None:
    path = tmp_path / "trivy.json"
    path.write_text(json.dumps(REPORTS["trivy"][0]))
    (one,) = imported([f"trivy:{path}=orders-*"])
    assert (one.scanner, one.functions) == ("Trivy", "orders-*")
    assert [each.id for each in one.vulnerabilities] == [CVE]
    (everywhere,) = imported([f"trivy:{path}"])
    assert everywhere.functions == "*"
    for wrong, said in (
        (f"trivi:{path}", "did you mean trivy"),
        ("trivy:", "FORMAT:FILE"),
        (f"grype:{path}", "it has no matches"),
        (f"trivy:{tmp_path}/none.json", "cannot be read"),
    ):
        with pytest.raises(UsageError, match=said):
            imported([wrong])
