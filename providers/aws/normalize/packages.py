"""What is inside packages and layers."""

from auditor.model.code_analysis import CodeAnalysis
from auditor.model.observed import GapReason, Known, Observed, Unknown
from providers.answers.code_analysis import analysis_of
from providers.aws.normalize.answers import Answers


class Packages:
    """The analyses of one location by what they are of."""

    def __init__(self, answers: Answers, operation: str) -> None:
        self._answers = answers
        self._operation = operation
        self._analyses = answers.subjects(operation, analysis_of)

    def needed(self, arn: str) -> Observed[CodeAnalysis]:
        """What is inside a package that is in use."""
        found = self._analyses.one(arn)
        if isinstance(found, Unknown):
            return found
        if found.value is None:
            return Unknown(self._answers.gap(self._operation, GapReason.NOT_FOUND, "it is gone", arn))
        return Known(found.value, found.source)
