"""What is inside the sources of functions."""

from typing import Final

from auditor.model.code_analysis import CodeAnalysis
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from providers.answers.code_analysis import analysis_of
from providers.gcp.normalize.answers import Answers
from providers.gcp.normalize.function_list import Entry

_OPERATION: Final = "functions:GetSourceCode"
_ONLY_RUN: Final = Unknown(
    Gap(GapReason.NOT_IN_TIER, "", None, "the functions API does not know it, and so hands out no source of it")
)


def analysis(entry: Entry, answers: Answers) -> Observed[CodeAnalysis]:
    """What is inside a function's source."""
    if entry.record is None:
        return _ONLY_RUN
    found = answers.one(_OPERATION, entry.name.text)
    if isinstance(found, Unknown):
        return found
    return answers.fact(_OPERATION, lambda: analysis_of(found.value or {}), entry.id)
