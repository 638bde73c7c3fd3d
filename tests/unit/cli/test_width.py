"""What is printed fits the terminal, and is broken only between words."""

from collections.abc import Iterator

import pytest

from auditor.cli import selection
from auditor.cli.main import run
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Probe

VERBS = [
    ["checks", "list"],
    ["permissions", "aws", "--format", "table"],
    ["permissions", "azure", "--format", "table"],
    ["permissions", "gcp", "--check-managed", "roles/viewer"],
]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    run(list(arguments))
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_lists_fit_and_cut_no_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, verb: list[str], columns: int
) -> None:
    whole = printed(capsys, *verb)
    monkeypatch.setenv("COLUMNS", str(columns))
    fitted = printed(capsys, *verb)
    alone = {line for line in fitted.splitlines() if len(line.split()) == 1}
    assert all(len(line) <= columns for line in fitted.splitlines() if line not in alone)
    assert {word.strip("(),:") for word in whole.split()} == {word.strip("(),:") for word in fitted.split()}


@pytest.mark.parametrize("columns", [80, 120])
def test_the_prose_of_a_check_fits_and_its_commands_stay_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    whole = printed(capsys, "checks", "show", "url-auth-none")
    monkeypatch.setenv("COLUMNS", str(columns))
    fitted = printed(capsys, "checks", "show", "url-auth-none")
    assert fitted.split() == whole.split()
    prose, _, fixes = fitted.partition("references")
    assert max(map(len, prose.splitlines())) <= columns
    commands = [line for line in whole.splitlines() if line.startswith(("aws ", "az ", "gcloud "))]
    assert commands
    assert all(command in fixes.splitlines() for command in commands)


class Region:
    """A provider whose doctor names many regions."""

    listing = frozenset({"lambda:ListFunctions"})

    def doctor(self, _options: CollectOptions) -> Iterator[Probe]:
        regions = ", ".join(f"eu-west-{number}" for number in range(60))
        yield Probe("regions", ok=True, text=regions)
        yield Probe("lambda:ListFunctions", ok=False, text="DENIED: no", permission="lambda:ListFunctions")


def test_doctor_fits(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "choose_providers", lambda _wanted, _options: {Cloud.AWS: Region()})
    monkeypatch.setenv("COLUMNS", "80")
    out = printed(capsys, "doctor")
    whole = ("aws iam ", "--policy-document ")  # a command stays whole
    prose = [line for line in out.splitlines() if not line.strip().startswith(whole)]
    assert [line for line in prose if len(line) > 80] == []
    assert all(f"eu-west-{number}" in out.replace(",", "").split() for number in range(60))
