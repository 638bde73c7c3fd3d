"""Defects of a package's code, as ``auditor code`` prints them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from auditor.model.severity import Severity

_RUNS_CODE: Final = frozenset(
    {
        "command-injection",
        "code-injection",
        "sql-injection",
        "unsafe-deserialization",
        "template-injection",
        "server-side-request-forgery",
        "hardcoded-credential",
        "authorizer-allows-on-error",
        "authorizer-trusts-spoofable-field",
        "signature-not-verified",
    }
)
"""Rules whose findings give an attacker the function, its data or a credential."""

_SLIGHT: Final = frozenset({"event-data-in-temporary-file", "verbose-error"})
"""Rules whose findings help an attacker who has more."""


def severity_of(finding: dict[str, Any]) -> Severity:
    """How bad a defect is, who sends the event being unknown offline. One of low confidence is informational."""
    if finding["confidence"] == "low":
        return Severity.INFORMATIONAL
    if finding["rule"] in _SLIGHT:
        return Severity.LOW
    return Severity.HIGH if finding["rule"] in _RUNS_CODE else Severity.MEDIUM


def is_reached(finding: dict[str, Any], trigger: str | None) -> bool:
    """Whether events of a kind of trigger hold what a defect reads; None: of any kind."""
    return trigger is None or not finding["triggers"] or trigger in finding["triggers"]


def code_lines(findings: Iterable[dict[str, Any]], trigger: str | None = None) -> Iterator[str]:
    """The surest first; each with the way from the event to the sink."""
    order = {"high": 0, "medium": 1, "low": 2}
    rows = tuple(findings)
    reached = [one for one in rows if is_reached(one, trigger)]
    shown = sorted(reached, key=lambda one: (order[one["confidence"]], one["file"], one["line"]))
    low = sum(one["confidence"] == "low" for one in shown)
    if len(shown) > low:
        yield "Code:"
    for one in shown:
        if one["confidence"] == "low":
            continue
        way = f"{one['source']} reaches {one['sink']}" if one["source"] else one["sink"]
        sent = f" ({', '.join(one['triggers'])})" if one["triggers"] else ""
        yield f"  {one['confidence']:6}  CWE-{one['cwe']:<4} {one['rule']}  {one['file']}:{one['line']}  {way}{sent}"
        steps = [f"{step['file']}:{step['line']}" for step in one["steps"][:-1]]
        if steps:
            yield f"          via {' → '.join(steps)}"
    if low:
        yield f"  {low} more of low confidence: --format json lists them."
    if len(reached) < len(rows):
        yield f"  {len(rows) - len(reached)} more that no event of {trigger} reaches: --format json lists them."
