"""What is wrong with a file or a value that somebody gave us, in the words of whoever wrote it.

Parsers and validators word their complaints for programmers ("Expecting value", "Input should be a valid integer").
Only the place and the kind of a complaint are taken from them here.
"""

import re
from collections.abc import Iterable, Mapping
from json import JSONDecodeError
from typing import Any, Final

from auditor.errors import suggestion

_PLACE: Final = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
_EXPECTED: Final = (
    ("int", "a whole number"),
    ("float", "a number"),
    ("bool", "true or false"),
    ("string_too_short", "a text that is not empty"),
    ("string_too_long", "a shorter text"),
    ("string", "a text"),
    ("greater_than_equal", "{} or more"),
    ("less_than_equal", "{} or less"),
    ("greater_than", "more than {}"),
    ("less_than", "less than {}"),
    ("finite_number", "a finite number"),
    ("date", "a day, such as 2027-03-31"),
    ("tuple", "a list"),
    ("list", "a list"),
    ("set", "a list"),
    ("dict", "a table"),
    ("mapping", "a table"),
    ("model", "a table"),
    ("missing", "a pair of whole numbers, such as [1, 60]"),
    ("too_", "a pair of whole numbers, such as [1, 60]"),
    ("none", "left out"),
)
"""Kinds of complaints, by how their name begins, and what was expected."""
_SHOWN: Final = 60


class InputFault(ValueError):  # noqa: N818 - somebody else's fault, in our words
    """Raised where a parser lets us look at what it found; its text is a part of a sentence."""


def syntax(form: str, error: BaseException) -> str:
    """``is not valid JSON (line 3, column 7)``, from what a parser of TOML, YAML or JSON raised."""
    if isinstance(error, UnicodeDecodeError):
        return "cannot be read: it is not UTF-8"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    where = _where(error)
    return f"is not valid {form}{f' ({where})' if where else ''}"


def _where(error: BaseException) -> str:
    if isinstance(error, JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}"
    mark = getattr(error, "problem_mark", None)  # of PyYAML
    if mark is not None:
        return f"line {mark.line + 1}, column {mark.column + 1}"
    place = _PLACE.search(str(error))  # of tomllib
    if place is not None:
        return "it ends too early" if place[1] == "end of document" else place[1]
    return str(error) if isinstance(error, InputFault) else ""


def expected(error: Mapping[str, Any]) -> str:
    """What a value must be, as a sentence, from a complaint of pydantic about it."""
    kind, limits, given = str(error["type"]), error.get("ctx", {}), error.get("input")
    if kind == "value_error":
        said = str(limits.get("error", "it is not valid"))
        return said if said.endswith((".", "?")) else f"{said}."
    if kind in ("enum", "literal_error"):
        allowed = [word.strip("' ") for word in str(limits["expected"]).replace(" or ", ",").split(",")]
        return f"{shown(given)} is not one of {', '.join(allowed)}{suggestion(str(given), allowed)}"
    if kind == "string_pattern_mismatch":
        return f"it must have another form than {shown(given)}."
    bound = next((limits[name] for name in ("ge", "le", "gt", "lt") if name in limits), None)
    what = next((text for prefix, text in _EXPECTED if kind.startswith(prefix)), "something else")
    return f"it must be {what.format(bound)}, not {shown(given)}."


def shown(value: Any) -> str:
    """A value as the writer of a file knows it: quoted text, true and false, or what kind of group it is."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "an empty list" if not value else "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def place(location: Iterable[int | str]) -> str:
    """Where in a document: ``functions[3].id``; the branches of a union, which nobody wrote, are left out."""
    found = ""
    for part in location:
        if isinstance(part, int):
            found += f"[{part}]"
        elif not ("[" in part or part in ("function-after", "str", "int")):
            found += f".{part}" if found else part
    return found
