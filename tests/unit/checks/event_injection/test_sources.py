from dataclasses import replace
from typing import Any

from auditor.model.exposure import AccessGrant, QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.observed import Known
from checks.event_injection.policy_many_principals import policy_many_principals
from checks.event_injection.policy_s3_no_source_account import policy_s3_no_source_account
from checks.event_injection.policy_service_no_source import policy_service_no_source
from tests.unit.checks.build import make, only, policies, statement, unknown, verdicts
from tests.unit.checks.repairs import repairs

DENIED = make("policy-denied", policies=unknown("lambda:GetPolicy"))
NEWER = make("newer", policies=policies(statement(Reach.UNRECOGNISED, reason="an element we do not know")))


def by_service(reach: Reach, service: str = "s3.amazonaws.com", **changes: Any) -> AccessGrant:
    bare = statement(
        reach, sid="Bucket", principals=(service,), services=(service,), accounts=(), reason="nothing names the source"
    )
    return replace(bare, **changes)


def test_policy_service_no_source_is_the_confused_deputy() -> None:
    subjects = {
        "any-bucket": make(policies=policies(by_service(Reach.SERVICE_WITHOUT_SOURCE))),
        "any-bucket-on-alias": make(
            policies=policies(by_service(Reach.SERVICE_WITHOUT_SOURCE, qualifier="live"), qualifier="live")
        ),
        "one-bucket": make(policies=policies(by_service(Reach.SCOPED))),
        "bucket-without-account": make(policies=policies(by_service(Reach.SERVICE_WITHOUT_ACCOUNT))),
        "no-policy": make(),
        "denied": DENIED,
        "newer-element": NEWER,
    }
    assert verdicts(policy_service_no_source, subjects) == {
        "any-bucket": Status.FAIL,
        "any-bucket-on-alias": Status.FAIL,
        "one-bucket": Status.PASS,
        "bucket-without-account": Status.PASS,
        "no-policy": Status.PASS,
        "denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
    }
    hit = only(policy_service_no_source, subjects["any-bucket"])
    assert (
        hit.message
        == "Statement “Bucket” in the resource policy of orders has no source condition: nothing names the source."
    )
    assert hit.evidence[0].source == "lambda:GetPolicy"
    assert any(
        "--principal s3.amazonaws.com" in form for form in repairs(policy_service_no_source, subjects["any-bucket"])
    )


def test_policy_s3_no_source_account_is_about_names_that_change_owner() -> None:
    bucket = by_service(Reach.SERVICE_WITHOUT_ACCOUNT, sources=("arn:aws:s3:::uploads",))
    subjects = {
        "bucket-without-account": make(policies=policies(bucket)),
        "bucket-with-account": make(policies=policies(replace(bucket, reach=Reach.SCOPED))),
        "denied": DENIED,
        "newer-element": NEWER,
    }
    assert verdicts(policy_s3_no_source_account, subjects) == {
        "bucket-without-account": Status.FAIL,
        "bucket-with-account": Status.PASS,
        "denied": Status.UNKNOWN,
        "newer-element": Status.UNKNOWN,
    }
    failing = subjects["bucket-without-account"]
    assert (
        only(policy_s3_no_source_account, failing).message
        == "Statement “Bucket” in the resource policy of orders has no source account: nothing names the source."
    )
    assert any(
        "--source-arn arn:aws:s3:::uploads --source-account 111122223333" in f
        for f in repairs(policy_s3_no_source_account, failing)
    )


def test_policy_many_principals_counts_services_that_invoke() -> None:
    bucket, topic = by_service(Reach.SCOPED), by_service(Reach.SCOPED, "sns.amazonaws.com", sid="Topic")
    hidden = QualifiedPolicy(qualifier="live", statements=unknown("lambda:GetPolicy"))
    both = QualifiedPolicy(qualifier=None, statements=Known((bucket, topic), "lambda:GetPolicy"))
    one = QualifiedPolicy(qualifier=None, statements=Known((bucket,), "lambda:GetPolicy"))
    subjects = {
        "bucket-and-topic": make(policies=policies(bucket, topic)),
        "two-buckets": make(policies=policies(bucket, replace(bucket, sid="Other"))),
        "none": make(),
        "denied": DENIED,
        "one-and-denied": make(policies=Known((hidden, one), "lambda:ListAliases")),
        "both-and-denied": make(policies=Known((hidden, both), "lambda:ListAliases")),
    }
    assert verdicts(policy_many_principals, subjects) == {
        "bucket-and-topic": Status.FAIL,
        "two-buckets": Status.PASS,
        "none": Status.PASS,
        "denied": Status.UNKNOWN,
        "one-and-denied": Status.UNKNOWN,
        "both-and-denied": Status.FAIL,
    }
    hit = only(policy_many_principals, subjects["bucket-and-topic"])
    assert hit.message == "2 service principals can invoke orders: s3.amazonaws.com, sns.amazonaws.com"
    assert repairs(policy_many_principals, subjects["bucket-and-topic"])
