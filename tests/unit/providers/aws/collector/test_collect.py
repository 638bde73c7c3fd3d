"""Whole collections of a small account, through real boto3, with and without faults."""

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from auditor.errors import UsageError
from auditor.model.capture import Depth
from auditor.provider import CollectOptions
from auditor.snapshot.redact import Redactor
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.aws.operations import BY_ID
from providers.aws.provider import AwsProvider
from tests.unit.providers.aws.collector.conftest import Kept

HOME, EMPTY = "us-east-1", "eu-west-1"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-db-AbCdEf"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:deleted-queue"
LAYER = "arn:aws:lambda:us-east-1:998877665544:layer:partner:3"
Options = Callable[..., CollectOptions]


class Redacting(Kept):
    """Redacts as a real run does, so references are found where a run would find them."""

    def __init__(self) -> None:
        super().__init__()
        self._redactor = Redactor(b"0" * 32)

    def answer(self, operation: Any, scope: str, location: str, subject: str, page: int, body: Any) -> Any:
        redacted = self._redactor.body(body, operation.redact)
        return super().answer(operation, scope, location, subject, page, redacted)


def code() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("index.py", "def handler(event, context): return None")
    return archive.getvalue()


def deploy(server: Server) -> None:
    def client(service: str) -> Any:
        return boto3.client(
            service,
            HOME,
            endpoint_url=server.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}]}
    role = client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    functions = client("lambda")
    for name, more in {
        "orders": {
            "Environment": {"Variables": {"DB_SECRET": SECRET, "TOKEN_PARAMETER": "/shop/orders/token"}},
            "DeadLetterConfig": {"TargetArn": QUEUE},
            "Tags": {"team": "shop"},
        },
        "billing": {"Layers": [LAYER], "Tags": {"team": "money"}},
        "idle": {},
    }.items():
        functions.create_function(  # type: ignore[arg-type]
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": code()},
            **more,
        )
    functions.publish_version(FunctionName="orders")
    functions.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    functions.create_function_url_config(FunctionName="orders", Qualifier="live", AuthType="AWS_IAM")
    functions.add_permission(
        FunctionName="orders", StatementId="a", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    queue = client("sqs").create_queue(QueueName="work")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    functions.create_event_source_mapping(FunctionName="billing", EventSourceArn=arn)
    functions.create_code_signing_config(
        AllowedPublishers={
            "SigningProfileVersionArns": [f"arn:aws:signer:{HOME}:123456789012:/signing-profiles/release/abcdefghij"]
        }
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started:
        deploy(started)
        yield started


@pytest.fixture
def kept() -> Kept:
    return Redacting()


@pytest.fixture
def collect(
    server: Server, kept: Kept, options: Options, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Kept]]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.faults.clear()
    server.forget_requests()

    def run(depth: Depth = Depth.STANDARD, **given: Any) -> Kept:
        given.setdefault("regions", (HOME,))
        given.setdefault("settings", {"pacing": "off"})
        AwsProvider().collect(options(depth, **given), kept, kept)
        return kept

    yield run
    server.faults.clear()


def arn(name: str) -> str:
    return f"arn:aws:lambda:{HOME}:123456789012:function:{name}"


Collect = Callable[..., Kept]


def test_quick_asks_lists_only(collect: Collect) -> None:
    kept = collect(Depth.QUICK)
    assert kept.pages("lambda:ListFunctions") == ["ok"]
    asked = {envelope.operation for envelope in kept.envelopes}
    assert not asked & {"lambda:GetPolicy", "lambda:ListAliases", "lambda:ListFunctionUrlConfigs", "sqs:ListQueues"}
    assert {"iam:GetAccountAuthorizationDetails", "lambda:ListEventSourceMappings", "tag:GetResources"} <= asked
    assert kept.scopes == {"123456789012": [HOME]}
    assert kept.expected == kept.finished > 10


def test_standard_asks_each_function_and_the_qualifiers_it_learns_of(collect: Collect) -> None:
    kept = collect()
    assert kept.told("lambda:GetPolicy") == {
        arn("orders"): "ok",
        arn("billing"): "absent",
        arn("idle"): "absent",
        f"{arn('orders')}#live": "absent",
        f"{arn('orders')}#1": "absent",
    }
    assert set(kept.told("lambda:ListFunctionUrlConfigs")) == {arn("orders"), arn("billing"), arn("idle")}
    assert kept.told("lambda:ListAliases") == {arn("orders"): "ok"}
    assert kept.gaps() == {}


def test_what_functions_refer_to_is_asked_once(collect: Collect) -> None:
    kept = collect()
    assert kept.told("secretsmanager:DescribeSecret") == {SECRET: "absent"}
    assert kept.told("ssm:DescribeParameters") == {"": "ok"}
    assert kept.told("sqs:ListQueues") == {"": "ok"}
    assert not kept.of("lambda:ListLayerVersions")
    assert not kept.of("lambda:GetLayerVersionPolicy")
    (profile,) = kept.told("signer:GetSigningProfile")
    assert profile.endswith("/signing-profiles/release/abcdefghij")


_BY_LEAVE = {
    "cognito-idp:ListUserPools",
    "config:DescribeConfigRules",
    "iot:ListTopicRules",
    "logs:DescribeAccountPolicies",
    "secretsmanager:ListSecrets",
    "ses:DescribeActiveReceiptRuleSet",
}
"""The lists of services that a function's policy has to admit."""


def test_a_service_is_asked_where_a_policy_admits_it_or_could_not_be_read(collect: Collect, server: Server) -> None:
    kept = collect()
    assert not {envelope.operation for envelope in kept.envelopes} & _BY_LEAVE, "no policy admits any of them"
    for operation in ("states:ListStateMachines", "appsync:ListGraphqlApis", "codepipeline:ListPipelines"):
        assert kept.told(operation) == {"": "ok"}, "they act through a role"
    server.faults.add(Fault(Spoil.DENY, operation="GetPolicy", resource="idle"))
    kept = collect()
    assert {envelope.operation for envelope in kept.envelopes} >= _BY_LEAVE


def test_only_what_a_policy_names_of_a_service_is_asked_about(collect: Collect, server: Server) -> None:
    def client(service: str) -> Any:
        given = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, HOME, endpoint_url=server.endpoint, **given)

    wanted, other = (
        client("cognito-idp").create_user_pool(PoolName=name)["UserPool"]["Arn"] for name in ("mine", "other")
    )
    admitted = {"FunctionName": "billing", "StatementId": "pool"}
    client("lambda").add_permission(
        **admitted, Action="lambda:InvokeFunction", Principal="cognito-idp.amazonaws.com", SourceArn=wanted
    )
    kept = collect()
    client("lambda").remove_permission(**admitted)
    assert kept.told("cognito-idp:DescribeUserPool") == {wanted: "ok"}
    assert other not in kept.told("cognito-idp:DescribeUserPool")
    assert {envelope.operation for envelope in kept.envelopes} & _BY_LEAVE == {"cognito-idp:ListUserPools"}


def test_buckets_are_listed_where_a_policy_admits_s3_without_naming_one(collect: Collect, server: Server) -> None:
    def client(service: str) -> Any:
        given = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return boto3.client(service, HOME, endpoint_url=server.endpoint, **given)

    for name in ("sends", "silent"):
        client("s3").create_bucket(Bucket=name)
    admitted = {"FunctionName": "billing", "StatementId": "of-the-account"}
    function = client("lambda").get_function(FunctionName="billing")["Configuration"]["FunctionArn"]
    client("lambda").add_permission(
        **admitted, Action="lambda:InvokeFunction", Principal="s3.amazonaws.com", SourceAccount="123456789012"
    )
    client("s3").put_bucket_notification_configuration(
        Bucket="sends",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    kept = collect()
    client("lambda").remove_permission(**admitted)
    for name in ("sends", "silent"):
        client("s3").delete_bucket(Bucket=name)
    asked = kept.told("s3:GetBucketNotificationConfiguration")
    assert {name: asked.get(name) for name in ("sends", "silent")} == {"sends": "ok", "silent": "ok"}
    assert {"sends", "silent"} & set(kept.told("s3:GetBucketAcl")) == {"sends"}


def test_full_asks_the_rest(collect: Collect) -> None:
    kept = collect(Depth.FULL)
    for operation in (
        "lambda:ListAliases",
        "lambda:ListFunctionEventInvokeConfigs",
        "lambda:GetFunctionRecursionConfig",
        "lambda:GetRuntimeManagementConfig",
        "lambda:GetFunctionConcurrency",
    ):
        assert kept.told(operation) == dict.fromkeys((arn("orders"), arn("billing"), arn("idle")), "ok")
    assert kept.told("lambda:ListVersionsByFunction") == {arn("orders"): "ok"}


def test_nothing_sent_could_change_anything(collect: Collect, server: Server) -> None:
    collect(Depth.FULL)
    reads = ("Get", "List", "Describe", "BatchGet", "Head")
    assert {seen.operation for seen in server.requests if not seen.operation.startswith(reads)} == set()


def test_a_region_without_functions_is_asked_nothing_more(collect: Collect, server: Server) -> None:
    kept = collect(regions=(HOME, EMPTY))
    assert {e.operation for e in kept.envelopes if e.location == EMPTY} == {"lambda:ListFunctions"}
    assert kept.scopes == {"123456789012": [EMPTY, HOME]}


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        ({"functions": ("or*", "nothing")}, {"orders"}),
        ({"tags": (("team", "money"),)}, {"billing"}),
        ({"functions": ("*",), "tags": (("team", "none"),)}, set()),
    ],
    ids=["glob", "tag", "neither"],
)
def test_selection_narrows_the_calls_for_each_function(
    collect: Collect, selection: dict[str, Any], selected: set[str]
) -> None:
    kept = collect(**selection)
    asked = {subject.split("#")[0] for subject in kept.told("lambda:GetPolicy")}
    assert asked == {arn(name) for name in selected}
    assert len(kept.of("lambda:ListFunctions")[0].body["Functions"]) == 3


def test_tags_that_cannot_be_read_leave_everything_selected(collect: Collect, server: Server) -> None:
    server.faults.add(Fault(Spoil.DENY, operation="GetResources"))
    kept = collect(tags=(("team", "money"),))
    assert arn("idle") in kept.told("lambda:GetPolicy")


def test_regions_are_discovered_and_excluded(collect: Collect, server: Server, kept: Kept) -> None:
    collect(Depth.QUICK, regions=(), exclude_regions=("us-west-2",))
    found = kept.scopes["123456789012"]
    assert HOME in found
    assert "us-west-2" not in found
    assert kept.told("ec2:DescribeRegions") == {"": "ok"}
    assert not kept.errors
    assert not {seen.operation for seen in server.requests} & {"ListRegions"}


def test_undiscoverable_regions_leave_our_own_and_a_sentence(collect: Collect, server: Server) -> None:
    server.faults.add(Fault(Spoil.DENY, operation="DescribeRegions"))
    kept = collect(Depth.QUICK, regions=())
    assert kept.scopes == {"123456789012": [HOME]}
    assert kept.errors == [
        (
            "The enabled regions could not be listed (ec2:DescribeRegions): only us-east-1 was read. Name others with "
            "--region."
        )
    ]


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"regions": ("eu-wset-1",)}, "Did you mean eu-west-1"),
        ({"exclude_regions": ("us-est-1",)}, "Did you mean .*us-east-1"),
        ({"regions": (HOME, "cn-north-1")}, "is not in partition 'aws'"),
    ],
)
def test_a_region_that_does_not_exist_is_a_usage_error(collect: Collect, given: dict[str, Any], hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        collect(Depth.QUICK, **given)


def test_a_denied_region_is_a_gap_of_that_region(collect: Collect, server: Server) -> None:
    server.faults.add(Fault(Spoil.DENY, region=EMPTY))
    kept = collect(Depth.QUICK, regions=(HOME, EMPTY))
    told = {e.location: str(e.reason or e.outcome) for e in kept.of("lambda:ListFunctions")}
    assert told == {HOME: "ok", EMPTY: "DENIED"}
    assert {e.location for e in kept.envelopes if e.reason} == {EMPTY}


def test_a_function_deleted_between_list_and_get_has_vanished(collect: Collect, server: Server) -> None:
    server.faults.add(Fault(Spoil.VANISH, service="lambda", operation="Get*", resource="idle"))
    kept = collect(tiers=("code",))
    assert kept.told("lambda:GetFunction")[arn("idle")] == "NOT_FOUND"
    assert kept.told("lambda:GetFunctionConcurrency") == {arn("idle"): "NOT_FOUND"}
    assert kept.told("lambda:GetPolicy")[arn("idle")] == "NOT_FOUND"
    assert kept.told("lambda:GetPolicy")[arn("orders")] == "ok"


def test_six_throttles_in_ten_lose_nothing(collect: Collect, server: Server) -> None:
    server.faults.add(Fault(Spoil.THROTTLE, operation="GetPolicy", share=0.6))
    kept = collect()
    assert set(kept.told("lambda:GetPolicy").values()) == {"ok", "absent"}
    assert len(kept.of("lambda:GetPolicy")) == 5


def test_s19_credentials_that_expire_end_the_scan_and_say_so(collect: Collect, server: Server) -> None:
    server.faults.add(Fault(Spoil.EXPIRED_TOKEN, service="lambda", operation="GetPolicy"))
    kept = collect()
    assert set(kept.told("lambda:GetPolicy").values()) == {"EXPIRED"}
    refused = [seen for seen in server.requests if seen.operation == "GetPolicy"]
    assert 1 <= len(refused) <= 8, "those that were under way at once, and no other"
    assert all(reasons <= {"EXPIRED", "DENIED"} for reasons in kept.gaps().values())


@pytest.mark.parametrize("kind", [Spoil.MALFORMED, Spoil.TRUNCATED])
def test_a_malformed_answer_loses_nothing_else(collect: Collect, server: Server, kind: Spoil) -> None:
    server.faults.add(Fault(kind, service="lambda", operation="GetFunction", resource="orders"))
    kept = collect(tiers=("code",))
    told = kept.told("lambda:GetFunction")
    assert told == {arn("orders"): "MALFORMED", arn("billing"): "ok", arn("idle"): "ok"}
    assert set(kept.told("lambda:GetPolicy").values()) == {"ok", "absent"}


def test_s19_a_stop_ends_the_collection_with_gaps(
    collect: Collect, server: Server, stop: threading.Event, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Policies are throttled for ever; the run is stopped once the URLs of every function were read."""
    server.faults.add(Fault(Spoil.THROTTLE, operation="GetPolicy"))
    answer = kept.answer

    def stop_after_urls(*given: Any) -> Any:
        made = answer(*given)
        if len(kept.of("lambda:ListFunctionUrlConfigs")) == 3:
            stop.set()
        return made

    monkeypatch.setattr(kept, "answer", stop_after_urls)
    collect()
    assert set(kept.told("lambda:GetPolicy")) >= {arn("orders"), arn("billing"), arn("idle")}
    assert set(kept.told("lambda:GetPolicy").values()) <= {"INTERRUPTED", "THROTTLED"}
    assert set(kept.told("lambda:ListFunctionUrlConfigs").values()) == {"ok"}


def test_denying_any_one_operation_is_a_gap_of_that_operation(collect: Collect, server: Server, kept: Kept) -> None:
    collect(Depth.FULL, tiers=("code",))
    apart = {"sts:GetCallerIdentity", "lambda:GetLayerVersion", "lambda:ListPublishedVersions"}
    used = {envelope.operation for envelope in kept.envelopes} - apart
    for operation in sorted(used):
        name = operation.split(":")[1]
        server.faults.clear()
        server.faults.add(Fault(Spoil.DENY, service=BY_ID[operation].client, operation=name))
        kept.envelopes.clear()
        collect(Depth.FULL, tiers=("code",))
        assert kept.gaps().get(operation) == {"DENIED"}, operation
        assert set(kept.gaps()) <= {operation, "lambda:GetLayerVersion"}
