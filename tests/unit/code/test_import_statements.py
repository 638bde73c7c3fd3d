"""What scanners of code found (SARIF), and what VEX documents say of vulnerabilities, joined with what is found here."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.analysis.imported_scans import ImportedScan, with_imports
from auditor.cli.importing import imported
from auditor.code.imports.rows import UnreadableReportError
from auditor.code.imports.scanners import read
from auditor.config import Configuration
from auditor.model.code import NOT_READ
from auditor.model.finding import Status
from auditor.model.observed import Known
from auditor.model.severity import Confidence
from checks.event_injection.command_injection import command_injection
from checks.insecure_configuration.secret_in_code import secret_in_code
from checks.third_party_dependency.dependency_vulnerable import dependency_vulnerable
from tests.unit.checks.build import code, found, layer, make, only, verdicts
from tests.unit.checks.event_injection.test_injections import HTTP, analysis
from tests.unit.checks.third_party_dependency.test_dependencies import BAD, REQUESTS, vulnerability

SOURCE = "lambda:GetFunctionCode"
GHSA, CVE = "GHSA-9wx4-h78v-vm56", "CVE-2024-35195"
PURL = "pkg:pypi/requests@2.31.0"


def place(line: int, file: str = "src/app.py") -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": line}}}


def result(rule: str, line: int, **rest: Any) -> dict[str, Any]:
    return {"ruleId": rule, "message": {"text": "x"}, "locations": [place(line)], **rest}


CODEQL: dict[str, Any] = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {"name": "CodeQL"},
                "extensions": [{"name": "pack", "rules": [{"id": "py/command-line-injection", "properties": {"tags": ["security", "external/cwe/cwe-078", "external/cwe/cwe-088"]}}]}],
            },
            "results": [
                result("py/command-line-injection", 7, level="error", codeFlows=[{"threadFlows": [{"locations": [{"location": place(3)}, {"location": place(7)}]}]}]),
                result("py/command-line-injection", 9, suppressions=[{"kind": "inSource"}]),
                result("py/command-line-injection", 11, suppressions=[{"kind": "external", "status": "rejected"}]),
                result("py/command-line-injection", 13, baselineState="absent"),
                result("py/command-line-injection", 15, kind="pass"),
            ],
        }
    ],
}  # fmt: skip
SEMGREP = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "Semgrep OSS", "rules": [
                {"id": "secrets", "properties": {"tags": ["CWE-798: Use of Hard-coded Credentials", "MEDIUM CONFIDENCE"]}},
                {"id": "style", "properties": {"tags": ["CWE-1078: Style"]}},
            ]}},
            "results": [{**result("", 2), "ruleId": None, "ruleIndex": 0}, result("style", 4), {"ruleId": "secrets"}],
        }
    ],
}  # fmt: skip
GRYPE = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {"driver": {"name": "Grype", "rules": [{"id": f"{CVE}-requests", "shortDescription": {"text": "x"}, "properties": {"purls": [PURL], "security-severity": "5.6"}}]}},
            "results": [result(f"{CVE}-requests", 1)],
        }
    ],
}  # fmt: skip


def test_results_of_sarif_are_findings_by_the_weakness_of_their_rule() -> None:
    told = read("sarif", CODEQL)
    assert [(one.rule, one.cwe, one.file, one.line, one.confidence, one.scanner) for one in told.findings] == [
        ("command-injection", 78, "src/app.py", 7, Confidence.HIGH, "CodeQL"),
        ("command-injection", 78, "src/app.py", 11, Confidence.MEDIUM, "CodeQL"),
    ]
    assert [(step.line, step.text) for step in told.findings[0].steps] == [
        (3, "value passes here"),
        (7, "value passes here"),
        (7, "py/command-line-injection of CodeQL"),
    ]
    assert (told.of_libraries, told.notes) == (False, ())


def test_what_no_check_is_about_is_named() -> None:
    told = read("sarif", SEMGREP)
    assert [(one.rule, one.line) for one in told.findings] == [("hardcoded-credential", 2)]
    assert told.notes == (
        "Semgrep OSS: style names no weakness that a check here is about",
        "Semgrep OSS: secrets names no file and line",
    )


def test_vulnerabilities_of_sarif_are_those_of_the_packages_that_the_rule_names() -> None:
    told = read("sarif", GRYPE)
    assert [(one.purl, one.id, one.score, one.scanners) for one in told.vulnerabilities] == [(PURL, CVE, 5.6, ("Grype",))]  # fmt: skip
    assert told.of_libraries


NEITHER: tuple[Any, ...] = (
    [],
    {},
    None,
    "text",
    {"runs": {}},
    {"runs": [], "version": "1.0"},
    {"@context": "https://openvex.dev/ns/v0.2.0"},
)


@pytest.mark.parametrize("form", ["sarif", "openvex"])
def test_what_is_no_such_document_is_refused(form: str) -> None:
    for report in NEITHER:
        with pytest.raises(UnreadableReportError):
            read(form, report)


def scan(form: str, report: Any, functions: str = "*") -> ImportedScan:
    told = read(form, report)
    return ImportedScan(told.scanner, functions, told.components, told.vulnerabilities, told.findings, told.statements, told.of_libraries, told.affected)  # fmt: skip


def test_a_report_on_code_makes_findings_and_no_clean_verdict() -> None:
    plain = make("orders", code=code(analysis=NOT_READ))
    (reported,) = with_imports((plain,), (scan("sarif", CODEQL),))
    (other,) = with_imports((plain,), (scan("sarif", CODEQL, "billing"),))
    (java,) = with_imports((replace(plain, runtime=Known("java21", "x")),), (scan("sarif", CODEQL),))
    subjects = {"reported": reported, "not reported": other, "java": java}
    assert verdicts(command_injection, subjects) == {
        "reported": Status.FAIL,
        "not reported": Status.NOT_EXAMINED,
        "java": Status.FAIL,
    }
    assert verdicts(dependency_vulnerable, subjects) == dict.fromkeys(subjects, Status.UNKNOWN)
    assert verdicts(secret_in_code, subjects) == dict.fromkeys(subjects, Status.NOT_EXAMINED)
    message = found(command_injection, reported)[0].message
    assert message.startswith("Function orders may pass event data on where CodeQL found py/command-line-injection in src/app.py:7: ")  # fmt: skip


def test_a_line_that_was_found_here_too_is_told_once() -> None:
    ours = make(code=code(analysis=Known(analysis(HTTP), SOURCE)))
    (joined,) = with_imports((ours,), (scan("sarif", CODEQL),))
    assert [(one.file, one.line, one.scanner) for one in joined.code.analysis.value.findings] == [
        ("app.py", 7, "auditor"),
        ("src/app.py", 11, "CodeQL"),
    ]


def test_a_line_that_several_scanners_found_names_each() -> None:
    ours = make("orders", code=code(analysis=Known(analysis(HTTP), SOURCE)))
    (joined,) = with_imports((ours,), (scan("sarif", renamed("CodeQL")), scan("sarif", renamed("Semgrep OSS")), scan("sarif", CODEQL)))  # fmt: skip
    first, other = joined.code.analysis.value.findings
    assert (first.scanner, first.also) == ("auditor", ("CodeQL", "Semgrep OSS"))
    assert (other.scanner, other.also) == ("CodeQL", ("Semgrep OSS",))
    messages = [hit.message for hit in found(command_injection, joined)]
    assert "in app.py:7 (found by CodeQL and Semgrep OSS too): " in messages[0]
    assert "where CodeQL found py/command-line-injection in src/app.py:11 (found by Semgrep OSS too): " in messages[1]
    assert replace(first, also=()) == HTTP


def renamed(scanner: str) -> dict[str, Any]:
    run = CODEQL["runs"][0]
    tool = {**run["tool"], "driver": {"name": scanner}}
    return {**CODEQL, "runs": [{**run, "tool": tool}]}


def test_a_credential_that_two_found_names_both() -> None:
    written = replace(HTTP, rule="hardcoded-credential", sink="name-and-shape in PASSWORD", file="src/app.py", line=2)
    ours = make("orders", code=code(analysis=Known(analysis(written), SOURCE)))
    (joined,) = with_imports((ours,), (scan("sarif", SEMGREP),))
    assert only(secret_in_code, joined).message == "Function orders has a credential (name-and-shape in PASSWORD) written in src/app.py:2, also by Semgrep OSS"  # fmt: skip


def test_a_credential_names_the_scanner_that_found_it() -> None:
    (joined,) = with_imports((make(code=code(analysis=Known(analysis(), SOURCE))),), (scan("sarif", SEMGREP),))
    assert only(secret_in_code, joined).message == "Function orders has a credential (secrets) written in src/app.py:2, by Semgrep OSS"  # fmt: skip


def openvex(*statements: dict[str, Any]) -> dict[str, Any]:
    head = {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex-1", "author": "Security team", "timestamp": "2026-11-01T00:00:00Z", "version": 1}  # fmt: skip
    return {**head, "statements": list(statements)}


def says(status: str, *products: Any, name: str = CVE, **rest: Any) -> dict[str, Any]:
    return {"vulnerability": {"name": name}, "products": list(products), "status": status, **rest}


IMAGE = {"@id": "pkg:oci/orders@sha256%3Aabc"}
WHY = {"justification": "vulnerable_code_not_in_execute_path"}
STATED: dict[str, tuple[dict[str, Any], Status]] = {
    "not affected": (openvex(says("not_affected", {"@id": PURL}, **WHY)), Status.PASS),
    "by another name": (openvex(says("not_affected", {"@id": PURL}, name=GHSA, **WHY)), Status.PASS),
    "every version": (openvex(says("fixed", "pkg:pypi/requests")), Status.PASS),
    "a product that is no library": (openvex(says("not_affected", IMAGE, **WHY)), Status.PASS),
    "a part of a product": (openvex(says("not_affected", {**IMAGE, "subcomponents": [{"@id": PURL}]})), Status.PASS),
    "another part": (openvex(says("not_affected", {**IMAGE, "subcomponents": [{"@id": "pkg:pypi/idna@3.0"}]})), Status.FAIL),
    "another version": (openvex(says("not_affected", {"@id": "pkg:pypi/requests@2.30.0"})), Status.FAIL),
    "another vulnerability": (openvex(says("not_affected", {"@id": PURL}, name="CVE-2020-1")), Status.FAIL),
    "under investigation": (openvex(says("under_investigation", {"@id": PURL})), Status.FAIL),
    "taken back": (openvex(says("affected", {"@id": PURL}, timestamp="2026-11-03T00:00:00Z"), says("not_affected", {"@id": PURL}, timestamp="2026-11-02T00:00:00Z")), Status.FAIL),
}  # fmt: skip


def test_what_a_vex_document_says_does_no_harm_is_no_finding_and_stays_in_the_report() -> None:
    known = vulnerability(REQUESTS, GHSA, aliases=(CVE,))
    plain = make(code=code(analysis=Known(replace(BAD, vulnerabilities=(known,)), SOURCE)))
    told = {}
    for name, (document, _) in STATED.items():
        (stated,) = with_imports((plain,), (scan("openvex", document),))
        told[name] = verdicts(dependency_vulnerable, {name: stated})[name]
        (kept,) = stated.code.analysis.value.vulnerabilities
        assert bool(kept.statement) is (told[name] is Status.PASS)
    assert told == {name: status for name, (_, status) in STATED.items()}
    (stated,) = with_imports((plain,), (scan("openvex", STATED["not affected"][0]),))
    assert stated.code.analysis.value.vulnerabilities[0].statement == (
        "not_affected (vulnerable_code_not_in_execute_path) by Security team"
    )


def test_a_statement_is_no_scan_and_is_about_layers_too() -> None:
    document = scan("openvex", STATED["not affected"][0])
    unscanned = make(code=code(analysis=NOT_READ))
    held = layer(analysis=Known(replace(BAD, vulnerabilities=(vulnerability(REQUESTS, CVE),)), SOURCE))
    layered = make(code=code(analysis=Known(analysis(), SOURCE), layers=Known((held,), "x")))
    subjects = dict(zip(("unscanned", "layered"), with_imports((unscanned, layered), (document,)), strict=True))
    assert verdicts(dependency_vulnerable, subjects) == {"unscanned": Status.UNKNOWN, "layered": Status.PASS}


def test_analyses_of_cyclonedx_are_statements_also_about_what_is_found_here() -> None:
    linked = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Apypi%2Frequests%402.31.0"
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "vulnerabilities": [{"id": CVE, "analysis": {"state": "not_affected", "justification": "code_not_reachable"}, "affects": [{"ref": linked}]}],
    }  # fmt: skip
    plain = make(code=code(analysis=Known(replace(BAD, vulnerabilities=(vulnerability(REQUESTS, CVE),)), SOURCE)))
    (stated,) = with_imports((plain,), (scan("cyclonedx", document),))
    assert verdicts(dependency_vulnerable, {"orders": stated}) == {"orders": Status.PASS}
    assert stated.code.analysis.value.vulnerabilities[0].statement == "not_affected (code_not_reachable) in CycloneDX"


def test_what_is_not_taken_over_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "semgrep.sarif"
    path.write_text(json.dumps(SEMGREP))
    (one,) = imported([f"sarif:{path}=orders"])
    assert (one.scanner, one.functions) == ("Semgrep OSS", "orders")
    assert "not taken over: Semgrep OSS: style names no weakness that a check here is about (and 1 more)." in (
        capsys.readouterr().err
    )


def test_reports_are_listed_in_the_configuration() -> None:
    tables = [
        {"format": "trivy", "file": "a=b.json", "functions": "orders-*"},
        {"format": "openvex", "file": "vex.json"},
    ]
    configured = Configuration.model_validate({"import": "grype:g.json", "imports": tables})
    assert configured.options()["imports"] == ("grype:g.json", "trivy:a=b.json=orders-*", "openvex:vex.json=*")
    assert "imports" not in Configuration().options()
