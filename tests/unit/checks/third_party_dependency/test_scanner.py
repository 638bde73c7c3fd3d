from auditor.model.code import ScanCoverage
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known
from auditor.model.tags import Tags
from checks.third_party_dependency.inspector_blind_cmk import inspector_blind_cmk
from checks.third_party_dependency.inspector_coverage_inactive import inspector_coverage_inactive
from checks.third_party_dependency.inspector_excluded_by_tag import inspector_excluded_by_tag
from checks.third_party_dependency.inspector_lambda_code_off import inspector_lambda_code_off
from checks.third_party_dependency.inspector_lambda_standard_off import inspector_lambda_standard_off
from tests.unit.checks.build import (
    LISTED,
    Surroundings,
    code,
    key,
    location,
    make,
    make_image,
    only,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

COVERAGE = "inspector2:ListCoverage"
ACCOUNT_STATUS = "inspector2:BatchGetAccountStatus"
TAGS = "tag:GetResources"
OFF = Surroundings(where=location(package_scanning=Known(False, ACCOUNT_STATUS)))
UNTOLD = Surroundings(where=location(package_scanning=unknown(ACCOUNT_STATUS)))


def scanned(*, active: bool, reason: str, at: str | None = "2026-11-20") -> Function:
    return make(code=code(scan=Known(ScanCoverage(active=active, reason=reason, scanned_at=at), COVERAGE)))


UNLISTED = make(code=code(scan=Known(None, COVERAGE)))


def test_inspector_lambda_standard_off() -> None:
    off = location(package_scanning=Known(False, ACCOUNT_STATUS))
    subjects = {"off": off, "on": location(), "denied": location(package_scanning=unknown(ACCOUNT_STATUS))}
    expected = {"off": Status.FAIL, "on": Status.PASS, "denied": Status.UNKNOWN}
    assert verdicts(inspector_lambda_standard_off, subjects) == expected
    hit = only(inspector_lambda_standard_off, off)
    assert hit.message == "Inspector Lambda standard scanning is not enabled in us-east-1"
    assert hit.evidence[0].source == ACCOUNT_STATUS
    assert "--region us-east-1" in "\n".join(repairs(inspector_lambda_standard_off, off))


def test_inspector_lambda_code_off() -> None:
    subjects = {
        "off": location(code_scanning=Known(False, ACCOUNT_STATUS)),
        "on": location(),
        "not-offered-there": location(code_scanning=unknown(ACCOUNT_STATUS, GapReason.NOT_OFFERED)),
        "denied": location(code_scanning=unknown(ACCOUNT_STATUS)),
    }
    assert verdicts(inspector_lambda_code_off, subjects) == {
        "off": Status.FAIL,
        "on": Status.PASS,
        "not-offered-there": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert "code scanning is not enabled" in only(inspector_lambda_code_off, subjects["off"]).message


def test_inspector_coverage_inactive() -> None:
    subjects = {
        "idle": scanned(active=False, reason="SCAN_ELIGIBILITY_EXPIRED"),
        "unlisted": UNLISTED,
        "stale": scanned(active=True, reason="SUCCESSFUL", at="2026-05-01"),
        "fresh": make(),
        "excluded": scanned(active=False, reason="EXCLUDED_BY_TAG"),
        "pending": scanned(active=False, reason="PENDING_INITIAL_SCAN", at=None),
        "image": make_image(),
        "denied": make(code=code(scan=unknown(COVERAGE))),
    }
    assert verdicts(inspector_coverage_inactive, subjects) == {
        "idle": Status.FAIL,
        "unlisted": Status.FAIL,
        "stale": Status.FAIL,
        "fresh": Status.PASS,
        "excluded": Status.NOT_APPLICABLE,
        "pending": Status.NOT_APPLICABLE,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    assert verdicts(inspector_coverage_inactive, {"unlisted": UNLISTED}, OFF) == {"unlisted": Status.NOT_APPLICABLE}
    assert verdicts(inspector_coverage_inactive, {"unlisted": UNLISTED}, UNTOLD) == {"unlisted": Status.UNKNOWN}
    hit = only(inspector_coverage_inactive, subjects["idle"])
    assert "SCAN_ELIGIBILITY_EXPIRED" in hit.message
    assert hit.evidence[0].source == COVERAGE
    assert "206 days ago" in only(inspector_coverage_inactive, subjects["stale"]).message
    assert any("value='orders'" in form for form in repairs(inspector_coverage_inactive, UNLISTED))


def test_inspector_excluded_by_tag() -> None:
    tagged = make(tags=Known(Tags({"InspectorExclusion": "LambdaStandardScanning"}), TAGS))
    excluded = scanned(active=False, reason="EXCLUDED_BY_TAG")
    subjects = {
        "standard": tagged,
        "code-only": make(tags=Known(Tags({"InspectorCodeExclusion": "LambdaCodeScanning"}), TAGS)),
        "misspelt-and-so-without-effect": make(tags=Known(Tags({"InspectorExclusion": "yes"}), TAGS)),
        "other-tags": make(),
        "tags-denied-but-scanner-says-so": make(tags=unknown(TAGS), code=excluded.code),
        "denied": make(tags=unknown(TAGS)),
    }
    assert verdicts(inspector_excluded_by_tag, subjects) == {
        "standard": Status.FAIL,
        "code-only": Status.FAIL,
        "misspelt-and-so-without-effect": Status.PASS,
        "other-tags": Status.PASS,
        "tags-denied-but-scanner-says-so": Status.FAIL,
        "denied": Status.UNKNOWN,
    }
    hit = only(inspector_excluded_by_tag, tagged)
    assert hit.locus == "InspectorExclusion"
    assert (hit.evidence[0].source, hit.evidence[0].detail) == (
        TAGS,
        "Tags.InspectorExclusion = LambdaStandardScanning",
    )
    assert only(inspector_excluded_by_tag, subjects["tags-denied-but-scanner-says-so"]).evidence[0].source == COVERAGE


def test_inspector_blind_cmk() -> None:
    keyed, plain = Known(key(), LISTED), Known(None, LISTED)
    unlisted = code(scan=Known(None, COVERAGE))
    subjects = {
        "variables-under-a-key": make(environment_key=keyed, code=unlisted),
        "package-under-a-key": make(
            environment_key=plain, code=code(scan=Known(None, COVERAGE), source_key=Known(key(), "lambda:GetFunction"))
        ),
        "covered-all-the-same": make(environment_key=keyed),
        "no-key": make(environment_key=plain, code=unlisted),
        "variables-denied": make(environment_key=unknown(), code=unlisted),
        "scanner-denied": make(environment_key=keyed, code=code(scan=unknown(COVERAGE))),
        "image": make_image(),
    }
    assert verdicts(inspector_blind_cmk, subjects) == {
        "variables-under-a-key": Status.FAIL,
        "package-under-a-key": Status.FAIL,
        "covered-all-the-same": Status.PASS,
        "no-key": Status.PASS,
        "variables-denied": Status.UNKNOWN,
        "scanner-denied": Status.UNKNOWN,
        "image": Status.NOT_APPLICABLE,
    }
    assert verdicts(inspector_blind_cmk, {"off": subjects["variables-under-a-key"]}, OFF) == {
        "off": Status.NOT_APPLICABLE
    }
    hit = only(inspector_blind_cmk, subjects["package-under-a-key"])
    assert "Inspector cannot scan it" in hit.message
    assert [evidence.source for evidence in hit.evidence] == ["lambda:GetFunction", COVERAGE]
