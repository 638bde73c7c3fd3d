"""Handlers, half of them look-alikes: each line that is marked is found, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.code.taint import analyse
from auditor.model.severity import Confidence

HERE = Path(__file__).parent
MARK = re.compile(r"(?:#|//) HIT ([\w-]+)")


def handlers(path: Path) -> Iterator[tuple[str, str]]:
    for part in path.read_text(encoding="utf-8").split("### ")[1:]:
        title, code = part.split("\n", 1)
        yield title, code


TABLES = [
    ("flows_python.txt", "app.py"),
    ("flows_javascript.txt", "index.ts"),
    ("weaknesses_python.txt", "app.py"),
    ("weaknesses_javascript.txt", "index.ts"),
]


@pytest.mark.parametrize(("table", "name"), TABLES)
def test_each_marked_line_is_found_and_no_other(table, name):
    wrong = []
    for title, code in handlers(HERE / table):
        wanted = {
            (line, mark.group(1))
            for line, text in enumerate(code.splitlines(), 1)
            if (mark := MARK.search(text)) is not None
        }
        result = analyse({name: code.encode()})
        found = {(one.line, one.rule) for one in result.findings if one.confidence is not Confidence.LOW}
        if found != wanted or result.incomplete:
            wrong.append((title, sorted(wanted - found), sorted(found - wanted), result.incomplete))
    assert wrong == []


def test_a_finding_names_the_field_each_step_and_the_trigger_and_holds_no_code():
    files = {
        "app/handler.py": b"from app.run import go\n\n\ndef handler(event, context):\n    key = event['Records'][0]['s3']['object']['key']\n    go(key)\n",
        "app/run.py": b"import os\n\n\ndef go(name):\n    os.system('file ' + name)\n",
    }
    (found,) = analyse(files, "app/handler.handler").findings
    assert (found.rule, found.cwe, found.file, found.line, found.sink) == (
        "command-injection",
        78,
        "app/run.py",
        5,
        "os.system",
    )
    assert (found.source, found.triggers, found.confidence) == (
        "event.Records[].s3.object.key",
        ("s3",),
        Confidence.HIGH,
    )
    assert [(one.file, one.line) for one in found.steps] == [
        ("app/handler.py", 4),
        ("app/handler.py", 5),
        ("app/handler.py", 6),
        ("app/run.py", 5),
    ]
    assert "file " not in str(found)
    assert len(found.digest) == 64
