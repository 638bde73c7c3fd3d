"""The page that is printed: one HTML document without scripts, which may load nothing."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup

from auditor.reporter import Report
from auditor.wording import CLOUDS, score, span, state
from reports.html import gaps, summary
from reports.html.frameworks import assessed
from reports.html.templating import digest, environment
from reports.pdf import content as contents
from reports.pdf.content import Content, content

Row = Mapping[str, Any]

PLAN: Final = 25
"""Steps of the fix plan."""
GAPS: Final = 300
"""Rows of a list of what could not be read."""
ROWS: Final = 100
"""Rows of the other lists: accounts, waivers, functions that may cost most."""
_BATCH: Final = 64
"""Pieces of text that are written at once."""


def render(report: Report, printer: str) -> Iterator[str]:
    """Yields the page in pieces. ``printer`` is what prints it, with its version."""
    made = environment("reports.pdf").get_template("document.html.j2").stream(_view(report, printer))
    made.enable_buffering(_BATCH)
    yield from made


def _view(report: Report, printer: str) -> dict[str, Any]:
    head, drawn = report.head, content(report)
    coverage = head["coverage"]
    styles = _style(summary.run_id(head))
    groups = gaps.gap_groups(coverage["gaps"], head["run"].get("caller") or {})
    return {
        "head": head,
        "run": head["run"],
        "printer": printer,
        "run_id": summary.run_id(head),
        "clouds": CLOUDS,
        "state": state(head["summary"]) if head.get("summary") else "",
        "score": score(head["score"]),
        "span": span,
        "severities": summary.SEVERITIES,
        "drawn": drawn,
        "by_severity": _by_severity(drawn),
        "left_out": [
            {"severity": severity, "title": title, "count": count}
            for (severity, title), count in drawn.left_out.items()
        ],
        "plan": (head.get("plan") or ())[:PLAN],
        "plan_total": len(head.get("plan") or ()),
        "frameworks": [_framework(row) for row in assessed(head)],
        "coverage": coverage,
        "gap_groups": [row for row in groups if not row["deliberate"]],
        "deliberate": [row for row in groups if row["deliberate"]],
        "blind": gaps.blind_spots(head["unknowns"]),
        "crashed": sum(counts["ERROR"] for counts in drawn.verdicts.values()),
        "statuses": contents.STATUSES,
        "digests": report.digests,
        "most": {"rows": ROWS, "gaps": GAPS, "findings": contents.FINDINGS, "of_control": contents.CONTROL_FINDINGS},
        "style": Markup(styles),  # noqa: S704 - our own file, and a run's id of hexadecimal digits
        "policy": f"default-src 'none'; style-src '{digest(styles)}'; base-uri 'none'; form-action 'none'",
    }


def _by_severity(drawn: Content) -> list[dict[str, Any]]:
    """The causes that are drawn, in the order of the report, under their severities."""
    grouped: dict[str, list[Row]] = {}
    for cause in drawn.causes:
        grouped.setdefault(cause["severity"], []).append(cause)
    return [{"severity": severity, "causes": rows} for severity, rows in grouped.items()]


def _framework(row: Row) -> dict[str, Any]:
    """A framework, its controls without any link apart: there is nothing to show of them but why."""
    controls = row["controls"]
    return {
        **row,
        "linked": [control for control in controls if control["evidence"]],
        "unlinked": [control for control in controls if not control["evidence"]],
    }


def _style(run: str) -> str:
    """The style sheet, with the run's id at the foot of each page."""
    return _sheet().replace("RUN-ID", run)


@cache
def _sheet() -> str:
    return files("reports.pdf").joinpath("templates", "document.css").read_text("utf-8")
