"""Values of events that reach calls in which they do harm: judged by what they do there and by who can send them."""

from dataclasses import replace
from typing import Any

import pytest

from auditor import plugins
from auditor.check import Check
from auditor.code.taint.scan import RULES
from auditor.model.code import NOT_READ
from auditor.model.code_analysis import NOT_ANALYSED, CodeAnalysis, CodeFacts, CodeFinding, CodeStep
from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Known, Unknown
from auditor.model.severity import Confidence, Severity
from auditor.model.trigger import TriggerKind, TriggerVia
from checks.event_injection.command_injection import command_injection
from checks.event_injection.log_injection import log_injection
from checks.event_injection.path_traversal import path_traversal
from tests.unit.checks.build import (
    CLEAN,
    arn,
    code,
    endpoint,
    found,
    gateway,
    make,
    only,
    policies,
    route,
    statement,
    trigger,
    triggers,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

SOURCE = "lambda:GetFunctionCode"
HTTP = CodeFinding(
    rule="command-injection",
    cwe=78,
    language="python",
    file="app.py",
    line=7,
    handler="app.py:handler",
    source="event.queryStringParameters.file",
    sink="os.system",
    triggers=("http",),
    steps=(
        CodeStep(file="app.py", line=3, text="reads event"),
        CodeStep(file="app.py", line=7, text="reaches os.system"),
    ),
    confidence=Confidence.HIGH,
    digest="0" * 64,
)
QUEUED = replace(HTTP, source="event.Records[].body", triggers=("sqs",))
UPLOADED = replace(HTTP, source="event.Records[].s3.object.key", triggers=("s3",))
WHOLE = replace(HTTP, source="event", triggers=())
OWN_FORM = replace(HTTP, source="event.name", triggers=())
STORED = replace(HTTP, source="stored value (get_item)", triggers=("stored",))
URL = endpoint(AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy"), reach_reason="AuthType is NONE")


def analysis(*findings: CodeFinding, **changes: Any) -> CodeAnalysis:
    return replace(CLEAN, findings=findings, **changes)


def injected(*findings: CodeFinding, **changes: Any) -> Function:
    return make(code=code(analysis=Known(analysis(*findings), SOURCE)), **changes)


def answering(of: Any, *others: Any) -> dict[str, Any]:
    """A URL, and the trigger it is."""
    way = trigger(TriggerKind.HTTP, service="lambda-url", source=of.url, via=TriggerVia.ENDPOINT)
    return {"endpoints": Known((of,), "lambda:ListFunctionUrlConfigs"), "triggers": triggers(way, *others)}


PUBLIC = answering(URL)
SIGNED = answering(endpoint())
ANY_ACCOUNT = policies(statement(Reach.ANY_PRINCIPAL, principals=("*",)))
OTHER_ACCOUNT = policies(statement(Reach.CROSS_ACCOUNT, principals=("arn:aws:iam::999999999999:root",)))
USER_POOL = trigger(TriggerKind.IDENTITY, service="cognito-idp", source=arn("cognito-idp", "userpool/p"), via=TriggerVia.POLICY)  # fmt: skip
SIGN_UP = replace(HTTP, source="event.request.userAttributes.name", triggers=("cognito",))
REST = gateway(route(auth=AuthMode.NONE))
BUCKET = trigger(TriggerKind.STORAGE, service="s3", source="arn:aws:s3:::uploads", via=TriggerVia.POLICY)
NOBODY = "no trigger carries it, so only principals that may invoke the function can send it"

SENDERS: dict[str, tuple[Function, Severity, str]] = {
    "URL that asks for nothing": (injected(HTTP, **PUBLIC), Severity.CRITICAL, f"anyone can send it: {URL.url} allows unauthenticated access"),
    "URL that asks for signatures": (injected(HTTP, **SIGNED), Severity.HIGH, f"callers of {URL.url} can send it"),
    "URL, of which only the policy is known": (injected(HTTP, **SIGNED, policies=unknown("lambda:GetPolicy")), Severity.HIGH, f"callers of {URL.url} can send it"),
    "API that asks for nothing": (injected(HTTP, gateways=Known((REST,), "apigateway:GetResources")), Severity.CRITICAL, "anyone can send it: GET /orders of shop requires no authentication"),
    "policy for every account": (injected(QUEUED, policies=ANY_ACCOUNT), Severity.CRITICAL, "anyone can send it: Statement “AllowOwnAccount” allows any principal to invoke the function"),
    "policy for another account": (injected(HTTP, policies=OTHER_ACCOUNT), Severity.HIGH, "principals that Statement “AllowOwnAccount” admits can send it"),
    "queue of the own account": (injected(QUEUED), Severity.MEDIUM, "principals that may write to SQS queue orders-in can send it"),
    "bucket": (injected(UPLOADED, triggers=triggers(BUCKET)), Severity.MEDIUM, "principals that may write to S3 bucket uploads can send it"),
    "bucket of any account": (injected(UPLOADED, policies=policies(statement(Reach.SERVICE_WITHOUT_SOURCE, services=("s3.amazonaws.com",))), triggers=triggers(replace(BUCKET, source=None))), Severity.HIGH, "any account through s3.amazonaws.com can send it"),
    "bucket that others may write to": (injected(UPLOADED, triggers=triggers(replace(BUCKET, source_grants=Known((statement(Reach.ANONYMOUS),), "s3:GetBucketPolicy")))), Severity.CRITICAL, "anyone can send it: Statement “AllowOwnAccount” lets any principal write to S3 bucket uploads"),
    "users who sign up": (injected(SIGN_UP, triggers=triggers(USER_POOL)), Severity.HIGH, "users of Cognito user pool p can send it"),
    "no trigger that carries the field": (injected(HTTP), Severity.INFORMATIONAL, NOBODY),
    "a public URL that carries no queue's field": (injected(UPLOADED, **PUBLIC), Severity.INFORMATIONAL, NOBODY),
    "schedule": (injected(WHOLE, triggers=triggers(trigger(TriggerKind.SCHEDULE, service="scheduler"))), Severity.INFORMATIONAL, NOBODY),
    "the event as a whole": (injected(WHOLE, **PUBLIC), Severity.CRITICAL, f"anyone can send it: {URL.url} allows unauthenticated access"),
    "a field that no URL passes on": (injected(OWN_FORM, **PUBLIC), Severity.INFORMATIONAL, NOBODY),
    "a field that a REST API may make": (injected(OWN_FORM, gateways=Known((REST,), "apigateway:GetResources")), Severity.CRITICAL, "anyone can send it: GET /orders of shop requires no authentication"),
    "a workflow, whose events have any form": (injected(OWN_FORM, triggers=triggers(trigger(TriggerKind.WORKFLOW, service="states", source=None, via=TriggerVia.POLICY))), Severity.MEDIUM, "principals that may write to any Step Functions state machine can send it"),
    "triggers that were not read": (injected(HTTP, triggers=(unknown("lambda:GetPolicy"),)), Severity.HIGH, "who can send it could not be read (lambda:GetPolicy)"),
    "URLs that were not read": (injected(QUEUED, endpoints=unknown("lambda:ListFunctionUrlConfigs")), Severity.HIGH, "who can send it could not be read (lambda:ListFunctionUrlConfigs)"),
    "what was stored": (injected(replace(STORED, confidence=Confidence.LOW), **PUBLIC), Severity.INFORMATIONAL, "principals that may write to the store can send it"),
    "uncertain": (injected(replace(HTTP, confidence=Confidence.LOW), **PUBLIC), Severity.INFORMATIONAL, f"anyone can send it: {URL.url} allows unauthenticated access"),
}  # fmt: skip


def test_severity_is_that_of_who_can_send_it() -> None:
    told = {}
    for name, (function, _, _) in SENDERS.items():
        hit = only(command_injection, function)
        told[name] = (hit.severity, hit.message.partition(": ")[2])
    assert told == {name: (severity, words) for name, (_, severity, words) in SENDERS.items()}


def test_severity_is_that_of_the_class() -> None:
    told = {}
    for check in (command_injection, path_traversal, log_injection):
        finding = replace(HTTP, rule=check.id)
        ways: dict[str, Any] = {"public": PUBLIC, "signed": SIGNED, "none": {}}
        told[check.id] = [only(check, injected(finding, **way)).severity for way in ways.values()]
    assert told == {
        "command-injection": [Severity.CRITICAL, Severity.HIGH, Severity.INFORMATIONAL],
        "path-traversal": [Severity.HIGH, Severity.MEDIUM, Severity.INFORMATIONAL],
        "log-injection": [Severity.MEDIUM, Severity.LOW, Severity.INFORMATIONAL],
    }


def test_what_is_told() -> None:
    hit = only(command_injection, injected(HTTP, **PUBLIC))
    assert hit.message.startswith("Function orders passes event.queryStringParameters.file to os.system in app.py:7: ")
    assert [(each.source, each.detail) for each in hit.evidence] == [
        (SOURCE, "app.py:3 reads event → app.py:7 reaches os.system"),
        ("lambda:GetPolicy", "AuthType is NONE"),
    ]
    assert hit.locus == "app.py event.queryStringParameters.file os.system"
    assert hit.site == f"app.py:7 of package {code().sha256.need()}"
    assert repairs(command_injection, injected(HTTP, **PUBLIC))


def test_two_flows_are_told_apart_and_stay_themselves_when_lines_move() -> None:
    twice = found(command_injection, injected(HTTP, replace(HTTP, line=9)))
    moved = found(command_injection, injected(replace(HTTP, line=17), replace(HTTP, line=19)))
    assert [hit.locus for hit in twice] == [HTTP_PLACE, f"{HTTP_PLACE} (2)"] == [hit.locus for hit in moved]


HTTP_PLACE = "app.py event.queryStringParameters.file os.system"
UNSCANNED = Unknown(Gap(GapReason.NOT_COLLECTED, "import", None, "no imported report is about this function"))


def judged(of: CodeAnalysis, runtime: str = "python3.14") -> Function:
    return make(code=code(analysis=Known(of, SOURCE)), runtime=Known(runtime, "lambda:ListFunctions"))


SUBJECTS: dict[str, tuple[Function, Status]] = {
    "injected": (injected(HTTP), Status.FAIL),
    "sound": (judged(analysis()), Status.PASS),
    "another class": (injected(replace(HTTP, rule="sql-injection")), Status.PASS),
    "not asked for": (make(code=code(analysis=NOT_READ)), Status.NOT_EXAMINED),
    "refused": (make(code=code(analysis=unknown(SOURCE))), Status.UNKNOWN),
    "read in part": (judged(analysis(unread=("app.py: it is encrypted.",))), Status.UNKNOWN),
    "followed in part": (judged(analysis(code_incomplete=("app.py cannot be parsed",))), Status.UNKNOWN),
    "read in part, with a flow": (judged(analysis(HTTP, unread=("b.py: it is encrypted.",))), Status.FAIL),
    "too large to be searched for credentials": (
        judged(analysis(unsearched=("data.json: it is large.",))),
        Status.PASS,
    ),
    "recorded before the rule was": (judged(analysis(rules=("sql-injection",))), Status.UNKNOWN),
    "without a handler that was found": (judged(analysis(facts=CodeFacts())), Status.UNKNOWN),
    "in another language": (judged(analysis(), "java21"), Status.NOT_EXAMINED),
    "in another language, with a script": (judged(analysis(HTTP), "java21"), Status.NOT_EXAMINED),
    "a runtime of its own": (judged(analysis(), "provided.al2023"), Status.NOT_EXAMINED),
    "a runtime of its own, with a flow": (judged(analysis(HTTP), "provided.al2023"), Status.FAIL),
    "known by a report about its libraries": (judged(analysis(code_incomplete=(NOT_ANALYSED,))), Status.NOT_EXAMINED),
    "beside reports about others": (make(code=code(analysis=UNSCANNED)), Status.NOT_EXAMINED),
}


def test_verdicts() -> None:
    asked = {name: function for name, (function, _) in SUBJECTS.items()}
    assert verdicts(command_injection, asked) == {name: status for name, (_, status) in SUBJECTS.items()}


@pytest.fixture(scope="module")
def by_id() -> dict[str, Check]:
    return {check.id: check for check in plugins.checks()}


def test_every_class_of_the_catalogue_is_a_check_with_its_weakness(by_id: dict[str, Check]) -> None:
    told = {rule: (by_id[rule].cwe, by_id[rule].risk) for rule, _ in RULES.values() if rule in by_id}
    assert told == {rule: (cwe, "event-injection") for rule, cwe in RULES.values()}


def test_every_class_fails_on_its_own_rule_and_its_fix_is_whole(by_id: dict[str, Check]) -> None:
    wrong = []
    for rule, cwe in RULES.values():
        function = injected(replace(HTTP, rule=rule, cwe=cwe), **PUBLIC)
        if verdicts(by_id[rule], {rule: function}) != {rule: Status.FAIL} or not repairs(by_id[rule], function):
            wrong.append(rule)
    assert wrong == []
