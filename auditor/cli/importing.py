"""Reads the reports that ``--import`` and ``--vex`` name."""

import importlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from auditor.analysis.imported_scans import ImportedScan
from auditor.cli.messages import say
from auditor.errors import UsageError, suggestion

_LARGEST: Final = 256 << 20


def imported(named: Iterable[str]) -> tuple[ImportedScan, ...]:
    """The reports of ``FORMAT:FILE[=GLOB]``. Raises UsageError for one that cannot be read."""
    return tuple(map(_one, named))


def vex_documents(files: Iterable[str]) -> tuple[ImportedScan, ...]:
    """The documents of ``--vex``, OpenVEX or CycloneDX. Raises UsageError for one that cannot be read."""
    return tuple(_read("--vex", _vex_form, Path(file), "*") for file in files)


def _vex_form(document: Any) -> str:
    return "cyclonedx" if isinstance(document, dict) and "bomFormat" in document else "openvex"


def _one(named: str) -> ImportedScan:
    _readers("--import")
    from auditor.code.imports.scanners import READERS  # noqa: PLC0415 - only where reports are imported

    form, colon, rest = named.partition(":")
    file, _, glob = rest.rpartition("=") if "=" in rest else (rest, "", "")
    if not (colon and file) or form not in READERS:
        hint = suggestion(form, READERS)
        raise UsageError(f"--import takes FORMAT:FILE[=GLOB], FORMAT one of {', '.join(READERS)}; not {named!r}{hint}")
    return _read("--import", lambda _: form, Path(file), glob or "*")


def _readers(option: str) -> None:
    """Raises UsageError where the readers of reports are not installed."""
    try:
        importlib.import_module("auditor.code.imports.scanners")
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"{option} needs the Python package {missing.name}: pip install 'serverless-auditor[code]'."
        ) from missing


def _read(option: str, form: Callable[[Any], str], path: Path, glob: str) -> ImportedScan:
    _readers(option)
    from auditor.code.imports.rows import UnreadableReportError  # noqa: PLC0415 - only where reports are imported
    from auditor.code.imports.scanners import read  # noqa: PLC0415 - the same

    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{option}: {path} is larger than {_LARGEST >> 20} MiB.")
        document = json.loads(path.read_bytes())
        found = read(form(document), document)
    except OSError as unreadable:
        raise UsageError(f"{option}: {path} cannot be read: {unreadable.strerror}.") from unreadable
    except (ValueError, RecursionError) as wrong:
        raise UsageError(f"{option}: {path} is no JSON.") from wrong
    except UnreadableReportError as wrong:
        raise UsageError(f"{option}: {path}: {wrong}.") from wrong
    if found.notes:
        more = f" (and {len(found.notes) - 1} more)" if len(found.notes) > 1 else ""
        say(f"{option}: {path}: not taken over: {found.notes[0]}{more}.")
    return ImportedScan(
        found.scanner,
        glob,
        found.components,
        found.vulnerabilities,
        found.findings,
        found.statements,
        found.of_libraries,
        found.affected,
    )
