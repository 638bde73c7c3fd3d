"""How the program starts and ends: whose code it runs, and what it leaves behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.model.capture import CaptureFacts, Depth
from auditor.snapshot.archive import write_facts

HOME = Path(__file__).parents[3]
PLANTED = "raise SystemExit('code of the current folder ran')"


def started(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["checks", "providers", "reports", "click", "pydantic"])
def test_nothing_of_the_current_folder_runs(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(PLANTED)
    done = started(tmp_path, "-m", "auditor", "checks", "list", "--check", "url-auth-none")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("url-auth-none")


def test_a_namesake_found_first_is_refused_before_it_runs(tmp_path: Path) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "__init__.py").write_text(PLANTED)
    start = "import sys; from auditor.cli.main import main; main(sys.argv[1:])"
    done = started(HOME, "-c", start, "checks", "list", PYTHONPATH=f"{tmp_path}{os.pathsep}{HOME}", PYTHONSAFEPATH="1")
    assert done.returncode == 2
    assert f"The package 'checks' in {tmp_path} hides the auditor's own in {HOME}" in done.stderr


SLOW = """
import sys, time
from reports.json_report import JsonReporter
def slow(self, report, stream):
    stream.write(b"half a report")
    print("writing", flush=True)
    time.sleep(600)
JsonReporter.write = slow
from auditor.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_while_a_report_is_written_leaves_no_piece_of_it(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    facts = CaptureFacts("2026-11-23T00:00:00Z", "2026-11-23T00:01:00Z", Depth.QUICK, "1", (), (), (), False, ())
    write_facts(tmp_path / "snapshot", facts)
    out = tmp_path / "out"
    command = [sys.executable, "-c", SLOW, "evaluate", str(tmp_path / "snapshot"), "-o", str(out), "--quiet"]
    process = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    process.send_signal(number)
    _, complained = process.communicate()
    assert process.returncode == code
    assert complained == f"auditor: {'terminated' if code == 143 else 'interrupted'}\n"
    assert {path.name for path in tmp_path.iterdir()} == {"snapshot"}


@pytest.mark.parametrize(
    "arguments",
    [["checks", "list"], ["permissions", "gcp"], ["schema", "report"], ["scan", "--help"], ["--help"]],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    outward, inward = os.pipe()
    os.close(outward)
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *arguments], cwd=HOME, stdout=inward, stderr=subprocess.PIPE, check=False
    )
    os.close(inward)
    assert (done.returncode, done.stderr) == (0, b"")
