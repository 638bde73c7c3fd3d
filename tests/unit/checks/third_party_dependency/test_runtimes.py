from dataclasses import replace

from auditor.model.code import Patching
from auditor.model.deployment import Build, Deployment
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.lifecycle import Support
from auditor.model.observed import Known
from auditor.model.severity import Severity
from checks.third_party_dependency.runtime_deprecated import runtime_deprecated
from checks.third_party_dependency.runtime_near_eol import runtime_near_eol
from checks.third_party_dependency.runtime_not_latest import runtime_not_latest
from checks.third_party_dependency.runtime_pinned import runtime_pinned
from checks.third_party_dependency.runtime_update_blocked import runtime_update_blocked
from tests.unit.checks.build import LISTED, code, make, make_image, only, settings, unknown, verdicts
from tests.unit.checks.repairs import repairs

MANAGED = "lambda:GetRuntimeManagementConfig"


def on(runtime: str) -> Function:
    return make(f"orders-on-{runtime.replace('.', '-')}", runtime=Known(runtime, LISTED))


def test_runtime_deprecated() -> None:
    subjects = {
        "on-nodejs16": on("nodejs16.x"),
        "on-dotnet8-two-weeks-dead": on("dotnet8"),
        "on-go1": on("go1.x"),
        "on-python313": on("python3.13"),
        "on-a-runtime-without-dates": on("python3.15"),
        "on-one-newer-than-our-table": on("python9.9"),
        "image": make_image(),
        "denied": make(runtime=unknown()),
    }
    assert verdicts(runtime_deprecated, subjects) == {
        "on-nodejs16": Status.FAIL,
        "on-dotnet8-two-weeks-dead": Status.FAIL,
        "on-go1": Status.FAIL,
        "on-python313": Status.PASS,
        "on-a-runtime-without-dates": Status.PASS,
        "on-one-newer-than-our-table": Status.UNKNOWN,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(runtime_deprecated, on("nodejs16.x"))
    assert hit.message == "Runtime nodejs16.x of function orders-on-nodejs16-x was deprecated on 12 June 2024"
    assert (hit.evidence[0].source, hit.evidence[0].detail) == (LISTED, "Runtime = nodejs16.x")
    assert "--runtime nodejs24.x" in "\n".join(repairs(runtime_deprecated, on("nodejs16.x")))
    assert "--runtime provided.al2023" in "\n".join(repairs(runtime_deprecated, on("go1.x")))


def test_an_old_runtime_is_high_only_when_it_is_blocked_or_long_out_of_support() -> None:
    weights = {
        "dotnet8": Severity.MEDIUM,  # ended two weeks ago
        "python3.10": Severity.MEDIUM,  # four weeks
        "provided.al2": Severity.MEDIUM,  # 116 days
        "nodejs20.x": Severity.HIGH,  # 208 days
        "python3.9": Severity.HIGH,
        "nodejs12.x": Severity.HIGH,  # changes are refused
    }
    found = {name: only(runtime_deprecated, on(name)).severity or runtime_deprecated.severity for name in weights}
    assert found == weights


def test_an_end_that_neither_the_cloud_nor_the_table_dates_is_high() -> None:
    ended = Known(Support(deprecated_on=None, decommissioned_on=None, ended=True), "functions:ListRuntimes")
    assert only(runtime_deprecated, replace(on("python9.9"), support=ended)).severity is Severity.HIGH
    assert only(runtime_deprecated, replace(on("python3.13"), support=ended)).severity is None


def test_runtime_update_blocked() -> None:
    subjects = {
        "on-python36": on("python3.6"),
        "on-python37": on("python3.7"),
        "on-python38-blocked-next-year": on("python3.8"),
        "on-dotnet7-never-blocked": on("dotnet7"),
        "on-python314": on("python3.14"),
        "image": make_image(),
        "denied": make(runtime=unknown()),
    }
    assert verdicts(runtime_update_blocked, subjects) == {
        "on-python36": Status.FAIL,
        "on-python37": Status.FAIL,
        "on-python38-blocked-next-year": Status.PASS,
        "on-dotnet7-never-blocked": Status.PASS,
        "on-python314": Status.PASS,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    update, create = (only(runtime_update_blocked, on(runtime)) for runtime in ("python3.6", "python3.7"))
    assert update.message == "Updates of function orders-on-python3-6 on python3.6 are blocked since 29 August 2022"
    assert "cannot be recreated" in create.message
    assert (update.severity, create.severity) == (None, Severity.LOW)
    assert runtime_update_blocked.severity is Severity.MEDIUM
    assert update.evidence[0].source == LISTED


def test_runtime_near_eol() -> None:
    subjects = {"on-ruby33": on("ruby3.3"), "on-python314": on("python3.14"), "on-nodejs18": on("nodejs18.x")}
    assert verdicts(runtime_near_eol, subjects, settings(runtime_notice_days=150)) == {
        "on-ruby33": Status.FAIL,
        "on-python314": Status.PASS,
        "on-nodejs18": Status.PASS,
    }
    rest = {"ruby33-in-128-days": on("ruby3.3"), "image": make_image(), "denied": make(runtime=unknown())}
    assert verdicts(runtime_near_eol, rest) == {
        "ruby33-in-128-days": Status.PASS,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(runtime_near_eol, on("ruby3.3"), settings(runtime_notice_days=150))
    assert (
        hit.message == "Runtime ruby3.3 of function orders-on-ruby3-3 will be deprecated on 31 March 2027, in 128 days"
    )
    assert hit.evidence[0].detail == "Runtime = ruby3.3"
    assert "--runtime ruby4.0" in "\n".join(repairs(runtime_near_eol, on("ruby3.3"), hit))


def test_runtime_not_latest() -> None:
    subjects = {
        "on-python312": on("python3.12"),
        "on-python314": on("python3.14"),
        "on-python315-that-is-coming": on("python3.15"),
        "on-python38-deprecated": on("python3.8"),
        "image": make_image(),
        "denied": make(runtime=unknown()),
    }
    assert verdicts(runtime_not_latest, subjects) == {
        "on-python312": Status.FAIL,
        "on-python314": Status.PASS,
        "on-python315-that-is-coming": Status.PASS,
        "on-python38-deprecated": Status.PASS,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    hit = only(runtime_not_latest, on("python3.12"))
    assert "python3.14 is newer" in hit.message
    assert hit.evidence[0].source == LISTED


def test_runtime_pinned() -> None:
    subjects = {
        "pinned": make(code=code(patching=Known(Patching.MANUAL, MANAGED))),
        "on-deploy": make(code=code(patching=Known(Patching.ON_UPDATE, MANAGED))),
        "automatic": make(),
        "image": make_image(),
        "denied": make(code=code(patching=unknown(MANAGED))),
    }
    assert verdicts(runtime_pinned, subjects) == {
        "pinned": Status.FAIL,
        "on-deploy": Status.FAIL,
        "automatic": Status.PASS,
        "image": Status.NOT_APPLICABLE,
        "denied": Status.UNKNOWN,
    }
    pinned, deferred = only(runtime_pinned, subjects["pinned"]), only(runtime_pinned, subjects["on-deploy"])
    assert "pinned to one version" in pinned.message
    assert (pinned.evidence[0].source, pinned.evidence[0].detail) == (MANAGED, "UpdateRuntimeOn = Manual")
    assert deferred.severity is None
    recent = make(
        code=code(patching=Known(Patching.ON_UPDATE, MANAGED)),
        deployment=Known(Deployment(build=Build(deployed_at=Known("2026-11-01T08:00:00.000+0000", MANAGED))), MANAGED),
    )
    assert only(runtime_pinned, recent).severity is Severity.LOW
