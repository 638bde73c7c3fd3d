"""Old results of a dated directory are removed, and nothing else is."""

import json
from datetime import UTC, datetime
from pathlib import Path

from auditor.result_directory.lock import Lock
from auditor.result_directory.manifest import digest
from auditor.result_directory.retention import dated, prune


def result(parent: Path, name: str, *, foreign: str = "") -> Path:
    place = parent / name
    place.mkdir(parents=True)
    (place / "report.json").write_text("{}")
    files = {"report.json": digest(place / "report.json")}
    (place / "manifest.json").write_text(json.dumps({"algorithm": "sha256", "files": files}))
    if foreign:
        (place / foreign).write_text("mine")
    return place


def names(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


def test_the_names_of_a_moment_begin_with_the_day() -> None:
    found = dated("audit-{date}", datetime(2026, 11, 30, 4, 5, 6, tzinfo=UTC))
    assert found[:3] == ["audit-2026-11-30", "audit-2026-11-30T040506Z", "audit-2026-11-30T040506Z-2"]


def test_all_but_the_newest_are_removed(tmp_path: Path) -> None:
    for name in ("2026-11-28", "2026-11-29", "2026-11-29T120000Z", "2026-11-29T120000Z-2", "2026-11-29T120000Z-10"):
        result(tmp_path, name)
    (tmp_path / "latest").symlink_to("2026-11-29T120000Z-10")
    assert prune(tmp_path, "{date}", 2) == []
    assert names(tmp_path) == ["2026-11-29T120000Z-10", "2026-11-29T120000Z-2", "latest"]


def test_only_results_of_the_pattern_are_removed(tmp_path: Path) -> None:
    for name in ("audit-2026-11-28", "audit-2026-11-29", "2026-11-01", "audit-2026-99-99"):
        result(tmp_path, name)
    (tmp_path / "audit-2026-11-27").mkdir()
    (tmp_path / "audit-2026-11-27" / "notes.txt").write_text("mine")
    (tmp_path / "audit-2026-11-26").symlink_to(tmp_path / "2026-11-01")
    assert prune(tmp_path, "audit-{date}", 1) == []
    assert names(tmp_path) == [
        "2026-11-01",
        "audit-2026-11-26",
        "audit-2026-11-27",
        "audit-2026-11-29",
        "audit-2026-99-99",
    ]


def test_what_somebody_else_put_there_or_holds_stays_and_is_said(tmp_path: Path) -> None:
    kept, held = result(tmp_path, "2026-11-01", foreign="notes.txt"), result(tmp_path, "2026-11-02")
    result(tmp_path, "2026-11-03")
    lock = Lock(held, {})
    assert prune(tmp_path, "{date}", 1) == [
        f"{held} was not removed: another run holds it.",
        f"{kept} was not removed: notes.txt in it is not of this tool.",
    ]
    lock.release()
    assert prune(tmp_path, "{date}", 1) == [f"{kept} was not removed: notes.txt in it is not of this tool."]
    assert names(tmp_path) == ["2026-11-01", "2026-11-03"]


def test_a_directory_that_cannot_be_listed_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert prune(gone, "{date}", 1) == [
        f"{gone} cannot be listed (No such file or directory): no old result was removed."
    ]
