"""The contract of a check: one module, one decorated function, nothing else edited.

A check is a generator over one subject. It yields a :class:`Hit` for each defect it proves, returns silently
when it proves there is none, raises :class:`NotApplicable` where the question makes no sense, and lets
``Unanswered`` through where a fact it needs is unknown; the engine turns these into FAIL, PASS,
NOT_APPLICABLE and UNKNOWN (or NOT_EXAMINED). It never loops over all functions, logs, or reads clock,
environment or network.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from auditor.analysis.code_findings import CodeDefect
from auditor.analysis.cost.prices import PriceList
from auditor.analysis.cost.reckoned import Ceilings
from auditor.analysis.graph.loops import Loop
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.config import CheckSettings
from auditor.model.classification import ProfileLevel as ProfileLevel  # noqa: PLC0414 - checks import it from here
from auditor.model.classification import Risk as Risk  # noqa: PLC0414 - the same
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.observed import Gap, Known, Unknown
from auditor.model.severity import Confidence, Severity

API_VERSION = 1
"""Of this contract, for checks that live outside the project."""


class Subject(StrEnum):
    """What a check is given."""

    FUNCTION = "function"
    LOCATION = "location"
    SCOPE = "scope"


class NotApplicable(Exception):  # noqa: N818 - a verdict, not an error
    """The question makes no sense for this subject; say why in a few words."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which API answer proves a finding (``lambda:GetPolicy``), and what in it."""

    source: str
    detail: str


def cite(fact: Known[Any] | Unknown, detail: str) -> Evidence:
    """Evidence from the answer a fact was read from."""
    return Evidence(fact.source, detail)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path: from whom to what, ``by`` doing what (continuing the first's name).

    ``conditions`` say what it depends on and could not be decided.
    """

    source: str
    target: str
    by: str
    proof: tuple[Evidence, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExposurePath:
    """The steps from the internet through a function to what is reached, and whether that is an administrator."""

    hops: tuple[Hop, ...]
    administrator: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One proven defect.

    ``locus`` says where in the subject it is (a statement id, a variable name, a URL; "" for the subject as a
    whole) and is part of the fingerprint: never put wording, counts or dates in it. ``site`` names what has to change
    where that is not the subject's own: an attachment, a role assignment, a storage account, an endpoint
    (:mod:`auditor.analysis.sites` words them). Findings of one check at one site are told as one cause.
    ``severity`` and ``confidence`` override the check's own. ``values`` are further placeholders for the fix;
    ``command`` and ``terraform`` are templates in place of the fix's own, where what was found decides what mends it.
    ``path`` are the steps from the internet to what is reached, where the defect is such a path: the report lists it
    among its ``paths``. ``depends`` says what becomes of it once other causes are mended, where they make it less grave
    or close it, each by itself: the fix plan reckons with that.
    """

    message: str
    evidence: tuple[Evidence, ...]
    locus: str = ""
    site: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    resource_id: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    command: str | None = None
    terraform: str | None = None
    path: ExposurePath | None = None
    depends: tuple[Dependence, ...] = ()

    @classmethod
    def of_defect(cls, defect: CodeDefect) -> "Hit":
        """What was found in the code of a package, as a hit."""
        return cls(
            message=defect.message,
            evidence=tuple(Evidence(source, detail) for source, detail in defect.proof),
            locus=defect.locus,
            site=defect.site,
            severity=defect.severity,
            confidence=defect.confidence,
        )

    def mended(self, by: Evidence, command: str, terraform: str, values: Mapping[str, str], site: str) -> "Hit":
        """The hit with another repair, which the evidence ``by`` supports. ``site`` "": what has to change stays."""
        return replace(
            self,
            evidence=(*self.evidence, by),
            site=site or self.site,
            values={**self.values, **values},
            command=command,
            terraform=terraform,
        )


@dataclass(frozen=True, slots=True)
class Fix:
    """The repair on one cloud: prose, a command to paste, Terraform to paste.

    Placeholders in braces are filled from the subject, quoted for the shell or for HCL as needed:
    ``{name} {id} {location} {account} {partition} {locus}``, ``{role}`` (the identity's name), ``{run_service}`` (the
    Cloud Run service behind a function of Google Cloud), the hit's ``values``. What nobody can know stands in
    ``<angle brackets>``; a command shows it as ``'REPLACE-what-it-is'``, so that a shell takes it for a word. Where a
    form does not exist, ``no_command`` or ``no_terraform`` says why. ``breaks`` says what could stop working by the
    change, for whoever has to plan it; "" where nothing could.
    """

    text: str
    command: str | None = None
    terraform: str | None = None
    no_command: str | None = None
    no_terraform: str | None = None
    breaks: str = ""


class Trait(StrEnum):
    """What a failing check says of a function as a whole, for the sentence that a report begins with."""

    UNAUTHENTICATED = "unauthenticated"
    ADMINISTRATOR = "administrator"


class Context(Protocol):
    """What a check may ask besides its subject. Cross-function facts are derived once, not per check."""

    @property
    def today(self) -> date:
        """The date of the capture (or ``--as-of``)."""

    @property
    def settings(self) -> CheckSettings:
        """The operator's thresholds and allow-lists."""

    @property
    def prices(self) -> PriceList:
        """The prices and assumptions that spend ceilings are reckoned with."""

    @property
    def ceilings(self) -> Ceilings:
        """The spend ceilings of functions, with these prices and the threshold of the settings."""

    def location(self, function: Function) -> Location:
        """The location a function is in, with the settings that hold there."""

    def function(self, function_id: str) -> Function | None:
        """The function of the inventory with this id; None where it holds none."""

    def functions_with_identity(self, identity: str) -> tuple[str, ...]:
        """The names of all functions of the inventory that run as this identity."""

    def functions_running_as(self, identity: str) -> tuple[Function, ...]:
        """The functions of the inventory that run as this identity."""

    def unread_identities(self, cloud: Cloud, scope: str | None = None) -> Gap | None:
        """Why functions of a cloud (of one scope) may exist whose identity is not known; None where all are.

        A check that reports what functions share ends with it where it found nothing: what was not read may share.
        """

    def unlisted(self, cloud: Cloud) -> Gap | None:
        """Why functions of a cloud may exist that the inventory does not hold; None where every list was read."""

    def loops(self, function: Function) -> tuple[Loop, ...]:
        """The loops of events that go through a function, over all that is known of the inventory."""

    def loops_unread(self, function: Function) -> Gap | None:
        """Why there may be more loops through a function: who writes to a source it depends on was not read."""

    def trusted(self, account: str) -> bool:
        """Whether an account is one being audited or on the operator's ``trusted_accounts``."""

    def role_paths(self, cloud: Cloud) -> RolePaths:
        """Who can become whom on a cloud that grants by roles, over every account of the inventory."""


Run = Callable[[Any, Context], Iterable[Hit]]


class CheckDeclarationError(Exception):
    """A check is declared wrongly; the text says how to mend it."""


@dataclass(frozen=True, slots=True)
class Check:
    """A declared check. Built by :func:`check`; see there for the fields."""

    id: str
    title: str
    risk: Risk
    severity: Severity
    confidence: Confidence
    profile_level: ProfileLevel
    subject: Subject
    cwe: int | None
    controls: tuple[str, ...]
    covers: tuple[str, ...]
    references: tuple[str, ...]
    fix: Mapping[Cloud, Fix]
    while_running: bool
    facet_of: tuple[str, ...]
    trait: Trait | None
    aliases: tuple[str, ...]
    why: str
    summary: str
    run: Run
    module: str

    @property
    def clouds(self) -> tuple[Cloud, ...]:
        """The clouds it claims: those it has a fix for."""
        return tuple(self.fix)

    @property
    def names(self) -> tuple[str, ...]:
        """Every id it answers to: its own, then those it had before."""
        return (self.id, *self.aliases)

    @property
    def first_id(self) -> str:
        """The first id it ever had. Fingerprints are made of it, so that they outlive a new id."""
        return self.aliases[0] if self.aliases else self.id


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONTROL = re.compile(r"[^:]+:.+")
_REFERENCE = re.compile(r"https://[a-z0-9.-]+\.[a-z]+/[^\s<>\"']*")


def check(
    *,
    id: str,
    title: str,
    risk: Risk,
    severity: Severity,
    fix: Mapping[Cloud, Fix],
    covers: Iterable[str] = (),
    controls: Iterable[str] = (),
    references: Iterable[str] = (),
    cwe: int | None = None,
    confidence: Confidence = Confidence.HIGH,
    profile_level: ProfileLevel = ProfileLevel.DEFAULT,
    subject: Subject = Subject.FUNCTION,
    while_running: bool = False,
    facet_of: Iterable[str] = (),
    trait: Trait | None = None,
    aliases: Iterable[str] = (),
) -> Callable[[Run], Check]:
    """Declares a check.

    ``id`` names the defect in kebab-case; ``covers`` lists rows of ``checks/catalogue.csv``; ``controls`` are
    ``framework:control``; ``references`` pages of the vendor or of a standard that say so; ``cwe`` a CWE number.
    ``while_running`` says that its findings do harm only while the function runs: on one that is stopped they are low,
    and say so. ``facet_of`` names the checks, the first one first, that lead this one: whoever mends what they found at
    a site has mended what this one found there. ``trait`` is what a failure says of the function as a whole.
    ``aliases`` are the ids it had before, the oldest first: they still select it, and no other check may have them. The
    fingerprints of its findings are made of the oldest, so that a new id changes none: never reorder them. The
    function's docstring is the page a user reads (why it matters), the module's first line the summary. Raises
    CheckDeclarationError for anything missing.
    """

    def declare(run: Run) -> Check:
        module = inspect.getmodule(run)
        summary = (inspect.getdoc(module) or "").partition("\n")[0] if module else ""
        why = " ".join((inspect.getdoc(run) or "").split())
        declared = Check(
            id=id,
            title=title,
            risk=risk,
            severity=severity,
            confidence=confidence,
            profile_level=profile_level,
            subject=subject,
            cwe=cwe,
            controls=_several(controls),
            covers=_several(covers),
            references=_several(references),
            fix=dict(fix) if isinstance(fix, Mapping) else fix,
            while_running=while_running,
            facet_of=_several(facet_of),
            trait=trait,
            aliases=_several(aliases),
            why=why,
            summary=summary,
            run=run,
            module=run.__module__,
        )
        for complaint in _complaints(declared):
            raise CheckDeclarationError(f"check {id!r} ({run.__module__}): {complaint}")
        return declared

    return declare


def _several(names: Any) -> Any:
    """A tuple of what was given; one text alone stays one, to be complained of."""
    return names if isinstance(names, str) or not isinstance(names, Iterable) else tuple(names)


_TYPES: Mapping[str, tuple[type, str]] = {
    "id": (str, "a text"),
    "title": (str, "a text"),
    "risk": (Risk, "a Risk, such as Risk.EXPOSURE"),
    "severity": (Severity, "a Severity, such as Severity.HIGH"),
    "confidence": (Confidence, "a Confidence, such as Confidence.HIGH"),
    "profile_level": (ProfileLevel, "a ProfileLevel, such as ProfileLevel.STRICT"),
    "subject": (Subject, "a Subject, such as Subject.FUNCTION"),
    "cwe": (int | None, "a number, such as 306"),  # type: ignore[dict-item]
    "controls": (tuple, "a list of texts"),
    "covers": (tuple, "a list of texts"),
    "references": (tuple, "a list of texts"),
    "fix": (dict, "a mapping of clouds to fixes, such as {Cloud.AWS: Fix(...)}"),
    "while_running": (bool, "True or False"),
    "facet_of": (tuple, "a list of texts"),
    "aliases": (tuple, "a list of texts"),
    "trait": (Trait | None, "a Trait, such as Trait.UNAUTHENTICATED"),  # type: ignore[dict-item]
}


def _mistyped(declared: Check) -> Iterator[str]:
    for name, (kind, wanted) in _TYPES.items():
        value = getattr(declared, name)
        if not isinstance(value, kind):
            yield f"{name} must be {wanted}, not {value!r}"
    for name in ("controls", "covers", "references", "facet_of", "aliases"):
        values = getattr(declared, name)
        if isinstance(values, tuple) and not all(isinstance(value, str) for value in values):
            yield f"{name} must hold texts, not {values!r}"
    for cloud, fix in declared.fix.items() if isinstance(declared.fix, dict) else ():
        if not isinstance(cloud, Cloud) or not isinstance(fix, Fix):
            yield f"fix must map clouds to fixes: {{Cloud.AWS: Fix(...)}}, not {cloud!r} to a {type(fix).__name__}"


def _takes_two(run: Run) -> bool:
    try:
        inspect.signature(run).bind(None, None)
    except TypeError:
        return False
    return True


def _complaints(declared: Check) -> Iterator[str]:
    yield from _mistyped(declared)  # whoever raises the first complaint asks for no other
    if not _ID.fullmatch(declared.id):
        yield "the id must be kebab-case words naming the defect, such as 'url-auth-none'"
    if not declared.title or declared.title.endswith("."):
        yield "give it a title: a statement of the defect, without a full stop"
    if not declared.why:
        yield "write the function's docstring: why the defect matters, in about three lines"
    if not declared.summary:
        yield "write the module's docstring: 'Flags ...', one line"
    if not declared.fix:
        yield "a check claims a cloud by having a fix for it; it has none"
    if not all(map(_ID.fullmatch, declared.aliases)) or len(set(declared.names)) < len(declared.names):
        yield "aliases must be former ids in kebab-case, each once, and not the id itself"
    if not _takes_two(declared.run):
        yield "the function takes two parameters, what is judged and the context: def name(function, _context)"
    if declared.id in declared.facet_of:
        yield "it cannot be a facet of itself"
    for control in declared.controls:
        if not _CONTROL.fullmatch(control):
            yield f"control {control!r} must read framework:control, such as 'aws-fsbp:Lambda.1'"
    for reference in declared.references:
        if not _REFERENCE.fullmatch(reference):
            yield f"reference {reference!r} must be an https address of a page"
    for cloud, fix in declared.fix.items():
        if not fix.text:
            yield f"the fix for {cloud} has no text"
        if (fix.command is None) == (fix.no_command is None):
            yield f"the fix for {cloud} needs a command, or no_command saying why there is none"
        if (fix.terraform is None) == (fix.no_terraform is None):
            yield f"the fix for {cloud} needs terraform, or no_terraform saying why there is none"
