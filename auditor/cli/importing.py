"""Reads the reports that ``--import`` names."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from auditor.analysis.imported_scans import ImportedScan
from auditor.cli.messages import say
from auditor.errors import UsageError, suggestion

_LARGEST: Final = 256 << 20


def imported(named: Iterable[str]) -> tuple[ImportedScan, ...]:
    """The reports of ``FORMAT:FILE[=GLOB]``. Raises UsageError for one that cannot be read."""
    return tuple(map(_one, named))


def _one(named: str) -> ImportedScan:
    try:
        from auditor.code.imports.rows import UnreadableReportError  # noqa: PLC0415 - only where reports are imported
        from auditor.code.imports.scanners import READERS, read  # noqa: PLC0415 - the same
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"--import needs the Python package {missing.name}: pip install 'serverless-auditor[code]'."
        ) from missing
    form, colon, rest = named.partition(":")
    file, _, glob = rest.rpartition("=") if "=" in rest else (rest, "", "")
    if not (colon and file) or form not in READERS:
        hint = suggestion(form, READERS)
        raise UsageError(f"--import takes FORMAT:FILE[=GLOB], FORMAT one of {', '.join(READERS)}; not {named!r}{hint}")
    path = Path(file)
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"--import: {path} is larger than {_LARGEST >> 20} MiB.")
        found = read(form, json.loads(path.read_bytes()))
    except OSError as unreadable:
        raise UsageError(f"--import: {path} cannot be read: {unreadable.strerror}.") from unreadable
    except (ValueError, RecursionError) as wrong:
        raise UsageError(f"--import: {path} is no JSON.") from wrong
    except UnreadableReportError as wrong:
        raise UsageError(f"--import: {path}: {wrong}.") from wrong
    if found.notes:
        more = f" (and {len(found.notes) - 1} more)" if len(found.notes) > 1 else ""
        say(f"--import: {path}: not taken over: {found.notes[0]}{more}.")
    return ImportedScan(
        found.scanner,
        glob or "*",
        found.components,
        found.vulnerabilities,
        found.findings,
        found.statements,
        found.of_libraries,
        found.affected,
    )
