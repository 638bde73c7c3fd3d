import json
from pathlib import Path

from auditor.analysis.permissions.decision import Answer
from auditor.model.exposure import Effect
from auditor.model.observed import Gap, GapReason
from providers.aws.iam.evaluation.callers import read_caller
from providers.aws.iam.evaluation.context import PRESENT, RequestContext
from providers.aws.iam.evaluation.layers import BOUNDARY, IDENTITY, Policies
from providers.aws.iam.evaluation.policies import PolicyLayer
from providers.aws.iam.evaluation.proof import decide
from providers.aws.iam.evaluation.request import Request
from tests.aws_decisions import decided, layer

ROWS = Path("tests/data/aws_iam_edge_cases.jsonl").read_text("utf-8").splitlines()
ROLE = "arn:aws:iam::111122223333:role/app"
BUCKET = "arn:aws:s3:::bucket"


def allow(**more):
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **more}


def deny(**more):
    return allow(**more, Effect="Deny")


def ask(*statements, action="s3:GetObject", resource=f"{BUCKET}/a", state=None, boundary=None, version="2012-10-17"):
    """The decision under identity policies alone; ``state`` is what is known of the context, all else is open."""
    document = {"Version": version, "Statement": list(statements)}
    bounds = layer(BOUNDARY, {"Version": version, "Statement": boundary}) if boundary else None
    policies = Policies(layer(IDENTITY, document), bounds)
    request = Request(read_caller(ROLE), action.lower(), resource, "", RequestContext(state or {}), "*" in resource)
    return decide(request, policies)


def test_every_labelled_case():
    rows = [json.loads(row) for row in ROWS]
    wrong = {row["id"]: found for row in rows if (found := decided(row).answer) != ("yes" if row["expect"] else "no")}
    assert len({row["id"] for row in rows}) == 55
    assert wrong == {}


def test_every_settled_difference():
    rows = [json.loads(row) for row in Path("tests/data/aws_iam_settled_cases.jsonl").read_text("utf-8").splitlines()]
    assert {row["id"]: decided(row).answer for row in rows} == {row["id"]: row["ours"] for row in rows}
    assert {"session-arn-past-session-policy", "variable-in-version-2008"} <= {row["id"] for row in rows}


def test_several_values_without_a_set_operator_are_not_guessed():
    when = {"StringEquals": {"aws:CalledVia": "a"}}
    assert ask(allow(Condition=when), state={"aws:calledvia": ("a", "b")}).answer is Answer.CONDITIONAL


def test_what_the_request_decides_is_conditional_and_names_the_key():
    when = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    cases = {
        "allow": (ask(allow(Condition=when)), Answer.CONDITIONAL, ("aws:SourceVpce",)),
        "deny": (ask(allow(), deny(Condition=when)), Answer.CONDITIONAL, ("aws:SourceVpce",)),
        "boundary": (ask(allow(), boundary=[allow(Condition=when)]), Answer.CONDITIONAL, ("aws:SourceVpce",)),
        "another allow": (ask(allow(Condition=when), allow()), Answer.YES, ()),
        "any value": (
            ask(allow(Condition={"StringLikeIfExists": {"aws:SourceVpce": "*"}})),
            Answer.YES,
            (),
        ),
        "known": (ask(allow(Condition=when), state={"aws:sourcevpce": ("vpce-1",)}), Answer.YES, ()),
        "another": (ask(allow(Condition=when), state={"aws:sourcevpce": ("vpce-2",)}), Answer.NO, ()),
        "null of a present key": (
            ask(allow(Condition={"Null": {"aws:userid": "false"}}), state={"aws:userid": PRESENT}),
            Answer.YES,
            (),
        ),
        "variable": (
            ask(allow(Resource=f"{BUCKET}/${{aws:PrincipalTag/team}}"), resource=f"{BUCKET}/a"),
            Answer.CONDITIONAL,
            ("aws:PrincipalTag/team",),
        ),
        "variable elsewhere": (ask(allow(Resource="arn:aws:s3:::other/${aws:PrincipalTag/team}")), Answer.NO, ()),
        "operator we do not know": (
            ask(allow(Condition={"StringSoundsLike": {"aws:SourceVpce": "x"}}), state={"aws:sourcevpce": ("x",)}),
            Answer.CONDITIONAL,
            (),
        ),
    }
    assert {name: (found.answer, found.conditions) for name, (found, _, _) in cases.items()} == {
        name: (answer, keys) for name, (_, answer, keys) in cases.items()
    }


def test_conditions_that_no_request_meets_together_are_no_and_all_it_can_meet_are_yes():
    def when(operator, value, effect=allow):
        return effect(Condition={operator: {"aws:SourceVpce": value}})

    contradicting = {"StringEquals": {"aws:SourceVpce": "a"}, "StringLike": {"aws:SourceVpce": "b*"}}
    cases = {
        "within one statement": (ask(allow(Condition=contradicting)), Answer.NO),
        "allowed and denied alike": (ask(when("StringEquals", "a"), when("StringEquals", "a", deny)), Answer.NO),
        "denied more": (ask(when("StringEquals", "a"), when("StringEquals", ["b", "a"], deny)), Answer.NO),
        "denied less": (ask(when("StringEquals", ["a", "b"]), when("StringEquals", "a", deny)), Answer.CONDITIONAL),
        "either way": (ask(when("StringEquals", "a"), when("StringNotEquals", "a")), Answer.YES),
        "by identity, not by boundary": (
            ask(when("StringEquals", "a"), boundary=[when("StringEquals", "b")]),
            Answer.NO,
        ),
        "patterns are not counted out": (
            ask(when("StringLike", "a*"), when("StringLike", "a*", deny)),
            Answer.CONDITIONAL,
        ),
        "denied where the key is there": (ask(allow(), when("StringLike", "*", deny)), Answer.CONDITIONAL),
        "several values at once": (
            ask(
                *(one(Condition={"StringEquals": {"dynamodb:LeadingKeys": "a"}}) for one in (allow, deny)),
                action="dynamodb:GetItem",
                resource="arn:aws:dynamodb:us-east-1:111122223333:table/t",
            ),
            Answer.CONDITIONAL,
        ),
        "too many to count": (
            ask(allow(Condition={"StringEquals": {f"aws:PrincipalTag/{n}": "a" for n in range(7)}})),
            Answer.CONDITIONAL,
        ),
        "part of the resources": (
            ask(when("StringEquals", "a") | {"Resource": f"{BUCKET}/a/*"}, resource=f"{BUCKET}/*"),
            Answer.CONDITIONAL,
        ),
    }
    assert {name: found.answer for name, (found, _) in cases.items()} == {
        name: want for name, (_, want) in cases.items()
    }
    assert cases["allowed and denied alike"][0].why == "No value of aws:SourceVpce makes it allowed."


def test_a_pattern_asks_for_all_that_it_means():
    cases = {
        "all": (ask(allow(), resource=f"{BUCKET}/*"), Answer.YES),
        "wider": (ask(allow(Resource=f"{BUCKET}/*"), resource=f"{BUCKET}/team/*"), Answer.YES),
        "part": (ask(allow(Resource=f"{BUCKET}/team/*"), resource=f"{BUCKET}/*"), Answer.CONDITIONAL),
        "none": (ask(allow(Resource="arn:aws:s3:::other/*"), resource=f"{BUCKET}/*"), Answer.NO),
        "part denied": (ask(allow(), deny(Resource=f"{BUCKET}/a"), resource=f"{BUCKET}/*"), Answer.CONDITIONAL),
        "everything": (ask(allow(), resource="*"), Answer.YES),
    }
    assert {name: found.answer for name, (found, _) in cases.items()} == {
        name: want for name, (_, want) in cases.items()
    }


def test_a_variable_exists_only_in_documents_of_2012():
    resource = f"{BUCKET}/${{aws:username}}"
    state = {"aws:username": ("bob",)}
    asked = {"resource": f"{BUCKET}/bob", "state": state}
    assert ask(allow(Resource=resource), **asked).answer is Answer.YES
    assert ask(allow(Resource=resource), version="2008-10-17", **asked).answer is Answer.NO


def test_a_policy_that_could_not_be_read_leaves_it_unknown_unless_something_else_decides():
    gap = Gap(GapReason.DENIED, "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails")
    unread = replace_gap(layer(IDENTITY, {"Statement": [allow()]}), gap)
    denied = replace_gap(layer(IDENTITY, {"Statement": [deny()]}), gap)
    request = Request(read_caller(ROLE), "s3:getobject", f"{BUCKET}/a", "", RequestContext({}))
    found = decide(request, Policies(unread))
    assert (found.answer, found.gap) == (Answer.UNKNOWN, gap)  # what was not read may deny it
    assert decide(request, Policies(denied)).answer is Answer.NO
    nothing = layer(BOUNDARY, {"Statement": [allow(Action="sqs:*")]})
    assert decide(request, Policies(unread, nothing)).answer is Answer.NO  # the boundary allows it under no policy


def replace_gap(made: PolicyLayer, gap: Gap) -> PolicyLayer:
    return PolicyLayer(made.name, made.policies, gap)


def test_the_proof_names_the_statements_in_order():
    when = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    found = ask(allow(Sid="Broad"), deny(Sid="Inside", Condition=when), boundary=[allow(Sid="Bound", Action="s3:*")])
    assert [(step.layer, step.effect, step.statement, step.conditions) for step in found.proof] == [
        (IDENTITY, Effect.DENY, "Inside", ("aws:SourceIp",)),
        (IDENTITY, Effect.ALLOW, "Broad", ()),
        (BOUNDARY, Effect.ALLOW, "Bound", ()),
    ]
    assert found.why == "It depends on aws:SourceIp."
    assert json.loads(found.proof[1].text)["Sid"] == "Broad"
    refused = ask(allow(Sid="Broad"), deny(Sid="Never"))
    assert refused.why == "Never of identity policy 1 (identity policy) denies it."
    assert [step.statement for step in refused.proof] == ["Never"]
    bounded = ask(allow(Sid="Broad"), boundary=[allow(Action="sqs:*")])
    assert bounded.why == "No permissions boundary allows it."
    assert [(step.layer, step.effect) for step in bounded.proof] == [(IDENTITY, Effect.ALLOW), (BOUNDARY, None)]


def test_a_session_of_unknown_name_may_be_the_one_that_is_named():
    row = json.loads(next(row for row in ROWS if "resourcepol-session-arn" in row))
    assert decided(row).answer is Answer.YES
    assert decided({**row, "principal": "arn:aws:iam::111122223333:role/AppRole"}).answer is Answer.CONDITIONAL
