"""Whatever a gateway lets through can be redacted, written and read again: S3 after the call."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from auditor.engine.recorder import SnapshotRecorder
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.secret import Treatment
from auditor.provider import Operation
from auditor.snapshot.archive import Snapshot
from auditor.snapshot.redact import Redactor
from providers.calls import limits
from providers.calls.json_reader import read_json

RULES = {
    "a[].b": Treatment.VARIABLES,
    "b": Treatment.VARIABLES,
    "c.d": Treatment.TEXT,
    "d": Treatment.URL,
    "e.*": Treatment.DROP,
}
KEYS = (
    st.sampled_from(["a", "b", "c", "d", "e", "name", "value", "key", "$variable", "$redacted", "", "\x00"]) | st.text()
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20) + 1, 10**20 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters())
    | st.sampled_from(["=" * 40, "Pwd={a;b}};", "https://u:p@h/?sig=%3D", "\ud83d", "{" * 300, "a" * 70_000])
)
BODIES = st.dictionaries(
    KEYS, st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=25)
)
OPERATION = Operation("toy:GetThing", "toy.things.get", "a thing", "toy", redact=RULES)


def as_read(body: Any) -> Any:
    """A body as a gateway hands it on: read within the limits."""
    return read_json(json.dumps(body).encode())


@given(BODIES, st.text(st.characters()), st.text(st.characters()))
def test_s3_any_answer_is_redacted_and_any_text_beside_it(body: Any, subject: str, message: str) -> None:
    redactor = Redactor()
    json.dumps(redactor.body(as_read(body), RULES), allow_nan=False).encode()
    redactor.subject(subject)
    redactor.text(message)


def test_s3_answers_as_deep_as_the_limit_are_redacted() -> None:
    for text in ('{"a":', '{"b":', '{"b":[', "[", '[{"name":"x","value":'):
        opening = text.count("{") + text.count("[")
        times = limits.MAX_DEPTH // opening
        closing = "".join({"{": "}", "[": "]"}[letter] for letter in reversed(text) if letter in "{[")
        body = as_read_text(text * times + "1" + closing * times)
        json.dumps(Redactor().body({"a": body, "b": body}, RULES))


def as_read_text(text: str) -> Any:
    return read_json(text.encode())


@given(BODIES, st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_s3_any_answer_is_written_and_read_again(tmp_path_factory: Any, body: Any, subject: str) -> None:
    root: Path = tmp_path_factory.mktemp("capture")
    recorder = SnapshotRecorder(root, Depth.QUICK, "1", ())
    cloud = recorder.for_cloud(Cloud.AWS)
    cloud.scope("111122223333", ("eu-west-1",))
    kept = cloud.answer(OPERATION, "111122223333", "eu-west-1", subject, 0, as_read(body))
    cloud.gap(OPERATION, "111122223333", "eu-west-1", subject, 1, GapReason.MALFORMED, f"no: {subject}")
    recorder.close(interrupted=False)
    snapshot = Snapshot(root)
    (key,) = snapshot.shards()
    answer, gap = sorted(snapshot.read(key), key=lambda envelope: envelope.page)
    assert answer.body == kept
    assert gap.reason is GapReason.MALFORMED
