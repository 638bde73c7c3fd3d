"""Asks OSV about package URLs: nothing else of a package is sent."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import quote

from auditor.code.advisories.matching import comparable, entries
from auditor.model.code_analysis import Component

OSV: Final = "https://api.osv.dev"
_BATCH: Final = 500
_TIMEOUT: Final = 60
_LARGEST: Final = 32 << 20
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


class OnlineError(Exception):
    """OSV did not answer; the text says how."""


class OnlineAdvisories:
    """The records that OSV has about components, asked in batches. KEV and EPSS are not OSV's and stay unknown."""

    def __init__(self, components: Iterable[Component], base: str = OSV) -> None:
        self._base = base
        self._records: dict[str, Mapping[str, Any]] = {}
        purls = sorted({each.purl for each in components})
        for start in range(0, len(purls), _BATCH):
            for identity in self._asked(purls[start : start + _BATCH]):
                if identity not in self._records:
                    self._records[identity] = self._json(f"/v1/vulns/{quote(identity)}")

    def _asked(self, purls: list[str]) -> Iterator[str]:
        pending: list[dict[str, Any]] = [{"package": {"purl": purl}} for purl in purls]
        while pending:
            answers = self._json("/v1/querybatch", {"queries": pending}).get("results")
            if not isinstance(answers, list) or len(answers) != len(pending):
                raise OnlineError("OSV did not answer every question")
            for answer in answers:
                for each in (answer or {}).get("vulns") or ():
                    if _ID.fullmatch(str(each.get("id"))):
                        yield str(each["id"])
            pending = [
                {**query, "page_token": answer["next_page_token"]}
                for query, answer in zip(pending, answers, strict=True)
                if answer and answer.get("next_page_token")
            ]

    def _json(self, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - https, or a test's own server
            f"{self._base}{path}", data, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 - the same
                said = json.loads(answer.read(_LARGEST))
        except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError, ValueError) as broken:
            raise OnlineError(f"OSV could not be asked ({type(broken).__name__})") from broken
        if not isinstance(said, dict):
            raise OnlineError("OSV answered something that is no object")
        return said

    def covers(self, _ecosystem: str) -> bool:
        """OSV holds every ecosystem whose purls are made here."""
        return True

    def about(self, ecosystem: str, name: str) -> Iterator[Mapping[str, Any]]:
        """The records about a package, of those that OSV named."""
        wanted = comparable(ecosystem, name)
        return (record for record in self._records.values() if any(True for _ in entries(record, ecosystem, wanted)))

    def exploited(self, _names: Iterable[str]) -> bool:
        """Not known here."""
        return False

    def epss(self, _names: Iterable[str]) -> float | None:
        """Not known here."""
        return None
