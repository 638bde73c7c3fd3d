"""Active findings of GuardDuty about functions."""

from collections import defaultdict
from typing import Final

from auditor.model.alarm import Detection
from auditor.model.capture import Json
from auditor.model.observed import Gap, Observed, Unknown
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import UnreadableError, member, required, string, text
from providers.aws.normalize.references import qualified

_DETECTORS: Final = "guardduty:ListDetectors"
_LISTED: Final = "guardduty:ListFindings"
_FINDINGS: Final = "guardduty:GetFindings"


class Detections:
    """The findings of one location, by function."""

    def __init__(self, answers: Answers) -> None:
        self._of: defaultdict[str, list[Detection]] = defaultdict(list)
        detectors = answers.readable(answers.pages(_DETECTORS, "DetectorIds"), lambda item: string(item, "an id"))
        self._gap: Gap | None = detectors.gap
        told: set[str] = set()
        bodies = answers.bodies(_FINDINGS)
        for batch in bodies:
            read = answers.readable(answers.pages(_FINDINGS, "Findings", batch), _finding)
            self._gap = self._gap or read.gap
            for function, detection in read.items:
                told.add(detection.id)
                self._of[function].append(detection)
        for detector in detectors.items:
            pages = answers.pages(_LISTED, "FindingIds", detector)
            listed = answers.readable(pages, lambda item: string(item, "an id"))
            self._gap = self._gap or listed.gap
            if not told.issuperset(listed.items):
                self._gap = self._gap or answers.missing(_FINDINGS, detector)

    def of(self, function: str) -> Observed[tuple[Detection, ...]]:
        """The findings about a function; where some were not read, those that were."""
        found = tuple(self._of.get(function, ()))
        return Unknown(self._gap) if self._gap is not None and not found else known(found, _FINDINGS)


def _finding(body: Json) -> tuple[str, Detection]:
    function, _ = qualified(text(member(member(body, "Resource"), "LambdaDetails"), "FunctionArn"))
    severity = required(body, "Severity")
    if isinstance(severity, bool) or not isinstance(severity, int | float):
        raise UnreadableError("Severity is no number")
    return function, Detection(
        id=text(body, "Id"),
        kind=text(body, "Type"),
        severity=float(severity),
        title=text(body, "Title"),
        last_seen=text(body, "UpdatedAt"),
    )
