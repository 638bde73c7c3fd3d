"""Fills a shell command's template so that it can be pasted: every value stays one word, whatever is in it.

A value is quoted for the place it lands in: bare, inside single or double quotes, inside a JSON string within single
quotes, or in a comment. What nobody can know is written ``<what it is>`` in a template, and printed as
``'REPLACE-what-it-is'``, because a shell takes angle brackets for redirections.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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
    return "".join(piece if isinstance(piece, str) else piece.filled(values) for piece in _pieces(template))


@dataclass(frozen=True, slots=True)
class _Place:
    """A placeholder. ``inside`` is the open quote, "#" in a comment, "" elsewhere; ``in_text``: within single
    quotes, a string of JSON or of a filter is open. ``text`` is what stands there without a value.
    """

    name: str
    flag: str
    inside: str
    in_text: bool
    text: str

    def filled(self, values: Mapping[str, str]) -> str:
        """The option before it, and its value as one word."""
        flag = self.flag
        if self.name == _OF_SLOT and "slot" in values:
            slot = values["slot"]
            return f"{flag} --slot {self._word(slot)}" if slot else flag
        value = values.get(self.name)
        if value is None:
            return self.text
        unknown = _UNKNOWN.fullmatch(value)
        if unknown:
            value = _replaced(unknown[1])
        elif flag and value.startswith("-"):
            flag = f"{flag.rstrip()}="  # it would be taken for an option of its own
        return flag + self._word(value)

    def _word(self, value: str) -> str:
        return _word(value, self.inside, in_text=self.in_text)


@lru_cache(maxsize=1024)  # a template is filled for each finding of its check
def _pieces(template: str) -> tuple[str | _Place, ...]:
    """A template in its parts: text as it is printed, and placeholders. No value changes which quote is open."""
    made: list[str | _Place] = []
    end, inside, opened = 0, "", 0
    for found in _PART.finditer(template):
        made.append(template[end : found.start()])
        end = found.end()
        in_text = len(_TEXT_MARK.findall(template, opened, found.start())) % 2 == 1
        if found["name"]:
            made.append(_Place(found["name"], found["flag"] or "", inside, in_text, found[0]))
        elif found["blank"]:
            made.append(_word(_replaced(found["blank"]), inside, in_text=in_text))
        else:
            made.append(found[0])
            if found["mark"] or inside == "'":  # a backslash escapes nothing in single quotes
                for offset, mark in enumerate(found[0], found.start()):
                    was, inside = inside, _after(template, inside, mark, offset)
                    opened = offset if inside and inside != was else opened
    return (*(piece for piece in made if piece), template[end:])


def _after(template: str, inside: str, mark: str, position: int) -> str:
    """What is open after a mark."""
    if inside == "#":
        return "" if mark == "\n" else "#"
    if inside:
        return "" if mark == inside else inside
    if mark in "'\"":
        return mark
    return "#" if mark == "#" and (position == 0 or template[position - 1].isspace()) else ""


def _word(value: str, inside: str, *, in_text: bool) -> str:
    """A value as one word of the place it stands at."""
    if inside == "#":
        return " ".join(value.split())
    if inside == "'" and in_text:
        value = json.dumps(value, ensure_ascii=False)[1:-1]
    quoted = shlex.quote(value)
    if inside == "'" and "'" not in value:
        return value  # single quotes hold everything but themselves
    if inside:
        return value if quoted == value else f"{inside}{quoted}{inside}"
    return f"'{value}'" if quoted == value and value.startswith(_REPLACE) else quoted


def _replaced(blank: str) -> str:
    return _REPLACE + re.sub(r"[^A-Za-z0-9.]+", "-", blank).strip("-")
