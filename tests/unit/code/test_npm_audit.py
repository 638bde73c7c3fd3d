"""Reports of npm audit, which names ranges, joined with the versions that are installed."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.analysis.imported_scans import ImportedScan, with_imports
from auditor.code.imports.npm_ranges import first_after, includes
from auditor.code.imports.scanners import read
from auditor.model.code import NOT_READ
from auditor.model.code_analysis import CodeAnalysis, Component, ComponentEvidence, Vulnerability
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from checks.third_party_dependency.dependency_vulnerable import dependency_vulnerable
from tests.unit.checks.build import code, found, layer, make
from tests.unit.checks.third_party_dependency.test_dependencies import analysis, vulnerability

GHSA, CVE = "GHSA-jf85-cpcp-j695", "CVE-2019-10744"
SOURCE = "lambda:GetFunctionCode"


def report(written: str = "<4.17.12", fix: Any = True, name: str = "lodash") -> dict[str, Any]:
    via = {
        "source": 1065,
        "name": name,
        "title": "Prototype Pollution in lodash",
        "url": f"https://github.com/advisories/{GHSA}",
        "severity": "critical",
        "cvss": {"score": 9.1},
        "range": written,
    }
    row = {"name": name, "severity": "critical", "via": [via], "nodes": [f"node_modules/{name}"], "fixAvailable": fix}
    return {"auditReportVersion": 2, "vulnerabilities": {name: row}}


def scan(form: str, document: Any) -> ImportedScan:
    told = read(form, document)
    return ImportedScan(
        told.scanner,
        "*",
        told.components,
        told.vulnerabilities,
        told.findings,
        told.statements,
        told.of_libraries,
        told.affected,
    )


def installed(version: str, where: str = "node_modules/lodash", name: str = "lodash") -> Component:
    return Component(
        purl=f"pkg:npm/{name.replace('@', '%40')}@{version}",
        ecosystem="npm",
        name=name,
        version=version,
        evidence=ComponentEvidence.INSTALLED,
        path=f"{where}/package.json",
    )


OLD, NEW = installed("4.17.4"), installed("4.17.21", "node_modules/a/node_modules/lodash")


def joined(own: CodeAnalysis | None, *documents: tuple[str, Any], layers: tuple[Any, ...] = ()) -> Any:
    held = code(analysis=NOT_READ if own is None else Known(own, SOURCE), layers=Known(layers, SOURCE))
    (made,) = with_imports((make(code=held),), [scan(form, document) for form, document in documents])
    return made


def known_of(function: Any) -> list[tuple[str, str, str | None, tuple[str, ...]]]:
    said: tuple[Vulnerability, ...] = function.code.analysis.value.vulnerabilities
    return [(each.purl, each.id, each.upgrade, each.scanners) for each in said]


def test_a_range_is_told_of_the_installed_version_that_is_in_it_and_merged_with_what_was_found_here() -> None:
    ours = vulnerability(OLD, CVE, aliases=(GHSA,), upgrade="4.17.21")
    both = joined(analysis(OLD, NEW, known=(ours,)), ("npm-audit", report()))
    assert known_of(both) == [(OLD.purl, CVE, "4.17.21", ("auditor", "npm audit"))]
    assert {each.purl for each in both.code.analysis.value.components} == {OLD.purl, NEW.purl}
    (hit,) = found(dependency_vulnerable, both)
    assert "pkg:npm/lodash 4.17.4 with a known vulnerability" in hit.message
    assert "(by auditor, npm audit)" in hit.evidence[0].detail


def test_of_several_versions_each_in_the_range_is_told_of() -> None:
    older = installed("3.10.1", "node_modules/b/node_modules/lodash")
    made = joined(analysis(OLD, NEW, older), ("npm-audit", report()))
    assert known_of(made) == [
        (OLD.purl, GHSA, "4.17.12", ("npm audit",)),
        (older.purl, GHSA, "4.17.12", ("npm audit",)),
    ]


def test_a_report_of_another_version_than_what_is_installed_says_nothing_of_it() -> None:
    assert known_of(joined(analysis(NEW), ("npm-audit", report()))) == []


def test_a_version_in_a_layer_or_in_another_report_counts_as_installed() -> None:
    shared = layer(analysis=Known(analysis(OLD), SOURCE))
    assert known_of(joined(analysis(), ("npm-audit", report()), layers=(shared,)))[0][0] == OLD.purl
    trivy = {
        "Results": [
            {
                "Type": "node-pkg",
                "Packages": [{"Name": "lodash", "Version": "4.17.4", "Identifier": {"PURL": OLD.purl}}],
                "Vulnerabilities": [
                    {"VulnerabilityID": CVE, "VendorIDs": [GHSA], "PkgName": "lodash", "InstalledVersion": "4.17.4"}
                ],
            }
        ]
    }
    made = joined(None, ("trivy", trivy), ("npm-audit", report()))
    assert known_of(made) == [(OLD.purl, CVE, "4.17.12", ("Trivy", "npm audit"))]


def test_without_an_installed_version_there_is_none_rather_than_a_range() -> None:
    made = joined(None, ("npm-audit", report()))
    assert known_of(made) == [("pkg:npm/lodash", GHSA, "4.17.12", ("npm audit",))]
    (component,) = made.code.analysis.value.components
    assert (component.version, component.path) == ("", "node_modules/lodash/package.json")
    (hit,) = found(dependency_vulnerable, made)
    assert "pkg:npm/lodash (version not known) with" in hit.message
    assert hit.locus == "pkg:npm/lodash"
    assert hit.confidence is Confidence.MEDIUM
    assert hit.severity is Severity.CRITICAL


def test_a_statement_about_the_installed_version_holds_for_it() -> None:
    vex = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": "a",
        "statements": [
            {"vulnerability": {"name": GHSA}, "products": [{"@id": OLD.purl}], "status": "not_affected"},
        ],
    }
    assert not list(found(dependency_vulnerable, joined(analysis(OLD), ("npm-audit", report()), ("openvex", vex))))
    assert list(found(dependency_vulnerable, joined(None, ("npm-audit", report()), ("openvex", vex))))
    every = {**vex, "statements": [{**vex["statements"][0], "products": [{"@id": "pkg:npm/lodash"}]}]}  # type: ignore[dict-item]
    assert not list(found(dependency_vulnerable, joined(None, ("npm-audit", report()), ("openvex", every))))


@pytest.mark.parametrize(
    ("fix", "written", "named"),
    [
        ({"name": "lodash", "version": "4.17.21", "isSemVerMajor": False}, "<4.17.12", "4.17.21"),
        ({"name": "grunt", "version": "1.6.1", "isSemVerMajor": True}, "<4.17.12", "4.17.12"),
        (True, "<=4.17.11", None),
        (False, "*", None),
        (True, ">=1.0.0 <1.2.0 || >=2.0.0 <2.3.0", None),
    ],
)
def test_the_version_that_mends_it_is_of_the_same_package(fix: Any, written: str, named: str | None) -> None:
    (each,) = read("npm-audit", report(written, fix)).affected
    assert each.vulnerability.upgrade == named


def test_a_scoped_package_is_found_by_its_name() -> None:
    scoped = installed("1.0.0", "node_modules/@acme/tool", "@acme/tool")
    made = joined(analysis(scoped), ("npm-audit", report("<2.0.0", name="@acme/tool")))
    assert known_of(made)[0][0] == "pkg:npm/%40acme/tool@1.0.0"


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("<4.17.12", "4.17.11", "4.17.12"),
        ("<=4.17.20 || >=5.0.0 <5.1.0", "5.0.9", "5.1.0"),
        ("1.0.0 - 2.0.0", "2.0.0", "2.0.1"),
        (">= 6.5.0 < 6.5.3", "6.5.0", "6.4.9"),
        ("2.1.0", "2.1.0", "2.1.1"),
        ("<1.0.0-beta.3", "1.0.0-beta.2", "1.0.0"),
        ("0.0.1 - 1.2.3 || 2.0.0-alpha - 2.1.0", "2.0.0-beta", "1.3.0"),
    ],
)
def test_ranges(written: str, inside: str, outside: str) -> None:
    assert includes(written, inside)
    assert not includes(written, outside)


def test_a_range_or_version_that_cannot_be_read_counts() -> None:
    assert includes("*", "1.0.0")
    assert includes("^1.0.0 unless", "9.0.0")
    assert includes("<1.0.0", "git+ssh://example.com/a")
    assert first_after("<=1.0.0") == ""


def test_what_is_installed_of_another_ecosystem_is_not_meant() -> None:
    other = replace(OLD, ecosystem="PyPI", purl="pkg:pypi/lodash@4.17.4")
    assert [row[0] for row in known_of(joined(analysis(other), ("npm-audit", report())))] == ["pkg:npm/lodash"]


def test_where_npm_audit_mends_by_another_package_the_finding_names_that_one() -> None:
    parent = {"name": "gulp", "version": "5.0.0", "isSemVerMajor": True}
    made = joined(analysis(OLD), ("npm-audit", report(fix=parent)))
    assert [each.brought_by for each in made.code.analysis.value.vulnerabilities] == ["gulp@5.0.0"]
    (hit,) = found(dependency_vulnerable, made)
    assert hit.message.endswith(": install gulp@5.0.0, which no longer brings it")
