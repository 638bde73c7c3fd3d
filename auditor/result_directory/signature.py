"""Signs a manifest, and checks a signature, with a command of the user's: cosign, gpg, an HSM's own tool."""

import shlex
import subprocess
from pathlib import Path
from typing import Final

from auditor.errors import UsageError
from auditor.result_directory.manifest import MANIFEST

SIGNATURE: Final = f"{MANIFEST}.signature"
_SECONDS: Final = 300
_PLACES: Final = ("{manifest}", "{signature}")


class Signer:
    """A command with ``{manifest}`` and ``{signature}`` in it, which stand for the two files; run without a shell."""

    def __init__(self, command: str, option: str) -> None:
        """Raises UsageError for a command that cannot be one, before anything is collected."""
        self._option = option
        try:
            self._words = shlex.split(command)
        except ValueError as wrong:
            raise UsageError(f"{option}: a quotation mark is never closed, or nothing follows a backslash.") from wrong
        missing = [place for place in _PLACES if not any(place in word for word in self._words)]
        if missing:
            raise UsageError(
                f"{option}: {missing[0]} stands nowhere in the command: it is where that file's path goes."
            )

    def sign(self, directory: Path) -> None:
        """Writes the signature of the manifest in a directory. Raises UsageError where the command does not."""
        why = self._run(directory)
        if why is None and not (directory / SIGNATURE).is_file():
            why = "it wrote no signature"
        if why is not None:
            raise UsageError(f"{self._option}: the result was not signed, so it was not put in place: {why}.")

    def refusal(self, directory: Path) -> str | None:
        """Why the signature in a directory is not that of its manifest; None: the command accepts it."""
        if not (directory / SIGNATURE).is_file():
            return f"there is no {SIGNATURE}"
        return self._run(directory)

    def _run(self, directory: Path) -> str | None:
        paths = dict(zip(_PLACES, (str(directory / MANIFEST), str(directory / SIGNATURE)), strict=True))
        words = [_filled(word, paths) for word in self._words]
        try:
            done = subprocess.run(  # noqa: S603 - the command is the user's own, and no shell reads it
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return f"{words[0]} did not end within {_SECONDS} seconds"
        except OSError as refused:
            return f"{words[0]} cannot be run ({refused.strerror})"
        if done.returncode == 0:
            return None
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return f"{words[0]} ended with {done.returncode}" + (f" ({said[-1][:200]})" if said else "")


def _filled(word: str, paths: dict[str, str]) -> str:
    for place, path in paths.items():
        word = word.replace(place, path)
    return word
