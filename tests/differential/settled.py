"""Differences between the two evaluators in generated requests, each class settled by AWS's own text.

A class explains a difference only where changing the one thing that it is about makes the evaluators agree. What our
generator does not make, because AWS does not document it, stands with the rest in ``aws_iam_settled_cases.jsonl``.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.aws_decisions import decided
from tests.differential.requests import ROLE, SESSION

_OLD, _NEW = "2008-10-17", "2012-10-17"
_POLICIES: Final = ("identityPolicies", "boundary", "session", "scps", "rcps", "resourcePolicy")


def settled(row: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """Which class explains a difference; "" where none does."""
    wanted = "yes" if theirs["result"] == "Allowed" else "no"
    if theirs["result"] == "ERROR":
        return ""
    if row["session"] and decided(_changed(row, SESSION, ROLE, ("resourcePolicy",))).answer == wanted:
        return "a grant to the session's own ARN is not limited by the session's policy (Session policies)"
    if decided(_changed(row, _OLD, _NEW, _POLICIES)).answer == wanted:
        return "documents of version 2008-10-17 have no policy variables (Version)"
    return ""


def _changed(row: Mapping[str, Any], old: str, new: str, where: tuple[str, ...]) -> dict[str, Any]:
    return {**row, **{name: json.loads(json.dumps(row[name]).replace(old, new)) for name in where}}
