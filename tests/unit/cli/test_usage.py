"""Bad input gets one clear sentence and the right exit code, before a single call is made."""

import errno
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.cli import log_setup
from auditor.cli.main import root, run
from auditor.config import Configuration
from auditor.formats import FORMATS
from auditor.model.capture import CaptureFacts, Depth
from auditor.model.ids import Cloud
from auditor.provider import BASE
from auditor.snapshot.archive import write_facts


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
        (["scan", "--timeout", "inf"], "it must be a number of seconds"),
        (["scan", "--timeout", "nan"], "it must be a number of seconds"),
        (["scan", "--timeout", "1e300"], "it must be a number of seconds"),
        (["scan", "--max-workers", "many"], "--max-workers: it must be a whole number from 1 to 64."),
        (["scan", "--activity", "0"], "--activity: it must be a whole number from 1 to 455."),
        (["scan", "--activity", "456"], "--activity: it must be a whole number from 1 to 455."),
        (["collect", "--activity", "month"], "--activity: it must be a whole number from 1 to 455."),
        (["scan", "--max-workers", "65"], "--max-workers: it must be a whole number from 1 to 64."),
        (["scan", "--timeout", "soon"], "--timeout: it must be a number above 0."),
        (["plan", "--top", "0"], "--top: it must be a whole number of at least 1."),
        (["evaluate", ".", "--as-of", "2026-13-01"], "--as-of: it must be a date, such as 2026-11-23."),
        (["evaluate", ".", "--tag", "team"], "must read key=value"),
        (["scan", "-M", ""], "it is empty"),
        (["evaluate", ".", "-M", ","], "it is empty"),
        (["scan", "-c", ""], "it is empty"),
        (["scan", "--region", ""], "it is empty"),
        (["scan", "--severity", ""], "it is empty"),
        (["scan", "--risk", ""], "it is empty"),
        (["scan", "--provider", ""], "it is empty"),
        (
            ["scan", "--provider", "aws", "--region", "eu-west-1", "--exclude-region", "eu-west-1"],
            "excludes every region that --region names",
        ),
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
        (["scna"], "No such command 'scna'; did you mean scan"),
        (["checks", "lst"], "did you mean list?"),
        (["checks", "show", "anonymous-endpont"], "did you mean anonymous-endpoint-effective"),
        (["scan", "--provider", "AWS"], "did you mean aws?"),
        (["demo", "--provider", "awz"], "did you mean aws?"),
        (["scan", "-M", "jsn"], "did you mean json?"),
        (["scan", "--depth", "ful"], "--depth: 'ful' is not one of quick, standard, full; did you mean full?"),
        (["scan", "--risk", "exposre"], "did you mean exposure?"),
        (["scan", "--fail-onn", "high"], "did you mean --fail-on"),
        (["permissions", "aws", "--tier", "decript"], "did you mean decrypt?"),
        (["permissions"], "CLOUD is missing: it is one of aws, azure, gcp."),
        (["evaluate"], "SNAPSHOT is missing."),
        (["checks", "list", "--plugins", "not-there-at-all"], "which is not installed"),
        (["checks", "list", "--plugins", "click"], "which brings no checks and no formats"),
    ],
)
def test_usage_errors_exit_with_2_and_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    code, err = outcome(capsys, *arguments)
    assert code == 2
    assert sentence in err
    assert err.startswith("auditor: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("regionn = ['x']", "'regionn' is not a setting"),
        ("[settings]\ntimeout = 3", "'settings.timeout' is not a setting"),
        ("depth = 'deep'", "depth: 'deep' is not one of quick, standard, full"),
        ("depth = ", "is not valid TOML"),
        ("region = 7", "region: it must be a list, not 7."),
        ("regions = ['x']", "'regions' is not a setting; did you mean region?"),
        ("fail-on = 'hihg'", "medium, low, none, new:critical, new:high, new:medium, new:low; did you mean high?"),
        ("severity = ['hihg']", "auditor.toml: severity: 'hihg' is not one of"),
        ("quiet = 'often'", "quiet: it must be true or false, not 'often'."),
        ("[settings]\ntimeout_secnds = 3", "did you mean timeout_seconds"),
        ("[settings]\ntimeout_seconds = 'abc'", "settings.timeout_seconds: it must be a whole number, not 'abc'."),
        ("[settings]\ntimeout_seconds = 0", "settings.timeout_seconds: it must be 1 or more, not 0."),
        ("[settings]\nallowed_memory_mb = 3", "settings.allowed_memory_mb: it must be a list, not 3."),
        ("settings = 3", "settings: it must be a table, not 3."),
        ("[settings]\ntrusted_accounts = ['1111']", "'1111' is no account: AWS accounts have 12 digits"),
        ("[settings]\ntrusted_layer_accounts = ['orders-prod']", "'orders-prod' is no AWS account"),
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
    assert "bad.py could not be imported, line 1: ModuleNotFoundError" in err


CHECK = '''
"""Flags what it likes."""
import sys
from auditor.check import Confidence, Evidence, Fix, Hit, ProfileLevel, Risk, Subject, check
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = Fix(text="Mend it.", no_command="none", no_terraform="none")
GIVEN = {"id": "my-own", "title": "A defect", "risk": Risk.EXPOSURE, "severity": Severity.HIGH, "fix": {Cloud.AWS: FIX}}


@check(**{**GIVEN, %s})
def my_own(function, context):
    """Because."""
    yield from ()
'''


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("'severity': 'high'", "severity must be a Severity, such as Severity.HIGH, not 'high'"),
        ("'risk': 'exposure'", "risk must be a Risk, such as Risk.EXPOSURE"),
        ("'confidence': 0.9", "confidence must be a Confidence"),
        ("'profile_level': 'strict'", "profile_level must be a ProfileLevel"),
        ("'subject': 'function'", "subject must be a Subject"),
        ("'controls': 'FSBP:Lambda.1'", "controls must be a list of texts"),
        ("'covers': [1]", "covers must hold texts"),
        ("'cwe': '306'", "cwe must be a number"),
        ("'id': 7", "id must be a text"),
        ("'fix': FIX", "fix must be a mapping of clouds to fixes"),
        ("'fix': {Cloud.AWS: 'mend it'}", "fix must map clouds to fixes"),
        ("'fix': {'aws': FIX}", "fix must map clouds to fixes"),
        ("'title': sys.exit(0)", "it ends the program (SystemExit: 0)"),
    ],
)
def test_a_check_declared_wrongly_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, given: str, sentence: str
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "own.py").write_text(CHECK % given)
    code, err = outcome(capsys, "checks", "list", "--checks-dir", str(mine))
    assert code == 2
    assert sentence in err
    assert "own.py" in err
    assert "our fault" not in err


def test_one_name_may_stand_without_brackets(tmp_path: Path) -> None:
    configured = Configuration.model_validate(
        {"region": "us-east-1", "settings": {"trusted_accounts": "111122223333", "required_tags": "team"}}
    )
    assert configured.region == ("us-east-1",)
    assert configured.settings.trusted_accounts == ("111122223333",)
    assert configured.settings.required_tags == ("team",)


@pytest.mark.parametrize(
    "account",
    [
        "111122223333",
        "0a1b2c3d-0000-4000-8000-00000000000f",
        "orders-prod-1",
        "example.com:orders-prod",
        "1234567890",
        "example.com",
    ],
)
def test_accounts_of_every_cloud_may_be_trusted(account: str) -> None:
    assert Configuration.model_validate({"settings": {"trusted_accounts": [account]}}).settings.trusted_accounts


def test_a_variable_that_is_none_of_our_options_is_refused_with_the_nearest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_FAILON", "high")
    monkeypatch.setenv("AUDITOR_FAIL_ON", "high")
    code, err = outcome(capsys, "evaluate", ".")
    assert code == 2
    assert err.strip() == "auditor: AUDITOR_FAILON is set, but is no option of ours; did you mean AUDITOR_FAIL_ON?"


@pytest.mark.parametrize("name", ["AUDITOR_SERVICE_HOST", "AUDITOR_SERVICE_PORT_HTTP", "AUDITOR_PORT_443_TCP_ADDR"])
def test_what_kubernetes_sets_for_a_service_of_our_name_is_not_meant_for_us(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "10.0.0.1")
    assert "is no option" not in outcome(capsys, "evaluate", ".")[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("spend_per_hour = nan", "it must be a finite number, not nan."),
        ("spend_per_hour = -1", "it must be 1 or more, not -1"),
    ],
)
def test_a_number_out_of_bounds_is_answered_with_the_bound(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str, said: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f"[settings]\n{line}\n")
    code, err = outcome(capsys, "evaluate", ".", "--config", str(own))
    assert (code, said in err, "input should" in err) == (2, True, False), err


def test_the_help_of_permissions_names_every_tier(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["permissions", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for cloud in Cloud:
        tiers = sorted({operation.tier for operation in plugins.provider(cloud).operations} - {BASE})
        assert f"{cloud}: {', '.join(tiers)}" in told


def test_strict_waivers_without_a_waiver_file_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, err = outcome(capsys, "evaluate", ".", "--strict-waivers")
    assert (code, "name it with --waivers" in err) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
@pytest.mark.parametrize("command", [["schema", "report"], ["checks", "list"], ["permissions", "aws"]])
def test_a_full_standard_output_is_no_error_of_ours(command: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "auditor", *command], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert ended.returncode == 1
    assert ended.stderr == (
        "auditor: Standard output cannot be written: No space left on device. See to the disk or its permissions.\n"
    )


@pytest.mark.parametrize("command", [["schema", "report"], ["checks", "list"]])
def test_a_closed_standard_output_is_written_to_nobody(command: list[str]) -> None:
    script = 'exec "$@" >&-'
    ended = subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "auditor", *command],
        stderr=subprocess.PIPE, check=False, text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")


def test_every_option_s_variable_is_known() -> None:
    asked = set()
    for verb in root.list_commands(None):  # type: ignore[arg-type]
        command = root.get_command(None, verb)  # type: ignore[arg-type]
        for each in (command, *getattr(command, "commands", {}).values()):
            asked |= {variable for param in each.params for variable in _listed(param.envvar)}
    assert asked <= log_setup.variables()


def _listed(variables: Any) -> list[str]:
    return [variables] if isinstance(variables, str) else list(variables or ())


def test_the_demo_says_where_it_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--help"]) == 0
    assert "[default: auditor-demo]" in " ".join(capsys.readouterr().out.split())


def test_a_disk_that_is_full_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    about = CaptureFacts("2026-11-23T00:00:00Z", "2026-11-23T00:01:00Z", Depth.QUICK, "1", (), (), (), False, ())
    write_facts(tmp_path / "snapshot", about)
    monkeypatch.setattr("tempfile.mkstemp", full)
    monkeypatch.chdir(tmp_path)
    code, err = outcome(capsys, "evaluate", "snapshot", "-o", "out")
    assert code == 1
    assert "report.json cannot be written: No space left on device" in err
    assert "our fault" not in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is not valid JSON"),
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

    def broken(*_: Any) -> None:
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


def test_the_help_names_every_bundled_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--help"]) == 0
    shown = capsys.readouterr().out
    assert [name for name in FORMATS if not re.search(rf"\b{name}\b", shown)] == []
