"""The questions of docs/report.md to report.json, asked by jq as they stand there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "report.md"
QUESTIONS = re.findall(r"^jq -r '([^']+)' report\.json", PAGE.read_text("utf-8"), re.MULTILINE)
UNANSWERED = (".new[]", ".findings[] | select(.waived)", ".code.components")
"""What the demo has nothing of: no earlier run, no waiver, no package read."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_the_documents_is_answered(question: str, scanned: Path) -> None:
    program = shutil.which("jq")
    if program is None:
        pytest.skip("No jq: the questions of docs/report.md are NOT asked here. Install one: apt-get install -y jq")
    told = subprocess.run(
        [program, "-r", question, scanned / "report.json"], capture_output=True, text=True, check=True
    )
    assert bool(told.stdout.strip()) is not any(part in question for part in UNANSWERED)
