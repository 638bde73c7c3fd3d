"""S7: whenever a signal comes, the result is whole, and says the code that the command ends with."""

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[3]
CODES = {"SIGINT": "130", "SIGTERM": "143"}
RESULT = "['manifest.json', 'report.html', 'report.json']"


def test_s7_a_signal_at_any_step_leaves_the_old_result_or_the_new_one_with_the_right_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.unit.cli.signalled", str(tmp_path)]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *steps, end = [line.split("|") for line in done.stdout.splitlines()]
    assert end[0] == "end"
    assert {result for _, _, result, *_ in steps} == {"old", "new"}
    for number, code, result, told, files, beside in steps:
        if result == "old":  # it came in time: nothing was replaced
            assert code == CODES[number]
        else:  # it came too late: the command ends as its result says
            assert code == told
        assert (files, beside) == (RESULT, "1")
    order = [result for _, _, result, *_ in steps]
    assert order == sorted(order, reverse=True)
    assert "Traceback" not in done.stderr
