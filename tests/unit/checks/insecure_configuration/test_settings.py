from typing import Any

from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.identity import PolicyOrigin
from auditor.model.observed import Known
from auditor.model.tags import Tags
from auditor.model.telemetry import LogGroup
from checks.insecure_configuration.ephemeral_storage_large import ephemeral_storage_large
from checks.insecure_configuration.invoke_iam_misconfigured import invoke_iam_misconfigured
from checks.insecure_configuration.loggroup_no_cmk import loggroup_no_cmk
from checks.insecure_configuration.policy_principal_source_mismatch import policy_principal_source_mismatch
from checks.insecure_configuration.role_inline_policy import role_inline_policy
from checks.insecure_configuration.settings_not_as_expected import settings_not_as_expected
from checks.insecure_configuration.tags_missing import tags_missing
from checks.insecure_configuration.xray_no_cmk import xray_no_cmk
from tests.unit.checks.build import (
    LISTED,
    ROLES,
    arn,
    found,
    grant,
    identity,
    limits,
    location,
    log_group,
    logging,
    make,
    make_image,
    only,
    permission_policy,
    policies,
    settings,
    statement,
    unknown,
    verdicts,
)
from tests.unit.checks.repairs import repairs

TAGS = "tag:GetResources"
GROUPS = "logs:DescribeLogGroups"
BILLING = arn("lambda", "function:billing")
NO_ROLE = make(identity=Known(None, LISTED))
ROLE_DENIED = make(identity=unknown(ROLES))


def running_as(*groups: Any) -> Function:
    return make(identity=Known(identity(statements=tuple(groups)), LISTED))


def invoking(*resources: str) -> Known[Any]:
    return Known((grant(("lambda:invokefunction",), resources),), ROLES)


def test_settings_not_as_expected() -> None:
    rules = settings(
        allowed_runtimes=("python3.1*",),
        allowed_roles=("orders-*",),
        allowed_timeout_seconds=(1, 60),
        allowed_memory_mb=(128, 1024),
    )
    odd = make(
        runtime=Known("nodejs22.x", LISTED),
        identity=Known(identity(name="admin"), LISTED),
        limits=limits(timeout_seconds=Known(300, LISTED), memory_mb=Known(64, LISTED)),
    )
    subjects = {
        "all-four-off": odd,
        "as-expected": make(),
        "image": make_image(),
        "memory-denied": make(limits=limits(memory_mb=unknown())),
        "memory-denied-timeout-off": make(limits=limits(memory_mb=unknown(), timeout_seconds=Known(300, LISTED))),
    }
    assert verdicts(settings_not_as_expected, subjects, rules) == {
        "all-four-off": Status.FAIL,
        "as-expected": Status.PASS,
        "image": Status.PASS,
        "memory-denied": Status.UNKNOWN,
        "memory-denied-timeout-off": Status.FAIL,
    }
    assert verdicts(settings_not_as_expected, {"no-rules": odd}) == {"no-rules": Status.NOT_APPLICABLE}
    assert {hit.locus: hit.message for hit in found(settings_not_as_expected, odd, rules)} == {
        "runtime": "The runtime of function orders, nodejs22.x, is not on the allow-list",
        "role": "The role of function orders, admin, is not on the allow-list",
        "timeout": "The timeout of function orders, 300, is not on the allow-list",
        "memory": "The memory of function orders, 64, is not on the allow-list",
    }


def test_ephemeral_storage_large() -> None:
    subjects = {
        "two-gigabytes": make(limits=limits(ephemeral_mb=Known(2048, LISTED))),
        "default": make(),
        "denied": make(limits=limits(ephemeral_mb=unknown())),
    }
    assert verdicts(ephemeral_storage_large, subjects) == {
        "two-gigabytes": Status.FAIL,
        "default": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    hit = only(ephemeral_storage_large, subjects["two-gigabytes"])
    assert hit.message == "Function orders has 2048 MB of ephemeral storage, more than the default 512 MB"
    assert hit.evidence[0].detail == "EphemeralStorage.Size = 2048"


def test_tags_missing() -> None:
    subjects = {
        "untagged": make(tags=Known(Tags(), TAGS)),
        "only-the-clouds-own": make(tags=Known(Tags({"aws:cloudformation:stack-name": "orders"}), TAGS)),
        "tagged": make(),
        "denied": make(tags=unknown(TAGS)),
    }
    assert verdicts(tags_missing, subjects) == {
        "untagged": Status.FAIL,
        "only-the-clouds-own": Status.FAIL,
        "tagged": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    assert only(tags_missing, subjects["untagged"]).evidence[0].source == TAGS
    missing = found(tags_missing, make(), settings(required_tags=("owner", "cost-centre")))
    assert [(hit.locus, hit.message) for hit in missing] == [("cost-centre", "Function orders has no tag cost-centre")]


def test_policy_principal_source_mismatch() -> None:
    def invoked_by(service: str, source: str, **changes: Any) -> Function:
        return make(policies=policies(statement(sid="Trigger", services=(service,), sources=(source,), **changes)))

    topic, bucket = arn("sns", "orders-in"), "arn:aws:s3:::orders-in"
    subjects = {
        "s3-for-a-topic": invoked_by("s3.amazonaws.com", topic),
        "s3-for-a-bucket": invoked_by("s3.amazonaws.com", bucket),
        "gateway-for-an-api": invoked_by("apigateway.amazonaws.com", arn("execute-api", "abc123/*/GET/x")),
        "service-we-do-not-know": invoked_by("lex.amazonaws.com", topic),
        "any-source": invoked_by("s3.amazonaws.com", "*"),
        "no-invoke": invoked_by("s3.amazonaws.com", topic, invokes=False),
        "no-policy": make(),
        "denied": make(policies=unknown("lambda:ListAliases")),
    }
    assert verdicts(policy_principal_source_mismatch, subjects) == {
        "s3-for-a-topic": Status.FAIL,
        "s3-for-a-bucket": Status.PASS,
        "gateway-for-an-api": Status.PASS,
        "service-we-do-not-know": Status.PASS,
        "any-source": Status.PASS,
        "no-invoke": Status.PASS,
        "no-policy": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    hit = only(policy_principal_source_mismatch, subjects["s3-for-a-topic"])
    assert "of function orders allows s3.amazonaws.com for a source ARN of sns" in hit.message
    assert (hit.evidence[0].source, hit.locus) == ("lambda:GetPolicy", "Trigger")
    assert any(
        "--statement-id Trigger" in form
        for form in repairs(policy_principal_source_mismatch, subjects["s3-for-a-topic"])
    )


def test_role_inline_policy() -> None:
    inline = permission_policy("quick-fix", PolicyOrigin.INLINE)
    subjects = {
        "inline": make(identity=Known(identity(policies=Known((permission_policy(), inline), ROLES)), LISTED)),
        "managed": make(),
        "no-role": NO_ROLE,
        "documents-denied": make(identity=Known(identity(policies=unknown(ROLES)), LISTED)),
        "denied": ROLE_DENIED,
    }
    assert verdicts(role_inline_policy, subjects) == {
        "inline": Status.FAIL,
        "managed": Status.PASS,
        "no-role": Status.NOT_APPLICABLE,
        "documents-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(role_inline_policy, subjects["inline"])
    assert hit.message == "Role orders-role of function orders has the inline policy quick-fix"
    assert (hit.locus, hit.evidence[0].source) == ("quick-fix", ROLES)


def test_invoke_iam_misconfigured() -> None:
    subjects = {
        "plain-only": running_as(invoking(BILLING)),
        "alias-only": running_as(invoking(f"{BILLING}:live")),
        "both-forms": running_as(invoking(BILLING, f"{BILLING}:*")),
        "both-forms-in-two-documents": running_as(invoking(BILLING), invoking(f"{BILLING}:*")),
        "one-pattern": running_as(invoking(f"{BILLING}*")),
        "does-not-invoke": make(),
        "no-role": NO_ROLE,
        "plain-and-a-document-denied": running_as(invoking(BILLING), unknown(ROLES)),
        "denied": ROLE_DENIED,
    }
    assert verdicts(invoke_iam_misconfigured, subjects) == {
        "plain-only": Status.FAIL,
        "alias-only": Status.FAIL,
        "both-forms": Status.PASS,
        "both-forms-in-two-documents": Status.PASS,
        "one-pattern": Status.PASS,
        "does-not-invoke": Status.PASS,
        "no-role": Status.NOT_APPLICABLE,
        "plain-and-a-document-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    plain, alias = (only(invoke_iam_misconfigured, subjects[name]) for name in ("plain-only", "alias-only"))
    assert plain.message == (
        f"Role orders-role of function orders allows unqualified invocation of {BILLING},"
        " but not invocation of an alias or version of it"
    )
    assert alias.message.endswith("but not unqualified invocation of it")
    assert plain.evidence[0].source == ROLES


def test_loggroup_no_cmk() -> None:
    def logging_to(group: LogGroup | None) -> Function:
        return make(logging=Known(logging(group=Known(group, GROUPS)), LISTED))

    subjects = {
        "own-key-absent": logging_to(log_group(key=None)),
        "keyed": make(),
        "no-group": logging_to(None),
        "group-denied": make(logging=Known(logging(group=unknown(GROUPS)), LISTED)),
        "denied": make(logging=unknown()),
    }
    assert verdicts(loggroup_no_cmk, subjects) == {
        "own-key-absent": Status.FAIL,
        "keyed": Status.PASS,
        "no-group": Status.NOT_APPLICABLE,
        "group-denied": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(loggroup_no_cmk, subjects["own-key-absent"])
    assert hit.message == "Log group /aws/lambda/orders of function orders is not encrypted with a customer-managed key"
    assert hit.evidence[0].source == GROUPS


def test_xray_no_cmk() -> None:
    encryption = "xray:GetEncryptionConfig"
    subjects = {
        "own-key-absent": location(trace_key=Known(False, encryption)),
        "keyed": location(),
        "denied": location(trace_key=unknown(encryption)),
    }
    assert verdicts(xray_no_cmk, subjects) == {
        "own-key-absent": Status.FAIL,
        "keyed": Status.PASS,
        "denied": Status.UNKNOWN,
    }
    hit = only(xray_no_cmk, subjects["own-key-absent"])
    assert "X-Ray traces in us-east-1 are not encrypted with a customer-managed key" in hit.message
    assert hit.evidence[0].source == encryption
