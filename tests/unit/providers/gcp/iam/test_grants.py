"""Allow policies judged: who is let in, how far that reaches, and why."""

from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.model.exposure import AccessGrant, Reach
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.gcp.iam.grants import PolicyMalformedError, Question, judge, unread
from providers.gcp.iam.members import Home, MemberKind, default_account, parse
from providers.gcp.iam.roles import INVOKE_SERVICE, Roles

HOME = Home("fernhollow-shop", "111122223333")
CUSTOM = "projects/fernhollow-shop/roles/caller"
INVOKE = Question(invokes=(INVOKE_SERVICE,))


def roles(custom: Observed[frozenset[str] | None] | None = None) -> Roles:
    return Roles({} if custom is None else {CUSTOM: custom})


def judged(*members: str, role: str = "roles/run.invoker", known: Roles | None = None, **rest: Any) -> AccessGrant:
    (grant,) = judge({"bindings": [{"role": role, "members": list(members), **rest}]}, INVOKE, known or roles(), HOME)
    return grant


@pytest.mark.parametrize(
    ("member", "reach"),
    [
        ("allUsers", Reach.ANONYMOUS),
        ("principalSet://goog/public:all", Reach.ANONYMOUS),
        ("allAuthenticatedUsers", Reach.ANY_PRINCIPAL),
        ("domain:fernhollow.example", Reach.ORGANISATION),
        ("user:ada@fernhollow.example", Reach.SCOPED),
        ("group:all@fernhollow.example", Reach.SCOPED),
        ("user:eve@gmail.com", Reach.CROSS_ACCOUNT),
        ("group:club@googlegroups.com", Reach.CROSS_ACCOUNT),
        ("serviceAccount:web@fernhollow-shop.iam.gserviceaccount.com", Reach.SCOPED),
        ("serviceAccount:web@elsewhere.iam.gserviceaccount.com", Reach.CROSS_ACCOUNT),
        ("serviceAccount:fernhollow-shop@appspot.gserviceaccount.com", Reach.SCOPED),
        ("serviceAccount:elsewhere@appspot.gserviceaccount.com", Reach.CROSS_ACCOUNT),
        ("serviceAccount:111122223333-compute@developer.gserviceaccount.com", Reach.SCOPED),
        ("serviceAccount:9-compute@developer.gserviceaccount.com", Reach.CROSS_ACCOUNT),
        ("serviceAccount:fernhollow-shop.svc.id.goog[ns/app]", Reach.SCOPED),
        ("serviceAccount:service-111122223333@gcp-sa-pubsub.iam.gserviceaccount.com", Reach.SCOPED),
        ("serviceAccount:service-9@gcp-sa-pubsub.iam.gserviceaccount.com", Reach.CROSS_ACCOUNT),
        ("projectEditor:fernhollow-shop", Reach.SCOPED),
        ("projectEditor:elsewhere", Reach.CROSS_ACCOUNT),
        ("deleted:serviceAccount:web@elsewhere.iam.gserviceaccount.com?uid=1", Reach.NONE),
        ("abcdefg", Reach.UNRECOGNISED),
    ],
)
def test_how_far_each_member_reaches(member: str, reach: Reach) -> None:
    assert judged(member).reach is reach


POOLS = "iam.googleapis.com/projects/{}/locations/global/workloadIdentityPools/ci"
FORCE = "iam.googleapis.com/locations/global/workforcePools/staff"
PLACED = Home(
    "fernhollow-shop", "111122223333", {"9": "partner-prod"}, frozenset({"fernhollow.example", "fernhollow.dev"})
)


@pytest.mark.parametrize(
    ("member", "reach", "accounts"),
    [
        (f"principalSet://{POOLS.format('9')}/*", Reach.CROSS_ACCOUNT, ("partner-prod",)),
        (f"principalSet://{POOLS.format('8')}/attribute.repository/o/r", Reach.CROSS_ACCOUNT, ("8",)),
        (f"principal://{POOLS.format('8')}/subject/a", Reach.CROSS_ACCOUNT, ("8",)),
        (f"principalSet://{POOLS.format('111122223333')}/*", Reach.ORGANISATION, ()),
        (f"principalSet://{POOLS.format('111122223333')}/attribute.repository/o/r", Reach.SCOPED, ()),
        (f"principalSet://{FORCE}/*", Reach.ORGANISATION, ()),
        (f"principalSet://{FORCE}/group/admins", Reach.ORGANISATION, ()),
        (f"principal://{FORCE}/subject/ada@fernhollow.example", Reach.SCOPED, ()),
        ("principalSet://cloudresourcemanager.googleapis.com/organizations/5", Reach.ORGANISATION, ()),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/9/type/ServiceAccount", Reach.CROSS_ACCOUNT, ("partner-prod",)),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/111122223333/type/ServiceAccount", Reach.SCOPED, ()),
        ("principalSet://goog/cloudIdentityCustomerId/C01", Reach.ORGANISATION, ()),
        ("principal://goog/subject/eve@elsewhere.example", Reach.CROSS_ACCOUNT, ("elsewhere.example",)),
        ("principal://iam.googleapis.com/projects/-/serviceAccounts/a@elsewhere.iam.gserviceaccount.com", Reach.CROSS_ACCOUNT, ("elsewhere",)),
        ("principal://pool.global.8.workload.id.goog/ns/a/sa/b", Reach.CROSS_ACCOUNT, ("8",)),
        ("principalSet://newer.example/anything", Reach.UNRECOGNISED, ()),
        ("domain:fernhollow.example", Reach.ORGANISATION, ()),
        ("domain:elsewhere.example", Reach.CROSS_ACCOUNT, ("elsewhere.example",)),
        ("group:all@elsewhere.example", Reach.CROSS_ACCOUNT, ("elsewhere.example",)),
        ("group:all@eng.fernhollow.dev", Reach.SCOPED, ()),
        ("user:eve@gmail.com", Reach.CROSS_ACCOUNT, ()),
        ("deleted:group:all@elsewhere.example?uid=1", Reach.NONE, ()),
        ("deleted:principal://x/y?uid=1", Reach.NONE, ()),
    ],
)  # fmt: skip
def test_z12_members_of_other_projects_organisations_and_pools(
    member: str, reach: Reach, accounts: tuple[str, ...]
) -> None:
    (grant,) = judge({"bindings": [{"role": "roles/run.invoker", "members": [member]}]}, INVOKE, roles(), PLACED)
    assert (grant.reach, grant.accounts) == (reach, accounts)


def test_z12_people_are_unplaced_where_the_organisation_could_not_be_read() -> None:
    gap = Gap(GapReason.DENIED, "resourcemanager:GetOrganization", "resourcemanager.organizations.get")
    home = Home("fernhollow-shop", "111122223333", unplaced=gap)

    def why(role: str, *members: str) -> Gap | None:
        return unread({"bindings": [{"role": role, "members": list(members)}]}, INVOKE, roles(), home)

    assert why("roles/run.invoker", "user:ada@fernhollow.example") is gap
    assert why("roles/pubsub.publisher", "user:ada@fernhollow.example") is None
    assert why("roles/run.invoker", "serviceAccount:web@fernhollow-shop.iam.gserviceaccount.com") is None


@pytest.mark.parametrize(
    ("expression", "reach", "invokes", "said"),
    [
        ('request.time < timestamp("2026-01-01T00:00:00Z")', Reach.NONE, False, "no longer: its condition has ended"),
        ('request.time < timestamp("2027-01-01T00:00:00Z")', Reach.ANONYMOUS, True, "while request.time <"),
        ("request.host == 'kiosk'", Reach.CONDITIONAL, True, "could not be evaluated: request.host"),
    ],
)
def test_z11_an_invoker_under_a_condition(expression: str, reach: Reach, invokes: bool, said: str) -> None:
    home = Home("fernhollow-shop", "111122223333", now=datetime(2026, 11, 29, tzinfo=UTC))
    condition = {"title": "when", "expression": expression}
    policy = {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"], "condition": condition}]}
    (grant,) = judge(policy, INVOKE, roles(), home)
    assert (grant.reach, grant.invokes, grant.condition_keys) == (reach, invokes, (expression,))
    assert said in grant.reason


def test_the_widest_member_decides_and_the_reason_names_it() -> None:
    grant = judged("user:ada@fernhollow.example", "allUsers")
    assert grant.reach is Reach.ANONYMOUS
    assert grant.reason == "allUsers is everyone on the internet, without credentials, and holds roles/run.invoker"
    assert grant.principals == ("user:ada@fernhollow.example", "allUsers")


def test_a_condition_narrows_the_public_alone() -> None:
    condition = {"title": "office hours", "expression": 'request.time < timestamp("2027-01-01T00:00:00Z")'}
    assert judged("allUsers", condition=condition).reach is Reach.CONDITIONAL
    assert judged("allUsers", condition=condition).condition_keys == (condition["expression"],)
    assert judged("user:ada@fernhollow.example", condition=condition).reach is Reach.SCOPED
    assert judged("allUsers", condition={"expression": "true"}).reach is Reach.ANONYMOUS


def test_service_agents_are_told_from_look_alikes() -> None:
    agent = parse("serviceAccount:service-111122223333@serverless-robot-prod.iam.gserviceaccount.com")
    fake = parse("serviceAccount:service-111122223333@my-robot-prod.iam.gserviceaccount.com")
    assert (agent.kind, fake.kind, fake.project) == (MemberKind.AGENT, MemberKind.ACCOUNT, "my-robot-prod")
    grant = judged("serviceAccount:service-111122223333@gcp-sa-pubsub.iam.gserviceaccount.com")
    assert (grant.principals, grant.services) == ((), ("service-111122223333@gcp-sa-pubsub.iam.gserviceaccount.com",))


def test_foreign_projects_are_named() -> None:
    assert judged("serviceAccount:web@elsewhere.iam.gserviceaccount.com").accounts == ("elsewhere",)
    assert (
        parse("serviceAccount:web@shop.fernhollow.example.iam.gserviceaccount.com").project == "fernhollow.example:shop"
    )


def test_only_bindings_that_answer_the_question_are_told() -> None:
    policy = {
        "bindings": [{"role": "roles/run.viewer", "members": ["allUsers"]}, {"role": "roles/editor", "members": []}]
    }
    assert judge(policy, INVOKE, roles(), HOME) == ()
    assert judge({"etag": "ACAB"}, INVOKE, roles(), HOME) == ()


def test_custom_roles_hold_what_was_read_of_them() -> None:
    holds = roles(Known(frozenset({INVOKE_SERVICE}), "iam:GetRole"))
    assert judged("allUsers", role=CUSTOM, known=holds).invokes is True
    nothing = roles(Known(frozenset(), "iam:GetRole"))
    assert judge({"bindings": [{"role": CUSTOM, "members": ["allUsers"]}]}, INVOKE, nothing, HOME) == ()


def test_a_custom_role_that_was_not_read_is_a_gap_where_strangers_hold_it() -> None:
    gap = Gap(GapReason.DENIED, "iam:GetRole", "iam.roles.get")
    policy = {"bindings": [{"role": CUSTOM, "members": ["allUsers"]}]}
    assert judge(policy, INVOKE, roles(Unknown(gap)), HOME) == ()
    assert unread(policy, INVOKE, roles(Unknown(gap)), HOME) == gap
    grant = judged("user:ada@fernhollow.example", role=CUSTOM, known=roles(Unknown(gap)))
    assert (grant.reach, grant.actions) == (Reach.SCOPED, ())


def test_a_predefined_role_newer_than_our_table_is_unrecognised() -> None:
    grant = judged("allUsers", role="roles/run.spectator")
    assert (grant.reach, grant.invokes) == (Reach.UNRECOGNISED, False)


def test_inherited_statements_name_their_level() -> None:
    (grant,) = judge(
        {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}, INVOKE, roles(), HOME, level="folder:22"
    )
    assert grant.sid == "folder:22/roles/run.invoker"


@pytest.mark.parametrize(
    "policy",
    [
        {"bindings": 7},
        {"bindings": [7]},
        {"bindings": [{"members": ["allUsers"]}]},
        {"bindings": [{"role": "roles/run.invoker"}]},
        {"bindings": [{"role": "roles/run.invoker", "members": [7]}]},
        {"bindings": [{"role": "roles/run.invoker", "members": [], "condition": None}]},
        {"bindings": [{"role": "roles/run.invoker", "members": ["user:\ud800"]}]},
    ],
)
def test_what_is_no_policy_is_refused(policy: dict[str, Any]) -> None:
    with pytest.raises(PolicyMalformedError):
        judge(policy, INVOKE, roles(), HOME)


def test_default_accounts() -> None:
    assert default_account("111122223333-compute@developer.gserviceaccount.com")
    assert default_account("fernhollow-shop@appspot.gserviceaccount.com")
    assert not default_account("orders@fernhollow-shop.iam.gserviceaccount.com")
