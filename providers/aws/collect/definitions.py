"""What is kept of a state machine's definition: the steps that invoke a function, and where a credential stands."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.analysis.secrets import judge, sweep
from auditor.model.capture import Json
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence
from providers.answers.json_paths import record, text

_FUNCTION: Final = "FunctionName"
_COMPUTED: Final = ("$", "States.", "{%")
"""How values begin that an execution computes: JSONPath, intrinsic functions, JSONata."""
_PROSE: Final = frozenset({"Comment", "StartAt", "Next", "Default", "Type", "Resource", "QueryLanguage"})
"""Fields of the language itself, which name states and services (Amazon States Language, 2026-10)."""


def invoking(body: Json) -> Json:
    """The answer about a state machine with only those steps in its definition that invoke a function, and with the
    places of credentials under ``foundAt``.

    Definitions hold whatever their authors pass on. Raises ValueError for one that is no JSON object.
    """
    definition = json.loads(text(body, "definition"))
    if not isinstance(definition, dict) or not isinstance(body, Mapping):
        message = "a definition that is no object"
        raise ValueError(message)  # noqa: TRY004 - what is wrong is the text
    places = [place for place, name, value in _values(definition, "", "") if _is_credential(name, value)]
    kept = json.dumps({"States": dict(_tasks(definition, ""))})
    return {**body, "definition": kept, "foundAt": [sweep(place) for place in places]}


def _values(node: Any, place: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Every text of a definition: its place, the name of its field, and itself."""
    if isinstance(node, str):
        yield place, name, node
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _values(item, f"{place}/{index}", name)
    elif isinstance(node, Mapping):
        for key, item in node.items():
            yield from _values(item, f"{place}/{key}" if place else str(key), str(key))


def _is_credential(name: str, value: str) -> bool:
    if sweep(value) != value:
        return True
    if name in _PROSE or name.endswith(".$") or value.lstrip().startswith(_COMPUTED):
        return False
    found = judge(name, value)
    return found.verdict is SecretVerdict.SECRET and found.confidence is not Confidence.LOW


def _tasks(node: Any, outer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps that name a function, at any depth: states may hold branches and item processors of further ones."""
    if isinstance(node, list):
        for place, item in enumerate(node):
            yield from _tasks(item, f"{outer}{place}/")
        return
    for name, state in record(node, "States").items():
        kept = _kept(state)
        if kept:
            yield f"{outer}{name}", kept
    for key, below in node.items() if isinstance(node, Mapping) else ():
        if key == "States":
            for name, state in record(node, "States").items():
                yield from _tasks(state, f"{outer}{name}/")
        elif key in ("Branches", "Iterator", "ItemProcessor"):
            yield from _tasks(below, f"{outer}{key}/")


def _kept(state: Any) -> dict[str, Any]:
    """What a task names: its resource, and where that is Lambda's own integration, the function."""
    resource = text(state, "Resource")
    if text(state, "Type") != "Task" or "lambda" not in resource:
        return {}
    kept: dict[str, Any] = {"Type": "Task", "Resource": resource}
    for arguments in ("Parameters", "Arguments"):
        given = record(state, arguments)
        named = {key: text(given, key) for key in (_FUNCTION, f"{_FUNCTION}.$") if text(given, key)}
        if named:
            kept[arguments] = named
    return kept
