"""What is read of a function from answers that are sound."""

from typing import Any

import pytest

from auditor.model.asynchronous import Target
from auditor.model.capture import Depth
from auditor.model.code import Package, Patching, SnapStart
from auditor.model.environment import KeyState
from auditor.model.exposure import AuthMode, Effect, Reach
from auditor.model.function import Alias, Function
from auditor.model.identity import PolicyOrigin
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.secret import ReferenceKind, SecretVerdict
from auditor.model.tags import Tags
from auditor.model.trigger import TriggerKind, TriggerVia
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    FOREIGN,
    KEY,
    LAYER,
    ORDERS,
    QUEUE,
    REGION,
    RENDER,
    ROLE,
    STREAM,
    TOPIC,
    absent,
    arn,
    capture,
    config,
    denied,
    ok,
    policy,
    statement,
)


def function(name: str, *changes: Any, **rest: Any) -> Function:
    found = {function.name: function for function in normalize(capture(*changes, **rest)).functions}
    return found[name]


def gap(fact: Any) -> tuple[GapReason, str, str | None]:
    assert isinstance(fact, Unknown), fact
    return fact.gap.reason, fact.gap.operation, fact.gap.permission


def test_identity_joins_the_role_with_its_policies_boundary_and_trust() -> None:
    identity = function("orders").identity.need()
    assert identity is not None
    assert (identity.id, identity.name, identity.exists.need()) == (ROLE, "orders-role", True)
    origins = {policy.name: policy.origin for policy in identity.policies.need()}
    assert origins == {"table": PolicyOrigin.INLINE, "AWSLambdaBasicExecutionRole": PolicyOrigin.PROVIDER}
    assert [grants.need()[0].actions for grants in identity.statements] == [("dynamodb:getitem",), ("logs:*",)]
    boundary = identity.boundary.need()
    assert boundary is not None
    assert (boundary.name, boundary.origin) == ("workloads", PolicyOrigin.CUSTOMER)
    assert [grant.services for group in identity.trust for grant in group.need()] == [("lambda.amazonaws.com",)]


def test_functions_that_share_a_role_share_one_identity() -> None:
    orders, render = normalize(capture()).functions
    assert orders.identity.need() is render.identity.need()


def test_policies_are_read_for_the_function_and_each_qualifier() -> None:
    own, live, *versions = function("orders").policies.need()
    assert [policy.qualifier for policy in (own, live, *versions)] == [None, "live", "7", "8"]
    assert [policy.statements for policy in versions] == [Known((), "lambda:GetPolicy")] * 2
    assert [(grant.sid, grant.effect, grant.reach) for grant in own.statements.need()] == [
        ("FromBucket", Effect.ALLOW, Reach.SCOPED)
    ]
    assert [grant.qualifier for grant in live.statements.need()] == ["live"]


def test_the_clouds_word_that_there_is_no_policy_is_an_empty_policy() -> None:
    own = function("render").policies.need()[0]
    assert own.statements == Known((), "lambda:GetPolicy")


def test_an_endpoint_is_judged_with_the_policy_of_its_own_qualifier() -> None:
    (endpoint,) = function("orders").endpoints.need()
    assert (endpoint.qualifier, endpoint.auth, endpoint.reach.need()) == ("live", AuthMode.IAM, Reach.SCOPED)
    assert endpoint.cors is not None
    assert (endpoint.cors.origins, endpoint.cors.credentials) == (("https://shop.example",), True)
    everyone = policy(statement("Everyone", "*", "lambda:Invoke*"))
    opened = function("orders", ok("lambda:GetPolicy", {"Policy": everyone}, f"{ORDERS}#live"))
    assert opened.endpoints.need()[0].reach.need() is Reach.ANY_PRINCIPAL


def test_an_unreadable_policy_leaves_the_reach_of_its_endpoint_unknown() -> None:
    withheld = function("orders", denied("lambda:GetPolicy", f"{ORDERS}#live"))
    assert gap(withheld.endpoints.need()[0].reach)[0] is GapReason.DENIED


def test_triggers_come_in_one_group_for_each_teller() -> None:
    mappings, own, live, urls = function("orders").triggers
    assert [(t.kind, t.source, t.enabled, t.qualifier) for t in mappings.need()] == [
        (TriggerKind.STREAM, STREAM, True, "live"),
        (TriggerKind.STREAM, "broker.example:9092", False, None),
    ]
    assert [(t.service, t.source, t.asynchronous, t.via) for t in own.need()] == [
        ("s3", "arn:aws:s3:::incoming", True, TriggerVia.POLICY)
    ]
    assert live.need() == ()
    assert [(t.kind, t.qualifier, t.asynchronous) for t in urls.need()] == [(TriggerKind.HTTP, "live", False)]


@pytest.mark.parametrize(
    ("service", "kind", "asynchronous"),
    [
        ("events.amazonaws.com", TriggerKind.EVENT_BUS, True),
        ("sns.amazonaws.com", TriggerKind.TOPIC, True),
        ("ses.amazonaws.com", TriggerKind.EMAIL, True),
        ("iot.amazonaws.com", TriggerKind.DEVICE, True),
        ("logs.eu-central-1.amazonaws.com", TriggerKind.LOGS, True),
        ("apigateway.amazonaws.com", TriggerKind.HTTP, False),
        ("elasticloadbalancing.amazonaws.com", TriggerKind.HTTP, False),
        ("cognito-idp.amazonaws.com", TriggerKind.IDENTITY, False),
        ("lexv2.amazonaws.com", TriggerKind.OTHER, False),
        ("s3.amazonaws.com.cn", TriggerKind.STORAGE, True),
        ("brand-new.amazonaws.com", TriggerKind.OTHER, True),
    ],
)
def test_service_principals_become_triggers(service: str, kind: TriggerKind, asynchronous: bool) -> None:
    document = policy(statement("One", {"Service": service}))
    (trigger,) = function("render", ok("lambda:GetPolicy", {"Policy": document}, RENDER)).triggers[1].need()
    assert (trigger.kind, trigger.asynchronous) == (kind, asynchronous)


def test_the_environment_holds_verdicts_the_key_and_what_is_referred_to() -> None:
    environment = function("orders").environment.need()
    verdicts = {variable.name: variable.verdict for variable in environment.variables}
    assert verdicts == {
        "LOG_LEVEL": SecretVerdict.CLEAR,
        "DB_PARAMETER": SecretVerdict.REFERENCE,
        "DB_SECRET": SecretVerdict.REFERENCE,
        "API_KEY": SecretVerdict.SECRET,
    }
    assert environment.variables[1].reference is not None
    assert environment.variables[1].reference.kind is ReferenceKind.SSM_PARAMETER
    key = function("orders").environment_key.need()
    assert key is not None
    assert (key.id, key.state.need(), key.rotation.need()) == (
        KEY,
        KeyState.ENABLED,
        True,
    )
    parameter, secret = environment.stored
    assert (parameter.variable, parameter.exists.need(), parameter.encrypted.need()) == ("DB_PARAMETER", True, True)
    assert (secret.rotates.need(), secret.last_used.need(), secret.public_policy.need()) == (True, "2026-11-20", False)


def test_a_function_without_variables_has_an_environment_without_variables() -> None:
    assert function("render").environment.need().variables == ()
    assert function("render").environment_key.need() is None


def test_the_network_knows_zones_publicness_rules_and_logs() -> None:
    network = function("orders").network.need()
    assert network is not None
    assert {subnet.id: subnet.public.need() for subnet in network.subnets} == {"subnet-a": False, "subnet-b": True}
    (group,) = network.security_groups
    assert [(rule.from_port, rule.peers) for rule in group.egress.need()] == [(443, ("0.0.0.0/0",))]
    assert network.flow_logs.need()
    assert network.endpoints.need() == ("com.amazonaws.eu-central-1.s3",)
    assert function("render").network == Known(None, "lambda:ListFunctions")


def test_an_archive_has_layers_signing_patching_and_coverage() -> None:
    code = function("orders").code
    assert code.package is Package.ARCHIVE
    (layer,) = code.layers.need()
    assert (layer.id, layer.version, layer.vendor, layer.exists.need()) == (LAYER, "3", False, True)
    assert [grant.reach for grant in layer.sharing.need()] == [Reach.ANY_PRINCIPAL]
    signing = code.signing.need()
    assert signing is not None
    assert (signing.enforced, [publisher.status.need() for publisher in signing.publishers]) == (False, ["Active"])
    assert code.patching.need() is Patching.MANUAL
    assert code.snapstart.need() == SnapStart(configured=True, active=True)
    source_key = code.source_key.need()
    assert source_key is not None
    assert source_key.id == KEY
    scan = code.scan.need()
    assert scan is not None
    assert (scan.active, scan.scanned_at) == (True, "2026-11-20")


def test_an_image_has_the_digest_that_runs_and_its_repository() -> None:
    code = function("render").code
    assert code.package is Package.IMAGE
    assert code.image is not None
    assert code.image.digest.need() == "sha256:" + "ab" * 32
    repository = code.image.repository.need()
    assert repository is not None
    assert (repository.name, repository.scan_on_push.need(), repository.immutable_tags.need()) == ("render", True, True)
    assert (repository.customer_key.need(), repository.lifecycle.need(), repository.policy.need()) == (True, True, ())
    assert function("render").runtime == Known(None, "lambda:ListFunctions")
    assert (code.scan, code.signing.need(), code.patching.need()) == (
        Known(None, "inspector2:ListCoverage"),
        None,
        None,
    )


def test_layers_of_aws_are_told_from_layers_of_strangers() -> None:
    insights = "arn:aws:lambda:eu-central-1:580247275435:layer:LambdaInsightsExtension:31"
    strangers = arn("lambda", "layer:odd:1", FOREIGN)
    layers = function("orders", config(Layers=[{"Arn": insights}, {"Arn": strangers}])).code.layers.need()
    assert [(layer.name, layer.vendor) for layer in layers] == [("LambdaInsightsExtension", True), ("odd", False)]
    assert gap(layers[1].sharing)[0] is GapReason.NOT_OFFERED


def test_limits_failures_logging_tracing_mounts_and_aliases() -> None:
    orders = function("orders")
    limits = orders.limits
    assert (limits.timeout_seconds.need(), limits.memory_mb.need(), limits.ephemeral_mb.need()) == (30, 512, 1024)
    assert (limits.reserved_concurrency.need(), limits.recursion_allowed.need()) == (5, True)
    queue = orders.failures.dead_letter.need()
    assert queue is not None
    assert (queue.id, queue.exists) == (QUEUE, Known(True, "sqs:ListQueues"))
    (settings,) = orders.failures.settings.need()
    assert settings.qualifier is None
    assert isinstance(settings.on_failure, Target)
    assert isinstance(settings.on_success, Target)
    assert (settings.on_failure.id, settings.on_failure.exists) == (RENDER, Known(True, "lambda:ListFunctions"))
    assert (settings.on_success.id, settings.on_success.exists) == (TOPIC, Known(False, "sns:GetTopicAttributes"))
    group = orders.logging.need().group.need()
    assert group is not None
    assert (group.retention_days, group.key) == (30, KEY)
    assert orders.tracing.need()
    (mount,) = orders.mounts.need()
    assert (mount.root_directory.need(), mount.posix_user.need(), mount.encrypted.need()) == ("/orders", True, True)
    assert mount.open_policy == Known(None, "elasticfilesystem:DescribeFileSystemPolicy")
    assert orders.aliases.need() == (Alias(name="live", version="7", weights=(("8", 0.1),)),)


def test_unreserved_concurrency_and_a_missing_log_group_are_known_to_be_none() -> None:
    render = function("render")
    assert render.limits.reserved_concurrency == Known(None, "lambda:GetFunction")
    assert render.logging.need().group == Known(None, "logs:DescribeLogGroups")
    assert render.logging.need().configured is False


def test_tags_of_get_function_are_preferred_to_those_of_the_tagging_service() -> None:
    bulk = {"ResourceTagMappingList": [{"ResourceARN": ORDERS, "Tags": [{"Key": "team", "Value": "old"}]}]}
    changed = (ok("tag:GetResources", bulk),)
    assert function("orders", *changed).tags == Known(Tags({"team": "orders"}), "lambda:GetFunction")
    quick = function("orders", *changed, without=["lambda:GetFunction"], depth=Depth.QUICK)
    assert quick.tags == Known(Tags({"team": "old"}), "tag:GetResources")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Disabled", KeyState.DISABLED),
        ("PendingDeletion", KeyState.PENDING_DELETION),
        ("PendingImport", KeyState.UNAVAILABLE),
    ],
)
def test_states_of_keys(state: str, expected: KeyState) -> None:
    metadata = {"Arn": KEY, "KeyState": state, "KeyManager": "CUSTOMER", "KeySpec": "RSA_2048", "Origin": "AWS_KMS"}
    key = function("orders", ok("kms:DescribeKey", {"KeyMetadata": metadata}, KEY)).environment_key.need()
    assert key is not None
    assert key.state.need() is expected
    assert key.rotation == Known(None, "kms:DescribeKey"), "asymmetric keys do not rotate"


def test_a_deleted_key_is_missing_and_a_key_that_aws_manages_is_none() -> None:
    missing = function("orders", absent("kms:DescribeKey", KEY)).environment_key.need()
    assert missing is not None
    assert missing.state == Known(KeyState.MISSING, "kms:DescribeKey")
    managed = {
        "Arn": KEY,
        "KeyState": "Enabled",
        "KeyManager": "AWS",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "Origin": "AWS_KMS",
    }
    theirs = function("orders", ok("kms:DescribeKey", {"KeyMetadata": managed}, KEY))
    assert theirs.environment_key.need() is None
    assert function("orders", config(KMSKeyArn=arn("kms", "alias/aws/lambda"))).environment_key.need() is None


def test_a_key_of_another_account_keeps_its_account() -> None:
    foreign = arn("kms", "key/9999", FOREIGN)
    key = function("orders", config(KMSKeyArn=foreign), denied("kms:DescribeKey", foreign)).environment_key.need()
    assert key is not None
    assert key.account == FOREIGN
    assert gap(key.state) == (GapReason.DENIED, "kms:DescribeKey", "kms:DescribeKey")


def test_facts_are_placed_in_their_region() -> None:
    orders = function("orders")
    assert (orders.id, orders.scope, orders.location) == (ORDERS, "aws/111122223333", REGION)


ORGANIZATION = "organizations:DescribeOrganization"


def described(identifier: Any) -> Any:
    return ok(ORGANIZATION, {"Organization": {"Id": identifier, "Arn": "a"}}, location="global")


@pytest.mark.parametrize(
    ("answer", "reach", "own"),
    [
        (described("o-abcde12345"), Reach.ORGANISATION, True),
        (described("o-zyxwv98765"), Reach.CROSS_ACCOUNT, False),
        (absent(ORGANIZATION, location="global"), Reach.CROSS_ACCOUNT, False),
        (denied(ORGANIZATION, location="global"), Reach.ORGANISATION, False),
        (described(17), Reach.ORGANISATION, False),  # damaged: as if it had not been read
    ],
    ids=["own", "another", "in-none", "denied", "damaged"],
)
def test_a10_a_condition_on_an_organization_is_compared_with_the_accounts_own(
    answer: Any, reach: Reach, own: bool
) -> None:
    members = statement("members", "*", StringEquals={"aws:PrincipalOrgID": "o-abcde12345"})
    opened = function("orders", answer, ok("lambda:GetPolicy", {"Policy": policy(members)}, ORDERS))
    (grant,) = opened.policies.need()[0].statements.need()
    assert (grant.reach, grant.own_organization) == (reach, own)
    unknown_whose = "whether it is the account's own is unknown" in grant.reason
    assert unknown_whose is (reach is Reach.ORGANISATION and not own)
