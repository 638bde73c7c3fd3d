"""A run on Azure or Google Cloud whose credentials expired is gone on with: what it was told of one resource is not asked again."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.cli.main import run
from auditor.model.ids import Cloud
from moto_fixtures.azure import faults as azure_faults
from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.server import Server as AzureServer
from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.gcp import faults as gcp_faults
from moto_fixtures.gcp.bulk_seed import many
from moto_fixtures.gcp.server import Server as GcpServer

ABOVE = ("resourcemanager:", "iam:ListDenyPolicies", "iam:GetRole")
"""What projects share, and what tells of a project as a whole, is asked again."""


@dataclass
class Place:
    """An emulated cloud, and the call of which one is answered that the credentials expired."""

    cloud: Cloud
    server: Any
    fault: Any
    expired: str


@pytest.fixture(params=[Cloud.AZURE, Cloud.GCP], ids=str)
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    server: Any
    if request.param is Cloud.AZURE:
        server = AzureServer(tenant_of(12), page_size=5)
        fault: Any = azure_faults.Fault(Spoil.EXPIRED_TOKEN, operation="web:GetAuthSettings", resource="*00007*")
    else:
        server = GcpServer(many(12))
        fault = gcp_faults.Fault(Spoil.EXPIRED_TOKEN, operation="storage:GetBucketPolicy", path="*us-central1*")
    with server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield Place(request.param, server, fault, fault.operation)


def scan(place: Place, out: Path, *more: str) -> set[tuple[str, str]]:
    """Runs, and returns what was answered about one resource: the operation and the path."""
    place.server.forget_requests()
    run(["scan", "--provider", str(place.cloud), "-M", "json", "-o", str(out), "--quiet", "--max-workers", "2", *more])
    each = {operation.id for operation in plugins.provider(place.cloud).operations if operation.per_subject}
    found = [seen for seen in place.server.requests if seen.operation in each and not seen.operation.startswith(ABOVE)]
    return {(seen.operation, seen.path.partition("?")[0].lower()) for seen in found if seen.status in (200, 404)}


def judged(out: Path) -> dict[str, Any]:
    report = json.loads((out / "report.json").read_text("utf-8"))
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (as of ")[0]
    return {key: report[key] for key in ("verdicts", "findings", "functions", "unknowns", "score")}


def test_what_expired_credentials_left_unanswered_is_asked_and_nothing_else(place: Place, tmp_path: Path) -> None:
    whole = scan(place, tmp_path / "whole")
    place.server.faults.add(place.fault)
    told = scan(place, tmp_path / "out")
    assert told < whole
    place.server.faults.clear()
    asked = scan(place, tmp_path / "out", "--resume", str(tmp_path / "out"))
    assert asked & told == set()
    assert asked == whole - told
    assert place.expired in {operation for operation, _ in asked}
    assert judged(tmp_path / "out") == judged(tmp_path / "whole")


def test_a_list_that_broke_off_between_two_pages_is_not_taken_for_a_whole_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with AzureServer(tenant_of(3), page_size=1) as server:  # two functions an app: two pages
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        place = Place(Cloud.AZURE, server, None, "")
        scan(place, tmp_path / "whole")
        scan(place, tmp_path / "out")
        _cut(next(iter((tmp_path / "out").rglob("web%3AListFunctions*"))))
        asked = scan(place, tmp_path / "again", "--resume", str(tmp_path / "out"))
        assert {operation for operation, _ in asked} == {"web:ListFunctions"}
        assert judged(tmp_path / "again") == judged(tmp_path / "whole")


def _cut(shard: Path) -> None:
    """Leaves the first page of every list, as a run leaves it that is killed."""
    lines = gzip.decompress(shard.read_bytes()).splitlines(keepends=True)
    pairs = list(zip(lines[::2], lines[1::2], strict=True))
    kept = [head + body for head, body in pairs if json.loads(head)["p"] == 0]
    assert len(kept) == len(pairs) / 2
    shard.write_bytes(gzip.compress(b"".join(kept)))
