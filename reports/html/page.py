"""Renders a finished report as one HTML file that asks nobody for anything.

The page's own script and style are inlined and named by hash in its content security policy; rows travel as gzipped
columns (see `encode.py`) and are drawn on demand; the overview, checks and coverage are drawn here, so they stand
without a script as well.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from markupsafe import Markup

from auditor.model.json_text import ascii_json
from reports.html import gaps, summary
from reports.html.accounts import accounts
from reports.html.causes import CauseColumns
from reports.html.changes import NewFindings, changes
from reports.html.encode import FindingColumns, FunctionColumns
from reports.html.frameworks import assessed, deciding
from reports.html.templating import digest, environment
from reports.html.trends import trends
from reports.html.verdicts import VerdictRows
from reports.html.wire import Block, StringTable
from reports.html.worst_paths import WorstPaths

_HERE = files("reports.html")
_STYLES = ("base", "overview", "plan", "tables", "detail", "diagram", "history", "print")
_MODULES = (
    "words",
    "dom",
    "data",
    "route",
    "search",
    "filters",
    "grid",
    "export",
    "finding",
    "facts",
    "unknown",
    "diagram",
    "paths",
    "function",
    "trends",
    "tables",
    "print",
    "main",
)
_IMPORT = re.compile(r"^import\s[^;]*?;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.MULTILINE)
_BLOCK_MARK = Markup("\x00data\x00")  # no text of a report can hold it: `visible` spells U+0000 out

Row: TypeAlias = Mapping[str, Any]


def render(
    head: Row,
    functions: Iterable[Row],
    findings: Iterable[Row],
    verdicts: Iterable[tuple[str, Mapping[str, str]]],
    causes: Iterable[Row] = (),
    paths: Iterable[Row] = (),
) -> Iterator[str]:
    """Yield the page in pieces.

    `head` is report.json without `functions`, `paths`, `causes`, `findings` and `verdicts`; those are read once each,
    the paths first, and not kept. A row that contradicts the rest (a function twice, a finding of an unlisted check)
    raises ValueError.
    """
    blocks, view = _pack(head, functions, findings, verdicts, causes, paths)
    page = environment("reports.html").get_template("page.html.j2").render(view)
    before, after = page.split(_BLOCK_MARK)
    yield before
    for name in list(blocks):
        yield f'<script type="application/gzip" id="data-{name}">'
        yield blocks.pop(name)
        yield "</script>\n"
    yield after


def _pack(
    head: Row,
    functions: Iterable[Row],
    findings: Iterable[Row],
    verdicts: Iterable[tuple[str, Mapping[str, str]]],
    causes: Iterable[Row],
    paths: Iterable[Row],
) -> tuple[dict[str, str], dict[str, Any]]:
    strings, tally = StringTable(), summary.Tally()
    check_ids = [check["id"] for check in head["checks"]]
    function_columns, worst_paths = FunctionColumns(strings), WorstPaths()
    taken: defaultdict[str, list[Row]] = defaultdict(list)
    for path in paths:
        taken[path["function_id"]].append(path)
    for row in functions:
        own = taken.pop(row["id"], [])
        function_columns.add({**row, "paths": own} if own else row)
        tally.function(row)
        worst_paths.add(row, own)
    cause_columns = CauseColumns(strings)
    for row in causes:
        cause_columns.add(row)
        tally.cause(row, [function_columns.index[name] for name in row["functions"]])
    places = {name: place for place, name in enumerate(check_ids)}
    finding_columns = FindingColumns(strings, function_columns, places, cause_columns)
    new = NewFindings(head)
    for row in findings:
        position, unlisted = finding_columns.add(row, new=new.add(row))
        tally.findings += row.get("waived") is None
        if unlisted:  # a report of before causes: each finding is its own
            tally.cause(row, [position] if position >= 0 else [])
    verdict_rows = VerdictRows(head["checks"], function_columns)
    for subject, row in verdicts:
        verdict_rows.add(subject, row)
    view = {
        **_view(head, tally, verdict_rows),
        "changes": changes(head, new),
        "trends": trends(head),
        "worst_paths": worst_paths.rows(),
        "path_count": worst_paths.total,
    }
    blocks = {
        "head": _head_block(head, function_columns.index, places),
        "functions": function_columns.close(),
        "findings": finding_columns.close(),
        "causes": cause_columns.close(),
        "verdicts": verdict_rows.close(),
        "strings": strings.close(),
    }
    return blocks, view


def _head_block(head: Row, index: Mapping[str, int], checks: Mapping[str, int]) -> str:
    block = Block()
    unknowns, listed = head["unknowns"], head["coverage"]["gaps"]
    block.write(
        ascii_json(
            {
                "checks": head["checks"],
                "scopes": head["scopes"],
                "as_of": head["run"].get("as_of") or head["started_at"],
                "depth": head["run"]["depth"],
                "run": summary.run_id(head),
                "controls": deciding(head, checks),
                "unknowns": gaps.unknown_rows(unknowns, index, listed),
                "grants": gaps.grant_table(unknowns, listed, head["run"].get("caller") or {}),
            }
        )
    )
    return block.close()


def _view(head: Row, tally: summary.Tally, verdict_rows: VerdictRows) -> dict[str, Any]:
    coverage = head["coverage"]
    groups = gaps.gap_groups(coverage["gaps"], head["run"].get("caller") or {})
    tallies = verdict_rows.tally()
    listed = summary.checks(head["checks"], tallies)
    return {
        "head": head,
        "run": head["run"],
        "score": head["score"],
        "drivers": summary.drivers(head),
        "scope": summary.scopes(head, tally),
        "tally": tally,
        "first": summary.sentence(head.get("summary")),
        "reason": summary.grade_reason(head["score"], tally),
        "plan": head.get("plan") or (),
        "matrix": tally.matrix(summary.unknown_by_risk(head["checks"], tallies)),
        "worst": head.get("worst") or (),
        "spend": head.get("spend"),
        "checks": listed,
        "checks_shown": sum(len(group["rows"]) for group in listed),
        "frameworks": summary.frameworks(listed),
        "assessed": assessed(head),
        "accounts": accounts(head),
        "run_id": summary.run_id(head),
        "titles": {check["id"]: check["title"] for check in head["checks"]},
        "coverage": coverage,
        "gap_groups": groups,
        "reasons": gaps.reasons(groups),
        "blind": gaps.blind_spots(head["unknowns"]),
        "services": gaps.services(gaps.operations(coverage["operations"])),
        "script": Markup(script()),  # noqa: S704 - our own file, nothing of the report in it
        "style": Markup(style()),  # noqa: S704 - our own file
        "policy": policy(),
        "data_mark": _BLOCK_MARK,
    }


@cache
def script() -> str:
    """The page's modules as one script: imports dropped, exports made plain. Names are unique across modules."""
    pieces = (_HERE.joinpath("assets", "js", f"{name}.js").read_text("utf-8") for name in _MODULES)
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", piece)) for piece in pieces)


@cache
def style() -> str:
    """The page's style sheets as one."""
    return "\n".join(_HERE.joinpath("assets", "css", f"{name}.css").read_text("utf-8") for name in _STYLES)


def policy() -> str:
    """The content security policy: this script, this style, images from data URLs, nothing else, nowhere else."""
    return (
        f"default-src 'none'; script-src '{digest(script())}'; style-src '{digest(style())}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
