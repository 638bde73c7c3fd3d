"""Checks, providers and reporters of others: loaded only when ``--plugins`` names their distribution."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor import plugins
from auditor.check import CheckDeclarationError, Fix, Hit, Risk, check
from auditor.cli.main import run
from auditor.cli.selection import CheckSelection
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

MODULE = '''
"""Flags every function, as a stranger's check might."""
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {Cloud.AWS: Fix(text="Nothing.", no_command="none", no_terraform="none")}

@check(id="strangers-check", title="A stranger says so", risk=Risk.EXPOSURE, severity=Severity.LOW, fix=FIX)
def strangers_check(function, context):
    """Because."""
    yield Hit("so", (Evidence("x", "y"),))


class PaperReporter:
    format = "paper"
    filename = "report.paper"

    def write(self, report, stream):
        stream.write(b"on paper: " + str(len(list(report.findings()))).encode())


class Shapeless:
    format = "shapeless"
    name = "report.txt"


class Failing:
    def __init__(self):
        raise RuntimeError("no paper left")


class Escaping(PaperReporter):
    format = "escaping"
    filename = "../escaped.txt"
'''
POINTS = """
[serverless_auditor.checks]
mine = strangers_package

[serverless_auditor.reporters]
paper = strangers_package:PaperReporter
broken = strangers_package:Missing
shapeless = strangers_package:Shapeless
failing = strangers_package:Failing
escaping = strangers_package:Escaping
papyrus = strangers_package:PaperReporter
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = tmp_path / "site"
    info = site / "strangers_things-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strangers-things\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    (site / "strangers_package.py").write_text(MODULE)
    monkeypatch.syspath_prepend(site)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "strangers_package", raising=False)
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert run(["checks", "list", *options]) == 0
    return capsys.readouterr().out


def configured(installed: Path) -> list[str]:
    (installed / "named.toml").write_text('plugins = ["strangers-things"]\n')
    return ["--config", "named.toml"]


def test_installed_is_not_enough(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "strangers-check" not in listed(capsys)
    assert "strangers_package" not in sys.modules
    assert run(["report", "x.json", "-M", "paper"]) == 2


def test_named_in_a_file_that_is_named_it_is_loaded(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "strangers-check" in listed(capsys, *configured(installed))


def test_named_on_the_command_line_it_is_loaded(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "strangers-check" in listed(capsys, "--plugins", "strangers-things")


def test_named_in_the_environment_it_is_loaded(
    installed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_PLUGINS", "strangers-things")
    assert "strangers-check" in listed(capsys)
    assert "is no option of ours" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ("broken", "'strangers_package:Missing' of the plug-in strangers-things could not be loaded"),
        (
            "shapeless",
            (
                "strangers-things is of the wrong shape: strangers_package:Shapeless must make an object whose 'filename' "
                "is a str."
            ),
        ),
        ("failing", "strangers-things: strangers_package:Failing could not be set up: RuntimeError: no paper left"),
        (
            "escaping",
            "strangers-things: the format 'escaping' writes '../escaped.txt', which must be the name of a file",
        ),
        ("papyrus", "strangers-things: its entry point is called 'papyrus', and the format 'paper': give both the"),
    ],
)
def test_a_plugin_of_the_wrong_shape_is_named(
    installed: Path, capsys: pytest.CaptureFixture[str], form: str, sentence: str
) -> None:
    (installed / "r.json").write_text("{}")
    assert run(["report", "r.json", "-M", form, "--plugins", "strangers-things"]) == 2
    complained = capsys.readouterr().err
    assert sentence in complained
    assert "our fault" not in complained


def test_an_entry_point_may_be_one_check_and_nothing_else_but_a_module(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = installed / "site" / "strangers_things-1.0.dist-info" / "entry_points.txt"
    points.write_text(POINTS.replace("mine = strangers_package", "mine = strangers_package:strangers_check"))
    assert "strangers-check" in listed(capsys, "--plugins", "strangers-things")
    points.write_text(POINTS.replace("mine = strangers_package", "mine = strangers_package:PaperReporter"))
    assert run(["checks", "list", "--plugins", "strangers-things"]) == 2
    assert "strangers_package:PaperReporter under serverless_auditor.checks must be a module" in capsys.readouterr().err


def test_a_format_of_a_package_that_is_not_named_says_where_it_would_be(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed / "r.json").write_text("{}")
    assert run(["report", "r.json", "-M", "paper"]) == 2
    assert "One that a package brings is known where --plugins names the package." in capsys.readouterr().err


def test_checks_of_ones_own_from_a_directory(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = installed / "mine"
    mine.mkdir()
    (mine / "stranger.py").write_text(MODULE)
    assert run(["checks", "show", "strangers-check", "--checks-dir", "mine"]) == 0
    assert "A stranger says so" in capsys.readouterr().out


def test_a_name_taken_twice_is_refused(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = installed / "mine"
    mine.mkdir()
    (mine / "stranger.py").write_text(MODULE)
    assert run(["checks", "list", *configured(installed), "--checks-dir", "mine"]) == 2
    assert "Two checks are called 'strangers-check'" in capsys.readouterr().err


def test_a_check_is_shown_by_an_id_it_had_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "show", "login-off"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("authentication-off - ")
    assert "former ids login-off\n" in shown


def test_a_former_id_that_another_check_has_is_refused(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = installed / "mine"
    mine.mkdir()
    (mine / "stranger.py").write_text(MODULE.replace('id="strangers-check"', 'id="login-off"'))
    assert run(["checks", "list", "--checks-dir", "mine"]) == 2
    assert "Two checks are called 'login-off'" in capsys.readouterr().err


@pytest.mark.parametrize("aliases", [("mine",), ("old", "old"), ("Old Name",)])
def test_aliases_are_former_ids_each_once(aliases: tuple[str, ...]) -> None:
    def mine(_function: object, _context: object) -> Iterator[Hit]:
        """Because."""
        return iter(())

    fix = {Cloud.AWS: Fix(text="Nothing.", no_command="none", no_terraform="none")}
    declare = check(id="mine", title="T", risk=Risk.EXPOSURE, severity=Severity.LOW, fix=fix, aliases=aliases)
    with pytest.raises(CheckDeclarationError, match="aliases must be former ids"):
        declare(mine)


@pytest.mark.parametrize("pattern", ["login-off", "authentication-off", "login-of*"])
def test_a_former_id_selects_and_excludes(pattern: str) -> None:
    named = CheckSelection((pattern,), (), (), (), "strict", ())
    assert [each.id for each in named.choose(())] == ["authentication-off"]
    without = CheckSelection((), (pattern,), (), (), "strict", ())
    assert {each.id for each in plugins.checks(())} - {each.id for each in without.choose(())} == {"authentication-off"}
