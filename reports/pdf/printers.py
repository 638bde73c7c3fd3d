"""What can print the page: Chromium, or WeasyPrint where there is none. Each in a process of its own, without network.

The process gets no environment but what it needs to start: no credentials of anyone.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from auditor.errors import FormatError, UsageError

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
"""Names of the command, in the order in which they are tried."""
_MACOS: Final = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
OLDEST: Final = 131
"""The first Chromium that prints page numbers asked for by style (@page margin boxes)."""
PATIENCE: Final = 900.0
"""Seconds after which a printer is stopped."""
_ASKING: Final = 30.0
"""Seconds that a printer may take to say which version it is."""
_NO_SANDBOX: Final = b"No usable sandbox"
"""Chromium's words where it is not root and may not make user namespaces."""
_READ: Final = 1 << 20
"""Bytes of what a printer says that are looked at."""
_KEPT: Final = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SYSTEMROOT",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
)
_FLAGS: Final = (
    "--headless",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    "--user-agent=serverless-auditor",  # it is written into the file, and would name the system it ran on
    # no network: no proxy answers at this address, no name is resolved, and the page's own policy allows nothing
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers have little shared memory
)

Command = Callable[[Path, Path, str], Sequence[str]]
"""The command for a page, the file to print to and the run's id."""


@dataclass(frozen=True, slots=True)
class Printer:
    """Something that prints a page. ``name`` has its version."""

    name: str
    command: Command

    def print(self, page: Path, printed: Path, run: str) -> None:
        """Prints a page to a file. Raises FormatError in one sentence where it does not."""
        complaint = _ended(self.command(page, printed, run), page.parent)
        if complaint:
            raise FormatError(f"report.pdf was not written: {self.name} {complaint}.")
        with suppress(OSError), printed.open("rb") as file:
            if file.read(5) == b"%PDF-":
                return
        raise FormatError(f"report.pdf was not written: {self.name} ended without printing it.")


def installed() -> Printer:
    """The first printer that is installed. Raises UsageError where there is none."""
    unfit: list[str] = []
    for path in filter(None, map(shutil.which, (*CHROMIUM, _MACOS))):
        found = _version(path)
        if found >= OLDEST:
            return Printer(f"Chromium {found}", _chromium(path))
        unfit.append(f"{path} is Chromium {found}" if found else f"{path} does not say its version")
    try:
        other = metadata.version("weasyprint")
    except metadata.PackageNotFoundError:
        why = f" ({'; '.join(dict.fromkeys(unfit))})" if unfit else ""
        raise UsageError(
            f"--format pdf needs Chromium or Chrome {OLDEST} or newer on the PATH, or WeasyPrint: "
            f"pip install 'serverless-auditor[pdf]'; neither is here{why}."
        ) from None
    return Printer(f"WeasyPrint {other}", _weasyprint)


def _version(path: str) -> int:
    """The major version of a Chromium; 0 where it does not say."""
    try:
        said = subprocess.run(  # noqa: S603 - a browser found on the PATH
            [path, "--version"], capture_output=True, timeout=_ASKING, check=False, env=_environment(None)
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(rb"(?:Chromium|Chrome)\D{0,20}(\d{1,5})\.", said)
    return int(found[1]) if found else 0


def _chromium(path: str) -> Command:
    def command(page: Path, printed: Path, _run: str) -> Sequence[str]:
        # Chromium refuses to run its sandbox as root; everybody else has it
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        profile = page.parent / "profile"
        return [path, *_FLAGS, *root, f"--user-data-dir={profile}", f"--print-to-pdf={printed}", page.as_uri()]

    return command


def _weasyprint(page: Path, printed: Path, run: str) -> Sequence[str]:
    return [sys.executable, "-P", "-m", "reports.pdf.weasyprint_process", str(page), str(printed), run]


def _ended(command: Sequence[str], private: Path) -> str:
    """Runs a printer to its end; what went wrong, "" for nothing."""
    said = private / "said"
    try:
        with said.open("wb") as stderr:
            process = subprocess.Popen(  # noqa: S603 - a printer that was found, and a page of ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                cwd=private,
                env=_environment(private),
                start_new_session=True,
            )
    except OSError as refused:
        return f"could not be started ({refused.strerror})"
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return f"was stopped after {PATIENCE:.0f} seconds"
    finally:
        _end(process)
    return f"ended with code {code}{_hint(said)}" if code else ""


def _hint(said: Path) -> str:
    """What to do about the one failure that has a name: a system that lets nobody make a sandbox."""
    with said.open("rb") as stderr:
        if _NO_SANDBOX not in stderr.read(_READ):
            return ""
    remedy = "allow user namespaces, or take it off the PATH and install WeasyPrint"
    return f", because it cannot start its sandbox here: {remedy}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends what is left of a printer, its children too: also where we were interrupted."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(private: Path | None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    home = str(private) if private else os.devnull
    return {**kept, "LANG": "C.UTF-8", "TZ": "UTC", "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
