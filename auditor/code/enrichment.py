"""Looks into the packages of a scan: each distinct one fetched and analysed once, kept by its digest."""

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import Any, Final

from auditor import __version__
from auditor.code.advisories.choosing import AdvisorySource, Judged
from auditor.code.analyser import Analyser, AnalysisError, components_of
from auditor.code.components.purl import model_of
from auditor.code.findings import RULES
from auditor.code.unpack.limits import LIMITS
from auditor.enricher import EnrichmentError, PackageSource
from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.snapshot.files import atomic

_BLOCK: Final = 1 << 20
_LISTS: Final = ("Components", "Unread", "Unsearched")


class PackageEnricher:
    """Implements :class:`auditor.enricher.Enricher`. ``cache`` is where analyses are kept for later runs."""

    def __init__(self, advisories: AdvisorySource, cache: Path | None = None) -> None:
        self._advisories = advisories
        self._cache = cache
        self._analyser = Analyser()
        self._lock = Lock()
        self._turns: dict[str, Lock] = defaultdict(Lock)
        self._known: dict[str, Mapping[str, Any]] = {}

    def package(self, source: PackageSource) -> Json:
        """What is in a package: its components with the advisories about them. Raises EnrichmentError."""
        key = f"{source.sha256}-{hashlib.sha256((source.handler or '').encode()).hexdigest()[:8]}"
        with self._lock:
            turn = self._turns[key] if source.sha256 else Lock()
        with turn:
            answer = self._known.get(key) if source.sha256 else None
            answer = answer or self._kept(source, key) or self._analysed(source)
            if source.sha256:
                self._known[key] = answer
                self._keep(key, answer)
        return self._told(answer)

    def _told(self, answer: Mapping[str, Any]) -> Json:
        components = [model_of(each) for each in components_of(answer)]
        with self._lock:  # one connection to the store
            judged = self._advisories.judge(components) if components else _nothing_to_judge(self._advisories.age)
        return {
            "Components": [{**asdict(each), "evidence": each.evidence.value} for each in components],
            "Vulnerabilities": [_row(asdict(each)) for each in judged.vulnerabilities],
            "Judged": judged.judged,
            "Advisories": judged.age,
            "Findings": answer["Findings"],
            "Facts": answer["Facts"],
            "CodeIncomplete": list(map(str, answer["CodeIncomplete"])),
            "Unread": list(map(str, answer["Unread"])),
            "Unsearched": list(map(str, answer["Unsearched"])),
            "Incomplete": [*map(str, answer["Incomplete"]), *judged.incomplete],
            "Rules": list(map(str, answer["Rules"])),
        }

    def _analysed(self, source: PackageSource) -> Mapping[str, Any]:
        with tempfile.TemporaryDirectory(prefix="auditor-") as private:
            path = Path(private) / "package"
            source.fetch(path, LIMITS.compressed)
            if source.sha256 and _digest(path) != source.sha256:
                raise EnrichmentError(GapReason.MALFORMED, "what was fetched is not the package by its digest")
            try:
                return self._analyser.analyse(path, source.handler)
            except AnalysisError as refused:
                raise EnrichmentError(GapReason.MALFORMED, str(refused)) from refused

    def _kept(self, source: PackageSource, key: str) -> Mapping[str, Any] | None:
        if self._cache is None or not source.sha256:
            return None
        try:
            answer = json.loads(self._file(self._cache, key).read_bytes())
        except (OSError, ValueError):
            return None
        whole = isinstance(answer, dict) and all(isinstance(answer.get(member), list) for member in _LISTS)
        return answer if whole and answer.get("Rules") == list(RULES) else None

    def _keep(self, key: str, answer: Mapping[str, Any]) -> None:
        if self._cache is not None:
            self._cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            with atomic(self._file(self._cache, key)) as stream:
                stream.write(json.dumps(answer).encode())

    @staticmethod
    def _file(cache: Path, key: str) -> Path:
        return cache / f"{key}-{__version__}.json"

    def close(self) -> None:
        """Ends the process that analyses."""
        self._analyser.close()


def _nothing_to_judge(age: str) -> Judged:
    return Judged((), (), judged=True, age=age)


def _row(vulnerability: dict[str, Any]) -> dict[str, Any]:
    return {**vulnerability, "severity": vulnerability["severity"].value}


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
