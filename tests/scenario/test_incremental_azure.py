"""Azure apps that the activity log shows unchanged keep their answers; verdicts are those of a run that asks everything."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run
from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.response_shapes.authentication import config_document
from moto_fixtures.azure.response_shapes.functions import Entry, function_row, http
from moto_fixtures.azure.server import Server
from moto_fixtures.azure.tenant import Tenant
from tests.scenario.test_incremental import judged

APPS = 10
PROVEN = (
    "web:GetAuthSettings",
    "web:ListPublishingPolicies",
    "web:ListApplicationSettings",
    "web:ListConnectionStrings",
)
AGED = ("web:GetKeyVaultReferences",)
ANEW = ("web:ListFunctions",)
Report = dict[str, Any]
Scan = Callable[..., Report]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(tenant_of(APPS, slots=2)) as opened:
        opened.tenant.activity.events.clear()  # it was all made long before the first run
        yield opened


@pytest.fixture
def scan(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def scanned(place: str, *more: str) -> Report:
        server.forget_requests()
        out = ["-M", "json", "-o", str(tmp_path / place), "--quiet"]
        assert run(["scan", "--provider", "azure", "--depth", "standard", *out, *more]) == 0
        report: Report = json.loads((tmp_path / place / "report.json").read_text("utf-8"))
        return report

    return scanned


def asked(server: Server, *operations: str) -> Counter[str]:
    found = Counter(seen.operation for seen in server.requests)
    return Counter({name: found[name] for name in operations})


def apps(tenant: Tenant) -> list[str]:
    kinds = ("microsoft.web/sites", "microsoft.web/sites/slots")
    return sorted(one.id for one in tenant.resources.values() if str(one.body["type"]).lower() in kinds)


def document(tenant: Tenant, app: str, name: str, **properties: Any) -> None:
    """Writes one of an app's documents through Resource Manager."""
    kind = "sites/slots" if "/slots/" in app else "sites"
    tenant.put_document(f"{app}/config/{name}", config_document(app, name, kind, "West Europe", properties))


def open_up(tenant: Tenant, app: str) -> None:
    policies = tenant.lists[f"{app}/basicPublishingCredentialsPolicies".lower()]
    opened = [{**row, "properties": {**row["properties"], "allow": True}} for row in policies]
    tenant.put_list(f"{app}/basicPublishingCredentialsPolicies", opened)


def changed(tenant: Tenant, chance: random.Random) -> None:
    """A random change of something that is set through Resource Manager."""
    app = chance.choice(apps(tenant))
    password = "".join(chance.choices("abcdefghijkmnpqrstuvwxyz23456789", k=24))
    chance.choice(
        (
            lambda: document(tenant, app, "appsettings", DB_PASSWORD=password, FUNCTIONS_EXTENSION_VERSION="~3"),
            lambda: document(tenant, app, "authsettingsV2", platform={"enabled": chance.random() < 0.5}),
            lambda: open_up(tenant, app),
        )
    )()


def test_what_was_set_since_is_seen_at_once_and_nothing_else_asked(scan: Scan, server: Server, tmp_path: Path) -> None:
    since = ("--since", str(tmp_path / "before"))
    before = judged(scan("before"))
    assert not asked(server, "insights:ListActivityEvents")["insights:ListActivityEvents"]
    same = scan("same", *since)
    assert +asked(server, *PROVEN, *AGED, *ANEW) == {"web:ListFunctions": APPS + 2}
    assert same["run"]["carried_over"]["unchanged"] == len(PROVEN) * (APPS + 2)
    assert judged(same) == before
    chance = random.Random(11)
    for _ in range(4):
        changed(server.tenant, chance)
    incremental = scan("incremental", *since)
    touched = {event.resource.lower().split("/sites/")[1].split("/")[0] for event in server.tenant.activity.events
               if not event.action.endswith("/list/action")}  # fmt: skip
    again = {seen.path.lower().split("/sites/")[1].split("/")[0] for seen in server.requests
             if seen.operation == "web:GetAuthSettings"}  # fmt: skip
    assert again == touched
    assert judged(incremental) == judged(scan("full", "--full")) != before


def test_a_run_after_a_run_after_a_run_is_still_proven(scan: Scan, server: Server, tmp_path: Path) -> None:
    scan("one")
    second = scan("two", "--since", str(tmp_path / "one"))
    third = scan("three", "--since", str(tmp_path / "two"))
    assert third["run"]["carried_over"]["unchanged"] == second["run"]["carried_over"]["unchanged"] > 0
    details = [row["detail"] for finding in third["findings"] for row in finding["evidence"]]
    assert any(
        f"(unchanged since {second['run']['carried_over']['oldest']}, activity log until " in one for one in details
    )


def test_an_event_that_came_late_is_seen_by_the_run_after(scan: Scan, server: Server, tmp_path: Path) -> None:
    before = judged(scan("before"))
    server.tenant.activity.delay = timedelta(minutes=20)
    open_up(server.tenant, apps(server.tenant)[0])
    assert judged(scan("late", "--since", str(tmp_path / "before")))["verdicts"] == before["verdicts"]
    server.tenant.activity.delay = timedelta(0)
    after = scan("after", "--since", str(tmp_path / "late"))
    assert judged(after) == judged(scan("full", "--full")) != before


def test_what_no_event_covers_is_asked_or_as_old_as_told(scan: Scan, server: Server, tmp_path: Path) -> None:
    before = scan("before")
    tenant, app = server.tenant, apps(server.tenant)[0]
    entry = Entry("open", (http("anonymous", ("get",)),))
    tenant.put_list(f"{app}/functions", [function_row(app, app.rpartition("/")[2], "West Europe", entry, "sites")])
    deployed = scan("deployed", "--since", str(tmp_path / "before"))
    assert judged(deployed) == judged(scan("full", "--full")) != judged(before)  # code comes past Resource Manager
    scan("aged", "--since", str(tmp_path / "before"), "--max-age", "0")
    assert +asked(server, *PROVEN, *AGED) == {"web:GetKeyVaultReferences": APPS + 2}


@pytest.mark.parametrize("withheld", ["refused", "nameless"])
def test_without_the_whole_log_every_app_is_asked(
    withheld: str, scan: Scan, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan("before")
    open_up(server.tenant, apps(server.tenant)[0])
    if withheld == "refused":
        server.denials.deny("Microsoft.Insights/eventtypes/values/read")
    else:
        monkeypatch.setattr(type(server.tenant.activity), "rows", lambda *_: [b'{"operationName":{"value":"x"}}'])
    incremental = scan("incremental", "--since", str(tmp_path / "before"))
    assert asked(server, *PROVEN) == dict.fromkeys(PROVEN, APPS + 2)
    gaps = {row["permission"] for row in incremental["coverage"]["gaps"]}
    assert ("Microsoft.Insights/eventtypes/values/read" in gaps) is (withheld == "refused")
    server.denials.clear()
    assert judged(incremental)["verdicts"] == judged(scan("full", "--full"))["verdicts"]


def test_values_that_another_version_judged_are_judged_again(scan: Scan, server: Server, tmp_path: Path) -> None:
    scan("before")
    for file in (tmp_path / "before" / "snapshot" / "captures").glob("*.json"):
        told = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps({**told, "tool_version": "0.0.1"}), "utf-8")
    scan("after", "--since", str(tmp_path / "before"))
    settings = ("web:ListApplicationSettings", "web:ListConnectionStrings")
    assert +asked(server, *PROVEN) == dict.fromkeys(settings, APPS + 2)
