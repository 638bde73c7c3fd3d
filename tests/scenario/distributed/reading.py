"""An emulated organization, the command that reads it by several processes, and what they are."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil

from tests.scenario.pausing import HOME as CHECKOUT
from tests.scenario.pausing import wait_until
from tests.unit.providers.aws.collector.organization import HOME, ROLE

ACCOUNTS: Final = int(os.environ.get("DISTRIBUTED_ACCOUNTS", "3"))
NAMES: Final = tuple(f"team{number:02}" for number in range(ACCOUNTS))
FAILING: Final = NAMES[1]
ABOVE: Final = (
    "organizations:ListPolicies",
    "organizations:ListTargets",
    "organizations:Describe",
    "organizations:ListParents",
)
QUICK: Final = ("--depth", "quick")
BOOT: Final = "spawn_main"
"""What the command line of a worker process holds."""


def command(place: Path, *more: str) -> list[str]:
    fleet = ("--provider", "aws", "--organization", "--org-role-name", ROLE, "-f", HOME)
    return ["scan", *fleet, "-M", "json", "-o", str(place), "--quiet", *more]


def judged(place: Path) -> dict[str, Any]:
    """The report but for its times, and for what was typed."""
    report: dict[str, Any] = json.loads((place / "report.json").read_text("utf-8"))
    for key in ("started_at", "finished_at"):
        del report[key]
    for key in ("command", "carried_over"):
        report["run"].pop(key, None)
    unreadable = {row["id"] for row in report["scopes"] if row["status"] == "unreadable"}
    operations = report["coverage"]["operations"]
    # the policies above an account are asked before anybody signs in to it: one process skips those of one it cannot read
    report["coverage"]["operations"] = [
        row for row in operations if row["scope"] not in unreadable or not row["operation"].startswith(ABOVE)
    ]
    for row in report["scopes"]:
        row.pop("carried_over", None)
        row.pop("age", None)
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (as of ")[0]
    return report


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that read, below one that has them read."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if any(BOOT in word for word in child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


class Cluster:
    """A scheduler and its workers, each a process as an operator starts it."""

    def __init__(self, scratch: Path, protocol: str, environment: dict[str, str], number: int) -> None:
        self._told = scratch / "scheduler.json"
        self._environment = {**os.environ, **environment, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
        common = ["--no-dashboard", "--scheduler-file", str(self._told)]
        self.scheduler = self._start(
            "scheduler",
            *common,
            "--protocol",
            protocol,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--dashboard-address",
            "127.0.0.1:0",
        )
        self.workers: list[subprocess.Popen[str]] = []
        try:
            self._join(scratch, number)
        except BaseException:
            self.stop()
            raise

    def _join(self, scratch: Path, number: int) -> None:
        wait_until(lambda: self._told.exists() and self._told.read_text().endswith("}"))
        self.address = json.loads(self._told.read_text())["address"]
        told = ["--scheduler-file", str(self._told), "--no-dashboard", "--nthreads", "1", "--memory-limit", "0"]
        local = ["--local-directory", str(scratch), "--death-timeout", "60"]
        self.workers = [self._start("worker", *told, *local) for _ in range(number)]

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "dask", *arguments],
            cwd=CHECKOUT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def reading(self) -> list[psutil.Process]:
        """The processes that read: each worker's, below the nanny that starts it again."""
        return [process for nanny in self.workers if nanny.poll() is None for process in workers(nanny)]

    def stop(self) -> None:
        for process in [*self.reading(), *self.workers, self.scheduler]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()


@contextmanager
def cluster(scratch: Path, protocol: str, environment: dict[str, str], number: int = 2) -> Iterator[Cluster]:
    scratch.mkdir()
    made = Cluster(scratch, protocol, environment, number)
    try:
        yield made
    finally:
        made.stop()
