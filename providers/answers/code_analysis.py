"""What is inside a package, read from what was recorded of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Json
from auditor.model.code_analysis import (
    ApiUse,
    CodeAnalysis,
    CodeFacts,
    CodeFinding,
    CodeStep,
    Component,
    ComponentEvidence,
    Vulnerability,
)
from auditor.model.severity import Confidence, Severity
from providers.answers.fields import UnreadableError

SHAPE: Final = AnswerShape(
    required={"Components": list, "Vulnerabilities": list, "Findings": list, "Incomplete": list, "Judged": bool}
)
"""What a whole answer about a package holds."""

_UNSAID: Final = "the record does not say whether all of its code was read"

_T = TypeVar("_T")


def analysis_of(body: Json) -> CodeAnalysis:
    """The analysis that a body holds. Raises UnreadableError for one that holds something else."""
    return CodeAnalysis(
        components=_each(body, "Components", _component),
        vulnerabilities=_each(body, "Vulnerabilities", _vulnerability),
        judged=body["Judged"],
        advisories=body.get("Advisories", ""),
        findings=_each(body, "Findings", _finding),
        facts=_facts(body.get("Facts")),
        incomplete=_each(body, "Incomplete", str),
        code_incomplete=_each(_said(body, "CodeIncomplete"), "CodeIncomplete", str),
        unread=_each(_said(body, "Unread"), "Unread", str),
        unsearched=_each(_said(body, "Unsearched"), "Unsearched", str),
        rules=_each(body, "Rules", str) if "Rules" in body else (),
    )


def _said(body: Json, member: str) -> Mapping[str, Any]:
    """The body; where an older record lacks a member that says what is missing, all may be."""
    return body if member in body else {member: (_UNSAID,)}


def _each(body: Mapping[str, Any], member: str, read: Callable[[Any], _T]) -> tuple[_T, ...]:
    try:
        return tuple(map(read, body[member]))
    except (TypeError, ValueError, KeyError, AttributeError) as wrong:
        raise UnreadableError(f"{member} holds something else") from wrong


def _component(row: Any) -> Component:
    return Component(**{**row, "evidence": ComponentEvidence(row["evidence"])})


def _vulnerability(row: Any) -> Vulnerability:
    several = {name: tuple(row[name]) for name in ("aliases", "scanners")}
    return Vulnerability(**{**row, **several, "severity": Severity(row["severity"])})


def _finding(row: Any) -> CodeFinding:
    steps = tuple(CodeStep(**step) for step in row["steps"])
    told = {"steps": steps, "triggers": tuple(row["triggers"]), "confidence": Confidence(row["confidence"])}
    return CodeFinding(**{**row, **told, "also": tuple(row.get("also", ()))})


def _use(row: Any) -> ApiUse:
    return ApiUse(**{**row, "actions": tuple(row["actions"]), "resources": tuple(row["resources"])})


def _facts(said: Any) -> CodeFacts:
    """What else the code does; nothing where nothing of it was recorded."""
    if said is None:
        return CodeFacts(more_calls=(_UNSAID,))
    try:
        return CodeFacts(
            entries=tuple(said["entries"]),
            validators=tuple(said["validators"]),
            api_uses=tuple(map(_use, said["api_uses"])),
            dynamic=tuple(CodeStep(**row) for row in said["dynamic"]),
            other_uses=tuple(map(_use, said.get("other_uses", ()))),
            more_calls=tuple(map(str, said.get("more_calls", (_UNSAID,)))),
        )
    except (TypeError, ValueError, KeyError) as wrong:
        raise UnreadableError("Facts holds something else") from wrong
