"""The context of a request: which values its keys have, as far as that is known before it is made.

A key is known with its values, known to be absent (no value), known to be there with a value nobody knows
(``PRESENT``), known never to be true (``UNTRUE``), or open (None): then nothing is assumed, not even that it is there.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, TypeAlias


class Presence(Enum):
    """What is known of a key whose value is not."""

    PRESENT = "present"
    """Every such request carries it, with a value that only the request decides."""
    UNTRUE = "untrue"
    """It is absent or false."""


PRESENT: Final = Presence.PRESENT
UNTRUE: Final = Presence.UNTRUE
State: TypeAlias = "tuple[str, ...] | Presence | None"


class RequestContext:
    """Values by key, whose case does not matter.

    ``asked`` are the values given with the question; ``caller`` what is known of who asks; ``derive`` answers, once a
    key, for what follows from action and resource. The first that knows the key decides.
    """

    __slots__ = ("_asked", "_caller", "_derive", "_seen")

    def __init__(
        self,
        asked: Mapping[str, State],
        caller: Mapping[str, State] | None = None,
        derive: Callable[[str], State] | None = None,
    ) -> None:
        self._asked = asked
        self._caller = caller or {}
        self._derive = derive
        self._seen: dict[str, State] = {}

    def with_values(self, values: Mapping[str, State]) -> "RequestContext":
        """The same context in which some keys, in lower case, are known."""
        return RequestContext({**self._asked, **values}, self._caller, self._derive)

    def state(self, key: str) -> State:
        """What is known of a key, given in lower case."""
        if key in self._asked:
            return self._asked[key]
        if key in self._caller:
            return self._caller[key]
        if self._derive is None:
            return None
        if key not in self._seen:
            self._seen[key] = self._derive(key)
        return self._seen[key]


def closed(values: Mapping[str, tuple[str, ...]]) -> RequestContext:
    """A context in which every key that is not given is absent."""
    return RequestContext({key.lower(): value for key, value in values.items()}, derive=lambda _: ())
