"""S5, S6: a result is replaced whole or not at all, by one run at a time, and nobody else's file is lost."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from auditor.errors import StorageError, UsageError
from auditor.result_directory import BusyError, ResultDirectory
from auditor.result_directory.lock import LOCK

HOME = Path(__file__).parents[3]
NAMES = {"report.json", "report.html", "snapshot"}


def written(place: Path, text: str) -> None:
    (place / "snapshot" / "captures").mkdir(parents=True)
    for name in ("report.json", "report.html", "snapshot/captures/1.json"):
        (place / name).write_text(text)


def replaced(directory: Path, text: str) -> ResultDirectory:
    with ResultDirectory(directory, NAMES, lambda _: True) as result:
        written(result.staging, text)
        result.commit()
    return result


def seen(directory: Path) -> dict[str, str]:
    """What a reader finds under the names of a result, and what files of others are there."""
    names = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if ".auditor" not in path.parts}
    names |= set(of("")) - {"manifest.json"}
    return {name: (directory / name).read_text() for name in names - {"manifest.json"} if (directory / name).is_file()}


def of(text: str, **more: str) -> dict[str, str]:
    return {"report.json": text, "report.html": text, "snapshot/captures/1.json": text, **more}


def manifest_is_true(directory: Path) -> bool:
    listed = json.loads((directory / "manifest.json").read_bytes())["files"]
    return listed == {name: sha256((directory / name).read_bytes()).hexdigest() for name in listed} and len(listed) == 3


@pytest.fixture
def out(tmp_path: Path) -> Path:
    replaced(tmp_path / "out", "old")
    return tmp_path / "out"


@pytest.mark.parametrize("kind", ["exchange", "converting", "links"])
def test_s5_killed_at_any_step_a_reader_sees_the_old_result_or_the_new_one(tmp_path: Path, kind: str) -> None:
    command = [sys.executable, "-m", "tests.unit.result_directory.killing", str(tmp_path), kind]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *steps, end = [line.split("|") for line in done.stdout.splitlines()]
    assert len(steps) > 50
    assert end[0] == "end"
    assert end[2] == "new"
    assert {step[1] for step in steps} == {"old", "new"}  # what a reader saw after the kill
    order = [step[1] for step in steps]
    assert order == sorted(order, reverse=True)  # it turned once, and never back
    assert {step[2] for step in steps} == {"next"}  # the run after it was not in the least disturbed
    assert {step[3] for step in steps} == {"mine"}  # and nobody else's files were
    assert {step[4] for step in steps} <= {"[]", "['incomplete-']"}  # nothing lies about without a name one can see


def test_s5_a_new_result_replaces_the_old_and_nothing_is_left_beside(out: Path) -> None:
    replaced(out, "new")
    assert seen(out) == of("new")
    assert manifest_is_true(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert {path.name for path in out.iterdir()} == {*NAMES, "manifest.json"}
    assert not any(path.is_symlink() for path in out.rglob("*"))


def test_s5_what_the_new_result_has_not_goes_away(out: Path) -> None:
    with ResultDirectory(out, {"report.json"}, lambda _: True) as result:
        (result.staging / "report.json").write_text("new")
        result.commit()
    assert seen(out) == {"report.json": "new"}


def test_s5_what_is_carried_over_stays(out: Path) -> None:
    with ResultDirectory(out, {"report.json"}, lambda _: True) as result:
        (result.staging / "report.json").write_text("new")
        result.carry_all()
        result.commit()
    assert seen(out) == {**of("old"), "report.json": "new"}
    assert manifest_is_true(out)


def test_s5_files_of_others_stay_the_same_files(out: Path) -> None:
    (out / "notes.txt").write_text("mine")
    (out / "link").symlink_to("nowhere")
    before = (out / "notes.txt").stat()
    replaced(out, "new")
    assert seen(out) == of("new", **{"notes.txt": "mine"})
    assert os.path.samestat(before, (out / "notes.txt").stat())
    assert (out / "link").readlink() == Path("nowhere")
    assert not (out / "report.json").is_symlink()


def directory_of_others(out: Path, _: pytest.MonkeyPatch) -> None:
    (out / "mine").mkdir()
    (out / "mine" / "file").write_text("mine")


def current_directory(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)


def mount_point(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_mount = os.path.ismount
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == out or is_mount(path))


def no_exchange(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Old:
        """A C library of before such a call."""

    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: Old())


@pytest.mark.parametrize("difficulty", [directory_of_others, current_directory, mount_point, no_exchange])
def test_s5_where_the_directory_cannot_be_exchanged_links_show_the_result(
    out: Path, monkeypatch: pytest.MonkeyPatch, difficulty: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    difficulty(out, monkeypatch)
    mine = {"mine/file": "mine"} if difficulty is directory_of_others else {}
    same = out.stat()
    for text in ("new", "newer"):
        replaced(out, text)
        assert seen(out) == of(text, **mine)
        assert manifest_is_true(out)
        assert os.path.samestat(out.stat(), same)
        assert {path.name for path in out.iterdir()} == {
            *NAMES,
            "manifest.json",
            ".auditor",
            *(["mine"] if mine else []),
        }
        assert len(list((out / ".auditor").iterdir())) == 2  # the result, and the link that says which it is
    with ResultDirectory(out, {"report.json"}, lambda _: True) as result:
        (result.staging / "report.json").write_text("last")
        result.commit()
    assert seen(out) == {"report.json": "last", **mine}
    assert not (out / "report.html").is_symlink()


def test_s5_links_become_files_again_where_that_can_be(out: Path) -> None:
    (out / "mine").mkdir()
    replaced(out, "new")
    assert (out / "report.json").is_symlink()
    (out / "mine").rmdir()
    replaced(out, "newer")
    assert seen(out) == of("newer")
    assert {path.name for path in out.iterdir()} == {*NAMES, "manifest.json"}
    assert not any(path.is_symlink() for path in out.rglob("*"))


def test_s5_a_link_to_the_directory_stays_a_link(out: Path) -> None:
    link = out.with_name("link")
    link.symlink_to("out")
    replaced(link, "new")
    assert link.readlink() == Path("out")
    assert seen(out) == of("new")


def test_s5_rights_and_owner_of_the_directory_stay(out: Path) -> None:
    out.chmod(0o2750)
    before = out.stat()
    replaced(out, "new")
    assert (out.stat().st_mode, out.stat().st_uid, out.stat().st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_s5_a_reader_who_tries_again_always_finds_a_whole_result(out: Path) -> None:
    stop, wrong, read = threading.Event(), [], []

    def look() -> None:
        while not stop.is_set():
            for _ in range(50):
                listed = json.loads((out / "manifest.json").read_bytes())["files"]
                found = sha256((out / "report.json").read_bytes()).hexdigest()
                if listed["report.json"] == found:
                    read.append(found)
                    break
            else:
                wrong.append(listed)

    def looking() -> None:
        try:
            look()
        except BaseException as error:  # noqa: BLE001 - a name that is missing is what must not be
            wrong.append(error)

    reader = threading.Thread(target=looking)
    reader.start()
    for number in range(60):
        replaced(out, f"result {number}")
    stop.set()
    reader.join()
    assert wrong == []
    assert len(set(read)) > 1


def fails(out: Path, error: BaseException, text: str, notes: list[str]) -> None:
    with ResultDirectory(out, NAMES, lambda snapshot: snapshot.is_dir()) as result:
        result.notes = notes
        if text:
            written(result.staging, text)
        raise error


def failing(out: Path, error: BaseException, text: str = "half") -> list[str]:
    """What a run says that ends by an error."""
    notes: list[str] = []
    with pytest.raises(type(error)):
        fails(out, error, text, notes)
    return notes


@pytest.mark.parametrize("error", [RuntimeError("crash"), KeyboardInterrupt(), StorageError("full"), SystemExit(1)])
def test_s5_a_run_that_fails_leaves_the_result_and_what_it_collected(out: Path, error: BaseException) -> None:
    notes = failing(out, error)
    assert seen(out) == of("old")
    (aside,) = (path for path in out.parent.iterdir() if path != out)
    assert aside.name.startswith("out.incomplete-")
    assert {path.name for path in aside.iterdir()} == {"snapshot"}  # its reports would say another exit code
    assert notes == [
        f"what was collected is not lost: it is kept in {aside}, and 'auditor evaluate {aside}' judges it."
    ]


def test_s5_a_run_that_fails_before_it_collected_anything_leaves_nothing(out: Path, tmp_path: Path) -> None:
    assert failing(out, RuntimeError(), "") == []
    assert seen(out) == of("old")
    assert failing(tmp_path / "deep" / "fresh", RuntimeError(), "") == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_s5_two_runs_that_fail_in_one_second_are_both_kept(out: Path) -> None:
    for text in ("one", "two", "three"):
        failing(out, RuntimeError(), text)
    kept = sorted(path for path in out.parent.iterdir() if path != out)
    assert {(path / "snapshot" / "captures" / "1.json").read_text() for path in kept} == {"one", "two", "three"}


@pytest.mark.parametrize("name", ["report.json", "manifest.json"])
@pytest.mark.parametrize("kind", ["file", "directory", "link"])
def test_s5_what_somebody_else_wrote_is_never_written_over(tmp_path: Path, name: str, kind: str) -> None:
    out, precious = tmp_path / "out", tmp_path / "precious.txt"
    out.mkdir()
    precious.write_text("precious")
    place = out / name
    {
        "file": lambda: place.write_text("precious"),
        "directory": place.mkdir,
        "link": lambda: place.symlink_to(precious),
    }[kind]()
    with pytest.raises(UsageError, match=f"{name} was not written by this tool"):
        replaced(out, "new")
    assert precious.read_text() == "precious"
    assert kind != "file" or place.read_text() == "precious"
    assert [path.name for path in out.iterdir()] == [name]


def test_s5_a_report_of_ours_that_no_manifest_lists_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.json").write_text('{\n"schema_version": "1",\n"tool": {"name":"serverless-auditor","version":"0"}')
    (out / "report.html").write_text("<!doctype html><html><head><title>Serverless audit · 3 functions</title>")
    replaced(out, "new")
    assert seen(out) == of("new")


def test_s5_a_report_that_was_changed_since_is_its_owners(out: Path) -> None:
    (out / "report.html").write_text("annotated")
    with pytest.raises(UsageError, match=r"report\.html was not written by this tool, or was changed since"):
        replaced(out, "new")
    assert seen(out) == {**of("old"), "report.html": "annotated"}


def test_s5_a_file_that_appears_during_the_run_is_not_written_over(out: Path) -> None:
    (out / "report.html").unlink()
    with ResultDirectory(out, NAMES, lambda _: True) as result:
        written(result.staging, "new")
        (out / "report.html").write_text("mine, since a moment ago")
        with pytest.raises(UsageError):
            result.commit()
    assert (out / "report.html").read_text() == "mine, since a moment ago"
    assert (out / "report.json").read_text() == "old"


def test_s5_something_in_a_snapshot_that_is_none_of_it_is_not_thrown_away(out: Path) -> None:
    (out / "snapshot" / "precious.txt").write_text("keep")
    with pytest.raises(UsageError, match="is not a snapshot of ours"):
        replaced(out, "new")
    assert (out / "snapshot" / "precious.txt").read_text() == "keep"


HOLD = """
import sys
from pathlib import Path
from auditor.result_directory import ResultDirectory
with ResultDirectory(Path(sys.argv[1]), {"report.json"}, lambda _: True):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holding(out: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("spelt", ["out", "out/../out", "link"])
def test_s6_a_second_run_is_told_of_the_first(out: Path, spelt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out.with_name("link").symlink_to("out")
    monkeypatch.chdir(out.parent)
    first = holding(out)
    try:
        started = json.loads((out / LOCK).read_bytes())["started"]
        with pytest.raises(BusyError) as refused:
            ResultDirectory(Path(spelt), NAMES, lambda _: True)
    finally:
        first.communicate("go")
    assert str(refused.value) == (
        f"{spelt} is being written by another run (process {first.pid}, started {started}): wait for it, or choose "
        "another --output-dir."
    )
    replaced(out, "new")
    assert seen(out) == of("new")


def test_s6_the_lock_of_a_dead_run_is_taken_over(out: Path) -> None:
    first = holding(out)
    first.kill()
    first.communicate()
    assert (out / LOCK).exists()
    replaced(out, "new")
    assert seen(out) == of("new")
    assert not (out / LOCK).exists()


@pytest.mark.parametrize("left", ["", "{", "[1]", '{"pid": 1, "started": "2026-01-01T00:00:00Z"}'])
def test_s6_a_lock_that_nobody_holds_is_no_lock_whatever_it_says(out: Path, left: str) -> None:
    (out / LOCK).write_text(left)  # process 1 lives, and is another one
    replaced(out, "new")
    assert seen(out) == of("new")


def test_s6_the_directory_stays_held_while_results_change_places(out: Path) -> None:
    with ResultDirectory(out, NAMES, lambda _: True) as result:
        written(result.staging, "new")
        result.commit()
        with pytest.raises(BusyError):
            ResultDirectory(out, NAMES, lambda _: True)
    assert not (out / LOCK).exists()
