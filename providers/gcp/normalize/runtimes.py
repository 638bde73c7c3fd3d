"""When the runtimes of a place stop being supported, as the functions API says there."""

import re
from typing import Any, Final

from auditor.model.lifecycle import Support
from auditor.model.observed import Observed, Unknown
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import Enumeration, UnreadableError, member, number, optional_number, text

_LIST: Final = "functions:ListRuntimes"

_STAGES: Final[Enumeration[str]] = Enumeration(
    DEVELOPMENT="preview", ALPHA="preview", BETA="preview", GA="", DEPRECATED="ended", DECOMMISSIONED="ended"
)
_GENERATIONS: Final[Enumeration[int]] = Enumeration(GEN_1=1, GEN_2=2)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Runtimes:
    """The runtimes of one project's places."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._places: dict[str, Any] = {}

    def support(self, runtime: Observed[str | None], generation: int | None, location: str) -> Observed[Support | None]:
        """The dates of a runtime; Known(None) where the complete list does not have it."""
        if isinstance(runtime, Unknown):
            return runtime
        if runtime.value is None:
            return known(None, runtime.source)
        rows = self._rows(location)
        mine = [row for row in rows.items if row[0] == runtime.value]
        exact = [row for row in mine if row[1] == generation]
        if exact or mine:
            return known((exact or mine)[0][2], _LIST)
        return rows.absence(None)  # type: ignore[no-any-return]

    def _rows(self, location: str) -> Any:
        found = self._places.get(location)
        if found is None:
            listing = self._answers.listed(_LIST, "runtimes", location=location)
            found = self._places[location] = self._answers.readable(listing, _row)
        return found


def _row(body: dict[str, Any]) -> tuple[str, int | None, Support]:
    stage = _STAGES.read(body, "stage")
    support = Support(
        deprecated_on=_date(body, "deprecationDate"),
        decommissioned_on=_date(body, "decommissionDate"),
        ended=stage == "ended",
        preview=stage == "preview",
    )
    return text(body, "name"), _GENERATIONS.read(body, "environment", lambda: 0) or None, support


def _date(body: dict[str, Any], key: str) -> str | None:
    """A date in parts, of which a day may be left out; None where there is none."""
    if key not in body:
        return None
    if isinstance(body[key], str):
        if not _ISO.match(body[key]):
            raise UnreadableError(f"{key} is no date")
        return str(body[key])[:10]
    given = member(body, key)
    year, month = number(given, "year"), number(given, "month")
    day = optional_number(given, "day") or 1
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1970 <= year <= 2999):
        raise UnreadableError(f"{key} is no date")
    return f"{year:04}-{month:02}-{day:02}"
