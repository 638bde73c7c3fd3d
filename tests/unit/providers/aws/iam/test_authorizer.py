import json
from datetime import date

import pytest

from auditor.analysis.permissions.decision import Answer
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Gap, GapReason, Known, Unknown
from auditor.model.principals import Principal, PrincipalKind
from providers.aws.iam.authorizer import DETAILS, AccountAuthorizer, OrganizationLayers
from providers.aws.iam.evaluation.policies import PolicyLayer
from providers.aws.iam.evaluation.proof import OF_RESOURCE, ORGANISATION

ACCOUNT, OTHER = "111122223333", "444455556666"
DAY = date(2026, 11, 30)
DENIED = Gap(GapReason.DENIED, DETAILS, DETAILS)
LAMBDA = "lambda.amazonaws.com"


def arn(kind, name, account=ACCOUNT):
    return f"arn:aws:iam::{account}:{kind}/{name}"


def text(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action="*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(*statements, name="inline", document=None):
    origin = PolicyOrigin.INLINE if not name.startswith("arn:") else PolicyOrigin.CUSTOMER
    return PermissionPolicy(name=name, id=name, origin=origin, document=document or Known(text(*statements), DETAILS))


def trusts(**principal):
    return text({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal})


def principal(name, *policies, kind=PrincipalKind.ROLE, trust=None, boundary=None, groups=(), tags=()):
    found = trust or (trusts(Service=LAMBDA) if kind is PrincipalKind.ROLE else None)
    return Principal(
        id=arn(kind.value, name),
        name=name.rpartition("/")[2],
        kind=kind,
        policies=Known(policies, DETAILS) if not isinstance(policies, Unknown) else policies,
        boundary=boundary if isinstance(boundary, Unknown) else Known(boundary, DETAILS),
        trust=Known(found, DETAILS),
        groups=groups,
        tags=Known(tags, DETAILS),
    )


def authorizer(*principals, **more):
    return AccountAuthorizer(ACCOUNT, "aws", principals, **{"day": DAY, "organization": "", **more})


def test_identities_with_groups_boundaries_and_denies():
    group = principal("readers", policy(allow("s3:Get*")), kind=PrincipalKind.GROUP)
    bounded = policy(allow("sqs:*"), name=arn("policy", "bound"))
    made = authorizer(
        group,
        principal("bob", kind=PrincipalKind.USER, groups=(group.id,)),
        principal("app", policy(allow("s3:*"), {**allow("s3:Put*"), "Effect": "Deny"})),
        principal("held", policy(allow()), boundary=bounded),
        principal("unread", policy(allow()), boundary=Unknown(DENIED)),
        principal("lost", policy(name="lost", document=Unknown(DENIED))),
        principal("ungrouped", kind=PrincipalKind.USER, groups=(arn("group", "nowhere"),)),
    )
    users, roles = (lambda name: arn("user", name)), (lambda name: arn("role", name))
    bucket = "arn:aws:s3:::b/x"
    asked = {
        (users("bob"), "s3:GetObject"): Answer.YES,
        (users("bob"), "s3:PutObject"): Answer.NO,
        (roles("app"), "S3:getobject"): Answer.YES,
        (roles("app"), "s3:PutObject"): Answer.NO,
        (roles("held"), "s3:GetObject"): Answer.NO,
        (roles("unread"), "s3:GetObject"): Answer.UNKNOWN,
        (roles("lost"), "s3:GetObject"): Answer.UNKNOWN,
        (users("ungrouped"), "s3:GetObject"): Answer.UNKNOWN,
        (roles("gone"), "s3:GetObject"): Answer.NO,
        (arn("role", "app", OTHER), "s3:GetObject"): Answer.UNKNOWN,
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session", "s3:GetObject"): Answer.YES,
    }
    found = {question: made.may(*question, bucket) for question in asked}
    assert {question: decision.answer for question, decision in found.items()} == asked
    assert found[roles("lost"), "s3:GetObject"].gap == DENIED
    assert found[users("bob"), "s3:GetObject"].proof[-1].source == "readers/inline"
    with pytest.raises(ValueError, match="neither the ARN"):
        made.may("bob", "s3:GetObject", bucket)


def test_trust_decides_who_takes_a_role():
    made = authorizer(
        principal("caller", policy(allow("sts:AssumeRole"))),
        principal("weak"),
        principal("team/target", trust=trusts(AWS=arn("role", "caller"))),
        principal("open", trust=trusts(AWS=f"arn:aws:iam::{ACCOUNT}:root")),
        principal("made-by-lambda"),
    )
    asked = {
        ("team/target", arn("role", "caller")): Answer.YES,
        ("team/target", arn("role", "weak")): Answer.NO,
        ("open", arn("role", "caller")): Answer.YES,
        ("open", arn("role", "weak")): Answer.NO,
        ("made-by-lambda", arn("role", "caller")): Answer.NO,
        ("made-by-lambda", LAMBDA): Answer.YES,
        ("made-by-lambda", "ec2.amazonaws.com"): Answer.NO,
        ("absent", LAMBDA): Answer.NO,
        ("absent", arn("role", "caller")): Answer.NO,
    }
    assert {(role, by): made.may_assume(arn("role", role), by).answer for role, by in asked} == asked
    partly = authorizer(principal("caller", policy(allow("sts:AssumeRole"))), gap=DENIED)
    assert partly.may_assume(arn("role", "absent"), LAMBDA).answer is Answer.UNKNOWN
    assert partly.may(arn("role", "absent"), "s3:GetObject", "*").gap == DENIED
    assert made.may_assume(arn("role", "x", OTHER), arn("role", "caller")).answer is Answer.UNKNOWN


def test_what_is_known_of_a_request_is_decided():
    def when(operator, key, value):
        return principal("app", policy(allow(Condition={operator: {key: value}})), tags=(("team", "a"),))

    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
    asked = {
        ("StringEquals", "aws:PrincipalAccount", ACCOUNT): Answer.YES,
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/app"): Answer.YES,
        ("StringEquals", "aws:PrincipalTag/Team", "a"): Answer.YES,
        ("StringEquals", "aws:PrincipalTag/other", "a"): Answer.NO,
        ("StringEquals", "aws:PrincipalType", "User"): Answer.NO,
        ("Null", "aws:username", "true"): Answer.YES,
        ("StringEquals", "aws:RequestedRegion", "eu-west-1"): Answer.YES,
        ("StringEquals", "aws:RequestedRegion", "us-east-1"): Answer.NO,
        ("StringEquals", "aws:ResourceAccount", ACCOUNT): Answer.YES,
        ("StringEquals", "aws:PrincipalOrgID", "o-1"): Answer.NO,
        ("Bool", "aws:SecureTransport", "false"): Answer.NO,
        ("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"): Answer.NO,
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01"): Answer.YES,
        ("StringEquals", "aws:SourceAccount", ACCOUNT): Answer.NO,
        ("StringEquals", "aws:RequestTag/team", "a"): Answer.NO,
        ("StringEquals", "s3:prefix", "a"): Answer.NO,
        ("StringEquals", "aws:SourceVpc", "vpc-1"): Answer.CONDITIONAL,
        ("Bool", "aws:MultiFactorAuthPresent", "true"): Answer.NO,  # services alone begin its sessions
        ("Bool", "aws:MultiFactorAuthPresent", "false"): Answer.CONDITIONAL,  # absent or false
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"): Answer.YES,
        ("Null", "aws:MultiFactorAuthPresent", "true"): Answer.CONDITIONAL,
        ("StringLike", "aws:userid", "AIDA*"): Answer.NO,
        ("StringNotLike", "aws:userid", "AIDA*"): Answer.YES,
        ("StringLike", "aws:userid", "AROA*"): Answer.CONDITIONAL,
        ("ArnLike", "lambda:SourceFunctionArn", function): Answer.CONDITIONAL,
    }
    role = arn("role", "app")
    found = {
        question: authorizer(when(*question)).may(role, "lambda:InvokeFunction", function).answer for question in asked
    }
    assert found == asked
    passing = authorizer(when("StringEquals", "iam:PassedToService", LAMBDA))
    for context, answer in ((None, Answer.CONDITIONAL), ({"iam:PassedToService": (LAMBDA,)}, Answer.YES)):
        assert passing.may(role, "iam:PassRole", role, context).answer is answer


def test_a_session_may_carry_tags_where_the_trust_of_its_role_says_so():
    statement = {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": {"AWS": ACCOUNT}}
    condition = {"StringEquals": {"aws:PrincipalTag/team": "a"}}
    tagged = principal("app", policy(allow(Condition=condition)), trust=text(statement), tags=(("team", "b"),))
    assert authorizer(tagged).may(tagged.id, "s3:GetObject", "*").answer is Answer.CONDITIONAL


def test_what_was_not_considered_stands_in_the_decision():
    app = principal("app", policy(allow()))
    key, bucket = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k", "arn:aws:s3:::b/x"
    made = authorizer(app, organization=None)
    assert made.may(app.id, "s3:GetObject", bucket).before == (ORGANISATION, OF_RESOURCE)
    assert made.may(app.id, "iam:CreateUser", arn("user", "x")).before == (ORGANISATION,)
    assert made.may(principal("x").id, "s3:GetObject", bucket).before == ()
    assert authorizer(principal("x"), organization=None).may(arn("role", "x"), "s3:GetObject", bucket).before == (
        OF_RESOURCE,
    )
    assert (
        authorizer(app, organization=None, above=OrganizationLayers())
        .may(app.id, "iam:CreateUser", arn("user", "x"))
        .before
        == ()
    )
    assert authorizer(app).may(app.id, "kms:Decrypt", key).answer is Answer.UNKNOWN
    foreign = authorizer(app).may(app.id, "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{OTHER}:q")
    assert (foreign.answer, foreign.gap.reason) == (Answer.UNKNOWN, GapReason.NOT_COLLECTED)
    delegated = text({**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})
    given = {delegated: Answer.YES, text({**allow("kms:*"), "Principal": {"AWS": OTHER}}): Answer.NO}
    found = {
        document: authorizer(app).may(app.id, "kms:Decrypt", key, resource_policy=Known(document)) for document in given
    }
    assert {document: (one.answer, one.before) for document, one in found.items()} == {
        document: (answer, ()) for document, answer in given.items()
    }
    malformed = authorizer(app).may(app.id, "kms:Decrypt", key, resource_policy=Known("{"))
    assert malformed.gap.reason is GapReason.MALFORMED
    nothing = authorizer(app, above=OrganizationLayers((PolicyLayer("service control policy", ()),)))
    assert nothing.may(app.id, "s3:GetObject", bucket).why == "No service control policy allows it."


def test_an_action_without_resource_types_is_on_everything():
    narrow = principal("narrow", policy(allow(resource="arn:aws:s3:::b")))
    wide = principal("wide", policy(allow("s3:ListAllMyBuckets")))
    made = authorizer(narrow, wide)
    assert made.may(narrow.id, "s3:ListAllMyBuckets", "arn:aws:s3:::b").answer is Answer.NO
    assert made.may(wide.id, "s3:ListAllMyBuckets", "arn:aws:s3:::b").answer is Answer.YES
