"""The benchmark: ``make bench``. Prints figures and ratios; asserts nothing, because machines differ.

Collection of 1,000 functions behind 40 ms of latency and AWS's published quotas, beside a bare collector that asks
the same and parses nothing; 17 regions; a replay of 10,000 functions; decisions about what 1,000 roles may do; every format of
100,000 findings; an organization in simulated time; Azure and Google Cloud against their emulators.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from auditor import plugins
from auditor.errors import UsageError
from auditor.formats import FORMATS
from tests.bench import bare, clouds, history, identities, loops
from tests.bench.clouds import scrubbed
from tests.bench.organization import measured, usable


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    wall: float
    cpu: float
    peak_mb: float
    code: int


def run(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Runs ``auditor`` in a process of its own and measures it."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *arguments], env=scrubbed(environment or {}), stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def at(port: int) -> dict[str, str]:
    """Points boto3 at the made-up account."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def account(*arguments: str) -> Iterator[int]:
    """The made-up account, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.account", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def stats(port: int) -> dict[str, dict[str, int]]:
    """What the account was asked."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/__stats__") as answer:
        found: dict[str, dict[str, int]] = json.loads(answer.read())
        return found


def collection(functions: int, scratch: Path) -> None:
    """One region: collection beside the bare collector, then evaluation and reports."""
    with account("-n", str(functions)) as port:
        floor = bare.collect(port)
    with account("-n", str(functions)) as port:
        out = str(scratch / "one")
        collect = run(["collect", "--provider", "aws", "--region", "us-east-1", "-o", out, "--no-progress"], at(port))
        seen = stats(port)
    judge = run(["evaluate", str(scratch / "one"), "-o", str(scratch / "one-report")])
    direct = sum(count for name, count in seen["calls"].items() if name.startswith(("lambda:", "iam:")))
    row(f"bare collector, {functions} functions", f"{floor:.1f} s")
    row("auditor collect", f"{collect.wall:.1f} s", f"{collect.wall / floor:.3f} x bare")
    row("Lambda and IAM calls a function", f"{direct / functions:.2f}")
    row("throttled answers", str(sum(seen["throttled"].values())))
    row(
        "CPU, collect + evaluate + reports",
        f"{collect.cpu:.1f} + {judge.cpu:.1f} s",
        f"{collect.cpu + judge.cpu:.1f} s",
    )
    row("peak memory, collect / evaluate", f"{collect.peak_mb:.0f} / {judge.peak_mb:.0f} MB")


def incremental(functions: int, scratch: Path) -> None:
    """A second night, in which one function in twenty changed."""
    told = ["collect", "--provider", "aws", "--region", "us-east-1", "--no-progress", "-o"]
    with account("-n", str(functions)) as port:
        first = run([*told, str(scratch / "night-1")], at(port))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/__change__?percent=5"):
            second = run([*told, str(scratch / "night-2"), "--since", str(scratch / "night-1")], at(port))
        calls = sum(stats(port)["calls"].values())
    row(f"{functions} functions, 5 % changed: collect --since", f"{second.wall:.1f} s", f"{first.wall:.1f} s in full")
    row("calls a function, all services", f"{calls / functions:.2f}")


def regions(functions: int, scratch: Path) -> None:
    """Seventeen regions at once."""
    with account("-n", str(functions), "--regions", "17") as port:
        cost = run(["collect", "--provider", "aws", "-o", str(scratch / "many"), "--no-progress"], at(port))
    row(f"17 regions, {functions} functions: collect", f"{cost.wall:.1f} s", f"CPU {cost.cpu:.1f} s")
    row("17 regions: peak memory", f"{cost.peak_mb:.0f} MB")


def replay(functions: int, scratch: Path) -> None:
    """Evaluation and both reports of a large account, which was read in simulated time."""
    (scratch / "large").mkdir()
    measured(1, functions, scratch / "large")
    cost = run(["evaluate", str(scratch / "large"), "-o", str(scratch / "large-report")])
    html = (scratch / "large-report" / "report.html").stat().st_size / 1e6
    row(f"replay of {functions} functions: CPU", f"{cost.cpu:.1f} s", f"{cost.wall:.1f} s wall")
    row("replay: peak memory", f"{cost.peak_mb:.0f} MB")
    row("replay: report.html", f"{html:.1f} MB")
    row("replay: report.json", f"{(scratch / 'large-report' / 'report.json').stat().st_size / 1e6:.0f} MB")


def reasoned(functions: int, scratch: Path) -> None:
    """Evaluation of an account whose roles may do much: capabilities, escalation and takeover paths, everything else."""
    identities.write(scratch / "identities" / "snapshot", functions, 3 * functions)
    cost = run(["evaluate", str(scratch / "identities"), "-o", str(scratch / "identities-report"), "-M", "json"])
    row(f"{functions:,} roles that may do much: evaluate, CPU", f"{cost.cpu:.1f} s", f"{cost.peak_mb:.0f} MB")


def organization(accounts: int, functions: int, scratch: Path) -> None:
    """A simulated organization: collected by the code that workers run, in simulated time, then evaluated as one."""
    place = scratch / "organization"
    place.mkdir()
    command = [sys.executable, "-m", "tests.bench.organization", str(accounts), str(functions), str(place)]
    took = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    what = f"{accounts:,} accounts, {took['functions']:,} functions"
    row(f"{what}: calls a function", f"{took['requests'] / took['functions']:.2f}", f"{took['throttled']} throttled")
    row("an account, in simulated time", f"{took['seconds of a unit']:.1f} s", f"CPU {took['cpu of a unit']:.1f} s")
    for workers, seconds in took["seconds"].items():
        row(f"{workers} workers: seconds, efficiency", f"{seconds:,.0f} s", f"{took['efficiency'][workers]:.3f}")
    for side, seconds in took["seconds of a shell loop"].items():
        row(f"a shell loop over the accounts, {side} at once", f"{seconds:,.0f} s")
    (place / "recorded").mkdir()
    command = [*command[:3], "1", str(functions), str(place / "recorded"), "config"]
    recorded = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    calls = f"{recorded['requests'] / functions:.2f} calls each"
    row("an account with --tier config, in simulated time", f"{recorded['seconds of a unit']:.1f} s", calls)
    peaks = " / ".join(f"{megabytes:.0f}" for megabytes in took["peaks"].values())
    row("peak memory at 10, 25, 50, 75, 100 % of them", f"{peaks} MB")
    cost = run(["evaluate", str(place), "-o", str(scratch / "organization-report")])
    row(f"{what}: evaluate, CPU a function", f"{cost.cpu / took['functions'] * 1e3:.2f} ms", f"{cost.peak_mb:,.0f} MB")
    page = scratch / "organization-report" / "report.html"
    shown = usable(page)
    row("its page, until it can be used", f"{page.stat().st_size / 1e6:.1f} MB", f"{shown:.1f} s" if shown else "")


def decisions(roles: int, policies: int) -> None:
    """What the roles of an account may do, decided one action at a time."""
    command = [sys.executable, "-m", "tests.bench.decisions", str(roles), str(policies)]
    took = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    what = f"{took['decisions']:,} decisions about {roles:,} roles"
    row(f"{what}: CPU", f"{took['first']:.1f} s", f"{took['peak_mb']:.0f} MB")
    row("the same again, a second of CPU", f"{took['decisions'] / took['warm']:,.0f}")


def nights(functions: int, scratch: Path) -> None:
    """Two years of nightly runs in a history, and what questions to it take."""
    took = history.measured(scratch / "history.sqlite", functions=functions)
    row(
        f"history: 730 nights, {functions} functions",
        f"{took.pop('megabytes'):.1f} MB",
        f"{took.pop('findings'):,.0f} findings",
    )
    row("history: a night is added, CPU", f"{took.pop('adding, seconds'):.2f} s")
    for question, milliseconds in took.items():
        row(f"history: {question}, CPU", f"{milliseconds:.1f} ms")


def formats(findings: int) -> None:
    """Each format of a large report, in a process of its own."""
    for name in FORMATS:
        try:
            plugins.reporter(name)
        except UsageError as missing:
            row(f"{name}, {findings:,} findings", "not measured", str(missing))
            continue
        command = [sys.executable, "-m", "tests.bench.formats", name, str(findings)]
        took = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        figure = f"{took['cpu']:.1f} s, {took['peak_mb']:.0f} MB"
        row(f"{name}, {findings:,} findings: CPU, peak memory", figure, f"{took['size_mb']:.1f} MB written")


def row(what: str, figure: str, ratio: str = "") -> None:
    """One line of the table."""
    print(f"| {what:<48} | {figure:>16} | {ratio:>16} |", flush=True)


def main() -> None:
    """Runs what was asked for; everything by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        default=[
            "collection",
            "incremental",
            "regions",
            "replay",
            "decisions",
            "identities",
            "loops",
            "history",
            "formats",
            "organization",
            "azure",
            "gcp",
        ],
    )
    parser.add_argument("-n", "--functions", type=int, default=1000)
    parser.add_argument("--replayed", type=int, default=10_000)
    parser.add_argument("--accounts", type=int, default=100, help="of the simulated organization: 10, 100, 1000")
    parser.add_argument("--findings", type=int, default=100_000)
    chosen = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="auditor-bench-"))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        row("measured", "figure", "ratio")
        row("-" * 48, "-" * 16, "-" * 16)
        if "collection" in chosen.parts:
            collection(chosen.functions, scratch)
        if "incremental" in chosen.parts:
            incremental(chosen.functions, scratch)
        if "regions" in chosen.parts:
            regions(chosen.functions, scratch)
        if "replay" in chosen.parts:
            replay(chosen.replayed, scratch)
        if "decisions" in chosen.parts:
            decisions(chosen.functions, 3 * chosen.functions)
        if "identities" in chosen.parts:
            reasoned(chosen.functions, scratch)
        if "loops" in chosen.parts:
            took = loops.measured()
            row(
                "graph of 50,000 nodes with its loops: CPU",
                f"{took['build'] + took['writes'] + took['loops']:.1f} s",
                "",
            )
        if "history" in chosen.parts:
            nights(chosen.functions, scratch)
        if "formats" in chosen.parts:
            formats(chosen.findings)
        if "organization" in chosen.parts:
            organization(chosen.accounts, chosen.functions, scratch)
        if "azure" in chosen.parts:
            clouds.azure(chosen.functions, scratch, run, row)
        if "gcp" in chosen.parts:
            clouds.gcp(chosen.functions, scratch, run, row)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
