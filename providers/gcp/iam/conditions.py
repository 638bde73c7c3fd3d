"""What the condition of a binding comes to: whether it holds now, has ended, has not begun, or cannot be told.

Conditions are written in the Common Expression Language. Only what depends on the time alone can be told here:
``request.time`` compared with ``timestamp("…")``, joined by ``&&``, ``||``, ``!`` and parentheses. Everything else
(attributes of the resource, of the request or of the API called) is neither true nor false.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>[rR]?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'))|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<number>\d[\w.]*)|(?P<sign>&&|\|\||[=!<>]=|[-!<>()\[\],.?:+*/%{}]))"
)
_INSTANT: Final = timedelta(microseconds=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_COMPARED: Final = ("<", "<=", ">", ">=", "==", "!=")
_LONGEST: Final = 4096
"""Google's own limit is 12 logical operators; nothing longer is worth reading."""


class ConditionState(StrEnum):
    """What a condition does to its binding at some time."""

    ALWAYS = "always"
    """It restricts nothing, now or later."""
    HOLDS = "holds"
    """It is true now, and will end."""
    ENDED = "ended"
    """It is false now, and for ever."""
    LATER = "later"
    """It is false now, and will be true."""
    UNDECIDED = "undecided"
    """It depends on more than the time."""


Truth = bool | None
_Term = Callable[[datetime], Truth]


class _Unreadable(Exception):  # noqa: N818 - it never leaves this module
    """The expression is not of the language, or of more of it than is read here."""


def state(expression: str | None, now: datetime | None) -> ConditionState:
    """What a condition comes to at ``now`` (None: no time is known). ``expression`` None: there is no condition."""
    if expression is None or not expression.strip():
        return ConditionState.ALWAYS
    try:
        reader = _Reader(expression)
        term = reader.whole()
    except (_Unreadable, RecursionError):
        return ConditionState.UNDECIDED
    if now is None:
        return ConditionState.ALWAYS if not reader.instants and term(_LAST) is True else ConditionState.UNDECIDED
    after = (each for instant in reader.instants for each in (instant - _INSTANT, instant, instant + _INSTANT))
    later = [term(each) for each in (*(each for each in after if each > now), _LAST)]
    return _weighed(term(now), later)


def _weighed(at_once: Truth, later: list[Truth]) -> ConditionState:
    if at_once is None:
        return ConditionState.UNDECIDED
    if at_once:
        return ConditionState.ALWAYS if all(later) else ConditionState.HOLDS
    return ConditionState.ENDED if all(value is False for value in later) else ConditionState.LATER


class _Reader:
    """A reader by descent: ``or``, ``and``, ``not``, comparison. ``instants`` are the times an expression names."""

    def __init__(self, expression: str) -> None:
        self._tokens = list(_tokens(expression))
        self._at = 0
        self.instants: list[datetime] = []

    def whole(self) -> _Term:
        """The whole expression as a function of the time. Raises _Unreadable."""
        term = self._either()
        if self._at < len(self._tokens):
            raise _Unreadable
        return term

    def _either(self) -> _Term:
        term = self._both()
        while self._take("||"):
            term = _or(term, self._both())
        return term

    def _both(self) -> _Term:
        term = self._one()
        while self._take("&&"):
            term = _and(term, self._one())
        return term

    def _one(self) -> _Term:
        if self._take("!"):
            return _not(self._one())
        if self._next() == "(":
            start = self._at
            self._at += 1
            term = self._either()
            if not self._take(")"):
                raise _Unreadable
            if self._next() in ("&&", "||", ")", ""):
                return term
            self._at = start
        return self._comparison()

    def _comparison(self) -> _Term:
        left = self._operand()
        sign = self._next()
        if sign not in _COMPARED:
            return _constant(left if isinstance(left, bool) else None)
        self._at += 1
        right = self._operand()
        return _compared(left, sign, right)

    def _operand(self) -> "_Operand":
        """One side of a comparison: the time, an instant, a boolean, or something that cannot be told."""
        start = self._at
        while self._next() not in ("", "&&", "||", ")", ",", *_COMPARED):
            self._skip()
        words = self._tokens[start : self._at]
        if not words:
            raise _Unreadable
        if words == ["request.time"]:
            return _NOW
        if words in (["true"], ["false"]):
            return words == ["true"]
        if len(words) == 4 and words[0] == "timestamp" and (words[1], words[3]) == ("(", ")"):
            return self._instant(words[2])
        return None

    def _instant(self, quoted: str) -> "datetime | None":
        try:
            found = datetime.fromisoformat(quoted.lstrip("rR")[1:-1])
        except ValueError:
            return None
        instant = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        self.instants.append(instant)
        return instant

    def _skip(self) -> None:
        """One token, or everything up to the bracket that closes it."""
        closing = {"(": ")", "[": "]", "{": "}"}.get(self._next())
        self._at += 1
        while closing is not None:
            if self._next() == "":
                raise _Unreadable
            if self._next() == closing:
                self._at += 1
                return
            self._skip()

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, token: str) -> bool:
        if self._next() != token:
            return False
        self._at += 1
        return True


class _Now:
    """The time of the request."""


_NOW: Final = _Now()
_Operand = _Now | datetime | bool | None


def _tokens(expression: str) -> Iterator[str]:
    if len(expression) > _LONGEST:
        raise _Unreadable
    text, at = expression.strip(), 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _Unreadable
        at = found.end()
        yield found[0].strip()


def _compared(left: _Operand, sign: str, right: _Operand) -> _Term:
    sides = (left, right)
    if not all(isinstance(side, (_Now, datetime)) for side in sides):
        return _constant(None)

    def term(now: datetime) -> bool:
        one, other = (side if isinstance(side, datetime) else now for side in sides)
        return {
            "<": one < other,
            "<=": one <= other,
            ">": one > other,
            ">=": one >= other,
            "==": one == other,
            "!=": one != other,
        }[sign]

    return term


def _constant(value: Truth) -> _Term:
    return lambda _now: value


def _not(term: _Term) -> _Term:
    def negated(now: datetime) -> Truth:
        value = term(now)
        return None if value is None else not value

    return negated


def _and(one: _Term, other: _Term) -> _Term:
    def both(now: datetime) -> Truth:
        values = (one(now), other(now))
        return False if False in values else None if None in values else True

    return both


def _or(one: _Term, other: _Term) -> _Term:
    return _not(_and(_not(one), _not(other)))
