"""Whatever is wrong with what somebody gives us, the answer is one sentence in their words and exit code 2."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from auditor.cli.main import root, run
from auditor.snapshot.archive import write_facts
from tests.unit.cli.finished import FACTS

LIBRARY = re.compile(
    r"Input should|value_error|Traceback|\[Errno|Expecting|Extra data|<class|pydantic|NoneType|codec|unicode string"
    r"|internal error|type=|JSONDecode|\b(?:int|str|dict|bool)\b|while (?:parsing|scanning)|\w+Error\b|\w+Exception\b"
)
"""What only a programmer of Python would write."""
PYTHON = re.compile(r"Traceback|\[Errno|<class|codec|internal error|pydantic")
"""The same of code that they wrote: what Python says of that is what they have to know."""

CONTENTS = {
    "empty": b"",
    "binary": bytes(range(256)),
    "text": b"hello world: [",
    "cut off": b'{"a":',
    "a list": b"[]",
    "a number": b"3",
    "a null": b"null",
    "no number": b'{"schema_version":NaN}',
    "deep": b"[" * 100_000,
    "huge number": b"9" * 5000,
    "a key twice": b"a = 1\na = 2\n",
    "wrong types": b'{"schema_version":"1","functions":[{"id":3}],"findings":{},"run":[]}',
    "directory": None,
}

FILES: dict[str, tuple[str, list[str]]] = {
    "config": ("auditor.toml", ["checks", "list", "--config", "FILE"]),
    "report": ("report.json", ["report", "FILE"]),
    "plan": ("report.json", ["plan", "FILE"]),
    "graph": ("report.json", ["graph", "FILE"]),
    "diff": ("report.json", ["diff", "FILE", "FILE"]),
    "explain": ("report.json", ["explain", "0" * 16, "FILE"]),
    "waive": ("report.json", ["waive", "0" * 16, "FILE", "--reason", "x", "--expires", "2030-01-01"]),
    "waive into": ("waivers.toml", ["waive", "0" * 16, "REPORT", "--reason", "x", "--expires", "2030-01-01", "--waivers", "FILE"]),
    "snapshot": ("captures", ["evaluate", "FILE"]),
    "capture": ("snapshot/captures/one.json", ["evaluate", "FOLDER/snapshot"]),
    "waivers": ("waivers.toml", ["evaluate", "SNAPSHOT", "--waivers", "FILE"]),
    "waivers as YAML": ("waivers.yaml", ["evaluate", "SNAPSHOT", "--waivers", "FILE"]),
    "baseline": ("report.json", ["evaluate", "SNAPSHOT", "--baseline", "FILE"]),
    "import": ("trivy.json", ["evaluate", "SNAPSHOT", "--import", "trivy:FILE"]),
    "vex": ("vex.json", ["evaluate", "SNAPSHOT", "--vex", "FILE"]),
    "history": ("history.sqlite", ["history", "list", "--history", "FILE"]),
    "accounts": ("accounts.yml", ["accounts", "list", "--accounts-file", "FILE"]),
    "accounts as TOML": ("accounts.toml", ["accounts", "list", "--accounts-file", "FILE"]),
    "advisories": ("records.json", ["advisories", "match", "pkg:pypi/a@1", "--advisories", "FOLDER"]),
    "lines of advisories": ("records.jsonl", ["advisories", "match", "pkg:pypi/a@1", "--advisories", "FOLDER"]),
    "packed advisories": ("records.jsonl.gz", ["advisories", "match", "pkg:pypi/a@1", "--advisories", "FOLDER"]),
    "dump of advisories": ("PyPI/all.zip", ["advisories", "match", "pkg:pypi/a@1", "--advisories", "FOLDER"]),
    "exploited": ("known_exploited_vulnerabilities.json", ["advisories", "match", "pkg:pypi/a@1", "--advisories", "FOLDER"]),
    "likelihood": ("epss_scores-current.csv", ["advisories", "match", "pkg:pypi/a@1", "--advisories", "FOLDER"]),
    "package": ("package.zip", ["code", "FILE"]),
    "manifest": ("manifest.json", ["verify", "FOLDER"]),
    "checks": ("mine.py", ["checks", "list", "--checks-dir", "FOLDER"]),
    "a check": ("mine.py", ["checks", "test", "FILE"]),
}  # fmt: skip

SOUND: set[tuple[str, str]] = {
    *(("config", kind) for kind in ("empty",)),
    *(("checks", kind) for kind in ("empty", "a list", "a number", "a key twice", "wrong types")),
    *(("waivers", kind) for kind in ("empty",)),
    *(("waivers as YAML", kind) for kind in ("empty", "a null")),
    ("package", "directory"),
}
"""What is nothing wrong: a file without settings, Python that declares no check, a package that was unpacked."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    root_of = tmp_path / "sound"
    root_of.mkdir()
    write_facts(root_of, FACTS, "part")
    return root_of


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_none(
    what: str, kind: str, tmp_path: Path, snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, command = FILES[what]
    path = tmp_path / "given" / name
    path.parent.mkdir(parents=True)
    content = CONTENTS[kind]
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    words = {"FILE": str(path), "FOLDER": str(tmp_path / "given"), "SNAPSHOT": str(snapshot), "REPORT": str(tmp_path)}
    code = run([_named(word, words) for word in command])
    said = capsys.readouterr().err
    if (what, kind) in SOUND:
        assert code in (0, 5), said
        return
    assert code == 2, said
    of_code = what in ("checks", "a check")
    assert_one_sentence(said.replace(str(tmp_path), "…"), PYTHON if of_code else LIBRARY)


def _named(word: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(name, value) if name in word else word
    return word


def assert_one_sentence(said: str, words: re.Pattern[str] = LIBRARY) -> None:
    lines = said.strip().splitlines()
    assert len(lines) == 1, said
    assert lines[0].startswith("auditor: "), said
    assert lines[0].endswith((".", "?")), said
    assert len(lines[0]) < 600, said
    assert words.search(lines[0]) is None, said


def typed(command: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Option]]:
    """Every option that does not take any text."""
    for name in command.list_commands(click.Context(command)):
        verb = command.get_command(click.Context(command), name)
        if isinstance(verb, click.Group):
            yield from typed(verb, (*path, name))
        elif verb is not None:
            for each in verb.params:
                kinds = (
                    click.IntRange,
                    click.FloatRange,
                    click.DateTime,
                    click.Choice,
                    type(click.INT),
                    type(click.FLOAT),
                )
                if isinstance(each, click.Option) and (isinstance(each.type, kinds) or _existing(each.type)):
                    yield (*path, name), each


def _existing(kind: click.ParamType) -> bool:
    return isinstance(kind, click.Path) and kind.exists


OPTIONS = {f"{' '.join(verb)} {each.opts[0]}": (verb, each) for verb, each in typed(root)}


def _refuses(each: click.Option, value: str) -> bool:
    """Whether an option refuses a value: an empty one counts as none where a variable may give another."""
    return value != "" or _existing(each.type) or each.envvar is None


WRONG = [
    (option, value)
    for value in ("no such value", "", "1e999", "nan", "-7")
    for option, (_, each) in OPTIONS.items()
    if _refuses(each, value)
]


@pytest.mark.parametrize(("option", "value"), WRONG)
def test_an_option_with_a_value_that_is_none(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    verb, each = OPTIONS[option]
    code = run([*verb, f"{each.opts[0]}={value}"] if each.opts[0].startswith("--") else [*verb, each.opts[0], value])
    assert code == 2
    assert_one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("option", [name for name, (_, each) in OPTIONS.items() if each.envvar])
def test_a_variable_with_a_value_that_is_none(
    option: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verb, each = OPTIONS[option]
    monkeypatch.setenv(str(each.envvar), "no such value")
    code = run(list(verb))
    assert code == 2
    assert_one_sentence(capsys.readouterr().err)


SETTINGS = {
    "a text for a number": "max-workers = 'many'",
    "a number for a text": "profile = 3",
    "a list for a number": "max-workers = [1]",
    "a table for a text": "[profile]\na = 1",
    "a word of another list": "depth = 'deep'",
    "a date for a number": "keep = 2026-01-01",
    "too small": "keep = 0",
    "a text for a flag": "quiet = 'perhaps'",
    "an unknown key": "colour = true",
    "an unknown setting": "[settings]\nunknown = 1",
    "a setting of another kind": "[settings]\nspend_per_hour = 'ten'",
    "settings that are no table": "settings = 3",
    "a price below nothing": "[prices]\nresponse_bytes = -1",
    "imports that are no list": "imports = 3",
    "an import without a file": "[[imports]]\nformat = 'trivy'",
    "a split that is none": "split = 'region'",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_configuration_with_a_value_that_is_none(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SETTINGS[name], "utf-8")
    code = run(["checks", "list", "--config", str(path)])
    assert code == 2
    assert_one_sentence(capsys.readouterr().err)


WAIVERS = {
    "no reason": 'check = "env-secret-value"\nexpires = 2030-01-01',
    "an empty reason": 'check = "env-secret-value"\nreason = ""\nexpires = 2030-01-01',
    "a day that is none": 'check = "env-secret-value"\nreason = "x"\nexpires = "soon"',
    "a number": 'check = 3\nreason = "x"\nexpires = 2030-01-01',
    "a fingerprint that is none": 'fingerprint = "x"\nreason = "x"\nexpires = 2030-01-01',
    "about nothing": 'reason = "x"\nexpires = 2030-01-01',
    "an unknown key": 'chek = "x"\nreason = "x"\nexpires = 2030-01-01',
    "a list": 'check = ["a"]\nreason = "x"\nexpires = 2030-01-01',
}


@pytest.mark.parametrize("name", WAIVERS)
def test_a_waiver_that_is_none(name: str, tmp_path: Path, snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(f"[[waivers]]\n{WAIVERS[name]}\n", "utf-8")
    code = run(["evaluate", str(snapshot), "--waivers", str(path)])
    assert code == 2
    assert_one_sentence(capsys.readouterr().err)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "report.json"
    path.write_text("{}", "utf-8")
    path.chmod(0)
    code = run(["plan", str(path)])
    assert code == 2
    assert_one_sentence(capsys.readouterr().err)
