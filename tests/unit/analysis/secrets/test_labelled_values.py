"""Pins the verdict on each row of the labelled set (made-up values, kept in parts and joined here)."""

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.analysis.secrets import judge
from auditor.model.secret import SecretVerdict

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("labelled.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['id']}-{row['kind']}-{row['name']}" for row in ROWS])
def test_labelled_row(row: dict[str, Any]) -> None:
    verdict = judge(row["name"], "".join(row["value_parts"])).verdict
    assert (verdict is SecretVerdict.SECRET) == bool(row["secret"])
