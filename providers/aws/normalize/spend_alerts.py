"""Budgets and monitors of cost anomalies that watch what an account spends."""

from typing import Final

from auditor.model.capture import Json
from auditor.model.observed import Gap, Observed, Unknown
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import optional_items, text

_BUDGETS: Final = "budgets:DescribeBudgets"
_ANOMALIES: Final = "ce:GetAnomalyMonitors"
_OF_SPEND: Final = frozenset({"COST", "USAGE"})
"""Kinds of budget that grow with what is used; the others watch reservations and savings plans."""


def read_spend_alerts(answers: Answers) -> Observed[tuple[str, ...]]:
    """The names of both; unknown where neither was found and one could not be read."""
    listed = answers.subjects(_BUDGETS, lambda body: optional_items(body, "Budgets")).all()  # absent: none
    budgets = answers.readable(answers.flat(listed, lambda page: page), _budget)
    monitors = answers.readable(answers.pages(_ANOMALIES, "AnomalyMonitors"), lambda body: text(body, "MonitorName"))
    found = (*(name for name in budgets.items if name is not None), *monitors.items)
    gap: Gap | None = budgets.gap or monitors.gap
    return Unknown(gap) if gap is not None and not found else known(found, _BUDGETS)


def _budget(body: Json) -> str | None:
    return text(body, "BudgetName") if text(body, "BudgetType") in _OF_SPEND else None
