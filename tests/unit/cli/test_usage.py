"""Bad input gets one clear sentence and the right exit code, before a single call is made."""

from pathlib import Path

import pytest

from auditor.cli.main import run


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(list(arguments))
    captured = capsys.readouterr()
    return code, captured.err


@pytest.fixture(autouse=True)
def empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["scan", "--provider", "oracle"], "--provider oracle: not supported here"),
        (["scan", "--depth", "deep"], "'deep' is not one of"),
        (["scan", "--check", "url-auth-nome"], "did you mean url-auth-none"),
        (["scan", "--risk", "weather"], "'weather' is not one of"),
        (["scan", "--severity", "bad"], "'bad' is not one of"),
        (["scan", "--tag", "team"], "must read key=value"),
        (["scan", "--fail-on", "awful"], "'awful' is not one of"),
        (["scan", "-M", "papyrus"], "There is no report format 'papyrus'"),
        (["scan", "--checks-dir", "nowhere"], "there is no such directory"),
        (["scan", "--timeout", "0"], "0"),
        (["scan", "--config", "missing.toml"], "does not exist"),
        (["scan", "--ca-bundle", "missing.pem"], "does not exist"),
        (["scan", "--nonsense"], "No such option"),
        (["evaluate", "."], "holds no snapshot"),
        (["evaluate", "nowhere"], "does not exist"),
        (["report", "nowhere.json"], "does not exist"),
        (["checks", "show", "nothing-such"], "No check is called 'nothing-such'"),
        (["permissions", "aws", "--tier", "golden"], "There is no tier 'golden'"),
        (["permissions", "mars"], "'mars' is not"),
        (["frobnicate"], "No such command"),
    ],
)
def test_usage_errors_exit_with_2_and_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    code, err = outcome(capsys, *arguments)
    assert code == 2
    assert sentence in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("regionn = ['x']", "'regionn' is not a setting"),
        ("[settings]\ntimeout = 3", "'settings.timeout' is not a setting"),
        ("depth = 'deep'", "depth: Input should be"),
        ("depth = ", "is not valid TOML"),
        ("plugins = ['not-there-at-all']", "which is not installed"),
    ],
)
def test_configuration_errors(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "auditor.toml").write_text(text)
    code, err = outcome(capsys, "checks", "list")
    assert code == 2
    assert sentence in err
    assert "auditor.toml" in err or "plug-in" in err


def test_a_broken_check_of_the_users_own_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "bad.py").write_text("import nothing_such\n")
    code, err = outcome(capsys, "checks", "list", "--checks-dir", str(mine))
    assert code == 2
    assert "bad.py could not be imported: ModuleNotFoundError" in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is not JSON"),
        ("[]", "is not a report of this tool"),
        ('{"schema_version": "7"}', "has schema version '7'"),
        ('{"schema_version": "1"}', "is not a valid report"),
    ],
)
def test_a_wrong_report_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "report.json").write_text(content)
    code, err = outcome(capsys, "report", "report.json")
    assert code == 2
    assert sentence in err


def test_an_unwritable_output_directory_costs_no_scan(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    code, err = outcome(capsys, "scan", "--provider", "aws", "-o", "taken/inside")
    assert code == 2
    assert "cannot be written" in err


def test_a_directory_that_is_not_ours_is_not_emptied(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    precious = tmp_path / "out" / "snapshot" / "precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("keep")
    code, err = outcome(capsys, "scan", "--provider", "aws", "-o", "out")
    assert code == 2
    assert "is not a snapshot of ours" in err
    assert precious.read_text() == "keep"


def test_no_credentials_is_5_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    code, err = outcome(capsys, "scan", "--no-progress")
    assert code == 5
    assert "credentials" in err


def test_an_internal_error_quotes_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    planted = "hunter" + "2-planted-in-an-exception"

    def broken(*_: object) -> None:
        raise RuntimeError(planted)

    monkeypatch.setattr("auditor.engine.schemas.schema", broken)
    code, err = outcome(capsys, "schema", "report")
    assert code == 1
    assert planted not in err
    assert "RuntimeError" in err


def test_environment_and_file_and_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "auditor.toml").write_text("severity = ['critical']")
    assert run(["checks", "list", "--format", "json"]) == 0
    from_file = capsys.readouterr().out
    assert '"severity": "critical"' in from_file
    assert '"severity": "low"' not in from_file
    monkeypatch.setenv("AUDITOR_SEVERITY", "low")
    assert run(["checks", "list", "--format", "json"]) == 0
    from_environment = capsys.readouterr().out
    assert '"severity": "critical"' not in from_environment
    assert run(["checks", "list", "--format", "json", "--severity", "high,medium"]) == 0
    from_line = capsys.readouterr().out
    assert '"severity": "low"' not in from_line
    assert '"severity": "medium"' in from_line
