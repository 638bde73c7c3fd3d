"""Pins the verdict on each row of the labelled sets (made-up values, kept in parts and joined here).

`mixed` is the set the detector was first tuned on. `frameworks` holds settings of Laravel, Django, Rails, Spring, .NET,
Node and build systems; `connections` (row K4) connection strings of many drivers, command lines and nested encodings;
`vendors` (rows K5, K6) token formats, service keys, webhooks and the identifiers beside them; `names` (rows K5, K6, K7,
K10) words of many languages, run-together names, weak and short values, quantities and references; `kinds` further members
of those rows, written down before the detector had seen any of them; `notes` words that say where a value is kept,
masked values and names repeated, and beside them curl's options, passphrases of words and more languages.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.analysis.secrets import judge
from auditor.model.secret import SecretVerdict

SETS = ("mixed", "frameworks", "connections", "vendors", "names", "kinds", "notes")
ROWS: list[Any] = [
    pytest.param(row, id=f"{name}-{row['id']}-{row['kind']}-{row['name']}")
    for name in SETS
    for line in (Path(__file__).parent / "labelled" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    if (row := json.loads(line))
]


@pytest.mark.parametrize("row", ROWS)
def test_labelled_row(row: dict[str, Any]) -> None:
    verdict = judge(row["name"], "".join(row["value_parts"])).verdict
    assert (verdict is SecretVerdict.SECRET) == bool(row["secret"])
