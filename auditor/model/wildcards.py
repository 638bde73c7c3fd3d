"""Wildcard patterns as permission documents use them: ``*`` any run of characters, ``?`` any one.

Matching takes time proportional to the product of the lengths, whatever the pattern: policies are hostile input.
"""

from collections.abc import Iterable

ANY = "*"


def covers(pattern: str, text: str) -> bool:
    """Whether ``pattern`` matches everything ``text`` (plain, or a pattern itself) can mean. Linear in space."""
    head, star, tail = pattern.partition(ANY)
    if ANY in tail or "?" in pattern:
        return _covers(pattern, text)
    if not star:
        return pattern == text
    return len(text) >= len(head) + len(tail) and text.startswith(head) and text.endswith(tail)


def _covers(pattern: str, text: str) -> bool:
    at = here = 0
    star, resume = -1, 0
    while here < len(text):
        if at < len(pattern) and pattern[at] == ANY:
            star, resume = at, here
            at += 1
        elif at < len(pattern) and text[here] != ANY and pattern[at] in ("?", text[here]):
            at += 1
            here += 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return all(letter == ANY for letter in pattern[at:])


class Patterns:
    """Patterns that are asked about many texts: those without wildcards are looked up, the others tried in turn."""

    __slots__ = ("_literal", "_wild")

    def __init__(self, patterns: Iterable[str]) -> None:
        listed = tuple(patterns)
        self._literal = frozenset(listed)
        self._wild = tuple(each for each in listed if ANY in each or "?" in each)

    def cover(self, text: str) -> bool:
        """Whether one of them covers the text."""
        if text in self._literal:
            return True
        return bool(self._wild) and any(covers(pattern, text) for pattern in self._wild)


def overlaps(one: str, other: str) -> bool:
    """Whether some string is matched by both patterns."""
    row = _leading(other)
    for letter in one:
        following = [row[0] and letter == ANY]
        for place, opposite in enumerate(other, start=1):
            if letter == ANY:
                meets = row[place] or following[place - 1]
            elif opposite == ANY:
                meets = following[place - 1] or row[place]
            else:
                meets = row[place - 1] and (letter == opposite or "?" in (letter, opposite))
            following.append(meets)
        row = following
    return row[-1]


def _leading(pattern: str) -> list[bool]:
    """Which prefixes of the pattern can match the empty string."""
    row = [True]
    for letter in pattern:
        row.append(row[-1] and letter == ANY)
    return row
