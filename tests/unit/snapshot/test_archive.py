"""Snapshots: what is written is what is read; the union of two is one; damage is said in a sentence."""

import gzip
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.answer_shape import AnswerShape
from auditor.engine.coverage import measure
from auditor.engine.judged import JudgedCapture
from auditor.errors import UsageError
from auditor.model.capture import CaptureFacts, Depth, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import Operation
from auditor.snapshot.archive import ShardWriter, Snapshot, write_facts
from auditor.snapshot.codec import MAX_LINE, decode, encode, encode_facts

KEY = ShardKey(Cloud.AWS, "111122223333", "us-east-1", "lambda:GetPolicy")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
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


def facts(**changes: Any) -> CaptureFacts:
    values: dict[str, Any] = {
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
def test_the_codec_round_trips(subject: str, page: int, body: Any, reason: GapReason | None) -> None:
    original = envelope(subject, page, body, reason)
    text = encode(original)
    assert text.isascii()
    assert list(decode(KEY, io.StringIO(text))) == [original]


def write(
    root: Path, *envelopes: Envelope, about: CaptureFacts | None = None, key: ShardKey = KEY, capture: str = ""
) -> None:
    writer = ShardWriter()
    for each in envelopes:
        writer.add(each)
    writer.write(root, key, capture)
    write_facts(root, about or facts(), capture)


def test_a_reason_under_its_former_name_is_read() -> None:
    gone = Envelope(
        KEY.cloud, KEY.scope, KEY.location, KEY.operation, "orders", 0, Outcome.GAP, reason=GapReason.NOT_FOUND
    )
    former = encode(gone).replace('"NOT_FOUND"', '"VANISHED"')
    assert "VANISHED" in former
    assert list(decode(KEY, io.StringIO(former))) == [gone]


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


def test_a_file_that_was_written_and_is_lost_is_a_gap(tmp_path: Path) -> None:
    there = ShardKey(Cloud.AWS, "111122223333", "us-east-1", "lambda:GetFunction")
    about = facts(shards=(there, KEY))
    writer = ShardWriter()
    writer.add(envelope())
    writer.write(tmp_path, KEY, "c1")
    write_facts(tmp_path, about, "c1")
    snapshot = Snapshot(tmp_path)
    assert snapshot.facts == about
    assert snapshot.shards() == (there, KEY)
    assert list(snapshot.read(KEY)) == [envelope()]
    (lost,) = snapshot.heads(there)
    assert (lost.outcome, lost.reason, lost.subject) == (Outcome.GAP, GapReason.NOT_COLLECTED, "")
    assert measure(snapshot).gap_rows() == [
        {
            "operation": "lambda:GetFunction",
            "scope": "aws/111122223333",
            "location": "us-east-1",
            "resource": None,
            "reason": "NOT_COLLECTED",
            "permission": None,
            "message": "The snapshot's file of these answers is missing.",
            "count": 1,
            "resources": [],
            "owners": [],
        }
    ]


def test_another_captures_file_does_not_hide_a_lost_one(tmp_path: Path) -> None:
    writer = ShardWriter()
    writer.add(envelope("a"))
    writer.write(tmp_path, KEY, "c2")
    for capture in ("c1", "c2"):
        write_facts(tmp_path, facts(shards=(KEY,), interrupted=capture == "c2"), capture)
    kept, lost = Snapshot(tmp_path).read(KEY)
    assert kept == envelope("a")
    assert (lost.outcome, lost.reason) == (Outcome.GAP, GapReason.NOT_COLLECTED)


def at(day: int, **changes: Any) -> CaptureFacts:
    return facts(started_at=f"2026-11-{day}T00:00:00Z", selection=(), **changes)


def joined(tmp_path: Path, *captures: tuple[str, CaptureFacts, tuple[Envelope, ...]]) -> Snapshot:
    """Each capture written into a folder of its own, and the folders copied over one another."""
    for name, about, rows in captures:
        write(tmp_path / name, *rows, about=about, capture=name)
        shutil.copytree(tmp_path / name, tmp_path / "union", dirs_exist_ok=True)
    return Snapshot(tmp_path / "union")


def test_two_captures_of_one_region_joined_lose_nothing(tmp_path: Path) -> None:
    union = joined(
        tmp_path,
        ("bb", at(24), (envelope("only-later"), envelope("both", body="new"))),
        ("aa", at(23), (envelope("only-earlier"), envelope("both", body="old"))),
    )
    assert union.shards() == (KEY,)
    found = {row.subject: row.body for row in union.read(KEY)}
    assert found == {"only-earlier": None, "only-later": None, "both": "new"}
    assert {head.subject for head in union.heads(KEY)} == set(found)


@pytest.mark.parametrize("gap_is_newer", [True, False])
def test_an_answer_beats_a_gap_whichever_is_newer(tmp_path: Path, gap_is_newer: bool) -> None:
    answer, gap = (envelope("f", body="told"),), (envelope("f", reason=GapReason.DENIED),)
    older, newer = (answer, gap) if gap_is_newer else (gap, answer)
    union = joined(tmp_path, ("aa", at(23), older), ("bb", at(24), newer))
    assert list(union.read(KEY)) == list(answer)


def test_the_pages_of_a_list_are_one_capture_s(tmp_path: Path) -> None:
    long = tuple(envelope("", page, f"old {page}") for page in range(3))
    short = (envelope("", 0, "new 0"),)
    broken = (envelope("", 0, "newest"), envelope("", 1, reason=GapReason.THROTTLED))
    union = joined(tmp_path, ("aa", at(23), long), ("bb", at(24), short), ("cc", at(25), broken))
    assert [row.body for row in union.read(KEY)] == ["new 0"]


def test_the_same_capture_joined_with_itself_is_itself(tmp_path: Path) -> None:
    rows = (envelope("", 0), envelope("f"), envelope("g", reason=GapReason.DENIED))
    union = joined(tmp_path, ("aa", at(23), rows), ("aa", at(23), rows))
    assert list(union.read(KEY)) == list(rows)


def test_an_answer_of_before_captures_had_ids_is_read_and_counts_as_the_oldest(tmp_path: Path) -> None:
    write(tmp_path, envelope("f", body="old"), envelope("g", body="old"), about=at(23))
    write(tmp_path, envelope("f", body="new"), about=at(24), capture="bb")
    found = {row.subject: row.body for row in Snapshot(tmp_path).read(KEY)}
    assert found == {"f": "new", "g": "old"}


def test_captures_narrowed_differently_say_nothing_of_what_they_did_not_ask(tmp_path: Path) -> None:
    one, other = (facts(selection=(("function", name),), started_at=f"2026-11-2{day}T00:00:00Z") for name, day in
                  (("a", 3), ("b", 4)))  # fmt: skip
    union = joined(tmp_path, ("aa", one, (envelope("", 0, ["a"]),)), ("bb", other, (envelope("", 0, ["b"]),)))
    assert union.facts.selection == (("function", "a"), ("function", "b"))
    told, gap = union.read(KEY)
    assert told.body == ["b"]
    assert (gap.page, gap.reason) == (1, GapReason.NOT_COLLECTED)
    assert [head.reason for head in union.heads(KEY)] == [None, GapReason.NOT_COLLECTED]


def test_a_narrowed_capture_joined_with_a_whole_one_is_not_narrowed(tmp_path: Path) -> None:
    narrowed = facts(selection=(("function", "a"),), started_at="2026-11-23T00:00:00Z")
    union = joined(tmp_path, ("aa", narrowed, (envelope("", 0, ["a"]),)), ("bb", at(24), (envelope("", 0, ["all"]),)))
    assert union.facts.selection == ()
    assert [row.body for row in union.read(KEY)] == [["all"]]


@pytest.mark.parametrize("scope", ["../../etc", "a/b", "..", ".", "x\x00y", "ünïcode", "a b"])
def test_no_name_leaves_the_directory(tmp_path: Path, scope: str) -> None:
    key = ShardKey(Cloud.AWS, scope, "us-east-1", "lambda:GetPolicy")
    root = tmp_path / "inside"
    write(root, envelope(), key=key)
    assert {path.name for path in tmp_path.iterdir()} == {"inside"}
    assert Snapshot(root).shards() == (key,)


HEAD = '{"s":"a","p":0,"o":"ok"}'
OTHER = '{"s":"b","p":0,"o":"ok"}\n{"whole":true}\n'


def spoilt(root: Path, content: bytes) -> Snapshot:
    write(root, envelope())
    (path,) = root.rglob("*.jsonl.gz")
    path.write_bytes(content)
    return Snapshot(root)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"a":1,"a":2}', "It gives a key twice in one object."),
        ('{"a":NaN}', "It holds NaN, which is no number of JSON."),
        ('{"a":-Infinity}', "It holds -Infinity, which is no number of JSON."),
        ('{"a":1e999}', "It holds a number beyond any range."),
        ('{"a":' * 900 + "1" + "}" * 900, "It is nested more than 128 deep."),
        ("[" * 100_000, "It is nested more than 128 deep."),
        ('{"a":[', "It is not JSON."),
        ("", "It is not JSON."),
        ('{"a":"\\x"}', "It is not JSON."),
        ('{"a":' + "9" * 5000 + "}", "It holds a number beyond any range."),
        ("{} {}", "It is not JSON."),
    ],
)
def test_s3_a_damaged_body_is_a_gap_of_that_answer_alone(tmp_path: Path, body: str, why: str) -> None:
    snapshot = spoilt(tmp_path, gzip.compress(f"{HEAD}\n{body}\n{OTHER}".encode()))
    gap, other = snapshot.read(KEY)
    assert (gap.subject, gap.outcome, gap.reason, gap.body) == ("a", Outcome.GAP, GapReason.MALFORMED, None)
    assert gap.message == f"What was recorded of this answer is damaged. {why}"
    assert (other.subject, other.outcome, other.body) == ("b", Outcome.OK, {"whole": True})


@pytest.mark.parametrize(
    "head",
    [
        "",
        "[]",
        "null",
        '{"s":"a"}',
        '{"s":1,"p":0,"o":"ok"}',
        '{"s":"a","p":"x","o":"ok"}',
        '{"s":"a","p":-1,"o":"ok"}',
        '{"s":"a","p":0,"o":"fine"}',
        '{"s":"a","p":0,"o":"gap","r":"BORED"}',
        '{"s":"a","p":0,"o":"gap","r":"DENIED","m":7}',
        '{"s":"a","s":"b","p":0,"o":"ok"}',
        '{"s":"a","p":NaN,"o":"ok"}',
    ],
)
def test_s3_what_is_not_known_to_be_about_anything_is_a_gap_of_the_whole(tmp_path: Path, head: str) -> None:
    snapshot = spoilt(tmp_path, gzip.compress(f"{head}\n{{}}\n{OTHER}".encode()))
    gap, other = snapshot.read(KEY)
    assert (gap.subject, gap.outcome, gap.reason) == ("", Outcome.GAP, GapReason.MALFORMED)
    assert other.subject == "b"
    assert [one.reason for one in snapshot.heads(KEY)] == [GapReason.MALFORMED, None]


@pytest.mark.parametrize("head", ['{"s":"a","p":0,"o":"gap"}', '{"s":"a","p":0,"o":"ok","r":"DENIED"}'])
def test_a_head_that_contradicts_itself_is_a_gap(tmp_path: Path, head: str) -> None:
    gap, other = spoilt(tmp_path, gzip.compress(f"{head}\n{{}}\n{OTHER}".encode())).read(KEY)
    assert (gap.subject, gap.outcome, gap.reason) == ("a", Outcome.GAP, GapReason.MALFORMED)
    assert other.body == {"whole": True}


def test_s3_a_file_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    packed = gzip.compress(OTHER.encode())
    for tail in (packed[:-9], packed[:20], b"\x1f\x8b", b"not gzip", b"\xff" * 50):
        kept, gap = spoilt(tmp_path, packed + tail).read(KEY)
        assert (kept.subject, kept.body) == ("b", {"whole": True})
        assert (gap.subject, gap.outcome, gap.reason) == ("", Outcome.GAP, GapReason.MALFORMED)
    assert [one.reason for one in spoilt(tmp_path, b"not gzip").read(KEY)] == [GapReason.MALFORMED]


def test_s12_a_record_that_lost_an_answer_is_not_complete(tmp_path: Path) -> None:
    rows = [envelope("", page, {"page": page}) for page in range(3)]
    for kept in (rows, rows[:2], rows[1:], []):
        write(tmp_path, *kept, about=facts(shards=(KEY,), sizes=(3,)), capture="c1")
        snapshot = Snapshot(tmp_path)
        assert [one for one in snapshot.read(KEY) if one.outcome is Outcome.OK] == kept
        (row,) = [*measure(snapshot).gap_rows(), None][:1]
        assert row is None if kept == rows else "missing from the snapshot" in row["message"]  # type: ignore[index]


def test_s3_a_body_that_is_cut_off_is_a_gap(tmp_path: Path) -> None:
    for text in (f"{OTHER}{HEAD}\n{{}}", f"{OTHER}{HEAD}\n", f"{OTHER}{HEAD}"):
        kept, gap = spoilt(tmp_path, gzip.compress(text.encode())).read(KEY)
        assert (kept.subject, gap.outcome, gap.reason) == ("b", Outcome.GAP, GapReason.MALFORMED)


def test_a_byte_that_is_no_text_damages_one_answer(tmp_path: Path) -> None:
    gap, other = spoilt(tmp_path, gzip.compress(HEAD.encode() + b'\n{"a":"\xff"}\n' + OTHER.encode())).read(KEY)
    assert (gap.subject, gap.reason) == ("a", GapReason.MALFORMED)
    assert other.body == {"whole": True}


def test_s4_a_line_that_does_not_end_is_not_read_into_memory(tmp_path: Path) -> None:
    piece = b" " * 2**20
    endless = gzip.compress(f"{HEAD}\n".encode()) + gzip.compress(piece) * (MAX_LINE // 2**20 + 1)
    gap, other = spoilt(tmp_path, endless + gzip.compress(f"\n{OTHER}".encode())).read(KEY)
    assert (gap.subject, gap.reason) == ("a", GapReason.MALFORMED)
    assert "longer than" in gap.message
    assert other.subject == "b"


def test_s2_an_answer_that_does_not_hold_what_was_promised_is_a_gap_in_the_coverage_too(tmp_path: Path) -> None:
    denied = {"error": {"code": 403, "message": "no"}}
    write(tmp_path, envelope("f", body=denied), envelope("g", body={"Policy": "{}"}))
    shape = AnswerShape(required={"Policy": str})
    operation = Operation(KEY.operation, "lambda:GetPolicy", "who may invoke", "lambda", answer=shape)
    for read_first in (True, False):
        capture = JudgedCapture(Snapshot(tmp_path), {KEY.cloud: {operation.id: operation}})
        if read_first:
            assert [one.outcome for one in capture.read(KEY)] == [Outcome.GAP, Outcome.OK]
        assert not measure(capture).complete
        (row,) = measure(capture).gap_rows()
        assert (row["resource"], row["reason"], row["permission"]) == ("f", "MALFORMED", "lambda:GetPolicy")
        assert row["message"] == "The answer is an error in spite of its status."


def test_what_is_not_a_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no snapshot"):
        Snapshot(tmp_path)
    (tmp_path / "captures").mkdir()
    (tmp_path / "captures" / "x.json").write_text('{"version": 99}')
    with pytest.raises(UsageError, match="format version 99"):
        Snapshot(tmp_path)
    whole = json.dumps(encode_facts(facts()))
    for damaged in (
        "{}",
        "[]",
        "NaN",
        "[" * 100_000,
        '{"version":1,"version":1}',
        whole.replace('"2026-11-23T00:00:00Z"', "7"),
        whole.replace("2026-11-23T00:00:00Z", "yesterday"),
        whole.replace(": 3", ": 1e999"),
        whole.replace(": 3", ": null"),
    ):
        (tmp_path / "captures" / "x.json").write_text(damaged)
        with pytest.raises(UsageError, match="damaged"):
            Snapshot(tmp_path)
