"""What holds for a whole project and its regions."""

from typing import Any

import pytest

from auditor.model.capture import Envelope
from auditor.model.guardrails import AuditLogs, Guardrails, LogSink
from auditor.model.observed import GapReason, Known
from providers.gcp.normalize import normalize
from providers.gcp.normalize.sinks import concerns_functions
from tests.unit.providers.gcp.normalize.capture import (
    COMPUTE,
    FOLDER,
    NUMBER,
    PROJECT,
    REGION,
    WHERE,
    MemoryCapture,
    binding,
    capture,
    denied,
    envelopes,
    facts,
    ok,
    policy,
)
from tests.unit.providers.gcp.normalize.test_function import gap

ADA = "user:ada@fernhollow.example"


def rails(*changes: Envelope, without: tuple[str, ...] = ()) -> Guardrails:
    """The guardrails of the project."""
    (scope,) = normalize(capture(*changes, without=without)).scopes
    return scope.guardrails.need()


def test_the_project_and_its_region() -> None:
    inventory = normalize(capture())
    assert [(scope.id, scope.name, scope.locations) for scope in inventory.scopes] == [
        (f"gcp/{PROJECT}", PROJECT, (REGION,))
    ]
    assert [(place.id, place.functions) for place in inventory.locations] == [
        (f"gcp/{PROJECT}/{REGION}", Known(3, "functions:ListFunctions"))
    ]


def test_who_holds_basic_roles_without_googles_own_agents() -> None:
    assert rails().basic_roles.need() == (
        ("roles/owner", ADA),
        ("roles/editor", f"serviceAccount:{COMPUTE}"),
        ("roles/viewer", "group:everyone@fernhollow.example"),
    )


def test_audit_logs_are_joined_with_those_above() -> None:
    assert rails().audit_logs.need() == AuditLogs(services=("allServices",), exempted=(ADA,))
    above = policy() | {
        "auditConfigs": [{"service": "run.googleapis.com", "auditLogConfigs": [{"logType": "DATA_WRITE"}]}]
    }
    assert rails(ok("resourcemanager:GetFolderPolicy", above, FOLDER)).audit_logs.need().services == (
        "allServices",
        "run.googleapis.com",
    )
    unread = rails(denied("resourcemanager:GetFolderPolicy", FOLDER)).audit_logs
    assert gap(unread) == (GapReason.DENIED, "resourcemanager:GetFolderPolicy")


def test_reads_alone_by_administrators_are_no_data_access_log() -> None:
    admin = policy() | {"auditConfigs": [{"service": "allServices", "auditLogConfigs": [{"logType": "ADMIN_READ"}]}]}
    assert rails(ok("resourcemanager:GetProjectPolicy", admin)).audit_logs.need().services == ()


def test_logs_alerts_and_policies() -> None:
    found = rails()
    assert found.sinks.need() == (
        LogSink(
            name="_Default",
            destination=f"logging.googleapis.com/projects/{PROJECT}/locations/global/buckets/_Default",
            covers_functions=True,
            disabled=False,
        ),
        LogSink(name="audit", destination="storage.googleapis.com/logs", covers_functions=False, disabled=False),
    )
    assert found.log_exclusions == Known(("noise",), "logging:ListExclusions")
    assert found.log_retention_days == Known((("_Default", 30),), "logging:ListBuckets")
    assert found.alerts == Known(("SetIamPolicy",), "monitoring:ListAlertPolicies")
    assert found.channel_keys == Known(((f"{WHERE}/channels/partner", False),), "eventarc:ListChannels")
    assert found.asset_inventory == Known(True, "serviceusage:ListServices")
    enforced = {each.constraint: (each.enforced.need(), each.detail.need()) for each in found.policies.need()}
    assert enforced["cloudfunctions.allowedIngressSettings"] == (True, "only ALLOW_INTERNAL_ONLY")
    assert enforced["iam.automaticIamGrantsForDefaultServiceAccounts"] == (True, "enforced")
    assert enforced["gcp.resourceLocations"] == (False, "everything is allowed")


@pytest.mark.parametrize(
    ("rule", "restricts", "detail"),
    [
        ({"enforce": True}, True, "enforced"),
        (
            {
                "enforce": True,
                "parameters": {"allowedPrincipalSets": ["//cloudresourcemanager.googleapis.com/organizations/1"]},
            },
            True,
            "enforced for all but //cloudresourcemanager.googleapis.com/organizations/1",
        ),
        (
            {"enforce": True, "parameters": {"allowedMemberSubjects": ["allUsers"]}},
            False,
            "enforced, and admits allUsers",
        ),
        ({}, False, "not enforced"),
    ],
    ids=["whole", "but for the organisation", "but for everyone", "not"],
)
def test_z13_a_managed_constraint_restricts_what_its_parameters_leave(
    rule: dict[str, Any], restricts: bool, detail: str
) -> None:
    name = "iam.managed.allowedPolicyMembers"
    found = rails(ok("orgpolicy:GetEffectivePolicy", {"spec": {"rules": [rule]}}, name))
    (policy_read,) = (each for each in found.policies.need() if each.constraint == name)
    assert (policy_read.enforced.need(), policy_read.detail.need()) == (restricts, detail)


def test_who_can_download_the_source() -> None:
    assert rails().source_readers.need() == (ADA, f"serviceAccount:{COMPUTE}", "group:everyone@fernhollow.example")


@pytest.mark.parametrize(
    ("given", "covers"),
    [
        ("", True),
        ("severity>=ERROR", True),
        ('resource.type="cloud_function"', True),
        ('resource.type="cloud_run_revision" OR resource.type="gce_instance"', True),
        ('resource.type="gce_instance"', False),
        ('NOT resource.type="cloud_function"', False),
        ('resource.type!="cloud_run_revision"', False),
        ('-resource.type="cloud_function"', False),
        ('logName="projects/p/logs/cloudaudit.googleapis.com%2Factivity"', False),
        (
            'NOT LOG_ID("cloudaudit.googleapis.com/activity") AND NOT LOG_ID("externalaudit.googleapis.com/activity")',
            True,
        ),
    ],
)
def test_which_filters_let_the_logs_of_functions_through(given: str, covers: bool) -> None:
    assert concerns_functions(given) is covers


def test_a_project_row_of_the_older_api() -> None:
    row = {
        "projectNumber": NUMBER,
        "projectId": PROJECT,
        "parent": {"type": "folder", "id": "22"},
        "lifecycleState": "ACTIVE",
    }
    found = normalize(capture(ok("resourcemanager:SearchProjects", {"projects": [row]})))
    assert repr(found) == repr(normalize(capture()))


def test_the_inventory_knows_what_is_above_a_project_whose_row_was_not_read() -> None:
    lists = ("resourcemanager:SearchProjects", "resourcemanager:GetFolder")
    assert repr(normalize(capture(without=lists))) == repr(normalize(capture()))


def test_a_project_of_nobodys_organisation_has_nothing_above() -> None:
    row = {"name": f"projects/{NUMBER}", "projectId": PROJECT}
    found = normalize(
        capture(ok("resourcemanager:SearchProjects", {"projects": [row]}), without=("asset:ListResources",))
    )
    levels = {binding_.scope for function in found.functions for binding_ in _held(function)}
    assert levels == {f"projects/{PROJECT}", f"projects/{PROJECT}/secrets/database"}


def _held(function: Any) -> Any:
    return (binding_ for group in function.identity.need().role_assignments for binding_ in group.need())


def test_roles_in_other_audited_projects_are_foreign() -> None:
    other = "fernhollow-data"
    account = f"orders@{PROJECT}.iam.gserviceaccount.com"
    more = [
        ok("resourcemanager:SearchProjects", {"projects": [{"name": "projects/7", "projectId": other}]}, scope=other),
        ok(
            "resourcemanager:GetProjectPolicy", policy(binding("roles/owner", f"serviceAccount:{account}")), scope=other
        ),
        ok("functions:ListFunctions", {}, scope=other),
        ok("asset:ListResources", {}, scope=other),
        ok("asset:ListPolicies", {}, scope=other),
    ]
    inventory = normalize(MemoryCapture(facts(scopes=(PROJECT, other)), [*envelopes(), *more]))
    orders = next(function for function in inventory.functions if function.name == "orders")
    (owner,) = (held for held in _held(orders) if held.role_id == "roles/owner")
    assert (owner.foreign, owner.account, owner.power.value) == (True, other, "owner")
