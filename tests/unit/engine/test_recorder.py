"""What a run leaves on disk while it goes on, and how captures are put in order."""

import json
import time
from pathlib import Path

import pytest

from auditor.engine.coverage import measure
from auditor.engine.recorder import SnapshotRecorder
from auditor.model.capture import Depth, Envelope, Outcome, ShardKey
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.snapshot.archive import Snapshot

ACCOUNT, REGION = "111122223333", "eu-west-1"
LIST = ShardKey(Cloud.AWS, ACCOUNT, REGION, "lambda:ListFunctions")
POLICY = ShardKey(Cloud.AWS, ACCOUNT, REGION, "lambda:GetPolicy")


def begun(root: Path) -> SnapshotRecorder:
    return SnapshotRecorder(root, Depth.STANDARD, "1", ())


def answer(key: ShardKey, body: object, subject: str = "", page: int = 0) -> Envelope:
    return Envelope(key.cloud, key.scope, key.location, key.operation, subject, page, Outcome.OK, body)


def test_s21_of_two_captures_of_one_moment_the_later_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_790_000_000_000_000_000)
    for _ in range(20):  # their ids are random: each order of them comes up
        root = tmp_path / str(_)
        for names in (["orders"], ["orders", "refunds"]):
            recorder = begun(root)
            recorder.add(answer(LIST, {"Functions": names}))
            recorder.close(interrupted=False)
        (listed,) = Snapshot(root).read(LIST)
        assert listed.body == {"Functions": ["orders", "refunds"]}


def test_s21_the_order_is_told_in_the_capture_s_file_to_the_nanosecond(tmp_path: Path) -> None:
    moments = []
    for name in ("first", "second"):
        recorder = begun(tmp_path / name)
        recorder.close(interrupted=False)
        (path,) = (tmp_path / name / "captures").iterdir()
        facts = json.loads(path.read_bytes())
        assert path.stem == recorder.capture
        moments.append(facts["started_ns"])
        seconds = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(facts["started_ns"] // 1_000_000_000))
        assert facts["started_at"] == seconds
    assert moments[0] < moments[1]


def test_s21_a_capture_that_does_not_tell_its_nanoseconds_goes_by_its_second(tmp_path: Path) -> None:
    older = begun(tmp_path)
    older.add(answer(LIST, {"Functions": ["gone"]}))
    older.close(interrupted=False)
    (path,) = (tmp_path / "captures").iterdir()
    facts = json.loads(path.read_bytes())
    del facts["started_ns"]
    path.write_text(json.dumps({**facts, "started_at": "2020-01-01T00:00:00Z"}))
    newer = begun(tmp_path)
    newer.add(answer(LIST, {"Functions": ["here"]}))
    newer.close(interrupted=False)
    (listed,) = Snapshot(tmp_path).read(LIST)
    assert listed.body == {"Functions": ["here"]}


def test_s5_what_was_collected_is_on_disk_before_the_run_ends(tmp_path: Path) -> None:
    recorder = begun(tmp_path)
    recorder.add_scope(Cloud.AWS, ACCOUNT, (REGION,))
    recorder.add(answer(LIST, {"Functions": ["orders"]}))
    recorder.checkpoint()
    recorder.add(answer(POLICY, {"Policy": "{}"}, "orders"))  # killed before this is written
    left = Snapshot(tmp_path)
    assert left.facts.unfinished
    assert left.facts.interrupted
    assert left.facts.errors == ("The run ended before it was finished: what was not asked by then is missing.",)
    assert left.shards() == (LIST,)
    page, rest = left.read(LIST)
    assert page.body == {"Functions": ["orders"]}
    assert (rest.outcome, rest.reason, rest.subject, rest.page) == (Outcome.GAP, GapReason.INTERRUPTED, "", 1)
    assert not measure(left).complete


def test_s5_a_later_checkpoint_adds_and_the_end_replaces(tmp_path: Path) -> None:
    recorder = begun(tmp_path)
    recorder.add_scope(Cloud.AWS, ACCOUNT, (REGION,))
    recorder.add(answer(LIST, {"Functions": ["orders"]}))
    recorder.checkpoint()
    recorder.add(answer(POLICY, {"Policy": "{}"}, "orders"))
    recorder.checkpoint()
    cut_off = Snapshot(tmp_path)
    assert cut_off.shards() == (POLICY, LIST)
    policy, rest = cut_off.read(POLICY)
    assert (policy.subject, policy.body, rest.subject) == ("orders", {"Policy": "{}"}, "")
    facts = recorder.close(interrupted=False)
    whole = Snapshot(tmp_path)
    assert whole.facts == facts
    assert not whole.facts.unfinished
    assert [envelope.outcome for key in whole.shards() for envelope in whole.read(key)] == [Outcome.OK, Outcome.OK]


def test_s5_a_list_that_was_cut_off_gives_way_to_an_older_complete_one(tmp_path: Path) -> None:
    complete = begun(tmp_path)
    complete.add(answer(LIST, {"Functions": ["orders", "refunds"]}))
    complete.close(interrupted=False)
    killed = begun(tmp_path)
    killed.add(answer(LIST, {"Functions": ["orders"]}))
    killed.add(answer(POLICY, {"Policy": "newer"}, "orders"))
    killed.checkpoint()
    joined = Snapshot(tmp_path)
    assert [envelope.body for envelope in joined.read(LIST)] == [{"Functions": ["orders", "refunds"]}]
    assert next(iter(joined.read(POLICY))).body == {"Policy": "newer"}
