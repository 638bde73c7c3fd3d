"""``auditor checks test`` with a file that is broken: one sentence that says what is wrong, where, and what to do."""

from pathlib import Path

import pytest

from auditor.cli.main import run
from auditor.model.capture import CaptureFacts, Depth
from auditor.snapshot.archive import write_facts

CHECK = '''"""Flags what it likes."""
from auditor.check import Fix, Risk, check
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}

@check(id="mine", title="Mine", risk=Risk.EXPOSURE, severity=Severity.LOW, fix=FIX)
def mine(function, context):
    """Because."""
    return []
'''


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    facts = CaptureFacts("2026-11-23T00:00:00Z", "2026-11-23T00:01:00Z", Depth.QUICK, "1", (), (), (), False, ())
    write_facts(tmp_path / "snapshot", facts)
    return tmp_path / "snapshot"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("mine.py", "import nothing_such\n", "mine.py could not be imported, line 1: ModuleNotFoundError: No module "),
        ("mine.py", "\n\ndef mine(:\n", "mine.py could not be imported, line 3: SyntaxError: "),
        (
            "mine.py",
            "\nraise ValueError('no')\n",
            "mine.py could not be imported, line 2: ValueError: no. Correct that",
        ),
        ("mine.py", "\nexit(3)\n", "mine.py could not be imported, line 2: it ends the program"),
        ("mine.py", "x = 1\n", "mine.py declares no check: decorate a generator function with @check(...)"),
        ("mine.txt", "x = 1\n", "mine.txt cannot be imported as a check: a Python file ends in .py."),
        (
            "mine.py",
            CHECK.replace("title=", "titel="),
            "mine.py could not be imported, line 8: TypeError: check() got an",
        ),
        (
            "mine.py",
            CHECK.replace('"Mine"', '""'),
            "mine.py, line 8: check 'mine' (auditor_local_checks.mine): give it",
        ),
        ("mine.py", CHECK.replace('"mine"', '"url-auth-none"'), "Two checks are called 'url-auth-none': in checks."),
        ("mine.py", CHECK.replace("(function, context)", "(function)"), "the function takes two parameters, what is"),
    ],
)
def test_a_broken_file_gets_one_sentence(
    snapshot: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, sentence: str
) -> None:
    file = snapshot.parent / name
    file.write_text(text)
    assert run(["checks", "test", str(file), "--snapshot", str(snapshot)]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_a_file_that_is_not_there(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "test", "nowhere.py", "--snapshot", str(snapshot)]) == 2
    assert "FILE: File 'nowhere.py' does not exist" in capsys.readouterr().err


def test_a_snapshot_without_its_subjects_is_no_success(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (snapshot.parent / "mine.py").write_text(CHECK)
    assert run(["checks", "test", str(snapshot.parent / "mine.py"), "--snapshot", str(snapshot)]) == 5
    captured = capsys.readouterr()
    assert "mine: Mine\n  0 functions: none was judged\n" in captured.out
    assert "Nothing was judged: the snapshot holds no function of aws." in captured.err
