"""Rows K1, K2, K3: nothing planted in any answer of any operation is written, and messages stay readable.

The recorded answers of the demo company, with a made-up credential at every leaf, beside every field, as every key, in
every list: recorded again as if they had just come, and searched for byte by byte.
"""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.cli.main import run
from auditor.engine.recorder import SnapshotRecorder
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from tests.scenario.planting import GLUED, KINDS, SHAPED, SHAPELESS, Nursery, Plant, as_it_came, novel
from tests.scenario.replaying import Replay

Answer = tuple[str, str, str, str, Any]
"""Operation, scope, location, subject and body."""


@pytest.fixture(scope="module")
def answers(replays: dict[Cloud, Replay]) -> dict[Cloud, list[Answer]]:
    """Of each cloud, the recorded bodies that show every path of every operation once."""
    found: dict[Cloud, list[Answer]] = {cloud: [] for cloud in Cloud}
    for cloud, replay in replays.items():
        paths: dict[str, set[str]] = {}
        for key in replay.capture.shards():
            for envelope in replay.capture.read(key):
                body = novel(as_it_came(envelope.body), paths.setdefault(key.operation, set()))
                if body is not None:
                    found[cloud].append((key.operation, key.scope, key.location, envelope.subject, body))
    return found


def record(root: Path, cloud: Cloud, answers: list[Answer], said: tuple[str, ...] = ()) -> None:
    """Records answers, then messages, as a run does."""
    operations = {operation.id: operation for operation in plugins.provider(cloud).operations}
    recorder = SnapshotRecorder(root, Depth.FULL, "0", ())
    mine = recorder.for_cloud(cloud)
    for operation, scope, location, subject, body in answers:
        mine.answer(operations[operation], scope, location, subject, 0, body)
    for message in said:
        mine.gap(next(iter(operations.values())), "1", "global", "x", 0, GapReason.DENIED, message)
        mine.error(message)
    recorder.close(interrupted=False)


def written(root: Path) -> str:
    """Every byte of every file below a directory, unpacked, and the files' names."""
    parts = []
    for path in sorted(root.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            parts += [str(path), (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8", "replace")]
    return "\n".join(parts)


_RUN = re.compile(r"[A-Za-z0-9+/=]{9,}")
_GRAM = 9


def escaped(nursery: Nursery, text: str) -> list[str]:
    """Where something planted got out, whole."""
    starts: dict[str, list[tuple[str, str]]] = {}
    for place, core in nursery.made:
        starts.setdefault(core[:_GRAM], []).append((place, core))
    found = []
    for run_of in set(_RUN.findall(text)):
        for at in range(len(run_of) - _GRAM + 1):
            for place, core in starts.get(run_of[at : at + _GRAM], ()):
                if run_of.startswith(core, at):
                    found.append(place)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cloud", Cloud, ids=str)
def test_k1_a_credential_with_a_shape_is_written_from_no_field(
    answers: dict[Cloud, list[Answer]], cloud: Cloud, kind: str, tmp_path: Path
) -> None:
    nursery = Nursery(list(KINDS).index(kind) * 5 + 1)
    for plant in SHAPED.values():
        record(tmp_path, cloud, planted(nursery, plant, kind, answers[cloud]))
    assert escaped(nursery, written(tmp_path)) == []


@pytest.mark.parametrize("kind", ["vendor-token", "private-key", "json-web-token", "webhook"])
@pytest.mark.parametrize("cloud", Cloud, ids=str)
def test_k2_a_token_glued_to_a_letter_is_not_written(
    answers: dict[Cloud, list[Answer]], cloud: Cloud, kind: str, tmp_path: Path
) -> None:
    nursery = Nursery(1)
    record(tmp_path, cloud, planted(nursery, GLUED, kind, answers[cloud]))
    assert escaped(nursery, written(tmp_path)) == []


@pytest.mark.parametrize("place", SHAPELESS)
@pytest.mark.parametrize("cloud", Cloud, ids=str)
def test_k1_a_value_that_its_name_or_place_gives_away_is_written_from_no_field(
    answers: dict[Cloud, list[Answer]], cloud: Cloud, place: str, tmp_path: Path
) -> None:
    nursery = Nursery(list(SHAPELESS).index(place) + 1)
    record(tmp_path, cloud, planted(nursery, SHAPELESS[place], "", answers[cloud]))
    assert escaped(nursery, written(tmp_path)) == []


def planted(nursery: Nursery, plant: Plant, kind: str, answers: list[Answer]) -> list[Answer]:
    """The answers with something planted in each."""
    return [(op, scope, place, subject, plant(nursery, kind, body, op)) for op, scope, place, subject, body in answers]


@pytest.mark.parametrize("cloud", Cloud, ids=str)
def test_k1_reports_made_of_planted_answers_hold_nothing_planted(
    replays: dict[Cloud, Replay], cloud: Cloud, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whole bodies with something beside a field of every path: they are read like real ones, and reported in full."""
    nursery = Nursery(1, sparse=True)
    capture = replays[cloud].capture
    operations = {operation.id: operation for operation in plugins.provider(cloud).operations}
    recorder = SnapshotRecorder(tmp_path / "out" / "snapshot", Depth.FULL, "0", ())
    mine = recorder.for_cloud(cloud)
    for named, scope, places in capture.facts.scopes:
        if named is cloud:
            mine.scope(scope, places)
    plants = [*SHAPELESS.values(), SHAPED["beside a field"]]
    for number, key in enumerate(capture.shards()):
        for envelope in capture.read(key):
            if envelope.reason is not None:
                continue
            kind = list(KINDS)[number % len(KINDS)]
            body = plants[number % len(plants)](nursery, kind, envelope.body, key.operation)
            mine.answer(operations[key.operation], key.scope, key.location, envelope.subject, envelope.page, body)
    recorder.close(interrupted=False)
    arguments = ["evaluate", str(tmp_path / "out"), "-o", str(tmp_path / "again"), "--log-level", "debug"]
    assert run([*arguments, "--profile-level", "strict"]) == 0
    shown = capfd.readouterr()
    text = "\n".join((written(tmp_path), shown.out, shown.err))
    assert escaped(nursery, text) == []
    assert (tmp_path / "again" / "report.html").stat().st_size > 100_000


@pytest.mark.parametrize("kind", KINDS)
def test_k3_a_message_that_quotes_a_credential_is_written_without_it(kind: str, tmp_path: Path) -> None:
    nursery = Nursery(3)
    said = (
        f"Bad value '{nursery.credential(kind, 'quoted')}' given.",
        f"x={nursery.credential(kind, 'assigned')}",
        f"Invalid header: {nursery.credential(kind, 'last')}",
    )
    record(tmp_path, Cloud.AZURE, [], said)
    assert escaped(nursery, written(tmp_path)) == []


_CUT = re.compile(
    r"\w\[redacted:|\[redacted:[a-z0-9-]*\]\w|\wredacted-[a-z0-9-]+-[0-9a-f]{8}|redacted-[a-z0-9-]+-[0-9a-f]{8}\w"
)


def test_k3_no_message_of_the_demo_is_cut_inside_a_word(report: dict[str, Any], replays: dict[Cloud, Replay]) -> None:
    gaps = [
        envelope.message
        for replay in replays.values()
        for key in replay.capture.shards()
        for envelope in replay.capture.heads(key)
        if envelope.message
    ]
    unknowns = [text for text in texts(report) if "[redacted" in text or "redacted-" in text]
    assert [message for message in (*gaps, *unknowns) if _CUT.search(message)] == []
    assert any("microsoft.web/sites/fhw-gone-by-noon" in message for message in gaps)
    assert any("https://" in message for message in gaps)


def texts(body: Any) -> list[str]:
    """Every text of a document."""
    if isinstance(body, str):
        return [body]
    if isinstance(body, dict):
        return [text for item in body.values() for text in texts(item)]
    return [text for item in body for text in texts(item)] if isinstance(body, list) else []
