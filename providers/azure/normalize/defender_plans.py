"""Which Defender plans watch a subscription."""

from auditor.model.capture import Json
from auditor.model.observed import Observed, Unknown
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.fields import choice, flag, items, member, record, text

_LISTED = "security:ListPricings"
_TIERS = {"standard": True, "free": False}
_SWITCH = {"true": True, "false": False}
_POSTURE = "CloudPosture"


class Pricings:
    """The plans of one subscription."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._listing = answers.readable(answers.rows(_LISTED), _plan)
        self._bodies = {name: body for name, _, body in self._listing.items}
        self._on = {name.lower(): on for name, on, _ in self._listing.items}

    def all(self) -> Observed[tuple[tuple[str, bool], ...]]:
        """Every plan and whether it is on."""
        return self._listing.complete().map(lambda plans: tuple(sorted((name, on) for name, on, _ in plans)))

    def on(self, plan: str) -> Observed[bool]:
        """Whether a plan is on; one that is not listed is not."""
        found = self._on.get(plan.lower())
        return known(found, _LISTED) if found is not None else self._listing.absence(False)

    def serverless_posture(self) -> Observed[bool]:
        """Whether posture management covers serverless: its plan is on, and so is the extension."""
        on = self.on(_POSTURE)
        if isinstance(on, Unknown) or not on.value:
            return on
        body = next(body for name, body in self._bodies.items() if name.lower() == _POSTURE.lower())
        return self._answers.fact(_LISTED, lambda: _serverless(body))


def _plan(item: Json) -> tuple[str, bool, dict[str, Json]]:
    body = member(item, "properties")
    return text(item, "name"), choice(body, "pricingTier", _TIERS), body


def _serverless(body: dict[str, Json]) -> bool:
    for item in items(body, "extensions"):
        extension = record(item, "an extension")
        if "serverless" in text(extension, "name").lower():
            enabled = extension.get("isEnabled")  # Defender writes booleans as text
            return (
                flag(extension, "isEnabled") if isinstance(enabled, bool) else choice(extension, "isEnabled", _SWITCH)
            )
    return False
