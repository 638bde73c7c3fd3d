"""Fills a shell command's template so that it can be pasted: every value stays one word, whatever is in it.

A value is quoted for the place it lands in: bare, inside single or double quotes, inside a JSON string within single
quotes, or in a comment. What nobody can know is written ``<what it is>`` in a template, and printed as
``'REPLACE-what-it-is'``, because a shell takes angle brackets for redirections.
"""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Final

_PART: Final = re.compile(
    r"(?P<flag>--[a-z0-9][a-z0-9-]* )?\{(?P<name>[a-z_]+)\}"
    r"|<(?P<blank>[A-Za-z][^<>\n'\"]*)>"
    r"|(?P<escaped>\\.)"
    r"|(?P<mark>['\"#\n])",
    re.DOTALL,
)
_UNKNOWN: Final = re.compile(r"<([A-Za-z][^<>\n]*)>")
_TEXT_MARK: Final = re.compile(r'(?<!\\)"')
_REPLACE: Final = "REPLACE-"
_OF_SLOT: Final = "of_slot"
"""The one placeholder that is an option and its value: only the slot in it is quoted."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """The command with its values; a placeholder that has none stays as it is."""
    return _Filling(template, values).text()


class _Filling:
    """One pass over a template. ``_inside`` is the quote that is open, "#" in a comment, "" elsewhere."""

    def __init__(self, template: str, values: Mapping[str, str]) -> None:
        self._template = template
        self._values = values
        self._inside = ""
        self._opened = 0

    def text(self) -> str:
        made: list[str] = []
        end = 0
        for found in _PART.finditer(self._template):
            made += [self._template[end : found.start()], self._part(found)]
            end = found.end()
        return "".join((*made, self._template[end:]))

    def _part(self, found: re.Match[str]) -> str:
        if found["name"]:
            return self._placeholder(found)
        if found["blank"]:
            return self._word(_replaced(found["blank"]), found.start())
        text = found[0]
        if found["mark"] or self._inside == "'":  # a backslash escapes nothing in single quotes
            for offset, mark in enumerate(text):
                self._mark(mark, found.start() + offset)
        return text

    def _mark(self, mark: str, position: int) -> None:
        if self._inside == "#":
            self._inside = "" if mark == "\n" else "#"
        elif self._inside:
            self._inside = "" if mark == self._inside else self._inside
        elif mark in "'\"":
            self._inside, self._opened = mark, position
        elif mark == "#" and (position == 0 or self._template[position - 1].isspace()):
            self._inside = "#"

    def _placeholder(self, found: re.Match[str]) -> str:
        name, flag = found["name"], found["flag"] or ""
        if name == _OF_SLOT and "slot" in self._values:
            slot = self._values["slot"]
            return f"{flag} --slot {self._word(slot, found.start())}" if slot else flag
        if name not in self._values:
            return found[0]
        value = self._values[name]
        unknown = _UNKNOWN.fullmatch(value)
        if unknown:
            value = _replaced(unknown[1])
        elif flag and value.startswith("-"):
            flag = f"{flag.rstrip()}="  # it would be taken for an option of its own
        return flag + self._word(value, found.start())

    def _word(self, value: str, position: int) -> str:
        if self._inside == "#":
            return " ".join(value.split())
        if self._inside == "'" and self._in_text(position):
            value = json.dumps(value, ensure_ascii=False)[1:-1]
        quoted = shlex.quote(value)
        if self._inside == "'" and "'" not in value:
            return value  # single quotes hold everything but themselves
        if self._inside:
            return value if quoted == value else f"{self._inside}{quoted}{self._inside}"
        return f"'{value}'" if quoted == value and value.startswith(_REPLACE) else quoted

    def _in_text(self, position: int) -> bool:
        """Whether a string of JSON or of a filter is open within the single quotes."""
        return len(_TEXT_MARK.findall(self._template, self._opened, position)) % 2 == 1


def _replaced(blank: str) -> str:
    return _REPLACE + re.sub(r"[^A-Za-z0-9.]+", "-", blank).strip("-")
