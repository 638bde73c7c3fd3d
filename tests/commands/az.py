"""Whether a command is one of azure-cli's, by the commands and flags in ``az.json`` (which says where they are from)."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

_ADD_EXTENSION = ["az", "extension", "add", "--name"]


@cache
def _grammar() -> dict[str, Any]:
    grammar: dict[str, Any] = json.loads(Path(__file__).with_name("az.json").read_text("utf-8"))
    return grammar


def complaints_of_block(commands: Iterable[Sequence[str]]) -> Iterator[str]:
    """What azure-cli would refuse of commands that run one after the other: an extension must be added before its use."""
    added: set[str] = set()
    for words in commands:
        if list(words[:4]) == _ADD_EXTENSION:
            added.update(words[4:5])
        yield from complaints(words)
        extension = _grammar()["commands"].get(_command(words[1:]), {}).get("extension")
        if extension is not None and extension not in added:
            yield f"{_command(words[1:])} needs 'az extension add --name {extension}' before it"


def complaints(words: Sequence[str]) -> Iterator[str]:
    """What azure-cli would refuse in ``az …``."""
    name = _command(words[1:])
    if not name:
        yield f"there is no such command, or it is not in az.json: {' '.join(words[:5])}"
        return
    command = _grammar()["commands"][name]
    flags = {_name(flag): flag for flag in (*command["flags"].split(), *_grammar()["everywhere"])}
    given: set[str] = set()
    for flag, values in _options(words[1 + len(name.split()) :]):
        if not flag:
            yield f"{name} takes no arguments besides options: {' '.join(values)}"
        elif flag not in flags:
            yield f"{name} has no flag --{flag}"
        else:
            given.add(flag)
            yield from _values(flags[flag], values)
    for required in command["required"]:
        spellings = required.rstrip("@").split("|")
        if not given.intersection(spellings) and not (required.endswith("@") and "ids" in given):
            yield f"{name} needs --{spellings[-1]}"


def _command(words: Sequence[str]) -> str:
    """The longest command that the words begin with; "" for none."""
    names = (" ".join(words[:length]) for length in range(min(len(words), 6), 0, -1))
    return next((name for name in names if name in _grammar()["commands"]), "")


def _options(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option with the words up to the next one; "" for what stands before the first."""
    flag, values = "", list[str]()
    for word in words:
        if word.startswith("--"):
            if flag or values:
                yield flag, values
            flag, equals, value = word[2:].partition("=")
            values = [value] if equals else []
        else:
            values.append(word)
    if flag or values:
        yield flag, values


def _name(flag: str) -> str:
    return flag.partition("=")[0].rstrip("*?!")


def _values(known: str, values: list[str]) -> Iterator[str]:
    name = _name(known)
    spelt, limited, choices = known.partition("=")
    least, most = {"!": (0, 0), "?": (0, 1), "*": (0, None)}.get(spelt[-1], (1, 1))
    if len(values) < least or (most is not None and len(values) > most):
        yield f"--{name} takes {least} to {most} values, not {len(values)}"
    allowed = {choice.lower() for choice in choices.split("|")}
    for value in values:
        if limited and value.lower() not in allowed and not value.startswith(("REPLACE-", "sample-")):
            yield f"--{name} takes {choices}, not {value}"
        if value.startswith("-") and not value.removeprefix("-").isdigit():
            yield f"{value} would be taken for an option"
