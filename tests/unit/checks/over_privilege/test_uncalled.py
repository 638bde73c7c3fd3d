"""Actions that a role allows and no code of its functions calls, and the smaller policy in their place."""

import json
import shlex
from dataclasses import replace
from typing import Any

from auditor.analysis import sites
from auditor.analysis.called_actions import calls_of
from auditor.analysis.permissions.decision import Answer
from auditor.analysis.smaller_policies import smaller_policy
from auditor.engine.remediation import fill
from auditor.model.asynchronous import FailureHandling
from auditor.model.code import NOT_READ
from auditor.model.code_analysis import ApiUse, CodeFacts, CodeStep
from auditor.model.finding import Status
from auditor.model.function import Function, ServedVersion
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Known
from auditor.model.trigger import TriggerVia
from checks.over_privilege.role_actions_uncalled import role_actions_uncalled
from checks.over_privilege.role_service_wildcard import role_service_wildcard
from tests.aws_decisions import decided
from tests.unit.checks.build import (
    CLEAN,
    LISTED,
    ROLES,
    Surroundings,
    code,
    found,
    grant,
    identity,
    layer,
    make,
    only,
    statement,
    trigger,
    triggers,
    unknown,
    verdicts,
)

SOURCE = "lambda:GetFunctionCode"
PLAIN = FailureHandling(dead_letter=Known(None, LISTED), settings=Known((), LISTED))
OWN = "own"
MANAGED = "arn:aws:iam::aws:policy/Wide"


def use(call: str, *actions: str) -> ApiUse:
    return ApiUse(call=call, actions=actions, resources=(), file="app.py", line=8)


READS = CodeFacts(entries=("app.py:handler",), api_uses=(use("s3.GetObject", "s3:GetObject"),))


def function(actions: list[str], facts: CodeFacts = READS, name: str = "orders", **changes: Any) -> Function:
    """Plain, with one policy that allows the actions on everything."""
    origin = changes.pop("origin", PolicyOrigin.INLINE)
    policy = OWN if origin is PolicyOrigin.INLINE else MANAGED
    document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})  # fmt: skip
    held = PermissionPolicy(name=policy.rpartition("/")[2], id=policy, origin=origin, document=Known(document, ROLES))
    stated = grant(tuple(map(str.lower, actions)), ("*",), policy=policy, origin=origin)
    plain: dict[str, Any] = {
        "identity": Known(identity(stated, policies=Known((held,), ROLES), **changes.pop("role", {})), ROLES),
        "code": code(analysis=Known(replace(CLEAN, facts=facts), SOURCE), **changes.pop("package", {})),
        "network": Known(None, LISTED),
        "tracing": Known(False, LISTED),
        "triggers": triggers(),
        "failures": PLAIN,
    }
    return make(name, **{**plain, **changes})


def written(subject: Function) -> Any:
    """The actions of the policy that the printed command puts in place."""
    command = fill(role_actions_uncalled.fix[subject.cloud], subject, only(role_actions_uncalled, subject))["command"]
    words = shlex.split(command or "", comments=True)
    return json.loads(words[words.index("--policy-document") + 1])["Statement"][0]["Action"]


def test_what_is_not_called_is_named_and_left_out() -> None:
    subject = function(["s3:GetObject", "s3:DeleteBucket", "sqs:*", "logs:PutLogEvents"])
    hit = only(role_actions_uncalled, subject)
    assert hit.message == "Role orders-role allows s3:DeleteBucket, sqs:* through policy own, which no code of its functions calls"  # fmt: skip
    assert hit.evidence[-1].detail == "called: s3.GetObject"
    assert written(subject) == ["s3:GetObject", "logs:PutLogEvents"]


def test_all_that_is_called_is_kept_with_what_the_same_call_may_need() -> None:
    writes = replace(READS, api_uses=(use("s3.PutObject", "s3:PutObject"),))
    assert written(function(["s3:Put*", "s3:AbortMultipartUpload"], writes)) == [
        "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:PutObjectTagging",
        "s3:AbortMultipartUpload",
    ]  # fmt: skip
    assert found(role_actions_uncalled, function(["s3:GetObject", "kms:Decrypt", "logs:CreateLogStream"])) == ()


def test_what_lambda_does_in_the_roles_name_is_kept_where_it_is_configured() -> None:
    actions = [
        "sqs:ReceiveMessage",
        "ec2:CreateNetworkInterface",
        "xray:PutTraceSegments",
        "sns:Publish",
        "s3:GetObject",
    ]
    queue = trigger(service="sqs", via=TriggerVia.MAPPING)
    configured = {
        "queue": function(actions, triggers=triggers(queue)),
        "network": function(actions, network=unknown()),
        "tracing": function(actions, tracing=Known(True, LISTED)),
        "failures": function(actions, failures=replace(PLAIN, dead_letter=unknown())),
    }
    assert {name: [one for one in written(subject) if not one.startswith("s3:")] for name, subject in configured.items()} == {
        "queue": ["sqs:ReceiveMessage"],
        "network": ["ec2:CreateNetworkInterface"],
        "tracing": ["xray:PutTraceSegments"],
        "failures": ["sns:Publish"],
    }  # fmt: skip


def test_a_policy_of_which_nothing_is_called_goes() -> None:
    subject = function(["iam:CreateUser"], origin=PolicyOrigin.PROVIDER)
    hit = only(role_actions_uncalled, subject)
    filled = fill(role_actions_uncalled.fix[subject.cloud], subject, hit)
    assert filled["command"] == (
        "# no code of the role's functions calls anything of this policy\n"
        f"aws iam detach-role-policy --role-name orders-role --policy-arn {MANAGED}"
    )
    assert hit.site == sites.attachment(identity().id, MANAGED)


def test_the_wildcard_of_the_same_statement_is_the_same_cause() -> None:
    subject = function(["s3:*"])
    assert only(role_actions_uncalled, subject).site == only(role_service_wildcard, subject).site
    assert "role-service-wildcard" in role_actions_uncalled.facet_of


def test_no_verdict_where_more_may_be_called() -> None:
    wide = ["s3:*"]
    chosen = CodeStep(file="app.py", line=9, text="service decided at run time")
    other = statement(principals=("arn:aws:iam::123456789012:role/ci",), actions=("sts:AssumeRole",))
    subjects = {
        "all known": function(wide),
        "called where nothing was seen to reach": function(["iam:CreateUser"], replace(READS, other_uses=(use("iam.CreateUser", "iam:CreateUser"),))),
        "chosen at run time": function(wide, replace(READS, dynamic=(chosen,))),
        "a library": function(wide, replace(READS, more_calls=("the library pynamodb calls AWS itself",))),
        "a layer": function(wide, package={"layers": Known((layer(),), LISTED)}),
        "a version": function(wide, served=Known((ServedVersion(version="7", through=("live",), runtime=Known("python3.14", LISTED), identity=unknown()),), LISTED)),
        "another language": function(wide, runtime=Known("java21", LISTED)),
        "another holder": function(wide, role={"trust": (Known((other,), ROLES),)}),
        "not asked for": make(code=code(analysis=NOT_READ)),
        "refused": make(code=code(analysis=unknown(SOURCE))),
        "a policy that was not read": function(wide, identity=Known(identity(policies=unknown(ROLES)), ROLES)),
    }  # fmt: skip
    assert verdicts(role_actions_uncalled, subjects) == {
        "all known": Status.FAIL,
        "called where nothing was seen to reach": Status.PASS,
        **dict.fromkeys(("chosen at run time", "a library", "a layer", "a version", "another holder"), Status.UNKNOWN),
        "another language": Status.NOT_EXAMINED,
        "not asked for": Status.NOT_EXAMINED,
        "refused": Status.UNKNOWN,
        "a policy that was not read": Status.UNKNOWN,
    }


def test_what_another_function_with_the_role_calls_is_called() -> None:
    deletes = replace(READS, api_uses=(use("s3.DeleteObject", "s3:DeleteObject"),))
    one, other = function(["s3:GetObject", "s3:DeleteObject"]), function([], deletes, "cleaner")
    unread = make("unread", identity=one.identity, code=code(analysis=unknown(SOURCE)))
    alone = verdicts(role_actions_uncalled, {"orders": one}, Surroundings(functions=(one,)))
    shared = verdicts(role_actions_uncalled, {"orders": one}, Surroundings(functions=(one, replace(other, identity=one.identity))))  # fmt: skip
    beside = verdicts(role_actions_uncalled, {"orders": one}, Surroundings(functions=(one, unread)))
    assert [alone["orders"], shared["orders"], beside["orders"]] == [Status.FAIL, Status.PASS, Status.UNKNOWN]


def answer(document: dict[str, Any], action: str) -> Answer:
    row: dict[str, Any] = {
        "principal": "arn:aws:iam::111122223333:role/orders-role", "action": action, "resource": "*",
        "resourceAccount": "111122223333", "context": {}, "identityPolicies": [document], "boundary": None,
        "session": None, "scps": [], "rcps": [], "resourcePolicy": None,
    }  # fmt: skip
    return decided(row).answer


def test_by_our_own_decisions_the_smaller_policy_allows_what_is_called_and_nothing_new() -> None:
    original = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}, {"Effect": "Allow", "Action": "iam:Get*", "Resource": "*"}]}  # fmt: skip
    calls = calls_of([function([], replace(READS, api_uses=(use("s3.GetObject", "s3:GetObject"), use("iam.GetUser", "iam:GetUser"))))])  # fmt: skip
    made = smaller_policy(json.dumps(original), calls)
    assert made is not None
    asked = ["s3:GetObject", "s3:DeleteObject", "iam:GetUser", "iam:GetRole", "iam:CreateUser", "logs:PutLogEvents", "sqs:SendMessage"]  # fmt: skip
    told = {action: (answer(original, action), answer(made, action)) for action in asked}
    assert told == {
        "s3:GetObject": (Answer.YES, Answer.YES),
        "s3:DeleteObject": (Answer.YES, Answer.NO),
        "iam:GetUser": (Answer.YES, Answer.YES),
        "iam:GetRole": (Answer.YES, Answer.NO),
        "iam:CreateUser": (Answer.NO, Answer.NO),
        "logs:PutLogEvents": (Answer.YES, Answer.YES),
        "sqs:SendMessage": (Answer.YES, Answer.NO),
    }
