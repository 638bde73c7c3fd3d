"""Which findings of code fail the gate of `auditor code`."""

from auditor.cli.code_findings import code_lines, severity_of
from auditor.code import findings
from auditor.code.analyser import Analyser
from auditor.code.taint import javascript_parser
from auditor.model.severity import Severity


def finding(rule, confidence):
    return {
        "rule": rule, "confidence": confidence, "file": "a.py", "line": 3, "cwe": 78, "source": "event.body",
        "sink": "os.system", "triggers": ["http"], "steps": [{"file": "a.py", "line": 2}, {"file": "a.py", "line": 3}],
    }  # fmt: skip


def test_what_runs_code_is_high_and_what_is_unsure_fails_no_gate():
    assert severity_of(finding("command-injection", "medium")) is Severity.HIGH
    assert severity_of(finding("open-redirect", "high")) is Severity.MEDIUM
    assert severity_of(finding("command-injection", "low")) is Severity.INFORMATIONAL


def test_the_way_is_printed_and_findings_of_low_confidence_are_counted():
    lines = list(code_lines([finding("log-injection", "low"), finding("command-injection", "high")]))
    assert lines == [
        "Code:",
        "  high    CWE-78   command-injection  a.py:3  event.body reaches os.system (http)",
        "          via a.py:2",
        "  1 more of low confidence: --format json lists them.",
    ]


def test_the_confined_process_follows_every_language(tmp_path):
    (tmp_path / "a.py").write_text("import os\ndef handler(event, context):\n    os.system(event['body'])\n")
    for name in ("b.js", "c.ts", "d.tsx"):
        (tmp_path / name).write_text("exports.handler = (event) => require('child_process').exec(event.body);\n")
    analyser = Analyser()
    try:
        answer = analyser.analyse(tmp_path)
    finally:
        analyser.close()
    assert [(one["file"], one["rule"]) for one in answer["Findings"]] == [
        (name, "command-injection") for name in ("a.py", "b.js", "c.ts", "d.tsx")
    ]
    assert answer["Incomplete"] == []


def test_parsers_are_loaded_before_the_process_is_confined():
    javascript_parser._parser.cache_clear()
    findings.prepare()
    assert javascript_parser._parser.cache_info().currsize == 3
