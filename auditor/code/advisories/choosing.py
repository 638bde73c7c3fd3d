"""Where the advisories of a run come from, and how old they are."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from auditor.code.advisories.online import OnlineAdvisories, OnlineError
from auditor.code.advisories.report import Advisories, matching, vulnerabilities
from auditor.code.advisories.store import EPSS, FILE, KEV, AdvisoryStore
from auditor.model.code_analysis import Component, Vulnerability

ONLINE: Final = "online"
NONE_HELD: Final = "No advisories are held: 'auditor advisories update' fetches them."


def usual_directory() -> Path:
    """Where the store lies unless told otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "serverless-auditor" / "advisories"


@dataclass(frozen=True, slots=True)
class Judged:
    """What advisories say of components. ``judged`` is False where there were none to ask; ``age`` says from when."""

    vulnerabilities: tuple[Vulnerability, ...]
    incomplete: tuple[str, ...]
    judged: bool
    age: str


class AdvisorySource:
    """The advisories that a run asks: a directory's, OSV itself, or those of the usual store."""

    def __init__(self, chosen: str | None) -> None:
        self._online = chosen == ONLINE
        self._store: AdvisoryStore | None = None
        if self._online:
            return
        directory = Path(chosen) if chosen else usual_directory()
        if chosen or (directory / FILE).is_file():
            self._store = AdvisoryStore.of_dumps(directory)

    @property
    def age(self) -> str:
        """From when the advisories are, in words."""
        if self._online:
            return f"OSV, asked on {datetime.now(UTC):%Y-%m-%d} (purls were sent); KEV and EPSS were not asked"
        if self._store is None:
            return NONE_HELD
        fetched = self._store.fetched()
        oldest = min((at for source, at in fetched.items() if source not in (KEV, EPSS)), default="")
        missing = [name for name in (KEV, EPSS) if name not in fetched]
        return f"OSV dumps of {oldest[:10]}" + (f"; without {' and '.join(missing)}" if missing else "")

    def matched(self, component: Component) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the records that a component falls under, sorted, and why it may not all be known."""
        try:
            advisories = self._asked((component,))
        except OnlineError as unheard:
            return (), (f"{unheard}.",)
        if advisories is None:
            return (), (NONE_HELD,)
        records, unjudged = matching(component, advisories)
        return tuple(sorted(str(record["id"]) for record in records)), unjudged

    def _asked(self, components: tuple[Component, ...]) -> Advisories | None:
        """Whom to ask about components; None: nobody."""
        return OnlineAdvisories(components) if self._online else self._store

    def judge(self, components: Iterable[Component]) -> Judged:
        """The advisories that components fall under."""
        rows = tuple(components)
        try:
            advisories = self._asked(rows)
        except OnlineError as unheard:
            return Judged((), (f"{unheard}.",), judged=False, age=self.age)
        if advisories is None:
            return Judged((), (NONE_HELD,), judged=False, age=NONE_HELD)
        found, incomplete = vulnerabilities(rows, advisories)
        return Judged(found, incomplete, judged=True, age=self.age)
