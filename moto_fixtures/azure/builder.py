"""A typed builder of a subscription's resources. Each method puts one thing and answers its id."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from moto_fixtures.azure.apps import App, put_app
from moto_fixtures.azure.response_shapes import access, storage
from moto_fixtures.azure.response_shapes.access import Role, made_id
from moto_fixtures.azure.response_shapes.hosting import plan_body
from moto_fixtures.azure.response_shapes.stacks import stacks
from moto_fixtures.azure.tenant import Resource, Tenant

Properties = Mapping[str, Any]


def days_ago(days: int) -> str:
    """A moment so many days ago (in the future below nought), as ARM writes it."""
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT06:00:00.0000000Z")


def furnish(tenant: Tenant) -> Tenant:
    """What every tenant has: the built-in roles and the runtimes on offer."""
    tenant.put_list("/providers/Microsoft.Web/functionAppStacks", stacks())
    for role in access.BUILT_IN:
        tenant.put(Resource(access.in_graph(role), "authorizationresources"))
    return tenant


def descend(tenant: Tenant, group: str, subscriptions: Iterable[str]) -> str:
    """A management group with some subscriptions right below it."""
    id = f"/providers/Microsoft.Management/managementGroups/{group}"
    tenant.put_list(f"{id}/descendants", (
        {"id": f"/subscriptions/{one}", "type": "Microsoft.Management/managementGroups/subscriptions", "name": one,
         "properties": {"displayName": tenant.subscriptions[one]["displayName"], "parent": {"id": id}}}
        for one in subscriptions))  # fmt: skip
    return id


class Subscription:
    """One subscription of a tenant, to be filled."""

    def __init__(self, tenant: Tenant, id: str, name: str, group: str = "rg", location: str = "West Europe") -> None:
        self.tenant = tenant
        self.id = id
        self.group = group
        self.location = location
        self._assignments: list[dict[str, Any]] = []
        self._definitions = [access.definition(role, id) for role in access.BUILT_IN]
        self._lists: dict[str, list[dict[str, Any]]] = {}
        tenant.add_subscription(id, name)
        self.at = f"/subscriptions/{id}"
        self._put_definitions()

    def resource_id(self, kind: str, name: str) -> str:
        """The id of a resource in the subscription's own group."""
        return f"{self.at}/resourceGroups/{self.group}/providers/{kind}/{name}"

    def resource(self, kind: str, name: str, properties: Properties, /, **members: Any) -> str:
        """Any resource; ``members`` are those beside the properties (sku, kind, identity, location…)."""
        body = {"id": self.resource_id(kind, name), "name": name, "type": kind, "location": self.location,
                "tags": {}, **members, "properties": dict(properties)}  # fmt: skip
        return self.tenant.put(Resource(body))

    def app(self, app: App) -> str:
        """A function app."""
        return put_app(self.tenant, self.id, app)

    def slot(self, app: App, name: str, **changes: Any) -> str:
        """A slot of an app, set up like it but for the changes."""
        return put_app(self.tenant, self.id, replace(app, **changes), name)

    def plan(
        self, name: str, sku: str, *, linux: bool = True, capacity: int = 0, apps: int = 1, zones: bool = False,
        most: int = 0, location: str = "", tags: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """A compute plan; ``most`` is the number of workers it may grow to."""
        id = self.resource_id("Microsoft.Web/serverfarms", name)
        body = plan_body(id, sku, location or self.location, linux=linux, capacity=capacity, apps=apps,
                         zones=zones, most=most, tags=tags)  # fmt: skip
        return self.tenant.put(Resource(body))

    def storage(
        self, name: str, *, keys_made: str = "", recoverable: bool = False, containers: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> str:  # fmt: skip
        """A storage account as the platform makes it; ``containers`` maps names to their public access."""
        id = self.resource_id("Microsoft.Storage/storageAccounts", name)
        body = storage.account_body(id, self.location, keys_made or days_ago(20), changes)
        self.tenant.put(Resource(body))
        self.tenant.put_document(f"{id}/blobServices/default", storage.blob_service(id, recoverable=recoverable))
        listed = {"azure-webjobs-hosts": "None", "azure-webjobs-secrets": "None"} | dict(containers or {})
        rows = (storage.container(id, one, public) for one, public in listed.items())
        self.tenant.put_list(f"{id}/blobServices/default/containers", rows)
        return id

    def vault(self, name: str, **changes: Any) -> str:
        """A key vault kept well, but for the changes."""
        return self.resource("Microsoft.KeyVault/vaults", name, storage.vault_properties(name, self.tenant.id, changes))

    def identity(self, name: str) -> str:
        """A user-assigned identity; its principal is ``made_id(name)``."""
        properties = {"tenantId": self.tenant.id, "principalId": made_id(name), "clientId": made_id(f"{name}/client")}
        return self.resource("Microsoft.ManagedIdentity/userAssignedIdentities", name, properties)

    def federate(self, identity: str, **credentials: tuple[str, str]) -> None:
        """Lets other issuers act as an identity: by name, an issuer and a subject, or an expression on its claims."""
        kind = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"

        def row(name: str, issuer: str, subject: str) -> dict[str, Any]:
            flexible = subject.startswith("claims[")
            decides = {"claimsMatchingExpression": {"value": subject, "languageVersion": 1}} if flexible else {}
            return {
                "id": f"{identity}/federatedIdentityCredentials/{name}", "name": name, "type": kind,
                "properties": {"issuer": issuer, "subject": None if flexible else subject,
                               "audiences": ["api://AzureADTokenExchange"], **decides},
            }  # fmt: skip

        rows = [row(name.replace("_", "-"), *told) for name, told in credentials.items()]
        self.tenant.put_list(f"{identity}/federatedIdentityCredentials", rows)

    def role(self, role: Role) -> Role:
        """A custom role."""
        body = access.definition(role, self.id)
        self._definitions.append(body)
        self._put_definitions()
        self.tenant.put(Resource(body, "authorizationresources"))
        return role

    def assign(self, role: Role, principal: str, scope: str = "", **more: Any) -> str:
        """Assigns a role to a principal, on the whole subscription unless a scope is given."""
        body = access.assignment(scope or self.at, role, principal, subscription=self.id, **more)
        self._assignments.append(body)
        self.tenant.put(Resource(access.assignment_in_graph(body), "authorizationresources"))
        self.tenant.put_list(f"{self.at}/providers/Microsoft.Authorization/roleAssignments", self._assignments)
        return str(body["id"])

    def lock(self, scope: str, level: str = "CanNotDelete") -> None:
        """A resource lock on a resource, a group or the subscription."""
        name = f"keep-{len(self._lists.get('Microsoft.Authorization/locks', ()))}"
        self._append("Microsoft.Authorization/locks", {
            "id": f"{scope}/providers/Microsoft.Authorization/locks/{name}", "name": name,
            "type": "Microsoft.Authorization/locks", "properties": {"level": level, "notes": "Kept by the platform team."},
        })  # fmt: skip

    def deny(
        self,
        name: str,
        actions: Iterable[str],
        *,
        scope: str = "",
        principal: str = "",
        excluded: Mapping[str, str] | None = None,
    ) -> None:
        """A deny assignment, as a deployment stack leaves it: on everyone unless a principal is given.

        ``excluded`` are the ids of those it leaves out, with their types.
        """
        kind, guid = "Microsoft.Authorization/denyAssignments", made_id(name)
        everyone = {"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}
        single = {"id": principal, "type": "ServicePrincipal"}
        self._append(kind, {
            "id": f"{scope or self.at}/providers/{kind}/{guid}", "name": guid, "type": kind,
            "properties": {
                "denyAssignmentName": name, "description": "", "scope": scope or self.at,
                "permissions": [{"actions": list(actions), "notActions": [], "dataActions": [], "notDataActions": []}],
                "principals": [single if principal else everyone],
                "excludePrincipals": [{"id": one, "type": of} for one, of in (excluded or {}).items()],
                "doNotApplyToChildScopes": False, "isSystemProtected": True,
            },
        })  # fmt: skip

    def pricing(self, plan: str, *, on: bool, extensions: Iterable[str] = ()) -> None:
        """A Defender plan."""
        switched = [{"name": one, "isEnabled": "True", "operationStatus": None} for one in extensions]
        properties: dict[str, Any] = {"pricingTier": "Standard" if on else "Free", "freeTrialRemainingTime": "PT0S"}
        properties |= {"extensions": switched} if switched else {}
        self._append("Microsoft.Security/pricings", {
            "id": f"{self.at}/providers/Microsoft.Security/pricings/{plan}", "name": plan,
            "type": "Microsoft.Security/pricings", "properties": properties})  # fmt: skip

    def budget(self, name: str, *emails: str, on: bool = True) -> None:
        """A budget on the subscription's costs of a month, which tells the addresses at four fifths of it."""
        notification = {"enabled": on, "operator": "GreaterThan", "threshold": 80.0, "thresholdType": "Actual",
                        "locale": "en-us", "contactEmails": list(emails), "contactRoles": [], "contactGroups": []}  # fmt: skip
        properties = {"timePeriod": {"startDate": "2026-01-01T00:00:00Z", "endDate": "2036-01-01T00:00:00Z"},
                      "timeGrain": "Monthly", "amount": 4000.0, "category": "Cost",
                      "currentSpend": {"amount": 312.5, "unit": "EUR"},
                      "notifications": {"actual_GreaterThan_80_Percent": notification}}  # fmt: skip
        self._append("Microsoft.Consumption/budgets", {
            "id": f"{self.at}/providers/Microsoft.Consumption/budgets/{name}", "name": name,
            "type": "Microsoft.Consumption/budgets", "properties": properties})  # fmt: skip

    def event_subscription(self, name: str, source: str, properties: Properties) -> None:
        """An Event Grid subscription to a source in the region, whose list alone tells it."""
        self._append(f"Microsoft.EventGrid/locations/{self.location.replace(' ', '').lower()}/eventSubscriptions", {
            "id": f"{source}/providers/Microsoft.EventGrid/eventSubscriptions/{name}", "name": name,
            "type": "Microsoft.EventGrid/eventSubscriptions", "properties": {"topic": source,
                "provisioningState": "Succeeded", "eventDeliverySchema": "EventGridSchema", **properties}})  # fmt: skip

    def cname(self, zone: str, name: str, target: str) -> str:
        """A CNAME record of a DNS zone."""
        kind = "Microsoft.Network/dnszones"
        id = f"{self.resource_id(kind, zone)}/CNAME/{name}"
        properties = {"fqdn": f"{name}.{zone}.", "TTL": 3600, "CNAMERecord": {"cname": target},
                      "targetResource": {}, "provisioningState": "Succeeded"}  # fmt: skip
        body = {"id": id, "name": name, "type": f"{kind}/CNAME", "location": "global", "properties": properties}
        return self.tenant.put(Resource(body, "dnsresources"))

    def _put_definitions(self) -> None:
        self.tenant.put_list(f"{self.at}/providers/Microsoft.Authorization/roleDefinitions", self._definitions)

    def _append(self, kind: str, row: dict[str, Any]) -> None:
        rows = self._lists.setdefault(kind, [])
        rows.append(row)
        self.tenant.put_list(f"{self.at}/providers/{kind}", rows)
