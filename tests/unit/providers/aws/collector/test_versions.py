"""Which calls aliases, versions, reserved concurrency and code cost, at each depth, with and without the code tier."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from auditor.model.capture import Depth
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.aws.provider import AwsProvider
from tests.unit.providers.aws.collector.test_collect import HOME, LAYER, Options, Redacting, arn, code

FUNCTIONS = ("plain", "released", "loose", "frozen", "open", "addressed", *(f"filler-{number}" for number in range(50)))
ALL, EACH, ALIASES = "lambda:ListPublishedVersions", "lambda:ListVersionsByFunction", "lambda:ListAliases"
CONCURRENCY = "lambda:GetFunctionConcurrency"
Collect = Callable[..., Redacting]


def deploy(server: Server) -> None:
    def client(service: str) -> Any:
        return boto3.client(
            service, HOME, endpoint_url=server.endpoint, aws_access_key_id="testing", aws_secret_access_key="testing"
        )

    role = client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    functions = client("lambda")
    for name in FUNCTIONS:
        more = {"Layers": [LAYER]} if name == "plain" else {}
        functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=role, Handler="a.b", Code={"ZipFile": code()}, **more
        )
    for name, count in (("released", 4), ("loose", 2), ("frozen", 1)):
        for _ in range(count):
            functions.update_function_configuration(FunctionName=name, Description=f"{name} {_}")
            functions.publish_version(FunctionName=name)
    weights = {"AdditionalVersionWeights": {"3": 0.1}}
    functions.create_alias(FunctionName="released", Name="live", FunctionVersion="2", RoutingConfig=weights)
    functions.create_alias(FunctionName="plain", Name="bare", FunctionVersion="$LATEST")
    anyone = {"StatementId": "open", "Action": "lambda:InvokeFunction", "Principal": "*"}
    functions.add_permission(FunctionName="open", **anyone)
    functions.add_permission(FunctionName="loose", Qualifier="1", **anyone)
    functions.create_function_url_config(FunctionName="addressed", AuthType="NONE")
    functions.put_function_concurrency(FunctionName="open", ReservedConcurrentExecutions=5)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started:
        deploy(started)
        yield started


@pytest.fixture
def collect(server: Server, options: Options, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collect]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.faults.clear()

    def run(depth: Depth = Depth.STANDARD, **given: Any) -> Redacting:
        kept = Redacting()
        AwsProvider().collect(options(depth, regions=(HOME,), settings={"pacing": "off"}, **given), kept, kept)
        return kept

    yield run
    server.faults.clear()


def subjects(kept: Redacting, operation: str) -> set[str]:
    return {subject.rpartition(":")[2] for subject in kept.told(operation)}


def qualified(kept: Redacting) -> set[str]:
    return {name for name in subjects(kept, "lambda:GetPolicy") if "#" in name}


def test_s1_at_standard_only_functions_with_versions_are_asked_for_aliases(collect: Collect) -> None:
    kept = collect()
    assert subjects(kept, ALIASES) == {"released", "loose", "frozen"}
    assert qualified(kept) == {"released#live", "released#2", "released#3"}
    assert not kept.of(EACH)
    assert kept.gaps() == {}


def test_s1_at_full_every_version_is_asked_for_its_policy(collect: Collect) -> None:
    kept = collect(Depth.FULL)
    assert subjects(kept, ALIASES) == set(FUNCTIONS)
    assert subjects(kept, EACH) == {"released", "loose", "frozen"}
    released = {f"released#{version}" for version in ("live", 1, 2, 3, 4)}
    assert qualified(kept) == {*released, "loose#1", "loose#2", "frozen#1", "plain#bare"}
    assert kept.told("lambda:GetPolicy")[f"{arn('loose')}#1"] == "ok"


def test_s1_of_the_list_of_versions_only_names_revisions_roles_and_runtimes_are_kept(collect: Collect) -> None:
    first, second = collect().of(ALL)
    rows = [row for page in (first, second) for row in page.body["Functions"]]
    kept = {"FunctionArn", "Version", "RevisionId", "Role", "Runtime", "PackageType"}
    assert {frozenset(row) for row in rows} == {frozenset(kept)}
    assert sorted(f"{row['FunctionArn'].split(':')[6]}:{row['Version']}" for row in rows) == [
        *("frozen:1", "loose:1", "loose:2"),
        *("released:1", "released:2", "released:3", "released:4"),
    ]


@pytest.mark.parametrize("kind", [Spoil.DENY, Spoil.MALFORMED])
def test_s1_without_the_list_of_versions_every_function_is_asked(collect: Collect, server: Server, kind: Spoil) -> None:
    server.faults.add(Fault(Spoil.SLOW, service="lambda", operation="ListFunctions", times=2))
    server.faults.add(Fault(kind, service="lambda", operation="ListFunctions"))
    kept = collect()
    assert kept.pages("lambda:ListFunctions") == ["ok", "ok"]
    assert kept.gaps()[ALL] == {"DENIED" if kind is Spoil.DENY else "MALFORMED"}
    assert subjects(kept, ALIASES) == set(FUNCTIONS)
    server.faults.clear()
    server.faults.add(Fault(Spoil.SLOW, service="lambda", operation="ListFunctions", times=2))
    server.faults.add(Fault(kind, service="lambda", operation="ListFunctions"))
    full = collect(Depth.FULL)
    assert subjects(full, EACH) == set(FUNCTIONS)
    assert {"loose#1", "loose#2"} <= qualified(full)


def test_s1_one_selected_function_is_asked_itself(collect: Collect) -> None:
    kept = collect(functions=("loose",))
    assert not kept.of(ALL)
    assert subjects(kept, ALIASES) == {"loose"}
    assert qualified(collect(Depth.FULL, functions=("loose",))) == {"loose#1", "loose#2"}


def test_s20_reserved_concurrency_is_asked_of_what_the_public_may_start_and_at_full_of_all(collect: Collect) -> None:
    kept = collect()
    assert subjects(kept, CONCURRENCY) == {"open", "addressed"}
    assert [answer.body for answer in kept.of(CONCURRENCY) if answer.subject == arn("open")] == [
        {"ReservedConcurrentExecutions": 5}
    ]
    assert subjects(collect(Depth.FULL), CONCURRENCY) == set(FUNCTIONS)


def test_s20_without_its_tier_no_signed_url_of_code_is_asked_for(collect: Collect, server: Server) -> None:
    server.forget_requests()
    collect(Depth.FULL)
    asked = {seen.operation for seen in server.requests}
    assert not asked & {"GetFunction", "GetLayerVersion", "GetLayerVersionByArn"}


def test_s20_the_code_tier_asks_for_functions_and_the_layers_of_others(collect: Collect) -> None:
    kept = collect(tiers=("code",))
    assert subjects(kept, "lambda:GetFunction") == set(FUNCTIONS)
    assert kept.told("lambda:GetLayerVersion") == {LAYER: "DENIED"}
    assert not kept.of(CONCURRENCY)


def test_s20_where_get_function_is_refused_reserved_concurrency_is_asked_for_itself(
    collect: Collect, server: Server
) -> None:
    server.faults.add(Fault(Spoil.DENY, service="lambda", operation="GetFunction"))
    kept = collect(tiers=("code",))
    assert subjects(kept, CONCURRENCY) == set(FUNCTIONS)
    assert set(kept.told(CONCURRENCY).values()) == {"ok"}
