"""``auditor doctor`` for Azure: which subscriptions do I see, which permissions are missing."""

from collections.abc import Iterator, Sequence
from typing import Final

from auditor.provider import CollectOptions, Probe
from providers.answers.json_paths import rows, text
from providers.azure.collect.apps import App, app_of
from providers.azure.collect.packages import PACKAGE_CODE
from providers.azure.collect.resource_names import region_of
from providers.azure.collect.scopes import open_scopes
from providers.azure.gateway import Gateway
from providers.azure.metrics import timespan
from providers.azure.operations import BY_ID, TABLES
from providers.azure.operations.apps import APPS
from providers.calls.reply import Refusal
from providers.doctor import NullRecorder, Trial, opened, probes

_SUBSCRIPTION: Final = (
    "web:ListFunctionAppStacks",
    "authorization:ListRoleAssignments",
    "authorization:ListDenyAssignments",
    "authorization:ListRoleDefinitions",
    "authorization:ListLocks",
    "authorization:ListPermissions",
    "consumption:ListBudgets",
    "security:ListPricings",
    "eventgrid:ListSubscriptions",
    "insights:ListActivityEvents",
)

_IDENTITY: Final = "microsoft.managedidentity/userassignedidentities"


def examine(gateway: Gateway, options: CollectOptions) -> Iterator[Probe]:
    """Yields a line for the subscriptions, one for each table of Resource Graph, and one for each kind of call."""
    scopes, lines = opened("subscriptions", lambda: open_scopes(gateway, options, NullRecorder()), ", ".join)
    yield from lines
    if scopes is None:
        return
    identities: list[str] = []
    yield from probes(_tables(gateway, scopes[0], identities), f"azure/{scopes[0]}")
    for identity in identities[:1]:
        trial = _trial(gateway, "msi:ListFederatedCredentials", scopes[0], identity)
        yield from probes((trial,), f"azure/{scopes[0]}")
    app, trials = _first_app(gateway, scopes)
    scope = app.scope if app else scopes[0]
    yield from probes(trials, f"azure/{scope}")
    yield from probes((_trial(gateway, operation, scope) for operation in _SUBSCRIPTION), f"azure/{scope}")
    if app is None:
        yield Probe("function apps", ok=True, text="none is visible, so the calls about one were not tried")
    else:
        # the package itself is not fetched to try it
        asked = (operation.id for operation in APPS if operation.id != PACKAGE_CODE)
        yield from probes((_trial(gateway, operation, scope, app.id) for operation in asked), f"azure/{scope}")
        regional = _trial(gateway, "eventgrid:ListRegionalSubscriptions", scope, region_of(app.location))
        yield from probes((regional,), f"azure/{scope}")


def _tables(gateway: Gateway, scope: str, identities: list[str]) -> Iterator[Trial]:
    """One trial for each table; notes the user-assigned identities on its first page."""
    for table, operations in TABLES.items():
        answer = next(gateway.graph(table, {"subscriptions": [scope]}))
        listed = () if isinstance(answer, Refusal) else rows(answer, "data")
        identities += [text(row, "id") for row in listed if text(row, "type").lower() == _IDENTITY]
        yield f"Resource Graph {table}", operations[0], answer


def _first_app(gateway: Gateway, scopes: Sequence[str]) -> tuple[App | None, list[Trial]]:
    """The first app of any subscription, and how listing them went: in the first one, and where the app is."""
    trials: list[Trial] = []
    for scope in scopes:
        trial = _trial(gateway, "web:ListSites", scope)
        listed = trial[2]
        found = [] if isinstance(listed, Refusal) else [app_of(row, scope) for row in rows(listed, "value")]
        app = next((one for one in found if one is not None), None)
        if scope == scopes[0] or app is not None:
            trials.append(trial)
        if app is not None:
            return app, trials
    return None, trials


def _trial(gateway: Gateway, operation_id: str, scope: str, resource: str = "") -> Trial:
    operation = BY_ID[operation_id]
    since, until = timespan().split("/")
    url = gateway.url(operation, scope, resource, timespan=timespan(), since=since, until=until)
    return operation_id, operation, gateway.ask(operation, scope, url)
