"""A result is signed by a command of the user's before it is put in place, and checked by its counterpart."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.main import run
from auditor.errors import UsageError
from auditor.result_directory import ResultDirectory
from auditor.result_directory.signature import Signer

OPENSSL = shutil.which("openssl")
COPY = f'{sys.executable} -c "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])" {{manifest}} {{signature}}'
SAME = f'{sys.executable} -c "import filecmp, sys; sys.exit(not filecmp.cmp(*sys.argv[1:], False))" {{manifest}} {{signature}}'


def written(place: Path, command: str = COPY, text: str = "") -> None:
    signer = Signer(command, "--sign-command")
    with ResultDirectory(place, {"report.json"}, lambda _snapshot: False, signer.sign) as held:
        (held.staging / "report.json").write_text('{"tool": {"name": "serverless-auditor"}}' + text)
        held.commit()


def test_a_signed_result_is_accepted_until_its_manifest_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "out"
    written(place)
    assert run(["verify", str(place), "--verify-command", SAME]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "signature of manifest.json: accepted"
    written(place, text=" ")  # the next run replaces result and signature
    assert run(["verify", str(place), "--verify-command", SAME, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["signature_accepted"] is True
    with (place / "manifest.json").open("a") as stream:
        stream.write("\n")
    capsys.readouterr()
    assert run(["verify", str(place)]) == 0
    assert "signature of manifest.json: not checked" in capsys.readouterr().out
    assert run(["verify", str(place), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["signed"], told["signature_accepted"]) == (True, None)
    assert run(["verify", str(place), "--verify-command", SAME]) == 3
    assert "the signature of " in capsys.readouterr().err


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
def test_openssl_signs_and_verifies(tmp_path: Path) -> None:
    place, key, public = tmp_path / "out", tmp_path / "key.pem", tmp_path / "public.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    written(place, f"openssl pkeyutl -sign -inkey {key} -rawin -in {{manifest}} -out {{signature}}")
    check = f"openssl pkeyutl -verify -pubin -inkey {public} -rawin -in {{manifest}} -sigfile {{signature}}"
    assert run(["verify", str(place), "--verify-command", check]) == 0
    (place / "manifest.json.signature").write_bytes(b"\0" * 64)
    assert run(["verify", str(place), "--verify-command", check]) == 3


def test_a_result_that_is_not_signed_is_not_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "out"
    with ResultDirectory(place, {"report.json"}, lambda _snapshot: False) as held:
        (held.staging / "report.json").write_text('{"tool": {"name": "serverless-auditor"}}')
        held.commit()
    assert run(["verify", str(place), "--verify-command", SAME]) == 3
    assert "there is no manifest.json.signature" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (f"{sys.executable} -c \"import sys; sys.exit('no key')\" {{manifest}} {{signature}}", "ended with 1 (no key)"),
        ("/nonexistent/cosign {manifest} {signature}", "cannot be run (No such file or directory)"),
        (f"{sys.executable} -c pass {{manifest}} {{signature}}", "it wrote no signature"),
    ],
    ids=["refused", "missing", "wrote nothing"],
)
def test_a_result_that_cannot_be_signed_replaces_nothing(tmp_path: Path, command: str, why: str) -> None:
    place = tmp_path / "out"
    written(place)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    with pytest.raises(UsageError, match="the result was not signed, so it was not put in place") as refused:
        written(place, command, " ")
    assert why in str(refused.value)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


@pytest.mark.parametrize("command", ["gpg {manifest}", "gpg {signature}", "gpg '{manifest} {signature}"])
def test_a_command_that_cannot_sign_is_refused_at_once(tmp_path: Path, command: str) -> None:
    assert run(["evaluate", str(tmp_path), "--sign-command", command, "-o", str(tmp_path / "out")]) == 2
    with pytest.raises(UsageError, match="--sign-command: "):
        Signer(command, "--sign-command")
