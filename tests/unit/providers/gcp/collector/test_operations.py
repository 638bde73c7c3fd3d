"""The table of calls, and the roles that are printed from it."""

import json
import subprocess
import sys

import pytest

from auditor.errors import UsageError
from auditor.model.capture import Depth
from auditor.provider import Operation
from providers.gcp.operations import ASSET_TYPES, BY_ID, LISTING, OPERATIONS
from providers.gcp.operations.quotas import QUOTAS
from providers.gcp.policy import document
from providers.gcp.provider import GcpProvider

ABOVE = {
    "resourcemanager.folders.get",
    "resourcemanager.folders.getIamPolicy",
    "resourcemanager.organizations.get",
    "resourcemanager.organizations.getIamPolicy",
}


def test_the_project_role_holds_what_the_table_needs_and_nothing_else() -> None:
    role = document(OPERATIONS, ["packages"])
    assert set(role["includedPermissions"]) == {op.permission for op in OPERATIONS} - ABOVE
    assert role["includedPermissions"] == sorted(set(role["includedPermissions"]))
    assert role["stage"] == "GA"
    assert role["title"] == "Serverless auditor"


def test_what_is_above_projects_is_a_role_of_its_own() -> None:
    above = document(OPERATIONS)["organization"]
    assert set(above["includedPermissions"]) == ABOVE
    assert above["stage"] == "GA"


def test_the_role_hands_out_no_code_secret_or_token() -> None:
    printed = json.dumps(GcpProvider().policy(["base"]))
    for handing_out in ("sourceCodeGet", "versions.access", "objects.get", "getAccessToken", "getKeyString"):
        assert handing_out not in printed


def test_there_is_no_tier_but_the_base() -> None:
    with pytest.raises(UsageError, match="no permission tier 'settings' for Google Cloud"):
        document(OPERATIONS, ["settings"])


def test_functions_are_listed_by_three_operations() -> None:
    assert frozenset({"functions:ListFunctions", "asset:ListResources", "run:ListServices"}) == LISTING
    assert set(BY_ID) >= LISTING


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_call_has_a_host_a_path_and_a_quota(operation: Operation) -> None:
    sent = BY_ID[operation.id]
    assert sent.host.endswith(".googleapis.com")
    assert not sent.path.startswith("/")
    assert sent.bucket == sent.host.split(".")[0]
    assert sent.method == "GET" or sent.path.endswith((":getIamPolicy", ":generateDownloadUrl"))


@pytest.mark.parametrize("name", ["asset:ListResources", "asset:ListPolicies"])
def test_the_inventory_is_asked_for_every_kind_a_thousand_at_a_time(name: str) -> None:
    assert BY_ID[name].parameters["assetTypes"] == ASSET_TYPES
    assert BY_ID[name].parameters["pageSize"] == "1000"


def test_a_burst_and_the_rate_never_exceed_a_quota() -> None:
    for quota in QUOTAS.values():
        assert quota.burst + quota.rate * quota.window <= quota.limit
        assert quota.source


def test_quick_depth_asks_only_for_lists_and_policies_of_the_hierarchy() -> None:
    quick = {op.id for op in OPERATIONS if op.depth is Depth.QUICK}
    assert {op.id for op in OPERATIONS if op.id.startswith("asset:")} <= quick
    assert not any(op.startswith(("storage:", "pubsub:", "monitoring:", "run:")) for op in quick)


def test_declaring_and_printing_need_no_sdk() -> None:
    program = (
        "import sys; from providers.gcp.provider import GcpProvider; from types import SimpleNamespace as N;"
        "GcpProvider().policy(['base']); GcpProvider().usable(N(settings={}, ca_bundle=None, max_workers=1));"
        "print([n for n in sys.modules if n.startswith(('google', 'requests', 'grpc', 'boto', 'azure'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
