"""A finished report read back from ``report.json``, for ``auditor report``."""

import json
import math
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from auditor.engine.earlier_reports import renew
from auditor.errors import UsageError
from auditor.input_faults import InputFault, expected, place, syntax
from auditor.model.report import ReportDocument
from auditor.reporter import Row
from auditor.result_directory.manifest import MANIFEST, digest, read_manifest

_ROWS = ("functions", "paths", "verdicts", "causes", "findings")


class DocumentReport:
    """Implements :class:`auditor.reporter.Report` over a document."""

    def __init__(self, document: Mapping[str, Any], digests: Mapping[str, str] | None = None) -> None:
        self._document = document
        self._digests = digests or {}
        self._head = {key: value for key, value in document.items() if key not in _ROWS}

    def assessed(self, frameworks: list[dict[str, Any]]) -> None:
        """Takes in the rows of :func:`auditor.compliance.assess.assess`, in place of those it was read with."""
        self._head["frameworks"] = frameworks

    @property
    def head(self) -> Row:
        return self._head

    @property
    def digests(self) -> Mapping[str, str]:
        return self._digests

    def functions(self) -> Iterator[Row]:
        yield from self._document["functions"]

    def paths(self) -> Iterator[Row]:
        yield from self._document.get("paths", ())

    def verdicts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        yield from self._document["verdicts"].items()

    def causes(self) -> Iterator[Row]:
        yield from self._document.get("causes", ())

    def findings(self) -> Iterator[Row]:
        yield from self._document["findings"]


def found_report(place: Path) -> DocumentReport:
    """The report that is meant by a report.json or by the directory it is in. Raises UsageError for anything else."""
    path = place / "report.json" if place.is_dir() else place
    if not path.is_file():
        where = f"in {place}" if place.is_dir() else f"at {place}"
        raise UsageError(f"There is no report {where}: name a report.json, or the directory it is in.")
    return read_report(path)


def read_report(path: Path) -> DocumentReport:
    """Reads and validates a report. Raises UsageError in one sentence for anything else."""
    try:
        read = path.read_bytes()
        document = json.loads(read, parse_constant=_no_number, parse_float=_finite)
    except OSError as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable.strerror}.") from unreadable
    except (ValueError, RecursionError) as broken:
        raise UsageError(f"{path} {syntax('JSON', broken)}; expected a report.json of this tool.") from broken
    if not isinstance(document, dict) or "schema_version" not in document:
        raise UsageError(f"{path} is not a report of this tool: it has no schema_version.")
    if document["schema_version"] != "1":
        raise UsageError(f"{path} has schema version {document['schema_version']!r}; this auditor reads version '1'.")
    renew(document)
    try:
        ReportDocument.model_validate(document)
    except ValidationError as invalid:
        raise UsageError(f"{path} is not a valid report: {_complaint(invalid)}.") from invalid
    document.setdefault("totals", {})
    return DocumentReport(document, _digests(path, read))


def _digests(path: Path, read: bytes) -> dict[str, str]:
    """Of the report, and of the manifest beside it, as long as that is about this report."""
    own = sha256(read).hexdigest()
    found = {path.name: own}
    if read_manifest(path.parent).get(path.name) == own:
        found[MANIFEST] = digest(path.parent / MANIFEST)
    return found


def _no_number(name: str) -> float:
    raise InputFault(f"{name} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise InputFault(f"{digits} is too large a number")
    return number


def _complaint(invalid: ValidationError) -> str:
    """The first complaint, and how many more there are."""
    first = invalid.errors()[0]
    where = place(first["loc"]) or "the document"
    said = "is missing" if first["type"] == "missing" else f": {expected(first).rstrip('.')}"
    more = invalid.error_count() - 1
    return f"{where}{'' if said.startswith(':') else ' '}{said}{f' (and {more} more like it)' if more else ''}"
