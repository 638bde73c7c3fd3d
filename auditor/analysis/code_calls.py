"""The calls of a cloud's API in code, as rows of JSON: the same from `auditor code` and in report.json."""

from collections.abc import Iterator, Mapping
from typing import Any


def call_rows(facts: Mapping[str, Any], *, unreached: bool = False) -> Iterator[dict[str, Any]]:
    """The actions that the calls need, one a row, with the resource that is literal in them.

    ``facts`` are those of a package (:class:`auditor.model.code_analysis.CodeFacts`) as a mapping. A row is certain
    where the action is known and an event reaches the call; ``unreached`` adds the calls that none was seen to reach.
    """
    yield from _used(facts["api_uses"], reached=True)
    for step in facts["dynamic"]:
        place = {"call": step["text"], "file": step["file"], "line": step["line"]}
        yield {"action": None, "resource": None, "certain": False, **place}
    if unreached:
        yield from _used(facts["other_uses"], reached=False)


def _used(uses: Any, *, reached: bool) -> Iterator[dict[str, Any]]:
    for use in uses:
        for action in use["actions"] or (None,):
            for resource in use["resources"] or (None,):
                place = {"call": use["call"], "file": use["file"], "line": use["line"]}
                yield {"action": action, "resource": resource, "certain": reached and action is not None, **place}
