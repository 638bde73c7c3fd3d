"""What is asked about of a list: the resources that some function's policy means, each once."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from threading import Lock


class Matching:
    """Joins a list with the patterns of policies, whichever of the two is known first. Thread-safe."""

    def __init__(self, ask: Callable[[str], None]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._patterns: set[str] = set()
        self._listed: set[str] = set()
        self._asked: set[str] = set()

    def admit(self, pattern: str) -> None:
        """A pattern of ARNs that a policy names."""
        with self._lock:
            self._patterns.add(pattern)
            due = {arn for arn in self._listed - self._asked if fnmatchcase(arn, pattern)}
            self._asked |= due
        for arn in sorted(due):
            self._ask(arn)

    def list(self, arn: str) -> None:
        """A resource that exists."""
        with self._lock:
            self._listed.add(arn)
            due = arn not in self._asked and any(fnmatchcase(arn, pattern) for pattern in self._patterns)
            self._asked |= {arn} if due else set()
        if due:
            self._ask(arn)
