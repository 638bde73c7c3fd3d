"""Weaknesses of the deployed code beside what events can do."""

from dataclasses import replace
from typing import Any

import pytest

from auditor import plugins
from auditor.check import Check
from auditor.code.taint.weaknesses import WEAKNESSES as RULES
from auditor.model.code import NOT_READ
from auditor.model.code_analysis import CodeFinding, CodeStep
from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from auditor.model.trigger import TriggerKind, TriggerVia
from checks.insecure_configuration.event_data_in_temporary_file import event_data_in_temporary_file
from checks.insecure_configuration.verbose_error import verbose_error
from checks.transport.tls_verification_disabled import tls_verification_disabled
from tests.unit.checks.build import CLEAN, code, endpoint, make, only, trigger, triggers, unknown, verdicts
from tests.unit.checks.repairs import repairs

SOURCE = "lambda:GetFunctionCode"
WEAKNESSES = {
    "tls-verification-disabled": (295, "transport", Severity.MEDIUM),
    "cleartext-endpoint": (319, "transport", Severity.MEDIUM),
    "signature-not-verified": (347, "insecure-configuration", Severity.HIGH),
    "debug-enabled": (489, "insecure-configuration", Severity.MEDIUM),
    "verbose-error": (209, "insecure-configuration", Severity.LOW),
    "event-data-in-module-variable": (488, "insecure-configuration", Severity.MEDIUM),
    "event-data-in-temporary-file": (459, "insecure-configuration", Severity.LOW),
    "authorizer-allows-on-error": (636, "exposure", Severity.HIGH),
    "authorizer-trusts-spoofable-field": (290, "exposure", Severity.HIGH),
}


def weakness(rule: str, what: str = "requests.get", confidence: Confidence = Confidence.HIGH) -> CodeFinding:
    return CodeFinding(
        rule=rule,
        cwe=WEAKNESSES[rule][0],
        language="python",
        file="app.py",
        line=7,
        handler="",
        source="",
        sink=what,
        triggers=(),
        steps=(CodeStep(file="app.py", line=7, text=what),),
        confidence=confidence,
        digest="0" * 64,
    )


def holding(*findings: CodeFinding, **changes: Any) -> Function:
    return make(code=code(analysis=Known(replace(CLEAN, findings=findings), SOURCE)), **changes)


@pytest.fixture(scope="module")
def by_id() -> dict[str, Check]:
    return {check.id: check for check in plugins.checks()}


def test_each_rule_is_a_check_that_fails_on_it_alone_and_says_how_to_mend_it(by_id: dict[str, Check]) -> None:
    told, wrong = {}, []
    for rule in WEAKNESSES:
        check = by_id[rule]
        told[rule] = (check.cwe, check.risk, check.severity)
        others = tuple(weakness(other) for other in WEAKNESSES if other != rule)
        subjects = {"weak": holding(weakness(rule)), "sound": holding(*others), "denied": make(code=code(analysis=unknown(SOURCE))), "not asked": make(code=code(analysis=NOT_READ))}  # fmt: skip
        found = verdicts(check, subjects)
        if found != {"weak": Status.FAIL, "sound": Status.PASS, "denied": Status.UNKNOWN, "not asked": Status.NOT_EXAMINED}:  # fmt: skip
            wrong.append((rule, found))
        assert repairs(check, subjects["weak"])
    assert told == WEAKNESSES
    assert wrong == []


def test_every_rule_of_a_weakness_is_one_that_code_is_searched_by() -> None:
    assert set(WEAKNESSES) == set(RULES)


def test_what_is_told() -> None:
    hit = only(tls_verification_disabled, holding(weakness("tls-verification-disabled")))
    assert hit.message == "Function orders accepts any TLS certificate (requests.get) in app.py:7"
    assert [(each.source, each.detail) for each in hit.evidence] == [(SOURCE, "app.py:7 requests.get")]
    assert (hit.locus, hit.site) == ("app.py requests.get", f"app.py:7 of package {code().sha256.need()}")


def test_what_is_uncertain_is_informational() -> None:
    unsure = weakness("event-data-in-temporary-file", "file /tmp/…", Confidence.LOW)
    assert only(event_data_in_temporary_file, holding(unsure)).severity is Severity.INFORMATIONAL


def test_an_error_is_judged_by_who_can_call() -> None:
    found = weakness("verbose-error", "error returned to the caller")

    def called(auth: AuthMode, reach: Reach) -> dict[str, Any]:
        url = endpoint(auth, reach=Known(reach, "lambda:GetPolicy"), reach_reason=f"AuthType is {auth.name}")
        way = trigger(TriggerKind.HTTP, service="lambda-url", source=url.url, via=TriggerVia.ENDPOINT)
        return {"endpoints": Known((url,), "lambda:ListFunctionUrlConfigs"), "triggers": triggers(way)}

    ways = {
        "public": called(AuthMode.NONE, Reach.ANONYMOUS),
        "signed": called(AuthMode.IAM, Reach.SCOPED),
        "queue": {},
    }
    assert {name: only(verbose_error, holding(found, **way)).severity for name, way in ways.items()} == {
        "public": Severity.MEDIUM,
        "signed": Severity.LOW,
        "queue": Severity.INFORMATIONAL,
    }
    assert only(verbose_error, holding(found)).message.endswith("app.py:7, but no HTTP trigger calls it")
