"""``auditor doctor`` says what a scan would come to."""

from collections.abc import Iterator

import pytest

from auditor.cli import selection
from auditor.cli.main import run
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Probe

IDENTITY = Probe("identity", ok=True, text="account 111122223333")
LISTED = Probe("lambda:ListFunctions", ok=True, text="the functions")
DENIED = Probe("lambda:GetPolicy", ok=False, text="DENIED: no", permission="lambda:GetPolicy")
NOBODY = Probe("identity", ok=False, text="AWS could not be asked who the caller is")
UNLISTED = Probe("lambda:ListFunctions", ok=False, text="UNREACHABLE: no")


class Patient:
    """A provider with known ailments."""

    def __init__(self, *probes: Probe) -> None:
        self.listing = frozenset({"lambda:ListFunctions"})
        self.probes = probes

    def doctor(self, _options: CollectOptions) -> Iterator[Probe]:
        yield from self.probes


def outcome(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], patients: dict[Cloud, Patient]
) -> tuple[int, str]:
    monkeypatch.setattr(selection, "choose_providers", lambda _wanted, _options: patients)
    return run(["doctor"]), capsys.readouterr().out


def test_all_is_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = outcome(monkeypatch, capsys, {Cloud.AWS: Patient(IDENTITY, LISTED)})
    assert code == 0
    assert "A scan" not in out


def test_a_scan_would_still_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = outcome(monkeypatch, capsys, {Cloud.AWS: Patient(IDENTITY, LISTED, DENIED)})
    assert code == 4
    assert "MISSING lambda:GetPolicy: DENIED: no (needs lambda:GetPolicy)" in out
    assert out.endswith("A scan would still run: what is missing becomes UNKNOWN, named in the report.\n")


def test_k3_a_credential_that_a_refusal_quotes_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "gh" + "p_" + "aB3dE6gH9" * 4
    refused = Probe("lambda:GetPolicy", ok=False, text=f"DENIED: token '{token}' is not valid")
    _, out = outcome(monkeypatch, capsys, {Cloud.AWS: Patient(IDENTITY, LISTED, refused)})
    assert token not in out
    assert "DENIED: token '" in out
    assert "' is not valid" in out


@pytest.mark.parametrize("probes", [(NOBODY,), (IDENTITY, UNLISTED)], ids=["dead endpoint", "no list"])
def test_a_scan_would_read_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], probes: tuple[Probe, ...]
) -> None:
    code, out = outcome(monkeypatch, capsys, {Cloud.AWS: Patient(*probes)})
    assert code == 5
    assert "would still run" not in out
    assert "A scan would read nothing: it would end with exit code 5." in out


def test_a_scan_would_read_one_of_two_clouds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = outcome(monkeypatch, capsys, {Cloud.AWS: Patient(NOBODY), Cloud.GCP: Patient(IDENTITY, LISTED)})
    assert code == 4
    assert "Of aws it would read nothing." in out


CALLER = "arn:aws:sts::111122223333:assumed-role/auditor/session"


def lacking(permission: str, text: str = "DENIED: no") -> Probe:
    return Probe(permission, ok=False, text=text, permission=permission, scope="aws/111122223333", caller=CALLER)


def test_one_command_grants_what_is_missing_to_whoever_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = lacking("iam:GetRole", "DENIED: with an explicit deny in a service control policy")
    patient = Patient(IDENTITY, LISTED, lacking("lambda:GetPolicy"), lacking("xray:GetEncryptionConfig"), blocked)
    _, out = outcome(monkeypatch, capsys, {Cloud.AWS: patient})
    assert f"To grant what is missing to {CALLER}:" in out
    assert "aws iam put-role-policy --role-name auditor " in out
    assert out.count("put-role-policy") == 1
    document = out.partition("--policy-document")[2].partition("\n")[0]
    assert "lambda:GetPolicy" in document
    assert "xray:GetEncryptionConfig" in document
    assert "iam:GetRole" not in document
    assert "iam:GetRole: A grant to the auditor would not help: service control policies" in out
