"""``auditor verify``: compares a result with the digests of its manifest."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.messages import Words, say
from auditor.errors import ExitCode
from auditor.wording import counted, inert

if TYPE_CHECKING:
    from auditor.result_directory.verification import Verification

_KINDS = (
    ("changed", "changed"),
    ("missing", "missing"),
    ("added", "added to the snapshot"),
    ("other", "not part of the result"),
)


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--verify-command",
    metavar="COMMAND",
    help="Checks the signature that --sign-command wrote: a command with {manifest} and {signature} in it, such as "
    "'gpg --verify {signature} {manifest}'.",
)
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
def command(directory: Path, verify_command: str | None, form: str) -> int:
    """Compare a result DIRECTORY with the digests of its manifest.json: which files are changed, missing or added.

    The manifest's own sha256 is printed, to compare with one that was kept elsewhere; where it was signed,
    --verify-command checks the signature, and without it the signature is said to be there and not checked.

    Exit codes: 0 every file is as it was written; 3 a file is changed or missing, one was added to the snapshot, where
    it would be evaluated, or the signature is not accepted; 2 there is no manifest. Files beside the result are
    named, and change nothing.
    """
    from auditor.result_directory.signature import Signer  # noqa: PLC0415 - keeps --help fast
    from auditor.result_directory.verification import verify  # noqa: PLC0415 - keeps --help fast

    signer = Signer(verify_command, "--verify-command") if verify_command else None
    found = verify(directory)
    refusal = signer.refusal(directory.resolve()) if signer else None
    signed = None if signer is None else refusal is None
    if form == "json":
        click.echo(json.dumps({"intact": found.intact, "signature_accepted": signed, **asdict(found)}, indent=1))
    else:
        _print(found)
        if signed:
            click.echo("signature of manifest.json: accepted")
        elif signer is None and found.signed:
            click.echo("signature of manifest.json: not checked (name the command that checks it: --verify-command)")
    if refusal is not None:
        say(f"the signature of {directory} is not accepted: {refusal} (exit {int(ExitCode.GATE_FAILED)})")
        return ExitCode.GATE_FAILED
    if not found.intact:
        bad = len(found.changed) + len(found.missing) + len(found.added)
        say(f"{directory} is not as it was written: {counted(bad, 'file')} (exit {int(ExitCode.GATE_FAILED)})")
        return ExitCode.GATE_FAILED
    return ExitCode.OK


def _print(found: "Verification") -> None:
    for kind, words in _KINDS:
        for name in getattr(found, kind):
            click.echo(inert(f"{words}: {name}"))
    click.echo(f"{counted(len(found.unchanged), 'file')} as written")
    click.echo(f"sha256 of manifest.json: {found.manifest}")
