"""The analysis of one package, as ``auditor code`` prints it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from auditor.analysis.code_calls import call_rows
from auditor.analysis.package_components import merged
from auditor.cli.code_findings import code_lines, is_reached, severity_of
from auditor.cli.messages import not_among
from auditor.code.advisories.choosing import AdvisorySource, Judged
from auditor.code.analyser import Analyser, AnalysisEndedError, AnalysisError, components_of
from auditor.code.components.purl import model_of
from auditor.code.taint.catalogue import trigger_kinds
from auditor.errors import UsageError
from auditor.model.code_analysis import CodeFacts, Component, ComponentEvidence
from auditor.model.severity import Severity
from auditor.wording import inert

_UNREAD: Final = ("Incomplete", "CodeIncomplete", "Unread", "Unsearched")
"""The parts of an answer that say what is missing from it."""


_NO_FACTS: Final = asdict(CodeFacts())


@dataclass(frozen=True, slots=True)
class Examined:
    """What is in a package."""

    package: str
    files: int
    components: tuple[Component, ...]
    judged: Judged
    findings: tuple[dict[str, Any], ...]
    facts: dict[str, Any]
    unread: tuple[str, ...]
    trigger: str | None = None

    @property
    def incomplete(self) -> tuple[str, ...]:
        """A sentence for everything that was not read or not judged."""
        return (*self.unread, *self.judged.incomplete)

    @property
    def whole(self) -> bool:
        """Whether everything was read and judged."""
        return not self.incomplete

    def reaches(self, level: str) -> bool:
        """Whether anything found is at least this bad."""
        reached = (finding for finding in self.findings if is_reached(finding, self.trigger))
        found = (*(each.severity for each in self.judged.vulnerabilities), *map(severity_of, reached))
        return level != "none" and any(each.at_least(Severity(level)) for each in found)

    def row(self) -> dict[str, Any]:
        """For ``--format json``."""
        return {
            "package": self.package,
            "files": self.files,
            "components": [asdict(each) for each in self.components],
            "findings": [self._finding(finding) for finding in self.findings],
            "calls": list(call_rows(self.facts)),
            "facts": self.facts,
            "vulnerabilities": [asdict(each) for each in self.judged.vulnerabilities],
            "advisories": self.judged.age,
            "skipped": list(self.unread),
            "incomplete": list(self.incomplete),
            "complete": self.whole,
        }

    def _finding(self, finding: dict[str, Any]) -> dict[str, Any]:
        reached = is_reached(finding, self.trigger)
        sent = self.trigger if self.trigger and reached else next(iter(finding["triggers"]), None)
        return {"class": finding["rule"], "trigger": sent, "reached": reached, **finding}


def examined(package: Path, handler: str | None, advisories: str | None, trigger: str | None = None) -> Examined:
    """Analyses a package; ``trigger`` is the kind that sets its function off, None: any may.

    Raises UsageError where the package is refused whole, and for a trigger that is none.
    """
    known = trigger_kinds()
    if trigger is not None and trigger not in known:
        raise UsageError(f"--trigger: {not_among(trigger, known)}")
    source = AdvisorySource(advisories)
    analyser = Analyser()
    try:
        answer = analyser.analyse(package, handler)
    except AnalysisEndedError as ended:
        return Examined(str(package), 0, (), source.judge(()), (), _NO_FACTS, (str(ended),), trigger)
    except AnalysisError as refused:
        raise UsageError(f"{package}: {refused}") from refused
    finally:
        analyser.close()
    components = tuple(each for _, each in merged([("", map(model_of, components_of(answer)))]))
    return Examined(
        str(package),
        answer["Files"],
        components,
        source.judge(components),
        tuple(answer["Findings"]),
        answer["Facts"],
        tuple(dict.fromkeys(str(said) for part in _UNREAD for said in answer[part])),
        trigger,
    )


def printed(found: Examined) -> str:
    """As text."""
    return "\n".join(map(inert, _lines(found)))


def _lines(found: Examined) -> Iterator[str]:
    declared = {each.purl for each in found.components if each.evidence is ComponentEvidence.DECLARED}
    vulnerabilities = sorted(found.judged.vulnerabilities, key=lambda each: (-each.severity.rank, each.purl, each.id))
    yield (
        f"{found.package}: {found.files:,} files, {len(found.components)} components, "
        f"{len(vulnerabilities)} vulnerabilities. Advisories: {found.judged.age.rstrip('.')}."
    )
    for each in vulnerabilities:
        mend = f"upgrade to {each.upgrade}" if each.upgrade else "no version mends it"
        mend = f"install {each.brought_by}, which no longer brings it" if each.brought_by else mend
        also = " EXPLOITED" if each.exploited else ""
        also += " (declared, not installed)" if each.purl in declared else ""
        yield f"  {each.severity.value:13} {each.purl}  {each.id}{also}  {mend}  {each.summary}"
    yield from code_lines(found.findings, found.trigger)
    if found.components:
        yield "Components:"
    for component in found.components:
        yield f"  {component.evidence:9}  {component.purl}  {component.path}"
    if found.incomplete:
        yield "Incomplete:"
    for sentence in found.incomplete:
        yield f"  {sentence}"
