"""Resource Graph is silent about what may not be read: a collection says where silence is no proof."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor import plugins
from auditor.engine.collect import collect as capture
from auditor.model.capture import Depth, Envelope, ShardKey
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from auditor.snapshot.archive import Snapshot
from moto_fixtures.azure.apps import App
from moto_fixtures.azure.builder import Subscription, furnish
from moto_fixtures.azure.server import Server
from moto_fixtures.azure.tenant import Tenant
from providers.azure.operations import TABLES
from providers.azure.provider import AzureProvider
from providers.doctor import NullProgress
from tests.unit.providers.azure.collector.conftest import (
    ENVIRONMENT,
    FIRST,
    SECOND,
    Asked,
    Cloudlet,
    Endpoint,
    Kept,
    Told,
    entry,
    refused,
    site,
)

Options = Callable[..., CollectOptions]
PERMISSIONS = "/providers/microsoft.authorization/permissions"
VAULTS = "Microsoft.KeyVault/vaults/read"
ROLES = "Microsoft.Authorization/roleAssignments/read"


def collect(options: CollectOptions, kept: Kept) -> None:
    AzureProvider().collect(options, kept, kept)


def told(kept: Kept, operation: str, scope: str = FIRST) -> list[tuple[int, str, str | None]]:
    """Page by page: ok or the reason of the gap, and the permission it names."""
    return [(e.page, str(e.reason or e.outcome), e.permission) for e in kept.of(operation, scope)]


def vault(scope: str, name: str) -> dict[str, object]:
    return {**site(scope, name), "type": "microsoft.keyvault/vaults"}


def test_each_subscription_is_asked_once_what_may_be_done_there(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), vault(FIRST, "safe")]
    collect(options(Depth.FULL), kept)
    paths = endpoint.paths(PERMISSIONS)
    assert sorted(paths) == [f"GET /subscriptions/{scope}{PERMISSIONS}" for scope in (FIRST, SECOND)]
    assert kept.of("authorization:ListPermissions", FIRST)[0].body == {"value": cloud.granted}
    assert kept.gaps() == {}


def test_none_of_what_may_not_be_read_is_a_gap_where_it_may_not(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), site(SECOND, "bills")]
    cloud.answers[f"{FIRST}{PERMISSIONS}"] = Told({"value": [entry("*/read", without=[VAULTS])]})
    collect(options(Depth.QUICK), kept)
    assert told(kept, "graph:Vaults") == [(0, "DENIED", VAULTS)]
    assert told(kept, "graph:Vaults", SECOND) == [(0, "ok", None)]
    assert kept.gaps() == {"graph:Vaults": {"DENIED"}}


def test_rows_of_what_may_be_read_in_part_stay_and_a_gap_follows(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    kind = "microsoft.authorization/roleassignments"
    above = {"id": "/providers/Microsoft.Authorization/roleAssignments/up", "name": "up", "type": kind}
    cloud.rows = [site(FIRST, "orders"), vault(FIRST, "one"), vault(FIRST, "two"), {**above, "subscriptionId": ""}]
    cloud.page = 2
    cloud.granted = [entry("*/read", without=[VAULTS, ROLES])]
    collect(options(Depth.QUICK), kept)
    assert told(kept, "graph:Vaults") == [(0, "ok", None), (1, "ok", None), (2, "DENIED", VAULTS)]
    assert told(kept, "graph:RoleAssignments") == [(0, "ok", None), (1, "DENIED", ROLES)]
    assert kept.of("graph:RoleAssignments")[0].body["data"][0]["name"] == "up"
    assert "there may be more" in kept.of("graph:Vaults")[2].message


def test_where_permissions_are_refused_only_silence_is_doubted(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.rows = [site(FIRST, "orders"), vault(FIRST, "safe")]
    cloud.answers[PERMISSIONS] = refused("AuthorizationFailed", "not yours")
    collect(options(Depth.QUICK), kept)
    assert told(kept, "authorization:ListPermissions") == [(0, "DENIED", "Microsoft.Authorization/permissions/read")]
    assert told(kept, "graph:Sites") == [(0, "ok", None)]
    assert told(kept, "web:ListSites") == [(0, "ok", None)]
    assert told(kept, "graph:Vaults") == [(0, "ok", None)]
    assert told(kept, "graph:Registries") == [(0, "DENIED", "Microsoft.ContainerRegistry/registries/read")]
    assert told(kept, "graph:RoleAssignments") == [(0, "DENIED", ROLES)]
    assert kept.of("graph:RoleAssignments")[0].message.endswith("could not be told: AuthorizationFailed: not yours")


def test_a_query_that_failed_keeps_its_own_gap(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    def script(asked: Asked) -> Told:
        return cloud.graph(asked) if "$skipToken" not in asked.body["options"] else refused("BadRequest", status=400)

    cloud.rows, cloud.page = [site(FIRST, "a"), site(FIRST, "b")], 1
    cloud.granted = []
    cloud.answers["graph resources"] = script
    collect(options(Depth.QUICK), kept)
    assert [reason for _, reason, _ in told(kept, "graph:Sites")] == ["ok", "SERVICE_ERROR"]
    assert [reason for _, reason, _ in told(kept, "graph:Vaults")] == ["SERVICE_ERROR"]


def test_apps_that_may_not_all_be_read_leave_both_lists_open(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.granted = [entry("*/read", without=["Microsoft.Web/sites/read"])]
    collect(options(Depth.QUICK), kept)
    for operation in ("graph:Sites", "web:ListSites"):
        assert told(kept, operation) == [(0, "ok", None), (1, "DENIED", "Microsoft.Web/sites/read")]
    assert endpoint.paths("/sites/orders/slots") != []


def test_a_subscription_whose_apps_may_be_hidden_is_asked_on(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.granted = [entry("*/read", without=["microsoft.web/*"])]
    collect(options(Depth.QUICK), kept)
    assert told(kept, "graph:Sites") == [(0, "DENIED", "Microsoft.Web/sites/read")]
    assert told(kept, "web:ListSites") == [(0, "ok", None), (1, "DENIED", "Microsoft.Web/sites/read")]
    assert kept.told("authorization:ListLocks") == {"": "ok"}


def test_slots_that_may_be_hidden_are_asked_for_app_by_app(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.granted = [entry("*/read", without=["Microsoft.Web/sites/slots/read"])]
    cloud.answers["/sites/orders/slots"] = Told({"value": [site(FIRST, "orders/staging")]})
    collect(options(), kept)
    assert told(kept, "graph:Sites") == [(0, "ok", None), (1, "DENIED", "Microsoft.Web/sites/slots/read")]
    assert told(kept, "web:ListSites") == [(0, "ok", None)]
    assert kept.told("web:ListSlots") == {"orders": "ok"}
    assert kept.told("web:ListFunctions") == {"orders": "ok", "staging": "ok"}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A subscription with an app, its slot and a vault."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    shop = Subscription(furnish(Tenant()), FIRST, "shop", "Shop-Group")
    shop.app(App("orders", group="Shop-Group", settings={"STAGE": "test"}))
    shop.slot(App("orders", group="Shop-Group"), "staging")
    shop.vault("fhw-safe")
    with Server(shop.tenant) as server:
        monkeypatch.setenv("AUDITOR_AZURE_ENDPOINT", server.endpoint)
        yield server


def captured(options: CollectOptions, root: Path, operation: str) -> list[Envelope]:
    """What a snapshot of the whole run holds of an operation."""
    capture({Cloud.AZURE: plugins.provider(Cloud.AZURE)}, {Cloud.AZURE: options}, root, (), NullProgress())
    return list(Snapshot(root).read(ShardKey(Cloud.AZURE, FIRST, "global", operation)))


def test_a_denied_right_ends_up_in_the_capture(served: Server, options: Options, tmp_path: Path) -> None:
    served.denials.deny(VAULTS)
    (gap,) = captured(options(), tmp_path, "graph:Vaults")
    assert (str(gap.reason), gap.permission, gap.body) == ("DENIED", VAULTS, None)
    assert "is not granted on the whole subscription" in gap.message


def test_with_every_right_there_is_no_gap(served: Server, options: Options, tmp_path: Path) -> None:
    (page,) = captured(options(Depth.FULL), tmp_path, "graph:Vaults")
    assert [row["name"] for row in page.body["data"]] == ["fhw-safe"]
    asked = [operation.id for operations in TABLES.values() for operation in operations]
    snapshot = Snapshot(tmp_path)
    for operation in (*asked, "web:ListSites", "authorization:ListPermissions"):
        pages = snapshot.read(ShardKey(Cloud.AZURE, FIRST, "global", operation))
        assert [str(e.outcome) for e in pages] == ["ok"], operation


def test_the_settings_tier_is_denied_by_itself(served: Server, options: Options, tmp_path: Path) -> None:
    served.denials.deny("Microsoft.Web/sites/config/list/action")
    pages = {e.subject.rsplit("/", 1)[-1]: e for e in captured(options(), tmp_path, "web:ListApplicationSettings")}
    assert (str(pages["orders"].reason), pages["orders"].permission) == (
        "DENIED",
        "Microsoft.Web/sites/config/list/action",
    )
    assert str(pages["staging"].outcome) == "ok"
    (sites,) = Snapshot(tmp_path).read(ShardKey(Cloud.AZURE, FIRST, "global", "graph:Sites"))
    assert [row["name"] for row in sites.body["data"]] == ["orders", "orders/staging"]
    configurations = Snapshot(tmp_path).read(ShardKey(Cloud.AZURE, FIRST, "global", "graph:SiteConfigs"))
    assert [str(e.outcome) for e in configurations] == ["ok"]
