"""What is known against the libraries that a function loads."""

from dataclasses import replace
from typing import Any

from auditor.model.code import NOT_READ
from auditor.model.code_analysis import CodeAnalysis, CodeFacts, Component, ComponentEvidence, Vulnerability
from auditor.model.finding import Status
from auditor.model.observed import GapReason, Known
from auditor.model.severity import Confidence, Severity
from checks.third_party_dependency.dependency_malicious import dependency_malicious
from checks.third_party_dependency.dependency_vulnerable import dependency_vulnerable
from tests.unit.checks.build import Subject, code, found, layer, make, only, unknown, verdicts

SOURCE = "lambda:GetFunctionCode"


def component(name: str, version: str, evidence: ComponentEvidence = ComponentEvidence.INSTALLED) -> Component:
    purl = f"pkg:pypi/{name}@{version}"
    path = f"{name}-{version}.dist-info/METADATA"
    return Component(purl=purl, ecosystem="PyPI", name=name, version=version, evidence=evidence, path=path)


def vulnerability(of: Component, identity: str = "GHSA-1", **changes: Any) -> Vulnerability:
    plain = Vulnerability(
        id=identity,
        aliases=("CVE-2024-1",),
        purl=of.purl,
        severity=Severity.HIGH,
        score=7.5,
        summary="bad",
        upgrade="2.32.0",
        exploited=False,
        epss=None,
        malicious=False,
        scanners=("auditor",),
    )
    return replace(plain, **changes)


def analysis(*components: Component, known: tuple[Vulnerability, ...] = (), **changes: Any) -> CodeAnalysis:
    whole = CodeAnalysis(
        components=components,
        vulnerabilities=known,
        judged=True,
        advisories="OSV dumps of 2026-11-01",
        findings=(),
        facts=CodeFacts(),
        incomplete=(),
    )
    return replace(whole, **changes)


def function(of: CodeAnalysis, *layers: Any) -> Subject:
    return make(code=code(analysis=Known(of, SOURCE), layers=Known(layers, "lambda:ListFunctions")))


REQUESTS = component("requests", "2.31.0")
OLD = component("requests", "2.0.0")
MALWARE = component("reqests", "1.0.0")
BAD = analysis(REQUESTS, known=(vulnerability(REQUESTS),))
EVIL = analysis(MALWARE, known=(vulnerability(MALWARE, "MAL-2025-1", malicious=True, severity=Severity.CRITICAL),))
LAYER = layer(analysis=Known(analysis(OLD, known=(vulnerability(OLD, "GHSA-9", upgrade="3.0"),)), SOURCE))

SUBJECTS: dict[str, Subject] = {
    "vulnerable": function(BAD),
    "malicious": function(EVIL),
    "sound": function(analysis(REQUESTS)),
    "without libraries": function(analysis()),
    "not compared": function(analysis(REQUESTS, judged=False)),
    "read in part": function(analysis(REQUESTS, incomplete=("yarn.lock: it is damaged.",))),
    "not asked for": make(code=code(analysis=NOT_READ)),
    "denied": make(code=code(analysis=unknown(SOURCE))),
    "vulnerable layer": function(analysis(), LAYER),
    "layer that is hidden by the package": function(analysis(REQUESTS), LAYER),
    "layer that was not read": function(analysis(REQUESTS), layer(analysis=unknown("lambda:GetLayerVersionCode"))),
}


def test_verdicts() -> None:
    unknowns = ("not compared", "read in part", "denied", "layer that was not read")
    others = {**dict.fromkeys(unknowns, Status.UNKNOWN), "not asked for": Status.NOT_EXAMINED}
    passing = dict.fromkeys(("sound", "without libraries", "layer that is hidden by the package"), Status.PASS)
    failing = dict.fromkeys(("vulnerable", "vulnerable layer"), Status.FAIL)
    assert verdicts(dependency_vulnerable, SUBJECTS) == {
        **others, **passing, **failing, "malicious": Status.PASS
    }  # fmt: skip
    assert verdicts(dependency_malicious, SUBJECTS) == {
        **others, **passing, **dict.fromkeys(failing, Status.PASS), "malicious": Status.FAIL
    }  # fmt: skip


def test_a_package_is_one_finding_that_names_its_upgrade_and_its_worst() -> None:
    second = vulnerability(REQUESTS, "GHSA-2", aliases=("CVE-2024-2",), severity=Severity.CRITICAL, exploited=True)
    hit = only(dependency_vulnerable, function(analysis(REQUESTS, known=(vulnerability(REQUESTS), second))))
    assert hit.message == (
        "Function orders runs pkg:pypi/requests 2.31.0 with 2 known vulnerabilities (CVE-2024-2, CVE-2024-1; CISA lists"
        " it as exploited): upgrade to 2.32.0"
    )
    assert (hit.severity, hit.confidence, hit.locus) == (Severity.CRITICAL, Confidence.HIGH, "pkg:pypi/requests")
    assert hit.site == "upgrade of pkg:pypi/requests from 2.31.0"
    assert hit.evidence[0].source == SOURCE


def test_a_lock_alone_is_less_sure_than_what_is_installed() -> None:
    locked = component("requests", "2.31.0", ComponentEvidence.LOCK)
    hit = only(dependency_vulnerable, function(analysis(locked, known=(vulnerability(locked, upgrade=None),))))
    assert hit.confidence is Confidence.MEDIUM
    assert hit.message.endswith("(CVE-2024-1): no version that mends all of them is known")


def test_what_is_declared_and_not_installed_is_told_at_low_confidence() -> None:
    listed = replace(component("pyyaml", "5.1", ComponentEvidence.DECLARED), path="requirements.txt")
    known = (vulnerability(listed, upgrade="5.3.1"),)
    for others in ((), (REQUESTS,)):
        hit = only(dependency_vulnerable, function(analysis(listed, *others, known=known)))
        assert hit.message == (
            "Function orders requires (declared, not installed) pkg:pypi/pyyaml 5.1 with a known vulnerability"
            " (CVE-2024-1): upgrade to 5.3.1"
        )
        assert hit.confidence is Confidence.LOW
        assert hit.evidence[0].detail.startswith("requirements.txt: ")


def test_what_is_declared_for_tests_or_installed_in_another_version_is_not_told_of() -> None:
    listed = replace(component("pyyaml", "5.1", ComponentEvidence.DECLARED), path="requirements.txt")
    known = (vulnerability(listed),)
    development = replace(listed, path="requirements-dev.txt")
    locked = replace(listed, evidence=ComponentEvidence.LOCK, path="poetry.lock")
    newer = component("pyyaml", "6.0.2")
    subjects = {
        "installed newer": function(analysis(listed, newer, known=known)),
        "for development": function(analysis(development, REQUESTS, known=known)),
        "locked": function(analysis(locked, REQUESTS, known=known)),
    }
    assert verdicts(dependency_vulnerable, subjects) == dict.fromkeys(subjects, Status.PASS)


def test_what_a_layer_brings_is_mended_in_the_layer() -> None:
    hit = only(dependency_vulnerable, function(analysis(), LAYER))
    assert hit.site == f"layer {LAYER.id}"
    assert f"from layer {LAYER.id}" in hit.message


def test_what_was_found_is_told_although_a_part_is_missing() -> None:
    partly = replace(BAD, incomplete=("yarn.lock: it is damaged.",))
    assert [hit.locus for hit in found(dependency_vulnerable, function(partly))] == ["pkg:pypi/requests"]
    assert NOT_READ.gap.reason == GapReason.NOT_IN_TIER
