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
    }
)
"""Rules whose findings give an attacker the function, its data or a credential."""


def severity_of(finding: dict[str, Any]) -> Severity:
    """How bad a defect is, who sends the event being unknown offline. One of low confidence is informational."""
    if finding["confidence"] == "low":
        return Severity.INFORMATIONAL
    return Severity.HIGH if finding["rule"] in _RUNS_CODE else Severity.MEDIUM


def code_lines(findings: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The surest first; each with the way from the event to the sink."""
    order = {"high": 0, "medium": 1, "low": 2}
    shown = sorted(findings, key=lambda one: (order[one["confidence"]], one["file"], one["line"]))
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
