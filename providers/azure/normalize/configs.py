"""The site configurations: from the bulk list, or asked for one by one where it does not hold them."""

from typing import Any

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.azure.normalize.answers import Answers, Part
from providers.azure.normalize.fields import UnreadableError, member, record, text

_BULK = "graph:SiteConfigs"
_ASKED = "web:GetConfiguration"
_SUFFIX = "/config/web"


class Configs:
    """The configurations of one subscription's apps, by the app's id."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        listing = answers.readable(answers.rows(_BULK), _entry)
        self._gap = listing.gap
        self._rows = dict(listing.items)
        self._asked = answers.subjects(_ASKED, record)

    def of(self, site: str) -> Part:
        """The configuration of an app. One full of nulls, as lists return it, is not a configuration."""
        return Part(self._answers, site, self._body(site)).inner(_filled)

    def _body(self, site: str) -> Observed[dict[str, Any]]:
        row = self._rows.get(site)
        if row is not None and (site not in self._asked or _full(row)):
            return Known(row, _BULK)
        if site in self._asked:
            asked = self._asked.one(site)
            if isinstance(asked, Unknown):
                return Known(row, _BULK) if row is not None else asked
            if asked.value is not None:
                return Known(asked.value, _ASKED)
            return Unknown(self._answers.gap(_ASKED, GapReason.NOT_FOUND, "the app has no configuration", site))
        return Unknown(self._unread(site))

    def _unread(self, site: str) -> Gap:
        if self._gap is not None:
            return self._gap
        return self._answers.missing(_ASKED, site)


def _entry(item: Json) -> tuple[str, dict[str, Any]]:
    body = record(item, "a configuration")
    return text(body, "id").lower().removesuffix(_SUFFIX), body


def _full(body: dict[str, Any]) -> bool:
    properties = body.get("properties")
    return isinstance(properties, dict) and any(
        properties.get(key) is not None for key in ("minTlsVersion", "ftpsState", "ipSecurityRestrictions")
    )


def _filled(body: dict[str, Any]) -> dict[str, Any]:
    """The configuration, if it is one: where all is null, as in lists, no null says "none"."""
    if not _full(body):
        raise UnreadableError("the configuration holds nulls only")
    return member(body, "properties")
