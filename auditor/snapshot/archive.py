"""Snapshots on disk: ``captures/<digest>.json`` and ``<cloud>/<scope>/<location>/<operation>.jsonl.gz``.

Each file is written atomically, and the union of two snapshots' files is a snapshot.
"""

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

from auditor.errors import UsageError
from auditor.model.capture import CaptureFacts, Depth, Envelope, ShardKey
from auditor.model.ids import Cloud
from auditor.snapshot.codec import decode, decode_facts, dump, encode, encode_facts
from auditor.snapshot.files import atomic

_SUFFIX = ".jsonl.gz"
_CHUNK = 1 << 16


def _path(root: Path, key: ShardKey) -> Path:
    return root / key.cloud.value / _name(key.scope) / _name(key.location) / f"{_name(key.operation)}{_SUFFIX}"


def _name(part: str) -> str:
    """A file name for any scope, location or operation; reversible, and never ``.`` or ``..``."""
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

    def add(self, envelope: Envelope) -> None:
        """Appends an envelope."""
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

    def write(self, root: Path, key: ShardKey) -> None:
        """Writes the shard's file."""
        self._squeeze()
        with atomic(_path(root, key)) as stream:
            stream.writelines(self._members)


def write_facts(root: Path, facts: CaptureFacts) -> None:
    """Writes the facts about a capture under a name of their own."""
    text = dump(encode_facts(facts)) + "\n"
    with atomic(root / "captures" / f"{sha256(text.encode()).hexdigest()[:16]}.json") as stream:
        stream.write(text.encode("ascii"))


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
        self._facts = _union([_read_facts(path) for path in files])

    @property
    def facts(self) -> CaptureFacts:
        return self._facts

    def shards(self) -> tuple[ShardKey, ...]:
        return tuple(sorted(self._keys()))

    def _keys(self) -> Iterator[ShardKey]:
        for cloud in Cloud:
            for path in (self.root / cloud.value).glob(f"*/*/*{_SUFFIX}"):
                scope, location = path.parent.parent.name, path.parent.name
                operation = path.name.removesuffix(_SUFFIX)
                yield ShardKey(cloud, unquote(scope), unquote(location), unquote(operation))

    def read(self, key: ShardKey) -> Iterator[Envelope]:
        return self._decode(key, bodies=True)

    def heads(self, key: ShardKey) -> Iterable[Envelope]:
        return self._decode(key, bodies=False)

    def _decode(self, key: ShardKey, *, bodies: bool) -> Iterator[Envelope]:
        path = _path(self.root, key)
        if not path.is_file():
            return
        try:
            with gzip.open(path, "rb") as packed, io.TextIOWrapper(packed, encoding="ascii") as lines:
                yield from decode(key, lines, bodies=bodies)
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as broken:
            raise UsageError(f"The snapshot's file {path} is damaged: {type(broken).__name__}.") from broken


def _read_facts(path: Path) -> CaptureFacts:
    try:
        document = json.loads(path.read_text("ascii"))
    except (OSError, ValueError) as broken:
        raise UsageError(f"The snapshot's file {path} is damaged: {type(broken).__name__}.") from broken
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
        selection=parts[0].selection,
        throttles=tuple(sorted(throttles.items())),
        interrupted=any(part.interrupted for part in parts),
        errors=tuple(dict.fromkeys(error for part in parts for error in part.errors)),
    )
