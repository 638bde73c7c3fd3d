"""The exit codes, and every error a user can meet, each with its code and a sentence that says what to do next."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """What a command ends with. ``meaning`` is what help, README and usage page say; they are generated from it."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        """A code and what it means."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    OK = 0, 'finished, gate passed ("no functions found" is 0, with a clear line)'
    INTERNAL = 1, "our own error: no report was written"
    USAGE = 2, "usage, configuration or waiver-file error"
    GATE_FAILED = 3, "gate failed: findings at or above --fail-on"
    INCOMPLETE = 4, "incomplete, and --fail-on-incomplete (3 wins when both hold; the JSON says both)"
    NO_SCOPE = 5, "no scope could be read at all"
    INTERRUPTED = 130, "interrupted (Ctrl-C): what was collected is kept"
    TERMINATED = 143, "terminated (SIGTERM): what was collected is kept"


class AuditorError(Exception):
    """Base of our errors. ``exit_code`` is what the command ends with; ``details`` are lines below its sentence."""

    exit_code = ExitCode.INTERNAL

    def __init__(self, sentence: str, details: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.details = tuple(details)


class UsageError(AuditorError):
    """Bad options, configuration or input file."""

    exit_code = ExitCode.USAGE


class NoScopeError(AuditorError):
    """No scope could be read at all: no credentials, or none that work."""

    exit_code = ExitCode.NO_SCOPE


class StorageError(AuditorError):
    """What was to be written could not be: a full disk, a directory without the right to write."""


class FormatError(AuditorError):
    """A format could not be written: it costs its own file and no other. The sentence may be shown."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean a or b?`` to end a sentence with, for a name that resembles known ones; "." for any other.

    At most three are named, the nearest first, and none that is much farther than the nearest.
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - only for a mistake

    spelt = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), spelt, 3)
    alike = [SequenceMatcher(None, name.lower(), each).ratio() for each in near]
    best = [spelt[each] for each, ratio in zip(near, alike, strict=True) if ratio > alike[0] - _CLOSE]
    return f"; did you mean {' or '.join(best)}?" if best else "."


_CLOSE = 0.1
"""How much less alike than the nearest a name may be and still be suggested."""
