"""What was found in the code of a function, judged by who can send the event that does the harm."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from auditor.analysis.event_senders import Sender, senders
from auditor.analysis.imported_scans import IMPORT
from auditor.model.code import NOT_READ
from auditor.model.code_analysis import NOT_ANALYSED, CodeAnalysis, CodeFinding
from auditor.model.function import Function
from auditor.model.observed import Gap, GapReason, Known, Unanswered, Unknown, graver
from auditor.model.severity import Confidence, Severity

OURS: Final = "auditor"
"""The scanner of what was found here."""

CREDENTIAL: Final = "hardcoded-credential"
"""The rule of credentials that are written in code."""


class Impact(StrEnum):
    """What an attacker gains by an injection. Ordered worst first."""

    CONTROL = "control"
    """Code of theirs runs, or all of a database is theirs."""
    DATA = "data"
    """What the function may read or reach."""
    DECEPTION = "deception"
    """What users or operators are shown, or the function's time."""


_H, _M, _L, _I = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFORMATIONAL
_SEVERITY: Final = {
    Impact.CONTROL: dict(zip(Sender, (Severity.CRITICAL, _H, _H, _M, _I), strict=True)),
    Impact.DATA: dict(zip(Sender, (_H, _M, _M, _L, _I), strict=True)),
    Impact.DECEPTION: dict(zip(Sender, (_M, _L, _L, _I, _I), strict=True)),
}
_FOLLOWED: Final = ("python", "node")
_OWN_RUNTIME: Final = "provided"
"""A runtime of one's own, which may run any language."""


@dataclass(frozen=True, slots=True)
class CodeDefect:
    """A defect of a function's code, as it is told of the function."""

    message: str
    proof: tuple[tuple[str, str], ...]
    locus: str
    site: str
    severity: Severity | None
    """None: that of the check."""
    confidence: Confidence


def injections(function: Function, rule: str, impact: Impact) -> Iterator[CodeDefect]:
    """Values of events that a rule found in a call; then Unanswered where there may be more."""
    return _defects(function, rule, lambda finding, place: _flow(function, finding, place, impact))


def weaknesses(function: Function, rule: str, says: str) -> Iterator[CodeDefect]:
    """Weaknesses that a rule found, whoever sends the event: what the function ``says``, as the end of a sentence; then
    Unanswered where there may be more.
    """
    return _defects(function, rule, lambda finding, place: _weakness(function, finding, place, says))


def verbose_errors(function: Function, rule: str) -> Iterator[CodeDefect]:
    """Errors that are told to callers, judged by who can call; then Unanswered where there may be more."""

    def defect(finding: CodeFinding, place: str) -> CodeDefect:
        found = _weakness(function, finding, place, "tells the caller of errors")
        told = senders(function, replace(finding, triggers=("http",)))
        if finding.confidence is Confidence.LOW:
            return found
        words = found.message if told.sender is not Sender.NOBODY else f"{found.message}, but no HTTP trigger calls it"
        severity = _SEVERITY[Impact.DECEPTION][told.sender]
        return replace(found, message=words, proof=(*found.proof, *told.proof), severity=severity)

    return _defects(function, rule, defect)


def _defects(function: Function, rule: str, defect: Callable[[CodeFinding, str], CodeDefect]) -> Iterator[CodeDefect]:
    """What a rule found in the code of a function's package; then Unanswered where there may be more."""
    analysis = analysis_of(function)
    ours = NOT_ANALYSED not in analysis.code_incomplete and _followed(function, *_FOLLOWED, _OWN_RUNTIME)
    named = (each for each in analysis.findings if each.rule == rule and (ours or each.scanner != OURS or each.also))
    for place, finding in placed(named):
        yield defect(finding, place)
    raise_unfollowed(function, analysis)
    _raise_unsearched(function, analysis, rule)


def _weakness(function: Function, finding: CodeFinding, place: str, says: str) -> CodeDefect:
    where = f"{finding.file}:{finding.line}"
    return CodeDefect(
        message=f"Function {function.name} {says} ({_named(finding)}) in {where}",
        proof=((function.code.analysis.source, f"{where} {finding.sink}"),),
        locus=place,
        site=site(function, finding),
        severity=Severity.INFORMATIONAL if finding.confidence is Confidence.LOW else None,
        confidence=finding.confidence,
    )


def _flow(function: Function, finding: CodeFinding, place: str, impact: Impact) -> CodeDefect:
    told = senders(function, finding if finding.source else replace(finding, source="event"))
    unsure = finding.confidence is Confidence.LOW
    way = " → ".join(f"{step.file}:{step.line} {step.text}" for step in finding.steps)
    where = f"{finding.file}:{finding.line}"
    return CodeDefect(
        message=f"Function {function.name} {_done(finding)} in {where}{_found_too(finding)}: {told.words}",
        proof=((function.code.analysis.source, way), *told.proof),
        locus=place,
        site=site(function, finding),
        severity=Severity.INFORMATIONAL if unsure else _SEVERITY[impact][told.sender],
        confidence=finding.confidence,
    )


def _named(finding: CodeFinding) -> str:
    return f"{finding.sink}{by(finding)}"


def by(finding: CodeFinding) -> str:
    """Which scanners of others found it, as the end of a phrase; "" where none did."""
    first = "" if finding.scanner == OURS else f", by {finding.scanner}"
    return first + "".join(f", also by {each}" for each in finding.also)


def _done(finding: CodeFinding) -> str:
    """What a function does by a finding: of a scanner of others only what its rule is called is known."""
    if finding.scanner == OURS:
        return f"passes {finding.source} to {finding.sink}"
    return f"may pass event data on where {finding.scanner} found {finding.sink}"


def _found_too(finding: CodeFinding) -> str:
    return f" (found by {' and '.join(finding.also)} too)" if finding.also else ""


def placed(findings: Iterable[CodeFinding]) -> Iterator[tuple[str, CodeFinding]]:
    """Findings, each with a place that stays when lines move."""
    seen: dict[str, int] = {}
    for each in findings:
        place = " ".join(filter(None, (each.file, each.source, each.sink)))
        seen[place] = seen.get(place, 0) + 1
        yield place if seen[place] == 1 else f"{place} ({seen[place]})", each


def site(function: Function, finding: CodeFinding) -> str:
    """The line in the package, which several functions may be deployed from."""
    package = function.code.sha256
    return f"{finding.file}:{finding.line} of package {package.value}" if isinstance(package, Known) else ""


def analysis_of(function: Function) -> CodeAnalysis:
    """What is known of the package; imported reports, which are not about code, make nobody wait for them."""
    analysis = function.code.analysis
    if isinstance(analysis, Unknown) and analysis.gap.operation == IMPORT:
        raise Unanswered(NOT_READ.gap)
    return analysis.need()


def _followed(function: Function, *languages: str) -> bool:
    """Whether its runtime is of these, or does not tell: then what was found to take events does."""
    runtime = function.runtime.value if isinstance(function.runtime, Known) else None
    return runtime is None or any(name in runtime for name in languages)


def raise_unfollowed(function: Function, analysis: CodeAnalysis) -> None:
    """Raises Unanswered where events may reach what was not followed."""
    source = function.code.analysis.source
    if NOT_ANALYSED in analysis.code_incomplete:
        raise Unanswered(Gap(GapReason.NOT_IN_TIER, source, None, NOT_ANALYSED))
    if not _followed(function, *_FOLLOWED):
        said = (
            f"events are followed in Python, JavaScript and TypeScript only; its runtime is {function.runtime.need()}"
        )
        raise Unanswered(Gap(GapReason.NOT_IN_TIER, source, None, said))
    raise_unread((*analysis.code_incomplete, *analysis.unread), source)
    if not analysis.facts.entries:
        raise_unread(("no function that takes events was found in its package",), source)


def _raise_unsearched(function: Function, analysis: CodeAnalysis, rule: str) -> None:
    """Raises Unanswered where the record of the analysis is older than the rule."""
    if rule not in analysis.rules:
        raise_unread((f"the recorded analysis did not search its code for {rule}",), function.code.analysis.source)


def raise_unread(sentences: tuple[str, ...], source: str) -> None:
    """Raises Unanswered with the first of the sentences that say what was not read; nothing where there is none."""
    if sentences:
        more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
        raise Unanswered(Gap(GapReason.NOT_COLLECTED, source, None, f"{sentences[0]}{more}"))


def credentials(function: Function) -> Iterator[tuple[str, str, CodeFinding, str]]:
    """Credentials in the code of the package and of layers of one's own: layer or "", place, finding, its source.

    Then Unanswered where files were not read or not searched, or a layer was not looked into.
    """
    parts = [("", analysis_of(function), function.code.analysis.source)]
    gap: Gap | None = None
    layers = function.code.layers.value if isinstance(function.code.layers, Known) else ()
    for layer in (each for each in layers if not each.vendor):
        if isinstance(layer.analysis, Known):
            parts.append((layer.id, layer.analysis.value, layer.analysis.source))
        else:
            gap = graver(gap, layer.analysis.gap)
    for layer_id, analysis, source in parts:
        for place, finding in placed(each for each in analysis.findings if each.rule == CREDENTIAL):
            yield layer_id, f"{place} in {layer_id}" if layer_id else place, finding, source
    function.code.layers.need()
    for _, analysis, source in parts:
        if NOT_ANALYSED in analysis.code_incomplete:
            raise Unanswered(Gap(GapReason.NOT_IN_TIER, source, None, NOT_ANALYSED))
        _raise_unsearched(function, analysis, CREDENTIAL)
        raise_unread((*analysis.unread, *analysis.unsearched), source)
    if gap is not None:
        raise Unanswered(gap)
