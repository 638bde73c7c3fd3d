"""The policies above an account, asked of an emulated organization through real boto3."""

import json
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from auditor.analysis.permissions.decision import Answer
from auditor.fleet import Fleet
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.model.observed import Gap
from auditor.provider import CollectOptions
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.aws.normalize import normalize
from providers.aws.normalize.answers import GLOBAL, Answers
from providers.aws.normalize.organization_policies import read_organization
from providers.aws.normalize.principals import read_authorizer
from providers.aws.provider import AwsProvider
from tests.unit.providers.aws.collector.conftest import Kept
from tests.unit.providers.aws.collector.organization import HOME, HUB, ROLE, client, founded
from tests.unit.providers.memory import MemoryCapture, facts

NO_BUCKETS = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
ALLOWED = {"Effect": "Allow", "Action": ["s3:GetObject", "sqs:SendMessage"], "Resource": "*"}
LIST, PARENTS = "organizations:ListPolicies", "organizations:ListParents"
TARGETS, DOCUMENT = "organizations:ListTargetsForPolicy", "organizations:DescribePolicy"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        yield started


@pytest.fixture(scope="module")
def ids(server: Server) -> dict[str, str]:
    """Two members, one of them in a unit where buckets are denied; each with a role that may use them."""
    found = founded(server, "shop", "labs")
    organizations = client(server, "organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    unit = organizations.create_organizational_unit(ParentId=root, Name="money")["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=found["shop"], SourceParentId=root, DestinationParentId=unit)
    made = organizations.create_policy(
        Content=json.dumps({"Version": "2012-10-17", "Statement": NO_BUCKETS}),
        Description="",
        Name="no-buckets",
        Type="SERVICE_CONTROL_POLICY",
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=made, TargetId=unit)
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}]}
    for account in (*found.values(), HUB):
        iam = client(server, "iam", account)
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust))
        document = json.dumps({"Version": "2012-10-17", "Statement": ALLOWED})
        iam.put_role_policy(RoleName="worker", PolicyName="own", PolicyDocument=document)
    return {**found, "guard": made, "unit": unit, "root": root}


@pytest.fixture
def read(
    server: Server, options: Callable[..., CollectOptions], kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Kept]]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def run(fleet: Fleet, **more: object) -> Kept:
        asked = options(Depth.STANDARD, regions=(HOME,), settings={"pacing": "off"}, fleet=fleet.checked(), **more)
        AwsProvider().collect(asked, kept, kept)
        return kept

    yield run
    server.faults.clear()


def answers(kept: Kept, account: str) -> dict[str, Answer]:
    """What the role of an account may do on a bucket and on a queue."""
    capture = MemoryCapture(facts(Depth.STANDARD, (Cloud.AWS, account, (HOME,))), kept.envelopes)
    scope = next(each for each in normalize(capture).scopes if each.name == account)
    may = read_authorizer(capture, scope).may
    role = f"arn:aws:iam::{account}:role/worker"
    queue = f"arn:aws:sqs:{HOME}:{account}:q"
    return {
        "bucket": may(role, "s3:GetObject", "arn:aws:s3:::b/x").answer,
        "queue": may(role, "sqs:SendMessage", queue).answer,
    }


def gap(kept: Kept, account: str) -> Gap | None:
    capture = MemoryCapture(facts(Depth.STANDARD, (Cloud.AWS, account, (HOME,))), kept.envelopes)
    return read_organization(Answers(capture, account, GLOBAL)).gap


def test_each_account_is_bound_by_what_is_above_it_and_nothing_is_asked_twice(
    read: Callable[..., Kept], server: Server, ids: dict[str, str]
) -> None:
    before = len(server.requests)
    kept = read(Fleet(organization=True, role=ROLE))
    assert answers(kept, ids["shop"]) == {"bucket": Answer.NO, "queue": Answer.YES}
    assert answers(kept, ids["labs"]) == {"bucket": Answer.YES, "queue": Answer.YES}
    assert answers(kept, HUB) == {"bucket": Answer.YES, "queue": Answer.YES}
    assert [gap(kept, account) for account in (ids["shop"], ids["labs"], HUB)] == [None] * 3
    asked = Counter(call.operation for call in server.requests[before:] if call.service == "organizations")
    assert (asked["ListPolicies"], asked["ListTargetsForPolicy"], asked["DescribePolicy"]) == (2, 2, 2)
    assert asked["ListParents"] == 4  # three accounts and the unit
    assert {one.subject for one in kept.of(DOCUMENT, ids["labs"])} == {"p-FullAWSAccess"}
    (page,) = (one for one in kept.of(TARGETS, ids["shop"]) if one.subject == "p-FullAWSAccess")
    assert {row["TargetId"] for row in page.body["Targets"]} == {ids["root"], ids["unit"], ids["shop"]}


def test_a_refusal_is_a_gap_of_every_account_and_no_word_of_none(
    read: Callable[..., Kept], server: Server, ids: dict[str, str]
) -> None:
    server.faults.add(Fault(Spoil.DENY, service="organizations", operation="ListPolicies"))
    kept = read(Fleet(organization=True, role=ROLE))
    assert answers(kept, ids["shop"]) == {"bucket": Answer.YES, "queue": Answer.YES}
    assert [(one.scope, str(one.reason), one.permission) for one in kept.of(LIST)] == [
        (account, "DENIED", LIST) for account in (one.scope for one in kept.of(LIST))
    ]
    assert {one.scope for one in kept.of(LIST)} == {HUB, ids["shop"], ids["labs"]}
    found = gap(kept, ids["shop"])
    assert found is not None
    assert found.permission == LIST


def test_a_run_of_one_account_asks_with_the_tier_alone(read: Callable[..., Kept], ids: dict[str, str]) -> None:
    kept = read(Fleet())
    assert kept.of(LIST) == []
    assert {one.outcome.value for one in read(Fleet(), tiers=("organization",)).of(LIST)} == {"ok"}
    assert {one.subject for one in kept.of(PARENTS)} == {HUB}
    assert gap(kept, HUB) is None
