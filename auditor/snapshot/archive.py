"""Snapshots on disk: ``captures/<id>.json`` and ``<cloud>/<scope>/<location>/<operation>.<id>.jsonl.gz``.

Each file is written atomically, and the union of two snapshots' files is a snapshot: names carry the id of their
capture, so none overwrites another's. Where captures answer the same question, an answer beats a gap and the newer
answer the older; newer is what began later to the nanosecond (``started_ns``), then what has the later id. A capture
whose run was killed (``unfinished``) holds what had been written by then: none of its lists is taken for complete.
Files of before names carried an id (``<operation>.jsonl.gz``) count as the oldest. Captures that
were narrowed differently (``--function``, ``--tag``) each asked about their own functions only: what such a one says
of a place as a whole is joined with a gap, so that what it did not ask about is unknown and never absent.
"""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

from auditor.errors import UsageError
from auditor.model.capture import AccountFacts, CaptureFacts, Depth, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.json_text import ascii_json, read_json
from auditor.model.observed import GapReason
from auditor.snapshot.codec import decode, decode_facts, encode, encode_facts, unreadable
from auditor.snapshot.files import atomic

_SUFFIX = ".jsonl.gz"
_CHUNK = 1 << 16
_NARROWED = (
    "Captures that were narrowed differently are joined here: this was asked about the functions of one of them."
)

_CUT_OFF = "The run that asked this was cut off: there may be more."
_LOST = "The snapshot's file of these answers is missing."


def _path(root: Path, key: ShardKey, capture: str) -> Path:
    mark = f".{capture}" if capture else ""
    return root / key.cloud.value / _name(key.scope) / _name(key.location) / f"{_name(key.operation)}{mark}{_SUFFIX}"


def _name(part: str) -> str:
    """A file name for any scope, location or operation; reversible, without a dot of its own."""
    return quote(part, safe="-_@ ").replace(".", "%2E")


class ShardWriter:
    """Gathers the envelopes of one shard, compressed in independent chunks, and writes them at the end.

    Chunks are gzip members of their own: no compressor state is kept alive for the hundreds of shards of
    a run over many regions.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0
        self._members: list[bytes] = []
        self.changed = False
        """Whether there is something that :meth:`taken` has not given out yet."""

    def add(self, envelope: Envelope) -> None:
        """Appends an envelope."""
        self.changed = True
        text = encode(envelope)
        self._lines.append(text)
        self._size += len(text)
        if self._size >= _CHUNK:
            self._squeeze()

    def _squeeze(self) -> None:
        if self._lines:
            self._members.append(gzip.compress("".join(self._lines).encode("ascii"), 2, mtime=0))
            self._lines.clear()
            self._size = 0

    def taken(self) -> tuple[bytes, ...]:
        """All that was added so far, compressed."""
        self._squeeze()
        self.changed = False
        return tuple(self._members)

    def write(self, root: Path, key: ShardKey, capture: str = "") -> Path:
        """Writes the shard's file of a capture; returns its path."""
        return write_shard(root, key, capture, self.taken())


def write_shard(root: Path, key: ShardKey, capture: str, members: Iterable[bytes]) -> Path:
    """Writes the shard's file of a capture from what a :class:`ShardWriter` gave out; returns its path."""
    path = _path(root, key, capture)
    with atomic(path) as stream:
        stream.writelines(members)
    return path


def write_facts(root: Path, facts: CaptureFacts, capture: str = "") -> Path:
    """Writes the facts about a capture under its id (a digest of them, if it has none); returns the path."""
    text = ascii_json(encode_facts(facts)) + "\n"
    path = root / "captures" / f"{capture or sha256(text.encode()).hexdigest()[:16]}.json"
    with atomic(path) as stream:
        stream.write(text.encode("ascii"))
    return path


@dataclass(frozen=True, slots=True, order=True)
class _Part:
    """One capture's file of a shard; ordered by age, the oldest first."""

    moment: int
    capture: str
    path: Path
    partial: bool = False
    """Whether its capture asked about other functions than the captures it is joined with."""

    unfinished: bool = False
    """Whether its capture was cut off, so that no list in it is known to be complete."""

    size: int = 0
    """How many envelopes were written into it; 0 where that was not counted."""


class Snapshot:
    """A saved capture. Implements :class:`auditor.model.capture.Capture`."""

    def __init__(self, root: Path) -> None:
        """Opens a snapshot directory, or the output directory that holds one. Raises UsageError for anything else."""
        inner = root / "snapshot"
        self.root = inner if (inner / "captures").is_dir() else root
        files = sorted((self.root / "captures").glob("*.json")) if self.root.is_dir() else []
        if not files:
            raise UsageError(
                f"{root} holds no snapshot: expected a directory made by 'auditor collect' or 'auditor scan' "
                "(with captures/*.json inside)."
            )
        captures = {path.stem: _read_facts(path) for path in files}
        self._facts = _union(list(captures.values()))
        self._parts = self._found(captures)
        self._lost = {
            key
            for name, facts in captures.items()
            for key in facts.shards
            if all(part.capture != name for part in self._parts.get(key, ()))
        }

    @property
    def facts(self) -> CaptureFacts:
        return self._facts

    def shards(self) -> tuple[ShardKey, ...]:
        return tuple(sorted({*self._parts, *self._lost}))

    def _found(self, captures: Mapping[str, CaptureFacts]) -> dict[ShardKey, list[_Part]]:
        """The files of each shard, the oldest capture's first."""
        parts: dict[ShardKey, list[_Part]] = {}
        sizes = {name: dict(zip(facts.shards, facts.sizes, strict=False)) for name, facts in captures.items()}
        mixed = len({facts.selection for facts in captures.values()}) > 1
        for cloud in Cloud:
            for path in (self.root / cloud.value).glob(f"*/*/*{_SUFFIX}"):
                scope, location = path.parent.parent.name, path.parent.name
                operation, _, capture = path.name.removesuffix(_SUFFIX).partition(".")
                key = ShardKey(cloud, unquote(scope), unquote(location), unquote(operation))
                facts = captures.get(capture)
                partial = mixed and (facts is None or bool(facts.selection))
                unfinished = facts is not None and facts.unfinished
                size = sizes.get(capture, {}).get(key, 0)
                part = _Part(facts.moment if facts else 0, capture, path, partial, unfinished, size)
                parts.setdefault(key, []).append(part)
        return {key: sorted(found) for key, found in parts.items()}

    def read(self, key: ShardKey) -> Iterator[Envelope]:
        return self._decode(key, bodies=True)

    def heads(self, key: ShardKey) -> Iterable[Envelope]:
        return self._decode(key, bodies=False)

    def _decode(self, key: ShardKey, *, bodies: bool) -> Iterator[Envelope]:
        parts = self._parts.get(key, [])
        if len(parts) == 1 and not (parts[0].partial or parts[0].unfinished or key in self._lost):
            yield from _envelopes(key, parts[0], bodies=bodies)
            return
        best = _best(key, parts)
        pages = 0
        for part in parts:
            for envelope in _envelopes(key, part, bodies=bodies):
                if best[envelope.subject] is part:
                    yield envelope
                    pages = pages if envelope.subject else max(pages, envelope.page + 1)
        where = (key.cloud, key.scope, key.location, key.operation, "", pages)
        if "" in best and best[""].partial:
            yield Envelope(*where, Outcome.GAP, reason=GapReason.NOT_COLLECTED, message=_NARROWED)
        elif best[""].unfinished if "" in best else any(part.unfinished for part in parts):
            yield Envelope(*where, Outcome.GAP, reason=GapReason.INTERRUPTED, message=_CUT_OFF)
        elif "" not in best and key in self._lost:
            yield Envelope(*where, Outcome.GAP, reason=GapReason.NOT_COLLECTED, message=_LOST)


def _envelopes(key: ShardKey, part: _Part, *, bodies: bool) -> Iterator[Envelope]:
    """What can be read of a file; where it breaks off or is shorter than it was, a gap stands for the rest."""
    found = 0
    try:
        with gzip.open(part.path, "rb") as packed, _text(packed) as lines:
            for envelope in decode(key, lines, bodies=bodies):
                found += 1
                yield envelope
    except (OSError, EOFError, zlib.error):
        found += 1
        yield unreadable(key, 0)
    if found < part.size:
        yield unreadable(key, -1, f"{part.size - found} answers that were recorded are missing from the snapshot.")


def _text(packed: gzip.GzipFile) -> io.TextIOWrapper:
    """The text of a file. A byte that is none becomes an escape that JSON does not know: damage of one answer."""
    return io.TextIOWrapper(packed, encoding="utf-8", errors="backslashreplace")


def _best(key: ShardKey, parts: Iterable[_Part]) -> dict[str, _Part]:
    """Whose answer counts for each subject. A list's pages belong together: one gap among them leaves it in part."""
    best: dict[str, _Part] = {}
    rank: dict[str, int] = {}
    for part in parts:
        outcomes: dict[str, set[Outcome]] = {}
        for head in _envelopes(key, part, bodies=False):
            outcomes.setdefault(head.subject, set()).add(head.outcome)
        for subject, seen in outcomes.items():
            complete = Outcome.GAP not in seen and (subject or not part.unfinished)
            whole = 2 if complete else int(Outcome.OK in seen)
            if whole >= rank.get(subject, 0):
                best[subject], rank[subject] = part, whole
    return best


def _read_facts(path: Path) -> CaptureFacts:
    try:
        document = read_json(path.read_text("ascii"))
    except (OSError, ValueError) as broken:
        raise UsageError(f"The snapshot's file {path} is damaged; collect anew.") from broken
    return decode_facts(document)


def _union(parts: list[CaptureFacts]) -> CaptureFacts:
    """Facts of several captures taken together. The shallowest depth counts: what it left out was not asked."""
    if len(parts) == 1:
        return parts[0]
    scopes: dict[tuple[Cloud, str], dict[str, None]] = {}
    throttles: dict[str, int] = {}
    for part in parts:
        for cloud, scope, locations in part.scopes:
            scopes.setdefault((cloud, scope), {}).update(dict.fromkeys(locations))
        for operation, count in part.throttles:
            throttles[operation] = throttles.get(operation, 0) + count
    return CaptureFacts(
        started_at=min(part.started_at for part in parts),
        finished_at=max(part.finished_at for part in parts),
        depth=min((part.depth for part in parts), key=lambda depth: Depth(depth).rank),
        tool_version=max(part.tool_version for part in parts),
        scopes=tuple((cloud, scope, tuple(places)) for (cloud, scope), places in sorted(scopes.items())),
        selection=_selection({part.selection for part in parts}),
        throttles=tuple(sorted(throttles.items())),
        interrupted=any(part.interrupted for part in parts),
        errors=tuple(dict.fromkeys(error for part in parts for error in part.errors)),
        shards=tuple(sorted({key for part in parts for key in part.shards})),
        started_ns=min(part.moment for part in parts),
        callers=tuple(sorted({caller for part in parts for caller in part.callers})),
        command=" ; ".join(dict.fromkeys(part.command for part in sorted(parts, key=_age) if part.command)),
        not_scanned=_not_scanned(parts),
        unfinished=any(part.unfinished for part in parts),
        accounts=_accounts(parts),
    )


def _age(facts: CaptureFacts) -> int:
    return facts.moment


def _not_scanned(parts: Iterable[CaptureFacts]) -> tuple[tuple[Cloud, str], ...]:
    """The clouds that none of the captures scanned, each with the last reason."""
    ordered = sorted(parts, key=_age)
    scanned = {cloud for part in ordered for cloud, _, _ in part.scopes}
    reasons = {cloud: reason for part in ordered for cloud, reason in part.not_scanned if cloud not in scanned}
    return tuple(sorted(reasons.items()))


def _accounts(parts: Iterable[CaptureFacts]) -> tuple[AccountFacts, ...]:
    """What was last said of each account; one that any of the captures read is not left out."""
    ordered = sorted(parts, key=_age)
    read = {(cloud, scope) for part in ordered for cloud, scope, _ in part.scopes}
    last = {(account.cloud, account.scope): account for part in ordered for account in part.accounts}
    return tuple(sorted(replace(row, left_out="") if key in read else row for key, row in last.items()))


def _selection(asked: set[tuple[tuple[str, str], ...]]) -> tuple[tuple[str, str], ...]:
    """What captures were narrowed to, together: any of their names; nothing where that cannot be said in one row."""
    if len(asked) == 1:
        return next(iter(asked))
    if all(rows and all(kind == "function" for kind, _ in rows) for rows in asked):
        return tuple(sorted({row for rows in asked for row in rows}))
    return ()
