"""``auditor verify``: every change of a result is named."""

import json
import os
from pathlib import Path

import pytest

from auditor.cli.main import run
from auditor.errors import UsageError
from auditor.result_directory import ResultDirectory
from auditor.result_directory.manifest import digest
from auditor.result_directory.verification import verify

SHARD = "snapshot/aws/111122223333/eu-west-1/lambda.jsonl.gz"


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """A result that was written as a scan writes it."""
    place = tmp_path / "out"
    with ResultDirectory(place, {"report.json", "snapshot"}, lambda _snapshot: True) as held:
        (held.staging / SHARD).parent.mkdir(parents=True)
        (held.staging / SHARD).write_bytes(b"rows")
        (held.staging / "report.json").write_text('{"tool": {"name": "serverless-auditor"}}')
        held.commit()
    return place


def test_a_result_as_it_was_written_is_intact(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = verify(result)
    assert found.intact
    assert (set(found.unchanged), found.other) == ({"report.json", SHARD}, ())
    assert run(["verify", str(result)]) == 0
    out = capsys.readouterr().out
    assert "2 files as written" in out
    assert "signature" not in out
    assert digest(result / "manifest.json") in out


def test_what_is_changed_missing_or_added_is_named(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (result / "report.json").write_text("{}")
    (result / SHARD).unlink()
    (result / SHARD).with_name("s3.jsonl.gz").write_bytes(b"more")
    assert run(["verify", str(result)]) == 3
    captured = capsys.readouterr()
    assert captured.out.splitlines()[:3] == [
        "changed: report.json",
        f"missing: {SHARD}",
        f"added to the snapshot: {SHARD.replace('lambda', 's3')}",
    ]
    assert captured.err == f"auditor: {result} is not as it was written: 3 files (exit 3)\n"


def test_a_file_beside_the_result_is_named_and_changes_nothing(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (result / "notes.txt").write_text("mine")
    (result / "elsewhere").symlink_to(result.parent)
    assert run(["verify", str(result), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["intact"], document["other"]) == (True, ["elsewhere", "notes.txt"])


def test_a_listed_file_that_lies_outside_is_not_what_was_written(result: Path) -> None:
    outside = result.parent / "outside"
    outside.write_text("x")
    manifest = json.loads((result / "manifest.json").read_text())
    manifest["files"]["../outside"] = digest(outside)
    (result / "manifest.json").write_text(json.dumps(manifest))
    assert verify(result).changed == ("../outside",)


def test_a_listed_file_that_became_a_directory_or_a_broken_link_is_changed(result: Path) -> None:
    (result / "report.json").unlink()
    (result / "report.json").mkdir()
    (result / SHARD).unlink()
    (result / SHARD).symlink_to("nowhere")
    assert set(verify(result).changed) == {"report.json", SHARD}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_not_vouched_for(result: Path) -> None:
    (result / "report.json").chmod(0)
    assert verify(result).changed == ("report.json",)


@pytest.mark.parametrize("content", [None, "", "[]", '{"files": {}}'])
def test_without_a_manifest_there_is_nothing_to_verify(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UsageError, match="no result that can be verified"):
        verify(tmp_path)
    assert run(["verify", str(tmp_path)]) == 2


def test_a_result_that_links_show_is_verified_through_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ResultDirectory(Path(), {"report.json", "snapshot"}, lambda _snapshot: True) as held:
        (held.staging / SHARD).parent.mkdir(parents=True)
        (held.staging / SHARD).write_bytes(b"rows")
        held.commit()
    assert (tmp_path / "snapshot").is_symlink()
    found = verify(Path())
    assert (found.unchanged, found.added, found.other) == ((SHARD,), (), ())
    (tmp_path / SHARD).with_name("s3.jsonl.gz").write_bytes(b"more")
    assert verify(Path()).added == (SHARD.replace("lambda", "s3"),)
