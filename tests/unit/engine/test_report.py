"""The head of a report: complete, exit code, and the reasons of the worst functions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from auditor.check import Check, Context, Evidence, Fix, Hit, Risk, check
from auditor.engine.coverage import Coverage
from auditor.engine.evaluate import evaluate
from auditor.engine.report import AuditReport, RunFacts
from auditor.model.capture import CaptureFacts, Depth
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Severity
from tests.unit.checks.build import LISTED, Surroundings, location, make

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}
RUN = RunFacts({}, "2026-11-23", "none", fail_on_incomplete=False, listing=frozenset(), owner_keys=("owner",))


def declared(run, name: str, title: str, severity: Severity) -> Check:
    run.__doc__ = "Why."
    return check(id=name, title=title, risk=Risk.EXPOSURE, severity=severity, fix=FIX)(run)


def failing(_function: Function, _context: Context) -> Iterator[Hit]:
    yield Hit("bad", (Evidence(LISTED, "Field = value"),))


def unread(_function: Function, _context: Context) -> Iterator[Hit]:
    raise Unanswered(Gap(GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy", "no"))
    yield


def facts(*, interrupted: bool = False, errors: tuple[str, ...] = ()) -> CaptureFacts:
    times = ("2026-11-23T00:00:00Z", "2026-11-23T00:01:00Z")
    return CaptureFacts(*times, Depth.STANDARD, "0.1.0", (), (), (), interrupted, errors)


def report(*checks: Check, run: RunFacts = RUN, about: CaptureFacts | None = None) -> AuditReport:
    functions = (make("orders"),) if checks else ()
    here = location(functions=Known(len(functions), LISTED))
    inventory = Inventory(scopes=(), locations=(here,), functions=functions)
    return AuditReport(about or facts(), inventory, evaluate(inventory, checks, Surroundings()), Coverage({}, {}), run)


def test_an_unknown_is_never_given_as_a_fact() -> None:
    proved = declared(failing, "proved", "Door is open", Severity.LOW)
    doubted = declared(unread, "doubted", "Everybody may enter", Severity.CRITICAL)
    assert report(doubted).head["worst"] == []
    (row,) = report(doubted, proved).head["worst"]
    assert (row["function_name"], row["check_id"], row["title"]) == ("orders", "proved", "Door is open")


def test_a_run_that_opened_nothing_is_incomplete() -> None:
    head = report(about=facts(interrupted=True)).head
    assert head["run"]["complete"] is head["coverage"]["complete"] is False
    assert head["run"]["exit_code"] == 5


@pytest.mark.parametrize("code", [130, 143])
def test_the_report_holds_what_the_process_returns(code: int) -> None:
    signalled = report(declared(failing, "proved", "Door is open", Severity.LOW), run=replace(RUN, signalled=code))  # type: ignore[arg-type]
    assert signalled.verdict.exit_code == signalled.head["run"]["exit_code"] == code
