"""What could not be read is unknown, with the reason; what another answer tells is told by that."""

from auditor.model.capture import Depth
from auditor.model.exposure import Reach
from auditor.model.ingress import IngressScope
from auditor.model.observed import GapReason, Known, Unknown
from providers.gcp.normalize import normalize
from tests.unit.providers.gcp.normalize.capture import (
    FOLDER,
    KINDS,
    ORDERS_SERVICE,
    PROJECT,
    REGION,
    RESIZE,
    ROLE,
    absent,
    binding,
    capture,
    denied,
    ok,
    policy,
)
from tests.unit.providers.gcp.normalize.test_function import function, gap

RESOURCES = "asset:ListResources"
POLICIES = "asset:ListPolicies"
OFF = GapReason.NOT_OFFERED


def test_the_bulk_inventory_stands_in_for_every_list() -> None:
    lists = [operation for operation in KINDS if operation != "run:ListServices"]
    inventory = normalize(capture(*(denied(operation) for operation in lists), without=lists))
    assert [(found.name, found.source) for found in inventory.functions] == [
        ("orders", RESOURCES),
        ("resize", RESOURCES),
        ("checkout", "run:ListServices"),
    ]
    (place,) = inventory.locations
    assert place.functions == Known(3, RESOURCES)


def test_a_switched_off_inventory_hides_nothing_the_services_tell() -> None:
    off = denied(RESOURCES, reason=OFF), denied(POLICIES, reason=OFF)
    own = ok("functions:GetIamPolicy", policy(binding("roles/cloudfunctions.invoker", "allUsers")), RESIZE)
    found = function("resize", *off, own)
    assert found.endpoints.need()[0].reach == Known(Reach.ANONYMOUS, "functions:GetIamPolicy")
    assert found.ingress.need().egress.connector_state == Known("error", "vpcaccess:ListConnectors")
    assert {(found.name) for found in normalize(capture(*off)).functions} == {"resize", "orders", "checkout"}


def test_a_switched_off_inventory_explains_nothing() -> None:
    off = denied(RESOURCES, reason=OFF), denied(POLICIES, reason=OFF)
    found = function("resize", *off)
    assert gap(found.policies.need()[0].statements) == (GapReason.NOT_COLLECTED, "functions:GetIamPolicy")
    quick = function("orders", *off, without=("run:ListServices",), depth=Depth.QUICK)
    assert gap(quick.hosting.need().first_sandbox) == (GapReason.NOT_AT_DEPTH, "run:ListServices")


def test_an_empty_policy_binds_nobody() -> None:
    empty = ok("functions:GetIamPolicy", {"etag": "ACAB"}, RESIZE)
    found = function("resize", empty, without=(POLICIES,))
    assert found.policies.need()[0].statements == Known((), "functions:GetIamPolicy")


def test_a_policy_that_was_refused_is_not_empty_because_the_bulk_list_lacks_it() -> None:
    refused = denied("run:GetIamPolicy", ORDERS_SERVICE, location=REGION)
    assert gap(function("orders", refused).policies.need()[0].statements) == (GapReason.DENIED, "run:GetIamPolicy")


def test_an_unreachable_region_has_functions_nobody_counted() -> None:
    lost = denied("functions:ListFunctions", reason=GapReason.UNREACHABLE, location="us-east4")
    places = {place.location: place.functions for place in normalize(capture(lost)).locations}
    assert places[REGION] == Known(3, "functions:ListFunctions")
    assert gap(places["us-east4"]) == (GapReason.UNREACHABLE, "functions:ListFunctions")


def test_without_its_service_a_function_is_believed_open_but_never_closed() -> None:
    without = (RESOURCES, "run:ListServices")
    found = function("orders", without=without)
    assert gap(found.ingress.need().scope)[0] is GapReason.NOT_COLLECTED
    assert gap(found.endpoints)[0] is GapReason.NOT_COLLECTED
    assert function("resize", without=without).ingress.need().scope.need() is IngressScope.ALL


def test_variables_are_unknown_where_cloud_run_did_not_answer_for_the_service_may_hold_more() -> None:
    found = function("orders", without=(RESOURCES, "run:ListServices"))
    assert isinstance(found.environment, Unknown)
    assert found.environment.gap.operation == RESOURCES


def test_an_unread_level_above_is_a_group_of_its_own() -> None:
    found = function("checkout", denied("resourcemanager:GetFolderPolicy", FOLDER))
    unread = [policy.statements.gap for policy in found.policies.need() if isinstance(policy.statements, Unknown)]
    assert [(one.reason, one.operation, one.permission) for one in unread] == [
        (GapReason.DENIED, "resourcemanager:GetFolderPolicy", "resourcemanager.folders.getIamPolicy")
    ]
    assert found.identity.need() is not None
    gaps = [group.gap.operation for group in found.identity.need().role_assignments if isinstance(group, Unknown)]
    assert gaps == ["resourcemanager:GetFolderPolicy"]


def test_a_custom_role_that_was_not_read_leaves_its_binding_unknown() -> None:
    identity = function("resize", denied("iam:GetRole", ROLE)).identity.need()
    assert identity is not None
    assert [gap(group) for group in identity.role_assignments if isinstance(group, Unknown)] == [
        (GapReason.DENIED, "iam:GetRole")
    ]
    gone = function("resize", absent("iam:GetRole", ROLE)).identity.need()
    assert gone is not None
    assert all(group.known for group in gone.role_assignments)


def test_a_role_newer_than_our_table_is_unrecognised() -> None:
    newer = policy(binding("roles/cloudfunctions.spectator", "allUsers"))
    found = function("resize", ok("functions:GetIamPolicy", newer, RESIZE))
    (grant,) = found.policies.need()[0].statements.need()
    assert (grant.reach, grant.invokes) == (Reach.UNRECOGNISED, False)
    assert found.endpoints.need()[0].reach == Known(Reach.UNRECOGNISED, "functions:GetIamPolicy")


def test_an_account_is_missing_only_where_the_list_is_complete() -> None:
    other = {"name": f"projects/{PROJECT}/serviceAccounts/other@{PROJECT}.iam.gserviceaccount.com"}
    gone = ok("iam:ListServiceAccounts", {"accounts": [other | {"email": other["name"].rpartition("/")[2]}]})
    identity = function("orders", gone).identity.need()
    assert identity is not None
    assert identity.exists == Known(False, "iam:ListServiceAccounts")
    cut = function("orders", denied("iam:ListServiceAccounts"), without=(RESOURCES,)).identity.need()
    assert cut is not None
    assert gap(cut.exists) == (GapReason.DENIED, "iam:ListServiceAccounts")


def test_s2_an_empty_list_is_not_believed_where_another_answer_knows_better() -> None:
    empty = ok("iam:ListServiceAccounts", {})
    identity = function("orders", empty).identity.need()
    assert identity is not None
    assert identity.exists == Known(True, RESOURCES)
    nobody_knows = function("orders", empty, without=(RESOURCES,)).identity.need()
    assert nobody_knows is not None
    assert gap(nobody_knows.exists) == (GapReason.MALFORMED, "iam:ListServiceAccounts")


def test_s2_an_empty_list_of_functions_is_contradicted_by_the_inventory() -> None:
    listing = "functions:ListFunctions"
    inventory = normalize(capture(ok(listing, {}), without=(listing,)))
    assert [(found.name, found.source) for found in inventory.functions if found.name != "checkout"] == [
        ("orders", RESOURCES),
        ("resize", RESOURCES),
    ]
    (alone,) = normalize(capture(ok(listing, {}), without=(listing, RESOURCES))).locations
    assert isinstance(alone.functions, Unknown)


def test_what_a_depth_leaves_out_says_so() -> None:
    found = function("orders", without=("run:ListRevisions", "monitoring:ListTimeSeries"), depth=Depth.STANDARD)
    assert gap(found.deployment.need().revisions.secrets) == (GapReason.NOT_AT_DEPTH, "run:ListRevisions")
    assert gap(found.monitoring.need().usage) == (GapReason.NOT_AT_DEPTH, "monitoring:ListTimeSeries")


def test_a_project_without_functions_is_asked_for_nothing() -> None:
    empty = ok("functions:ListFunctions", {}), ok(RESOURCES, {}), ok(POLICIES, {})
    kept = capture(*empty)
    kept.envelopes = list(empty)
    (scope,) = normalize(kept).scopes
    assert scope.name == PROJECT
    assert gap(scope.guardrails.need().sinks)[0] is GapReason.NOT_OFFERED
