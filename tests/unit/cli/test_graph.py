"""``auditor graph``: what is printed of a report's graph."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from auditor.cli.main import run
from tests.unit.cli.finished import written

NODES = [
    {"id": "b", "kind": "bucket", "name": "up\x1bloads", "service": "s3", "account": None, "unnamed": False},
    {"id": "f", "kind": "function", "name": "resize", "service": "", "account": "1", "unnamed": False},
    {"id": "g", "kind": "function", "name": "mail", "service": "", "account": "1", "unnamed": False},
    {"id": "t", "kind": "topic", "name": "news", "service": "sns", "account": "1", "unnamed": False},
]


def edge(source: str, target: str, kind: str, **more: Any) -> dict[str, Any]:
    plain = {"certainty": "both-ends", "via": "resource-policy", "detail": "", "enabled": True, "asynchronous": True}
    return {"from": source, "to": target, "kind": kind, "filters": [], **plain, **more}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    unread = {"subject": "f", "direction": "in", "reason": "DENIED", "operation": "pipes:ListPipes"}
    graph = {
        "nodes": NODES,
        "edges": [
            edge("b", "f", "invokes", detail="live", enabled=False),
            edge("t", "g", "invokes"),
            edge("b", "t", "feeds"),
        ],
        "unread": [{**unread, "permission": "pipes:ListPipes", "message": ""}],
    }
    path = written(1, tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"graph": graph}))
    return path


def test_each_connection_is_a_line_and_so_is_each_call_without_an_answer(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["graph", str(report)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "bucket up?loads --invokes--> function resize  (both-ends, live, off)",
        "topic news --invokes--> function mail  (both-ends)",
        "bucket up?loads --feeds--> topic news  (both-ends)",
        "not read: pipes:ListPipes (DENIED; it needs pipes:ListPipes)",
    ]


def test_one_function_comes_with_what_feeds_its_sources(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", str(report), "--function", "ma*", "--format", "json"]) == 0
    narrowed = json.loads(capsys.readouterr().out)
    assert [node["id"] for node in narrowed["nodes"]] == ["b", "g", "t"]
    assert [(each["from"], each["to"]) for each in narrowed["edges"]] == [("t", "g"), ("b", "t")]
    assert narrowed["unread"] == []


def test_graphml_has_every_node_and_edge(report: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["graph", str(report), "--format", "graphml"]) == 0
    root = ET.fromstring(capsysbinary.readouterr().out.decode().strip())  # noqa: S314 - our own output
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert [node.get("id") for node in root.findall(".//g:node", space)] == ["b", "f", "g", "t"]
    assert len(root.findall(".//g:edge", space)) == 3


def test_a_report_without_a_graph_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(1, tmp_path)
    older = json.loads(path.read_text())
    del older["graph"]
    path.write_text(json.dumps(older))
    assert run(["graph", str(path)]) == 2
    assert "auditor evaluate" in capsys.readouterr().err
