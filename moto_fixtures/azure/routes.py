"""The route table: every read the emulated Resource Manager knows, with the action it asks for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from moto_fixtures.azure.wire import Call


class Style(StrEnum):
    """How a route finds its answer."""

    RESOURCE = "resource"
    DOCUMENT = "document"
    POSTED = "posted"
    """POST ``…/list`` answers the document above it."""
    LIST = "list"
    TYPED = "typed"
    """A list of a subscription's, or a resource group's, resources of one type."""
    SUBSCRIPTIONS = "subscriptions"
    SUBSCRIPTION = "subscription"
    GRAPH = "graph"
    METRICS = "metrics"
    ACTIVITY = "activity"
    """The activity log of a subscription."""
    PERMISSIONS = "permissions"
    """What the caller may do, from the denials."""


@dataclass(frozen=True)
class Route:
    """One read. ``envelope`` adds the null members App Service lists carry; ``subject`` counts the path's segments
    that name the resource asked about (nought: none has to exist).
    """

    operation: str
    method: str
    path: str
    action: str
    style: Style
    envelope: bool = False
    subject: int = 0
    kind: str = ""


@dataclass
class _Node:
    literal: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


_SUBSCRIPTION = "/subscriptions/{}"
_GROUP = f"{_SUBSCRIPTION}/resourcegroups/{{}}"
_SITE = f"{_GROUP}/providers/microsoft.web/sites/{{}}"
_BELOW_SITE = (
    # operation, method, path below the site, action below the site's type, style
    ("web:GetConfiguration", "GET", "config/web", "config/read", Style.RESOURCE),
    ("web:ListFunctions", "GET", "functions", "functions/read", Style.LIST),
    ("web:GetAuthSettings", "GET", "config/authsettingsv2", "config/read", Style.DOCUMENT),
    ("web:ListPublishingPolicies", "GET", "basicpublishingcredentialspolicies",
     "basicPublishingCredentialsPolicies/read", Style.LIST),
    ("web:GetFtpPolicy", "GET", "basicpublishingcredentialspolicies/ftp",
     "basicPublishingCredentialsPolicies/read", Style.DOCUMENT),
    ("web:GetScmPolicy", "GET", "basicpublishingcredentialspolicies/scm",
     "basicPublishingCredentialsPolicies/read", Style.DOCUMENT),
    ("web:GetKeyVaultReferences", "GET", "config/configreferences/appsettings", "config/read", Style.LIST),
    ("web:GetKeyVaultConnectionReferences", "GET", "config/configreferences/connectionstrings", "config/read", Style.LIST),
    ("web:ListApplicationSettings", "POST", "config/appsettings/list", "config/list/action", Style.POSTED),
    ("web:ListConnectionStrings", "POST", "config/connectionstrings/list", "config/list/action", Style.POSTED),
    ("web:ListMounts", "POST", "config/azurestorageaccounts/list", "config/list/action", Style.POSTED),
    ("web:GetLogsConfiguration", "GET", "config/logs", "config/read", Style.DOCUMENT),
    ("web:ListSlotSettings", "GET", "config/slotconfignames", "config/read", Style.DOCUMENT),
    ("web:GetSourceControl", "GET", "sourcecontrols/web", "sourcecontrols/read", Style.DOCUMENT),
    ("web:ListSiteExtensions", "GET", "siteextensions", "siteextensions/read", Style.LIST),
    ("web:ListHybridConnections", "GET", "hybridconnectionrelays", "hybridconnectionrelays/read", Style.LIST),
    ("web:ListPrivateEndpoints", "GET", "privateendpointconnections", "privateEndpointConnections/read", Style.LIST),
    ("web:ListBackups", "GET", "backups", "backups/read", Style.LIST),
)  # fmt: skip


def _sites() -> Iterator[Route]:
    web = "Microsoft.Web"
    yield Route("web:ListSites", "GET", f"{_SUBSCRIPTION}/providers/microsoft.web/sites", f"{web}/sites/read",
                Style.TYPED, envelope=True, kind=f"{web}/sites")  # fmt: skip
    yield Route("web:ListSitesByResourceGroup", "GET", f"{_GROUP}/providers/microsoft.web/sites", f"{web}/sites/read",
                Style.TYPED, envelope=True, kind=f"{web}/sites")  # fmt: skip
    yield Route("web:ListPlans", "GET", f"{_SUBSCRIPTION}/providers/microsoft.web/serverfarms", f"{web}/serverfarms/read",
                Style.TYPED, envelope=True, kind=f"{web}/serverfarms")  # fmt: skip
    yield Route("web:ListCertificates", "GET", f"{_SUBSCRIPTION}/providers/microsoft.web/certificates",
                f"{web}/certificates/read", Style.TYPED, envelope=True, kind=f"{web}/certificates")  # fmt: skip
    yield Route("web:GetSite", "GET", _SITE, f"{web}/sites/read", Style.RESOURCE, subject=8)
    yield Route("web:GetSlot", "GET", f"{_SITE}/slots/{{}}", f"{web}/sites/slots/read", Style.RESOURCE, subject=10)
    yield Route("web:ListSlots", "GET", f"{_SITE}/slots", f"{web}/sites/slots/read", Style.LIST,
                envelope=True, subject=8)  # fmt: skip
    for base, kind, subject in ((_SITE, "sites", 8), (f"{_SITE}/slots/{{}}", "sites/slots", 10)):
        for operation, method, below, action, style in _BELOW_SITE:
            yield Route(operation, method, f"{base}/{below}", f"{web}/{kind}/{action}", style,
                        envelope=True, subject=subject)  # fmt: skip
        yield Route("insights:ListDiagnosticSettings", "GET", f"{base}/providers/microsoft.insights/diagnosticsettings",
                    "Microsoft.Insights/diagnosticSettings/read", Style.LIST, subject=subject)  # fmt: skip
        yield Route("insights:GetMetrics", "GET", f"{base}/providers/microsoft.insights/metrics",
                    "Microsoft.Insights/metrics/read", Style.METRICS, subject=subject)  # fmt: skip


def _others() -> Iterator[Route]:
    yield Route("resources:ListSubscriptions", "GET", "/subscriptions", "Microsoft.Resources/subscriptions/read",
                Style.SUBSCRIPTIONS)  # fmt: skip
    yield Route("resources:GetSubscription", "GET", _SUBSCRIPTION, "Microsoft.Resources/subscriptions/read",
                Style.SUBSCRIPTION)  # fmt: skip
    yield Route("graph:Resources", "POST", "/providers/microsoft.resourcegraph/resources",
                "Microsoft.ResourceGraph/resources/read", Style.GRAPH)  # fmt: skip
    yield Route("web:ListFunctionAppStacks", "GET", "/providers/microsoft.web/functionappstacks",
                "Microsoft.Web/functionAppStacks/read", Style.LIST, envelope=True)  # fmt: skip
    yield Route("management:ListDescendants", "GET", "/providers/microsoft.management/managementgroups/{}/descendants",
                "Microsoft.Management/managementGroups/descendants/read", Style.LIST)  # fmt: skip
    yield Route("insights:ListActivityEvents", "GET",
                f"{_SUBSCRIPTION}/providers/microsoft.insights/eventtypes/management/values",
                "Microsoft.Insights/eventtypes/values/read", Style.ACTIVITY)  # fmt: skip
    yield Route("authorization:ListPermissions", "GET", f"{_SUBSCRIPTION}/providers/microsoft.authorization/permissions",
                "Microsoft.Authorization/permissions/read", Style.PERMISSIONS)  # fmt: skip
    for operation, provider, kind in (
        ("authorization:ListRoleAssignments", "Microsoft.Authorization", "roleAssignments"),
        ("authorization:ListDenyAssignments", "Microsoft.Authorization", "denyAssignments"),
        ("authorization:ListRoleDefinitions", "Microsoft.Authorization", "roleDefinitions"),
        ("authorization:ListLocks", "Microsoft.Authorization", "locks"),
        ("security:ListPricings", "Microsoft.Security", "pricings"),
        ("consumption:ListBudgets", "Microsoft.Consumption", "budgets"),
        ("eventgrid:ListSubscriptions", "Microsoft.EventGrid", "eventSubscriptions"),
        ("eventgrid:ListRegionalSubscriptions", "Microsoft.EventGrid/locations/{}", "eventSubscriptions"),
    ):
        yield Route(operation, "GET", f"{_SUBSCRIPTION}/providers/{provider}/{kind}".lower(),
                    f"{provider.removesuffix('/locations/{}')}/{kind}/read", Style.LIST)  # fmt: skip
    account = f"{_GROUP}/providers/microsoft.storage/storageaccounts/{{}}"
    storage = "Microsoft.Storage/storageAccounts"
    yield Route("storage:GetAccount", "GET", account, f"{storage}/read", Style.RESOURCE, subject=8)
    yield Route("storage:GetBlobServices", "GET", f"{account}/blobservices/default", f"{storage}/blobServices/read",
                Style.DOCUMENT, subject=8)  # fmt: skip
    yield Route("storage:ListContainers", "GET", f"{account}/blobservices/default/containers",
                f"{storage}/blobServices/containers/read", Style.LIST, subject=8)  # fmt: skip
    yield Route("app:ListContainerApps", "GET", f"{_SUBSCRIPTION}/providers/microsoft.app/containerapps",
                "Microsoft.App/containerApps/read", Style.TYPED, kind="Microsoft.App/containerApps")  # fmt: skip
    identity = f"{_GROUP}/providers/microsoft.managedidentity/userassignedidentities/{{}}"
    yield Route("msi:GetIdentity", "GET", identity, "Microsoft.ManagedIdentity/userAssignedIdentities/read",
                Style.RESOURCE, subject=8)  # fmt: skip
    yield Route("msi:ListFederatedCredentials", "GET", f"{identity}/federatedidentitycredentials",
                "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
                Style.LIST, subject=8)  # fmt: skip
    app = f"{_GROUP}/providers/microsoft.app/containerapps/{{}}"
    yield Route("app:ListFunctions", "GET", f"{app}/functions", "Microsoft.App/containerApps/functions/read",
                Style.LIST, subject=8)  # fmt: skip
    yield Route("app:GetContainerApp", "GET", app, "Microsoft.App/containerApps/read", Style.RESOURCE, subject=8)
    yield Route("app:GetAuthConfig", "GET", f"{app}/authconfigs/{{}}", "Microsoft.App/containerApps/authConfigs/read",
                Style.DOCUMENT, subject=8)  # fmt: skip


ROUTES = (*_sites(), *_others())


def _tree() -> _Node:
    root = _Node()
    for route in ROUTES:
        node = root
        for segment in route.path.strip("/").split("/"):
            if segment == "{}":
                node.any = node = node.any or _Node()
            else:
                node = node.literal.setdefault(segment, _Node())
        node.routes[route.method] = route
    return root


_ROOT = _tree()


def _walk(node: _Node, segments: list[str], at: int, method: str) -> Route | None:
    if at == len(segments):
        return node.routes.get(method)
    named = node.literal.get(segments[at])
    found = _walk(named, segments, at + 1, method) if named else None
    if found is None and node.any is not None:
        return _walk(node.any, segments, at + 1, method)
    return found


def route_of(call: Call) -> Route | None:
    """The route a call takes; a literal segment goes before a name."""
    return _walk(_ROOT, call.path.strip("/").split("/"), 0, call.method)


def subject_of(route: Route, call: Call) -> str:
    """The id, in lower case, of the resource a call is about; empty when it is about none."""
    return "/" + "/".join(call.path.strip("/").split("/")[: route.subject]) if route.subject else ""
