"""Why a run ends with another code than 0: one line each on standard error, said also with ``--quiet``."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from auditor.engine.permission_grants import blocked
from auditor.engine.resource_owners import allow_advice
from auditor.errors import ExitCode
from auditor.lifecycle.shortfall import shortfall
from auditor.model.severity import NEW, Severity


def reasons(head: Mapping[str, Any], listing: Collection[str], *, fail_on_incomplete: bool) -> Iterator[str]:
    """The sentences for the head of a report; none where the run finished and its gate passed.

    ``listing`` are the operations that list functions: where none answered, those are what is missing.
    """
    run, code = head["run"], head["run"]["exit_code"]
    if code == ExitCode.NO_SCOPE:
        yield f"nothing could be read: {_unlisted(head, listing)} (exit {code})"
    if code == ExitCode.USAGE:
        faults = sum(row["status"] != "active" for row in head["waivers"])
        yield f"{faults} {'waiver wants' if faults == 1 else 'waivers want'} a look, and --strict-waivers (exit {code})"
    if code in (ExitCode.USAGE, ExitCode.GATE_FAILED, ExitCode.INCOMPLETE):
        if fail_on_incomplete and not run["complete"]:
            yield f"incomplete: {shortfall(head)}, and --fail-on-incomplete (exit {code})"
        if not run["gate"]["passed"]:
            level, new = run["gate"]["fail_on"], run["gate"]["only_new"]
            counts, option = _counts(head, Severity(level)), f"{NEW if new else ''}{level}"
            yield f"gate failed: {counts}{' that are new' if new else ''} at or above --fail-on {option} (exit {code})"


def _counts(head: Mapping[str, Any], level: Severity) -> str:
    found = head["run"]["gate"]["by_severity"]
    return ", ".join(f"{found[each]} {each}" for each in Severity if each.at_least(level) and found[each])


def _unlisted(head: Mapping[str, Any], listing: Collection[str]) -> str:
    """The lists of functions that were not answered, with what would allow them."""
    gaps = [gap for gap in head["coverage"]["gaps"] if gap["operation"] in listing]
    shown = dict.fromkeys(
        f"{gap['operation']} {gap['reason']}{remedy(gap)}" for gap in sorted(gaps, key=lambda gap: gap["operation"])
    )
    return "; ".join([*shown, *head["run"]["errors"]]) or "no account was opened"


def remedy(gap: Mapping[str, Any]) -> str:
    """What would allow a denied call, as the end of a line: a permission, or the account that owns the resource."""
    if gap["reason"] != "DENIED":
        return ""
    if gap.get("owners"):
        return f", {allow_advice(gap['owners'])}"
    if hindrance := blocked(gap.get("message", "")):
        return f", {hindrance}"
    return f", grant {gap['permission']}" if gap["permission"] else ""
