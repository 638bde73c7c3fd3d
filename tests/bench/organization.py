"""A million functions: the whole of a distributed run over a simulated organization (``python -m tests.bench.organization``).

Each unit is read by the code that a worker runs, in simulated time, and gathered by the coordinator's. How long the run takes
on 1 to 8 workers follows from the moments at which units end, to which the processor's time of each is added as if a
worker had no other, and from what the coordinator does in between, which nobody shares. Prints JSON.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from unittest import mock

from playwright.sync_api import sync_playwright

from auditor import plugins
from auditor.distribution.coordinator import Distribution, collect_in_units
from auditor.distribution.storage import open_storage
from auditor.distribution.stored_run import StoredRun
from auditor.distribution.unit import WorkUnit
from auditor.distribution.worker import UnitError, UnitResult, read
from auditor.engine.silent_progress import Silent
from auditor.fleet import Fleet
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from tests.bench.simulated import Organization, simulated
from tests.browser.conftest import FLAGS, chromium
from tests.browser.waiting import settled

WORKERS = (1, 2, 4, 8)
LOOPS = (1, 3)
"""Accounts that a shell loop reads at once: one, and the three of Prowler's documentation."""
_SCAN = "import auditor.cli.main, providers.aws.collect, providers.aws.gateway, providers.aws.normalize, boto3"
"""What each process of such a loop loads anew."""


@dataclass
class SimulatedExecutor:
    """Implements :class:`auditor.distribution.executors.Executor`: one unit after the other, each in a time of its own."""

    organization: Organization
    begun: Any
    remote: bool = False
    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    gathered: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)

    def results(self, units: Mapping[str, WorkUnit], stop: Event) -> Iterator[tuple[str, UnitResult | UnitError]]:
        """Reads the units. The time between two of them is the coordinator's."""
        for name, unit in units.items():
            simulated_time, began = self.begun(), time.process_time()
            result = read(unit, stop)
            ended = time.process_time()
            self.organization.forget()
            self.waited.append(simulated_time.now())
            self.worked.append(ended - began)
            self.peaks.append(peak())
            yield name, result
            self.gathered.append(time.process_time() - ended)

    def seconds(self, workers: int, start: float = 0.0) -> float:
        """How long the run takes: whoever is free takes the next unit; one coordinator gathers what was read.

        ``start``: what each unit takes besides, where it is a process of its own.
        """
        free, gathering = [0.0] * workers, 0.0
        ends = []
        for waited, worked in zip(self.waited, self.worked, strict=True):
            first = free.index(min(free))
            free[first] += start + waited + worked
            ends.append(free[first])
        for end, took in sorted(zip(ends, self.gathered, strict=True)):
            gathering = max(gathering, end) + took
        return gathering


def starting() -> float:
    """The seconds of processor time that a process needs until it can scan."""
    before = os.times()
    subprocess.run([sys.executable, "-c", _SCAN], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def peak() -> float:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(accounts: int, functions: int, scratch: Path, tiers: tuple[str, ...] = ()) -> dict[str, Any]:
    """Reads the organization into ``scratch/snapshot``."""
    organization = Organization(accounts, functions)
    options = CollectOptions(
        depth=Depth.STANDARD,
        regions=("us-east-1",),
        exclude_regions=(),
        functions=(),
        tags=(),
        max_workers=16,
        ca_bundle=None,
        settings={},
        stop=Event(),
        tiers=tiers,
        fleet=Fleet(role="Auditor", accounts=organization.names),
    )
    store = str(scratch / "store")
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
    with mock.patch.dict("os.environ", keys), simulated(organization) as begun:
        executor = SimulatedExecutor(organization, begun)
        how = Distribution(executor, StoredRun.new(open_storage(store)), store, "")
        providers = {Cloud.AWS: plugins.provider(Cloud.AWS)}
        facts = collect_in_units(providers, options, scratch / "snapshot", (), Silent(), how, not_scanned={})
    assert not facts.errors, facts.errors[:3]
    assert len(facts.scopes) == accounts, len(facts.scopes)
    start = starting()
    return {
        "accounts": accounts,
        "functions": accounts * functions,
        "requests": organization.requests,
        "throttled": organization.throttled,
        "seconds of a unit": sum(executor.waited) / accounts,
        "cpu of a unit": sum(executor.worked) / accounts,
        "gathering, cpu": sum(executor.gathered) / accounts,
        "seconds": {workers: executor.seconds(workers) for workers in WORKERS},
        "seconds of a shell loop": {side: executor.seconds(side, start) for side in LOOPS},
        "efficiency": {n: executor.seconds(1) / (n * executor.seconds(n)) for n in WORKERS},
        "peaks": {share: executor.peaks[max(accounts * share // 100 - 1, 0)] for share in (10, 25, 50, 75, 100)},
    }


def usable(report: Path) -> float | None:
    """The seconds until a page that was opened shows its functions; None without Chromium."""
    path = chromium()
    if path is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        began = time.monotonic()
        page.goto(report.as_uri())
        settled(page)
        took = time.monotonic() - began
        browser.close()
    return took


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), tuple(sys.argv[4:]))))
