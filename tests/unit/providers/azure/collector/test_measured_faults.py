"""Faults that measurement found in collecting: lists that are not whole, functions in no list, roles through groups."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.model.capture import Depth
from auditor.provider import CollectOptions
from providers.azure.provider import AzureProvider
from tests.unit.providers.azure.collector.conftest import FIRST, SECOND, Cloudlet, Endpoint, Kept, Told, refused, site

Options = Callable[..., CollectOptions]
SITES = f"{FIRST}/providers/microsoft.web/sites"
CONTAINERS = f"{FIRST}/providers/microsoft.app/containerapps"
ASSIGNMENTS = f"{FIRST}/providers/microsoft.authorization/roleassignments"


def collect(options: CollectOptions, kept: Kept) -> None:
    AzureProvider().collect(options, kept, kept)


def outcomes(kept: Kept, operation: str) -> list[str]:
    return [str(envelope.reason or envelope.outcome) for envelope in kept.of(operation, FIRST)]


def container(name: str, kind: str = "functionapp", **facts: Any) -> dict[str, Any]:
    """A row of a container app."""
    identifier = f"/subscriptions/{FIRST}/resourceGroups/Shop-RG/providers/Microsoft.App/containerApps/{name}"
    return {
        "id": identifier,
        "name": name,
        "type": "microsoft.app/containerapps",
        "kind": kind,
        "location": "westeurope",
        "subscriptionId": FIRST,
        "managedBy": "",
        "properties": {"configuration": {"ingress": None}, "environmentId": "/environments/shop"},
        **facts,
    }


def test_s12_what_resource_graph_returned_is_not_all_where_the_list_of_apps_was_refused(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.answers[SITES] = refused("AuthorizationFailed")
    collect(options(), kept)
    assert outcomes(kept, "graph:Sites") == ["ok", "DENIED"]
    doubt = kept.of("graph:Sites", FIRST)[1]
    assert doubt.permission == "Microsoft.Web/sites/read"
    assert "may lack the newest" in doubt.message
    assert endpoint.paths("/sites/orders/slots")


def test_s12_a_list_that_cannot_be_read_for_any_reason_leaves_completeness_open(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders"), container("slots")]
    cloud.answers[SITES] = Told({"error": {"code": "Whatever", "message": "no"}}, 400)
    cloud.answers[CONTAINERS] = refused("AuthorizationFailed")
    collect(options(), kept)
    assert outcomes(kept, "graph:Sites") == ["ok", "SERVICE_ERROR"]
    assert outcomes(kept, "graph:ContainerApps") == ["ok", "DENIED"]


def test_s12_both_lists_whole_prove_completeness(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.rows = [site(FIRST, "orders")]
    collect(options(), kept)
    assert outcomes(kept, "graph:Sites") == ["ok"]
    assert outcomes(kept, "graph:ContainerApps") == ["ok"]
    assert outcomes(kept, "app:ListContainerApps") == ["ok"]


def test_z7_functions_that_are_container_apps_are_asked_about(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    hosted = {"managedEnvironmentId": "/environments/shop"}
    cloud.rows = [
        container("book-slots"),
        container("web-shop", kind=""),
        container("flows", kind="workflowapp,functionapp"),
        container("hosted", managedBy=site(FIRST, "hosted")["id"]),
        container("menu"),
        site(FIRST, "hosted", properties=hosted),
        site(FIRST, "menu", properties=hosted),
    ]
    cloud.answers[CONTAINERS] = Told({"value": [container("fresh")]})
    collect(options(), kept)
    assert sorted(kept.told("app:ListFunctions")) == ["book-slots", "fresh"]
    assert sorted(subject.subject.split("/")[8] for subject in kept.of("app:GetAuthConfig")) == [
        *("book-slots", "fresh", "hosted", "menu")
    ]
    assert kept.scopes == {FIRST: ["westeurope"]}
    assert kept.told("authorization:ListLocks") == {"": "ok"}
    assert not endpoint.paths("/containerapps/web-shop/functions")


def test_z7_names_and_tags_select_container_apps_too(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.rows = [container("book-slots", tags={"team": "slots"}), container("upload", tags={"team": "media"})]
    collect(options(functions=("book-*",)), kept)
    assert kept.told("app:ListFunctions") == {"book-slots": "ok"}


def test_z7_a_subscription_without_the_provider_has_no_container_apps(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.answers[CONTAINERS] = refused("MissingSubscriptionRegistration", status=409)
    collect(options(), kept)
    assert outcomes(kept, "app:ListContainerApps") == ["absent"]
    assert outcomes(kept, "graph:ContainerApps") == ["ok"]


def role(principal: str, kind: str | None, scope: str = FIRST) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{scope}/providers/Microsoft.Authorization/roleAssignments/{principal}",
        "name": principal,
        "properties": {"principalId": principal, "principalType": kind, "scope": f"/subscriptions/{scope}"},
    }


OWN = {"identity": {"type": "SystemAssigned", "principalId": "P-ORDERS"}}


@pytest.mark.parametrize(("kind", "asked"), [("Group", True), ("ServicePrincipal", False), (None, True)])
def test_s15_roles_through_groups_are_asked_for_where_a_group_holds_any(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options, kind: str | None, asked: bool
) -> None:
    cloud.rows = [site(FIRST, "orders", **OWN), site(FIRST, "bare")]
    cloud.answers[ASSIGNMENTS] = Told({"value": [role("g-team", kind)]})
    collect(options(), kept)
    filters = [each.query["$filter"] for each in endpoint.asked if "$filter" in each.query]
    assert filters == (["assignedTo('p-orders')"] if asked else [])
    assert list(kept.told("authorization:ListAssignedRoles")) == (["p-orders"] if asked else [])


def test_s15_an_attached_identity_is_asked_about_once_in_the_subscription_it_is_in(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    shared = (
        f"/subscriptions/{SECOND}/resourceGroups/Ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-1"
    )
    attached = {"type": "UserAssigned", "userAssignedIdentities": {shared: {"principalId": "p-shared"}}}
    cloud.rows = [site(FIRST, name, identity=attached) for name in ("orders", "returns")]
    cloud.rows.append(site(SECOND, "bills"))
    second = f"{SECOND}/providers/microsoft.authorization/roleassignments"
    cloud.answers[second] = Told({"value": [role("g-team", "Group", SECOND)]})
    collect(options(), kept)
    asked = [each.path for each in endpoint.asked if "$filter" in each.query]
    assert asked == [f"/subscriptions/{second}"]
    assert [e.subject for e in kept.of("msi:GetIdentity")] == [shared.lower()]


def test_s15_a_quick_run_asks_about_no_identity(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders", **OWN)]
    cloud.answers[ASSIGNMENTS] = Told({"value": [role("g-team", "Group")]})
    collect(options(Depth.QUICK), kept)
    assert not [each for each in endpoint.asked if "$filter" in each.query]
