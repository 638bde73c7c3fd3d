"""Snapshots: what is written is what is read; the union of two is one; damage is said in a sentence."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import UsageError
from auditor.model.capture import CaptureFacts, Depth, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.snapshot.archive import ShardWriter, Snapshot, write_facts
from auditor.snapshot.codec import decode, encode

KEY = ShardKey(Cloud.AWS, "111122223333", "us-east-1", "lambda:GetPolicy")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def envelope(subject: str = "f", page: int = 0, body: object = None, reason: GapReason | None = None) -> Envelope:
    outcome = Outcome.GAP if reason else Outcome.OK
    permission = "lambda:GetPolicy" if reason else None
    return Envelope(
        KEY.cloud,
        KEY.scope,
        KEY.location,
        KEY.operation,
        subject,
        page,
        outcome,
        body,
        reason,
        permission,
        "m" if reason else "",
    )


def facts(**changes: object) -> CaptureFacts:
    values = {
        "started_at": "2026-11-23T00:00:00Z",
        "finished_at": "2026-11-23T00:01:00Z",
        "depth": Depth.STANDARD,
        "tool_version": "0.1.0",
        "scopes": ((Cloud.AWS, "111122223333", ("us-east-1",)),),
        "selection": (("function", "orders-*"), ("function", "refunds")),
        "throttles": (("lambda:GetPolicy", 3),),
        "interrupted": False,
        "errors": (),
    }
    return CaptureFacts(**{**values, **changes})


@given(st.text(), st.integers(0, 9), JSON, st.none() | st.sampled_from(GapReason))
def test_the_codec_round_trips(subject: str, page: int, body: object, reason: GapReason | None) -> None:
    original = envelope(subject, page, body, reason)
    text = encode(original)
    assert text.isascii()
    assert list(decode(KEY, text.splitlines(keepends=True))) == [original]


def write(root: Path, *envelopes: Envelope, about: CaptureFacts | None = None, key: ShardKey = KEY) -> None:
    writer = ShardWriter()
    for each in envelopes:
        writer.add(each)
    writer.write(root, key)
    write_facts(root, about or facts())


def test_what_is_written_is_read(tmp_path: Path) -> None:
    rows = [envelope(f"f{i}", 0, {"n": "x" * 50_000}) for i in range(5)]
    write(tmp_path, *rows)
    snapshot = Snapshot(tmp_path)
    assert snapshot.facts == facts()
    assert snapshot.shards() == (KEY,)
    assert list(snapshot.read(KEY)) == rows
    assert [head.body for head in snapshot.heads(KEY)] == [None] * 5
    assert list(snapshot.read(ShardKey(Cloud.AWS, "1", "2", "3"))) == []


def test_the_output_directory_will_do(tmp_path: Path) -> None:
    write(tmp_path / "snapshot", envelope())
    assert list(Snapshot(tmp_path).read(KEY)) == [envelope()]


def test_the_union_of_two_snapshots_is_a_snapshot(tmp_path: Path) -> None:
    other = ShardKey(Cloud.AWS, "444455556666", "eu-west-1", "lambda:GetPolicy")
    write(tmp_path, envelope("a"))
    later = facts(
        scopes=((Cloud.AWS, "444455556666", ("eu-west-1",)),),
        depth=Depth.QUICK,
        interrupted=True,
        throttles=(("lambda:GetPolicy", 2),),
    )
    write(tmp_path, envelope("b"), about=later, key=other)
    union = Snapshot(tmp_path)
    assert union.shards() == (KEY, other)
    assert {scope for _, scope, _ in union.facts.scopes} == {"111122223333", "444455556666"}
    assert union.facts.depth is Depth.QUICK
    assert union.facts.interrupted
    assert union.facts.throttles == (("lambda:GetPolicy", 5),)


@pytest.mark.parametrize("scope", ["../../etc", "a/b", "..", ".", "x\x00y", "ünïcode", "a b"])
def test_no_name_leaves_the_directory(tmp_path: Path, scope: str) -> None:
    key = ShardKey(Cloud.AWS, scope, "us-east-1", "lambda:GetPolicy")
    root = tmp_path / "inside"
    write(root, envelope(), key=key)
    assert {path.name for path in tmp_path.iterdir()} == {"inside"}
    assert Snapshot(root).shards() == (key,)


def test_damage_is_said_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, envelope())
    (path,) = tmp_path.rglob("*.jsonl.gz")
    whole = path.read_bytes()
    for broken in (b"not gzip", whole[:-9], gzip.compress(b'{"s":"a"}\n'), gzip.compress(b"[]\nnull\n")):
        path.write_bytes(broken)
        with pytest.raises(UsageError, match=r"damaged|cut off"):
            list(Snapshot(tmp_path).read(KEY))


def test_what_is_not_a_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no snapshot"):
        Snapshot(tmp_path)
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "x.json").write_text('{"version": 99}')
    with pytest.raises(UsageError, match="format version 99"):
        Snapshot(tmp_path)
    (tmp_path / "captures" / "x.json").write_text("{}")
    with pytest.raises(UsageError, match="damaged"):
        Snapshot(tmp_path)
