"""Policy documents as AWS hands them out, parsed into statements.

Tolerant where AWS is: URL-encoded text, one statement instead of a list, a string instead of a list, element
names in any case. Strict where a misreading could hide a grant: a document that does not parse, names an
element twice or lacks an effect raises :class:`PolicyMalformedError`; nothing is skipped.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from auditor.model.exposure import Effect

_ELEMENTS = frozenset(
    "sid effect principal notprincipal action notaction resource notresource condition".split()  # noqa: SIM905
)
_STANDING_FOR = {"functionurlauthtype": "lambda:FunctionUrlAuthType"}
"""Parameters of lambda:AddPermission that some APIs write beside the elements instead of into the condition each stands
for, with the key of that condition."""


_WITH_VARIABLES = "2012-10-17"
"""The version of the language that has policy variables; the older one is what a document without a version is in."""


class PolicyMalformedError(ValueError):
    """The document is not a policy we can read; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator applied to one key; the values are alternatives."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``principals`` and ``not_principals`` are (type, value) pairs, None where the element is absent;
    a bare ``"*"`` has the type "". ``unknown_elements`` names elements newer than this reader; ``variables`` says
    whether ``${…}`` is a policy variable, which it is only in documents of version 2012-10-17.
    """

    index: int
    sid: str
    effect: Effect
    principals: tuple[tuple[str, str], ...] | None
    not_principals: tuple[tuple[str, str], ...] | None
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    unknown_elements: tuple[str, ...]
    text: str
    variables: bool = False

    @property
    def label(self) -> str:
        """How a sentence names the statement."""
        return f'statement "{self.sid}"' if self.sid else f"statement {self.index + 1}"


def canonical(value: Any) -> str:
    """The one JSON text of a value: keys sorted, no spaces, letters kept."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def parse_document(document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """The statements of a policy document in their order.

    Raises:
        PolicyMalformedError: the text is not JSON, or not a policy.
    """
    body = _load(document) if isinstance(document, str) else document
    if not isinstance(body, Mapping):
        raise PolicyMalformedError("The policy document is not a JSON object.")
    names = _by_name(body, "The policy document")
    if "statement" not in names:
        raise PolicyMalformedError("The policy document has no Statement element.")
    statements = names["statement"]
    listed = [statements] if isinstance(statements, Mapping) else statements
    if not isinstance(listed, list | tuple):
        raise PolicyMalformedError("The Statement element of the policy document is neither an object nor a list.")
    variables = names.get("version") == _WITH_VARIABLES
    return tuple(_statement(index, item, variables) for index, item in enumerate(listed))


def _load(text: str) -> Any:
    stripped = text.strip()
    if stripped[:3].lower() in ("%7b", "%5b", "%20", "%0a", "%0d"):
        stripped = unquote(stripped).strip()
    if not stripped:
        raise PolicyMalformedError("The policy document is empty.")
    try:
        return json.loads(stripped, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        raise PolicyMalformedError(f"The policy document is not JSON: {error.msg} at character {error.pos}.") from error
    except RecursionError as error:
        raise PolicyMalformedError("The policy document is nested too deeply to be a policy.") from error


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PolicyMalformedError(f'The policy document gives "{twice}" twice in one object.')
    return made


def _by_name(body: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Elements by lower-cased name."""
    made: dict[str, Any] = {}
    for name, value in body.items():
        low = str(name).lower()
        if low in made:
            raise PolicyMalformedError(f'{where} gives "{name}" twice.')
        made[low] = value
    return made


def _statement(index: int, item: Any, variables: bool) -> Statement:
    where = f"Statement {index + 1}"
    if not isinstance(item, Mapping):
        raise PolicyMalformedError(f"{where} is not a JSON object.")
    names = _by_name(item, where)
    for one, other in (("action", "notaction"), ("resource", "notresource"), ("principal", "notprincipal")):
        if one in names and other in names:
            raise PolicyMalformedError(f"{where} has both {one.capitalize()} and its negation.")
    if "action" not in names and "notaction" not in names:
        raise PolicyMalformedError(f"{where} has neither Action nor NotAction.")
    return Statement(
        index=index,
        sid=str(names.get("sid") or ""),
        effect=_effect(names.get("effect"), where),
        principals=_principals(names["principal"], where) if "principal" in names else None,
        not_principals=_principals(names["notprincipal"], where) if "notprincipal" in names else None,
        actions=_texts(names.get("action", ()), f"{where}: Action"),
        not_actions=_texts(names.get("notaction", ()), f"{where}: NotAction"),
        resources=_texts(names.get("resource", ()), f"{where}: Resource"),
        not_resources=_texts(names.get("notresource", ()), f"{where}: NotResource"),
        conditions=(*_conditions(names.get("condition"), where), *_misplaced(names, where)),
        unknown_elements=tuple(
            str(name) for name in item if str(name).lower() not in _ELEMENTS and str(name).lower() not in _STANDING_FOR
        ),
        text=canonical(item),
        variables=variables,
    )


def _effect(value: Any, where: str) -> Effect:
    for effect in Effect:
        if isinstance(value, str) and value.lower() == effect.value:
            return effect
    raise PolicyMalformedError(f"{where} has an Effect that is neither Allow nor Deny.")


def _texts(value: Any, where: str) -> tuple[str, ...]:
    """Strings of a string-or-list; numbers and booleans in their JSON spelling."""
    items: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
    made: list[str] = []
    for item in items:
        if isinstance(item, bool):
            made.append("true" if item else "false")
        elif isinstance(item, str | int | float):
            made.append(str(item))
        else:
            raise PolicyMalformedError(f"{where} holds something that is not a string.")
    return tuple(made)


def _principals(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        return tuple(
            (str(kind), text) for kind, listed in value.items() for text in _texts(listed, f"{where}: Principal {kind}")
        )
    return tuple(("", text) for text in _texts(value, f"{where}: Principal"))


def _misplaced(names: Mapping[str, Any], where: str) -> Iterator[Condition]:
    for name, key in _STANDING_FOR.items():
        if names.get(name) is not None:
            yield Condition("StringEquals", key, _texts(names[name], f"{where}: {name}"))


def _conditions(value: Any, where: str) -> tuple[Condition, ...]:
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        raise PolicyMalformedError(f"{where}: Condition is not a JSON object.")
    made: list[Condition] = []
    for operator, keys in value.items():
        if not isinstance(keys, Mapping):
            raise PolicyMalformedError(f"{where}: Condition {operator} is not a JSON object.")
        made += (
            Condition(str(operator), str(key), _texts(values, f"{where}: Condition {key}"))
            for key, values in keys.items()
        )
    return tuple(made)
