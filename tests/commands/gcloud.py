"""Whether a command is one of gcloud's, by the commands and flags in ``gcloud.json`` (which says where they are from)."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _grammar() -> dict[str, Any]:
    grammar: dict[str, Any] = json.loads(Path(__file__).with_name("gcloud.json").read_text("utf-8"))
    return grammar


def complaints(words: Sequence[str]) -> Iterator[str]:
    """What gcloud would refuse in ``gcloud …``."""
    name = _command(words[1:])
    if not name:
        yield f"there is no such command, or it is not in gcloud.json: {' '.join(words[:5])}"
        return
    command = _grammar()["commands"][name]
    flags = {_name(flag): flag for flag in (*command["flags"].split(), *_grammar()["everywhere"])}
    rest = list(words[1 + len(name.split()) :])
    given: set[str] = set()
    arguments = 0
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            arguments += 1
            if word.startswith("-"):
                yield f"{word} would be taken for a flag"
            continue
        flag, equals, value = word[2:].partition("=")
        known = flags.get(flag) or flags.get(flag.removeprefix("no-"))
        if known is None or (flag not in flags and not known.endswith("!")):
            yield f"{name} has no flag --{flag}"
            continue
        given.add(flag)
        if known.endswith("!"):
            if equals:
                yield f"--{flag} takes no value"
        elif not equals and not rest:
            yield f"--{flag} needs a value"
        else:
            yield from _value(known, value if equals else rest.pop(0))
    least, most = command["arguments"]
    if not least <= arguments <= most:
        yield f"{name} takes {least} to {most} arguments, not {arguments}"
    yield from (f"{name} needs --{flag}" for flag in command["required"] if flag not in given)


def _command(words: Sequence[str]) -> str:
    """The longest command that the words begin with; "" for none."""
    names = (" ".join(words[:length]) for length in range(min(len(words), 5), 0, -1))
    return next((name for name in names if name in _grammar()["commands"]), "")


def _name(flag: str) -> str:
    return flag.rstrip("!").partition("=")[0]


def _value(known: str, value: str) -> Iterator[str]:
    _, limited, choices = known.partition("=")
    if limited and value not in choices.split("|") and not value.startswith(("REPLACE-", "sample-")):
        yield f"--{_name(known)} takes {choices}, not {value}"
