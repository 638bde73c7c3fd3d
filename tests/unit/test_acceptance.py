"""The comparison of ``make acceptance``: a difference needs a reason, a reason a difference; a skip says so."""

from pathlib import Path

import pytest

from tests.acceptance import __main__ as acceptance
from tests.acceptance.named import DIFFERENT, REFUSED


def explained() -> list[str]:
    """One difference for each entry of the named list."""
    return [f"{check.replace('*', 'x')}  {subject.replace('*', 'x')}: PASS -> FAIL" for check, subject in DIFFERENT]


def test_named_differences_are_accepted() -> None:
    assert acceptance.judged(explained(), set(REFUSED)) == ([], [])


def test_a_difference_without_a_reason_is_named() -> None:
    strange = "url-auth-none  us-east-1/store-hours: FAIL -> PASS"
    assert acceptance.judged([*explained(), strange], set(REFUSED)) == ([strange], [])


def test_a_reason_that_explains_nothing_is_named() -> None:
    gone = next(iter(DIFFERENT))
    lines = [line for line in explained() if not line.endswith("/future-runtime: PASS -> FAIL")]
    unexplained, idle = acceptance.judged(lines, {key for key in REFUSED if key[0] != "RotateSecret"})
    assert unexplained == []
    assert idle == ["*  us-east-1/future-runtime", "refused RotateSecret"] == [f"{gone[0]}  {gone[1]}", idle[1]]


def test_a_skip_is_said_and_has_a_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert acceptance.main() == 77
    assert "ACCEPTANCE SKIPPED: LocalStack needs Python 3.13 or newer" in capsys.readouterr().err
