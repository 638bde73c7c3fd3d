"""Waivers over the demo: what they take out of gate, score and plan, and what stays."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run

OPEN_URL = "authentication of /subscriptions/"


@pytest.fixture(scope="module")
def scanned(azure_scanned: Path) -> Path:
    """The demo's Azure part, which has every kind of what is compared here."""
    return azure_scanned


def judged(snapshot: Path, out: Path, *options: str) -> tuple[int, dict[str, Any]]:
    code = run(["evaluate", str(snapshot), "-o", str(out), "--quiet", "-M", "json", *options])
    return code, json.loads((out / "report.json").read_bytes())


@pytest.fixture(scope="module")
def plain(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("plain")
    return out, judged(scanned, out)[1]


def cause_of(report: dict[str, Any], check: str, function: str) -> dict[str, Any]:
    (found,) = [
        cause
        for cause in report["causes"]
        if cause["check_id"] == check and any(each.endswith(f"/{function}") for each in cause["functions"])
    ]
    return dict(found)


def test_waiving_the_lead_waives_its_facets_and_leaves_gate_score_and_plan(
    scanned: Path, plain: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory, before = plain
    cause = cause_of(before, "anonymous-endpoint-effective", "fhw-promo-banner")
    expires = date.fromisoformat(before["run"]["as_of"]) + timedelta(days=30)
    file = tmp_path / "waivers.toml"
    options = ["--reason", "a public banner", "--expires", str(expires), "--owner", "web", "--waivers", str(file)]
    assert run(["waive", cause["lead"], str(directory), *options]) == 0
    assert "The facets of its cause on the same resource are waived with it." in capsys.readouterr().out
    code, after = judged(scanned, tmp_path / "out", "--waivers", str(file), "--strict-waivers")
    assert code == 0
    findings = {row["fingerprint"]: row for row in after["findings"]}
    assert {findings[mark]["check_id"] for mark in cause["findings"]} == {
        "anonymous-endpoint-effective",
        "authentication-off",
        "exposure-path",
        "public-and-unreserved",
        "spend-ceiling-high",
        "url-auth-none",
    }
    for mark in cause["findings"]:
        waived = findings[mark]["waived"]
        assert findings[mark]["status"] == "FAIL"
        assert (waived["reason"], waived["owner"], waived["expires"]) == ("a public banner", "web", str(expires))
        assert waived["through"] == (None if mark == cause["lead"] else cause["lead"])
    assert {mark for mark, row in findings.items() if row["waived"]} == {*cause["findings"]}
    assert {row["id"] for row in after["causes"] if row["waived"]} == {cause["id"]}
    assert cause["id"] not in {row["cause"] for row in after["plan"]}
    assert after["totals"]["causes"] == before["totals"]["causes"] - 1
    assert after["totals"]["by_severity"]["critical"] == before["totals"]["by_severity"]["critical"] - 1
    assert after["totals"]["waived"] == {"causes": 1, "findings": len(cause["findings"])}
    assert after["totals"]["findings"] == before["totals"]["findings"]
    assert after["verdicts"] == before["verdicts"]
    assert after["score"]["high"] >= before["score"]["high"]
    scores = [{row["id"]: row["score"]["high"] for row in each["functions"]} for each in (before, after)]
    changed = {function for function in scores[0] if scores[0][function] != scores[1][function]}
    assert changed == {*cause["functions"]}
    (entry,) = after["waivers"]
    assert (entry["status"], entry["findings"]) == ("active", 1)


def test_a_facet_can_be_waived_without_its_cause(
    scanned: Path, plain: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory, before = plain
    cause = cause_of(before, "anonymous-endpoint-effective", "fhw-promo-banner")
    facet = cause["findings"][-1]
    file = tmp_path / "waivers.yaml"
    options = ["--reason", "known", "--expires", "2099-01-01", "--waivers", str(file)]
    assert run(["waive", facet, str(directory / "report.json"), *options]) == 0
    assert f"Its cause {cause['id']} (anonymous-endpoint-effective) stays open" in capsys.readouterr().out
    _, after = judged(scanned, tmp_path / "out", "--waivers", str(file))
    assert {row["fingerprint"] for row in after["findings"] if row["waived"]} == {facet}
    assert after["totals"]["causes"] == before["totals"]["causes"]
    assert [row["waived"] for row in after["causes"] if row["id"] == cause["id"]] == [False]


def test_everything_waived_passes_the_gate_until_the_day_it_expires(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text('[[waivers]]\ncheck = "*"\nreason = "a test"\nexpires = 2026-12-31\n')
    options = ["--waivers", str(file), "--fail-on", "low"]
    code, report = judged(scanned, tmp_path / "in", *options, "--as-of", "2026-12-31")
    assert code == 0
    assert set(report["totals"]["by_severity"].values()) == {0}
    assert (report["score"]["high"], report["plan"]) == (100.0, [])
    assert "waives findings of several checks" in capsys.readouterr().err
    code, report = judged(scanned, tmp_path / "after", *options, "--as-of", "2027-01-01")
    assert code == 3
    assert [row["status"] for row in report["waivers"]] == ["expired"]
    assert all(row["waived"] is None for row in report["findings"])
    assert "expired on 2026-12-31" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ('fingerprint = "0123456789abcdef"', "matches no finding of this run"),
        ('function = "*"', "waives findings of several checks"),
        ('check = "role-admin"\nexpires = 2020-01-01', "expired on 2020-01-01"),
    ],
)
def test_strict_waivers_fail_the_run(
    scanned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], match: str, said: str
) -> None:
    file = tmp_path / "waivers.toml"
    until = "" if "expires" in match else "\nexpires = 2099-01-01"
    file.write_text(f'[[waivers]]\n{match}{until}\nreason = "a test"\n')
    code, report = judged(scanned, tmp_path / "out", "--waivers", str(file), "--strict-waivers")
    errors = capsys.readouterr().err
    assert code == report["run"]["exit_code"] == 2
    assert said in errors
    assert "1 waiver wants a look, and --strict-waivers (exit 2)" in errors
    code, _ = judged(scanned, tmp_path / "lenient", "--waivers", str(file))
    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["0123456789abcdef"], "The report has no finding and no cause '0123456789abcdef'"),
        (["LEAD", "--expires", "2020-01-01"], "is before the day of the report"),
        (["LEAD", "--reason", "  "], "--reason: it is empty"),
    ],
)
def test_what_cannot_be_waived_is_said_and_nothing_is_written(
    plain: tuple[Path, dict[str, Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    directory, report = plain
    lead = report["causes"][0]["lead"]
    options = {"--reason": "x", "--expires": "2099-01-01"} | dict(zip(arguments[1::2], arguments[2::2], strict=True))
    file = tmp_path / "waivers.toml"
    given = [part for pair in options.items() for part in pair]
    assert run(["waive", arguments[0].replace("LEAD", lead), str(directory), *given, "--waivers", str(file)]) == 2
    assert said in capsys.readouterr().err
    assert not file.exists()


def test_an_entry_is_appended_once_and_printed_on_demand(
    plain: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory, report = plain
    cause = report["causes"][0]
    file = tmp_path / "waivers.toml"
    file.write_text("# agreed in spring\n")
    options = ["--reason", "x", "--expires", "2099-01-01", "--waivers"]
    assert run(["waive", cause["id"], str(directory), *options, str(file)]) == 0
    assert run(["waive", cause["id"], str(directory), *options, str(file)]) == 2
    assert "waiver 1 is about the same already, until 2099-01-01" in capsys.readouterr().err
    assert file.read_text().startswith("# agreed in spring\n")
    assert file.read_text().count("[[waivers]]") == 1
    assert run(["waive", cause["id"], str(directory), *options, "-"]) == 0
    assert f'cause = "{cause["id"]}"' in capsys.readouterr().out
