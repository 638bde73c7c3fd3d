"""One API answer, or the reason there is none: the only thing that is ever stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason

Json = Any
"""A JSON value. Typed loosely on purpose: only normalisers look inside, field by field."""


class Depth(StrEnum):
    """How much is asked of a cloud. Ordered: quick, standard, full."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"

    @property
    def rank(self) -> int:
        """0 quick, 1 standard, 2 full."""
        return list(Depth).index(self)


class Outcome(StrEnum):
    """An answer, the cloud's own word that there is none, or a gap."""

    OK = "ok"
    ABSENT = "absent"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One answer.

    ``operation`` is the operation's id (``lambda:GetPolicy``); ``scope`` the account, subscription or project;
    ``location`` a region or ``global``; ``subject`` what was asked about ("" for an account-wide call), with
    ``#qualifier`` where one was given; ``page`` counts a list's pages from 0. ``body`` is redacted JSON.
    ``asked_at`` is when it was asked (RFC 3339 UTC), where an earlier run did that and it was carried over;
    ``revision`` the revision of its subject that proves that it did not change since, where one does.
    """

    cloud: Cloud
    scope: str
    location: str
    operation: str
    subject: str
    page: int
    outcome: Outcome
    body: Json = None
    reason: GapReason | None = None
    permission: str | None = None
    message: str = ""
    asked_at: str = ""
    revision: str = ""

    @property
    def gap(self) -> Gap:
        """The gap of a GAP envelope."""
        if self.reason is None:
            raise ValueError(f"{self.operation}: an answer has no gap")
        return Gap(self.reason, self.operation, self.permission, self.message, self.subject or None)


@dataclass(frozen=True, slots=True, order=True)
class ShardKey:
    """Where envelopes are kept: one shard for each operation of each location."""

    cloud: Cloud
    scope: str
    location: str
    operation: str


@dataclass(frozen=True, slots=True, order=True)
class AccountFacts:
    """What an organisation said of a scope. ``left_out`` is why it was not read on purpose; "" where it was."""

    cloud: Cloud
    scope: str
    name: str = ""
    unit: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """About a capture as a whole. Times are RFC 3339 UTC. ``throttles`` counts answers 'slow down' by operation.

    ``scopes`` lists (cloud, scope, locations asked) in the order found; ``errors`` are plain sentences about clouds
    or scopes that could not be opened; ``shards`` are the keys of all that was written, so that one that is lost
    later is missed, and ``sizes`` how many envelopes each holds (nothing where it was not counted). ``started_ns`` is
    the start in nanoseconds since 1970, by which captures are ordered; 0 in captures of before it was told.
    ``callers`` says, by cloud, as whom it was asked; ``command`` the command line, without what is secret;
    ``not_scanned`` which clouds were left out, and why. ``unfinished`` marks a capture whose run ended without a
    word: what it holds is whole, but nothing it lists is known to be all there is. ``accounts`` is what an organisation
    said of its accounts, where one was asked.
    """

    started_at: str
    finished_at: str
    depth: Depth
    tool_version: str
    scopes: tuple[tuple[Cloud, str, tuple[str, ...]], ...]
    selection: tuple[tuple[str, str], ...]
    throttles: tuple[tuple[str, int], ...]
    interrupted: bool
    errors: tuple[str, ...]
    shards: tuple[ShardKey, ...] = ()
    sizes: tuple[int, ...] = ()
    started_ns: int = 0
    callers: tuple[tuple[Cloud, str], ...] = ()
    command: str = ""
    not_scanned: tuple[tuple[Cloud, str], ...] = ()
    unfinished: bool = False
    accounts: tuple[AccountFacts, ...] = ()

    @property
    def moment(self) -> int:
        """When it began, in nanoseconds since 1970; as exactly as it was noted."""
        if self.started_ns:
            return self.started_ns
        return int(datetime.fromisoformat(self.started_at).timestamp()) * 1_000_000_000


class Capture(Protocol):
    """A run's answers, read shard by shard."""

    @property
    def facts(self) -> CaptureFacts:
        """About the capture as a whole."""

    def shards(self) -> tuple[ShardKey, ...]:
        """The keys of every shard, sorted."""

    def read(self, key: ShardKey) -> Iterator[Envelope]:
        """The envelopes of a shard in the order recorded; nothing for a shard that does not exist."""

    def heads(self, key: ShardKey) -> Iterable[Envelope]:
        """The same without bodies, cheaply."""
