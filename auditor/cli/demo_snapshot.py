"""A snapshot of the demo accounts, collected once and kept in the user's cache directory."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import click

from auditor import plugins
from auditor.cli.demo import DEFAULTS, pointed_at
from auditor.cli.run import capture
from auditor.cli.signals import EndedError
from auditor.model.ids import Cloud
from auditor.result_directory import SNAPSHOT
from auditor.scenario import Scenario

_STAMP: Final = "made-by"
_SOURCES: Final = ("auditor", "providers", "moto_fixtures")
_ROOT: Final = Path(__file__).resolve().parents[2]


@contextmanager
def demo_snapshot(clouds: Sequence[Cloud]) -> Iterator[Path]:
    """The demo accounts of these clouds as a snapshot; collected anew where a source file changed since it was kept.

    Raises UsageError where they must be collected and the demo's own requirements are not installed.
    """
    kept, stamp = _cache() / f"demo-{'-'.join(sorted(clouds))}", _stamp()
    if _read(kept / _STAMP) == stamp:
        yield kept / SNAPSHOT
        return
    with tempfile.TemporaryDirectory(prefix="auditor-") as scratch:
        made = Path(scratch) / SNAPSHOT
        _collect(clouds, made)
        yield _keep(made, kept, stamp)


def _collect(clouds: Sequence[Cloud], snapshot: Path) -> None:
    def begin(scenario: Scenario) -> None:
        names = ", ".join(sorted(clouds))
        click.echo(f"Collecting the demo accounts of {scenario.title} ({names}); kept for the next time...", err=True)

    deployment = plugins.start_scenario("company", clouds, begin)
    shown = {"quiet": False, "no_progress": False, "no_color": False}
    try:
        with pointed_at(deployment.environment):
            _, signalled = capture({**DEFAULTS, **shown, "provider": tuple(clouds)}, snapshot)
    finally:
        deployment.stop()
    if signalled is not None:
        raise EndedError(signalled)


def _keep(made: Path, kept: Path, stamp: str) -> Path:
    """Puts a snapshot into the cache; returns where it is, which is where it was if it cannot be kept."""
    new = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        shutil.copytree(made, new / SNAPSHOT)
        (new / _STAMP).write_text(stamp, "utf-8")
        shutil.rmtree(kept, ignore_errors=True)
        new.rename(kept)
    except OSError:  # a full disk, a home that may not be written to, another command that was faster
        shutil.rmtree(new, ignore_errors=True)
        return made
    return kept / SNAPSHOT


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "serverless-auditor"


def _stamp() -> str:
    """A digest of every source file that decides what the snapshot holds."""
    digest = sha256()
    for path in sorted(path for name in _SOURCES for path in (_ROOT / name).rglob("*") if path.suffix in _DECIDING):
        digest.update(f"{path.relative_to(_ROOT).as_posix()} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


_DECIDING: Final = frozenset({".py", ".json", ".jsonl", ".toml", ".csv"})


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
