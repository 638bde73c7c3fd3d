"""``auditor frameworks``, and ``--framework``: which checks it chooses, and what a misspelt id is answered."""

import json

import pytest

from auditor import plugins
from auditor.cli.main import run
from auditor.cli.selection import CheckSelection
from auditor.compliance.catalogue import controls_of, framework, frameworks
from auditor.errors import UsageError
from auditor.model.ids import Cloud


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["frameworks", *arguments]) == 0
    return capsys.readouterr().out


def selection(*names: str, level: str = "default", check: tuple[str, ...] = ()) -> set[str]:
    return {each.id for each in CheckSelection(check, (), (), (), level, (), names).choose(())}


@pytest.mark.parametrize("columns", [80, 120])
def test_the_list_names_each_and_fits_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = printed(capsys, "list")
    assert max(map(len, out.splitlines())) <= columns
    words = out.split()
    assert all(name in words for name in frameworks())


def test_the_list_counts_controls_and_those_that_a_check_can_fail(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["id"]: row for row in json.loads(printed(capsys, "list", "--format", "json"))}
    assert rows["gdpr-art-32"]["decided"] == 0
    assert rows["aws-fsbp"]["controls"] == len(framework("aws-fsbp").controls)
    assert rows["cis-gcp-foundations-5.0.0"]["clouds"] == ["gcp"]


@pytest.mark.parametrize("columns", [80, 120])
def test_one_control_is_shown_with_checks_strength_and_basis(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = printed(capsys, "show", "aws-fsbp", "--control", "Lambda.2")
    assert "Lambda.2  Functions run on supported runtimes" in out
    assert "runtime-deprecated (full; aws; vendor-published)" in out
    assert "Lambda.5" not in out
    assert max(map(len, printed(capsys, "show", "aws-fsbp").splitlines())) <= columns


def test_what_is_not_assessed_is_shown_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    out = " ".join(printed(capsys, "show", "aws-fsbp", "--control", "SQS.1").split())
    assert "Not assessed: queue settings are not judged. Evidence would be: sqs queue attributes." in out


def test_json_holds_every_link(capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(printed(capsys, "show", "mcsb", "--format", "json"))
    links = [link for control in shown["controls"] for link in control["links"]]
    assert {link["check"] for link in links} == framework("mcsb").checks
    assert all(link["rationale"] and link["source"] for link in links)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("show", "aws-fspb"), "did you mean aws-fsbp?"),
        (("show", "cis-aws-compute"), "name its version: cis-aws-compute-1.0.0 or cis-aws-compute-1.1.0."),
        (("show", "aws-fsbp", "--control", "Lamda.2"), "did you mean Lambda.2?"),
        (("shwo", "aws-fsbp"), "show"),
    ],
)
def test_what_is_misspelt_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], answer: str
) -> None:
    assert run(["frameworks", *arguments]) == 2
    assert answer in capsys.readouterr().err


def test_a_framework_chooses_its_checks_and_opinions_only_where_asked() -> None:
    linked = framework("aws-security-hub-other").checks
    levels = {check.id: check.profile_level.value for check in plugins.checks()}
    assert selection("aws-security-hub-other", level="strict") == linked
    assert selection("aws-security-hub-other") == {each for each in linked if levels[each] == "default"}
    assert selection("aws-fsbp", "mcsb", level="strict") == framework("aws-fsbp").checks | framework("mcsb").checks


def test_further_options_narrow_a_framework() -> None:
    assert selection("aws-fsbp", check=("runtime-*",)) == {"runtime-deprecated", "runtime-update-blocked"}


def test_a_misspelt_framework_ends_a_scan_before_it_collects() -> None:
    with pytest.raises(UsageError, match=r"did you mean nist-csf-2\.0"):
        selection("nist-csf-20")


def test_a_finding_names_the_controls_of_its_own_cloud() -> None:
    check = next(each for each in plugins.checks() if each.id == "runtime-deprecated")
    aws, azure = controls_of(check, Cloud.AWS), controls_of(check, Cloud.AZURE)
    assert "aws-fsbp:Lambda.2" in aws
    assert "aws-fsbp:Lambda.2" not in azure
    assert "nist-800-53-r5:SA-22" in set(aws) & set(azure) & set(controls_of(check))


def test_what_only_supports_is_no_control_of_a_finding() -> None:
    check = next(each for each in plugins.checks() if each.id == "runtime-update-blocked")
    assert "aws-fsbp:Lambda.2" not in controls_of(check)
