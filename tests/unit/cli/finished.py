"""Finished reports to print: functions that fail a few checks, some of them together."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from auditor.check import Check, Context, Evidence, Fix, Hit, Risk, Trait, check
from auditor.engine.audit import write
from auditor.engine.coverage import Coverage
from auditor.engine.evaluate import evaluate
from auditor.engine.report import AuditReport, RunFacts
from auditor.model.capture import CaptureFacts, Depth, ShardKey
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Severity
from reports.json_report import JsonReporter
from tests.unit.checks.build import ACCOUNT, LISTED, REGION, Surroundings, location, make, scope

RUN = RunFacts({}, "2026-11-23", "none", fail_on_incomplete=False, listing=frozenset({LISTED}), owner_keys=("owner",))
COVERAGE = Coverage({ShardKey(Cloud.AWS, ACCOUNT, REGION, LISTED): (1, 0, Counter())}, {})
FACTS = CaptureFacts(
    "2026-11-23T00:00:00Z",
    "2026-11-23T00:01:00Z",
    Depth.STANDARD,
    "0.1.0",
    scopes=((Cloud.AWS, ACCOUNT, (REGION,)),),
    selection=(),
    throttles=(),
    interrupted=False,
    errors=(),
    callers=((Cloud.AWS, f"arn:aws:sts::{ACCOUNT}:assumed-role/auditor/session"),),
)
FIX = Fix(
    text="Require authentication on the URL of {name}, and give those who call it the permission to.",
    command="aws lambda update-function-url-config --function-name {name} --auth-type AWS_IAM",
    no_terraform="none",
    breaks="callers that send no signature are refused",
)


def failing(
    name: str,
    title: str,
    severity: Severity,
    where: Callable[[Function], bool],
    *,
    site: str = "",
    trait: Trait | None = None,
    unread: Callable[[Function], bool] = lambda _function: False,
) -> Check:
    """A check that fails on the functions that ``where`` picks, and cannot tell of those that ``unread`` picks."""

    def run(function: Function, _context: Context) -> Iterator[Hit]:
        """Why it matters."""
        if unread(function):
            raise Unanswered(Gap(GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy", "not authorized"))
        if where(function):
            yield Hit(f"{function.name} lets everyone in", (Evidence(LISTED, "AuthType = NONE"),), site=site)

    return check(id=name, title=title, risk=Risk.EXPOSURE, severity=severity, fix={Cloud.AWS: FIX}, trait=trait)(run)


def number(function: Function) -> int:
    """The number that ends a function's name."""
    return int(function.name.rpartition("-")[2])


CHECKS = (
    failing(
        "open-url",
        "Function URL is public: invocation requires no authentication",
        Severity.CRITICAL,
        lambda function: number(function) % 50 == 0,
        trait=Trait.UNAUTHENTICATED,
        unread=lambda function: number(function) % 50 == 1,
    ),
    failing(
        "admin",
        "Execution identity has administrator permissions",
        Severity.CRITICAL,
        lambda function: number(function) % 25 == 0,
        site="arn:aws:iam::111122223333:role/deployment-of-everything",
        trait=Trait.ADMINISTRATOR,
    ),
    failing("slow", "Timeout is the longest there is", Severity.LOW, lambda function: number(function) % 3 == 0),
)


def report(functions: int, checks: tuple[Check, ...] = CHECKS, about: CaptureFacts = FACTS) -> AuditReport:
    """A report of so many functions."""
    made = tuple(make(f"orders-service-for-the-warehouse-{each}") for each in range(functions))
    here = location(functions=Known(functions, LISTED))
    inventory = Inventory(scopes=(scope(),), locations=(here,), functions=made)
    return AuditReport(about, inventory, evaluate(inventory, checks, Surroundings()), COVERAGE, RUN)


def written(functions: int, directory: Path, about: CaptureFacts = FACTS) -> Path:
    """The report.json of so many functions."""
    directory.mkdir(parents=True, exist_ok=True)
    (path,) = write(report(functions, about=about), (JsonReporter(),), directory, lambda _sentence: None)
    return path


def captured(**changes: Any) -> CaptureFacts:
    """The facts of the capture, with changes."""
    return dataclasses.replace(FACTS, **changes)
