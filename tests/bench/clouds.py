"""Azure and Google Cloud: calls and time for a thousand functions, against the emulators with their quotas on.

The floor is arithmetic, from the published figures: how many answers the bulk paths need at their page size, how many
calls exist in no bulk form, and how long the quota takes to let those through.
"""

import math
import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.quotas import Quotas as AzureQuotas
from moto_fixtures.azure.server import Server as AzureServer
from moto_fixtures.azure.tenant import Tenant
from moto_fixtures.gcp.bulk_seed import many
from moto_fixtures.gcp.quotas import Quotas as GcpQuotas
from moto_fixtures.gcp.server import Server as GcpServer

_PAGE = 1000
_LATENCY = 0.04
_READS = (250, 25.0)
"""Azure Resource Manager, reads of one subscription: burst, then a second."""
_EACH = (
    "functions",
    "config/authsettingsv2",
    "basicpublishingcredentialspolicies",
    "config/configreferences/appsettings",
)
_POSTS = ("config/appsettings/list", "config/connectionstrings/list")

Row = Callable[..., None]
Run = Callable[..., object]


def azure(functions: int, scratch: Path, run: Run, row: Row) -> None:
    """One subscription of function apps, depth standard."""
    server = AzureServer(tenant_of(functions), latency=_LATENCY, quotas=AzureQuotas(on=True), page_size=_PAGE).start()
    told = ["collect", "--provider", "azure", "--no-progress", "-o"]
    server.tenant.activity.events.clear()
    try:
        cost = run([*told, str(scratch / "azure")], server.environment)
        seen = server.requests
        server.forget_requests()
        _change(server.tenant, functions // 20)
        night = run([*told, str(scratch / "azure-2"), "--since", str(scratch / "azure")], server.environment)
        again = len(server.requests)
    finally:
        server.stop()
    graph = sum("resourcegraph" in each.path.lower() for each in seen)
    bulk_floor = _graph_pages(functions)
    every_floor = bulk_floor + functions * (len(_EACH) + len(_POSTS))
    wall_floor = (functions * len(_EACH) - _READS[0]) / _READS[1]
    row(f"Azure, {functions} apps: bulk calls", str(graph), f"{graph / bulk_floor:.2f} x floor")
    row("Azure: all calls", str(len(seen)), f"{len(seen) / every_floor:.3f} x floor")
    row("Azure: throttled answers", str(sum(each.status == 429 for each in seen)))
    row("Azure: collect", f"{cost.wall:.1f} s", f"{cost.wall / wall_floor:.2f} x quota")  # type: ignore[attr-defined]
    row("Azure: CPU / peak memory", f"{cost.cpu:.1f} s", f"{cost.peak_mb:.0f} MB")  # type: ignore[attr-defined]
    row("Azure, 5 % changed: collect --since", f"{night.wall:.1f} s", f"{again / functions:.2f} calls an app")  # type: ignore[attr-defined]


def _change(tenant: Tenant, apps: int) -> None:
    """Writes the settings of so many apps again."""
    paths = sorted(path for path in tenant.documents if path.endswith("/config/appsettings"))
    for path in paths[:apps]:
        tenant.put_document(path, tenant.documents[path])


def _graph_pages(functions: int) -> int:
    """Pages of the three tables that hold all: resources (apps, their plans, one account), configurations, roles."""
    resources = functions + math.ceil(functions / 20) + 1
    return math.ceil(resources / _PAGE) + math.ceil(functions / _PAGE) + math.ceil((functions + 10) / _PAGE)


def gcp(functions: int, scratch: Path, run: Run, row: Row) -> None:
    """One project of functions of every kind, depth standard."""
    server = GcpServer(many(functions), GcpQuotas(), latency=_LATENCY).start()
    try:
        cost = run(["collect", "--provider", "gcp", "-o", str(scratch / "gcp"), "--no-progress"], server.environment)
        seen = server.requests
    finally:
        server.stop()
    calls = Counter(each.operation for each in seen)
    assets = [each for each in seen if each.path.split("?")[0].endswith("/assets")]
    listed = [each for each in seen if each.path.split("?")[0].endswith("/functions")]
    floor = 1 + 2 * _asset_pages(functions)
    bulk = len(assets) + len(listed)
    row(f"Google Cloud, {functions} functions: bulk calls", str(bulk), f"{bulk / floor:.2f} x floor")
    row("Google Cloud: all calls", str(sum(calls.values())), f"{sum(calls.values()) / functions:.3f} a function")
    row("Google Cloud: throttled answers", str(sum(each.status == 429 for each in seen)))
    row("Google Cloud: collect", f"{cost.wall:.1f} s")  # type: ignore[attr-defined]
    row("Google Cloud: CPU / peak memory", f"{cost.cpu:.1f} s", f"{cost.peak_mb:.0f} MB")  # type: ignore[attr-defined]


def _asset_pages(functions: int) -> int:
    """Pages of one pass over the inventory: the functions, the services behind four of five, what stands around."""
    return math.ceil((functions + 0.8 * functions) / _PAGE)


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process with nothing of a cloud in it but what is given."""
    clouds = ("AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "AUDITOR_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(clouds) and k != "PYTHONDONTWRITEBYTECODE"}
    return kept | dict(environment)
