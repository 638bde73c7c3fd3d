"""The evidence of a finding of a finished report: what was seen, in which answer, and what else shares its cause."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from auditor.cli.terminal import wrapped
from auditor.engine.report_reader import DocumentReport, found_report
from auditor.errors import UsageError, suggestion
from auditor.reporter import Row
from auditor.wording import counted, inert, inert_lines, where

_INDENT = "  "


def explain_finding(fingerprint: str, report: Path, form: str) -> int:
    """Prints it. Raises UsageError for a finding that the report does not hold."""
    document = found_report(report)
    finding = _finding(document, fingerprint)
    cause = next((row for row in document.causes() if row["id"] == finding.get("cause")), None)
    if form == "json":
        click.echo(json.dumps({"finding": finding, "cause": cause}, indent=1, ensure_ascii=False))
        return 0
    for line in _lines(finding, cause):
        click.echo(line)
    return 0


def _finding(document: DocumentReport, fingerprint: str) -> Row:
    known = {str(row["fingerprint"]): row for row in document.findings()}
    if fingerprint not in known:
        raise UsageError(f"The report holds no finding {fingerprint!r}{suggestion(fingerprint, known)}")
    return known[fingerprint]


def _lines(finding: Row, cause: Row | None) -> Iterator[str]:
    yield wrapped(inert(f"{finding['severity'].upper()}  {finding['title']} ({finding['check_id']})"), "")
    yield wrapped(inert(f"{where(finding)}: {finding['message']}"), "")
    yield ""
    yield "Evidence"
    for number, seen in enumerate(finding["evidence"], start=1):
        yield inert(f"{_INDENT}{number}. {seen['source']}: {seen['detail']}")
    others = [each for each in cause["findings"] if each != finding["fingerprint"]] if cause else []
    if cause and others:
        yield ""
        led = "It leads" if cause["lead"] == finding["fingerprint"] else f"Finding {cause['lead']} leads"
        yield wrapped(f"{led} {counted(len(others), 'further finding')} of the same cause, closed by one change.", "")
    change = finding["remediation"]
    if change:
        yield ""
        yield wrapped(f"Change: {inert(change['text'])}", "")
        for line in inert_lines(change["command"] or "").splitlines():  # as it is: a broken line could not be pasted
            yield f"{_INDENT}{line}"
    if finding["waived"]:
        yield ""
        yield wrapped(f"Waived: {inert(finding['waived']['reason'])}", "")
