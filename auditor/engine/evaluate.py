"""Runs checks over an inventory. Pure: no clock, no network, no order dependence."""

import traceback
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from auditor.check import Check, Context, Hit, NotApplicable, Subject
from auditor.engine.fingerprint import fingerprint
from auditor.engine.hit_validation import BadHitError, latent_if_stopped, sound
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Location, Scope
from auditor.model.observed import LEFT_OUT, Gap, GapReason, Known, Unanswered, Unknown
from auditor.model.severity import Confidence, Severity

STATUSES = tuple(Status)
_CODE = {status: code for code, status in enumerate(STATUSES)}
NOT_ASKED = 255
"""In a verdict array: this check does not look at this kind of subject, or not at its cloud."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One check on one subject. ``gap`` explains UNKNOWN and NOT_EXAMINED, ``note`` NOT_APPLICABLE and ERROR."""

    status: Status
    hits: tuple[Hit, ...] = ()
    gap: Gap | None = None
    note: str = ""


_PASSED = Judgement(Status.PASS)


def judge(check: Check, subject: Function | Location | Scope, context: Context) -> Judgement:
    """Asks one check about one subject."""
    hits: list[Hit] = []
    gap: Gap | None = None
    note = ""
    status = Status.PASS
    try:
        for hit in sound(check.run(subject, context)):
            hits.append(latent_if_stopped(check, subject, hit))  # noqa: PERF401 - hits before an exception must survive it
        if not hits:
            return _PASSED
    except Unanswered as unanswered:
        gap = unanswered.gap
        status = _STATUS_OF_GAP.get(gap.reason, Status.UNKNOWN)
        note = gap.message
    except NotApplicable as reason:
        status, note = Status.NOT_APPLICABLE, str(reason)
    except BadHitError as bad:
        status, note = Status.ERROR, str(bad)
    except (Exception, SystemExit) as crash:  # noqa: BLE001 - a crash becomes an ERROR verdict, the run goes on
        status, note = Status.ERROR, describe(crash)
    if hits:
        return Judgement(Status.FAIL, tuple(hits), gap, note if status is Status.ERROR else "")
    return Judgement(status, (), gap, note)


_STATUS_OF_GAP = {
    **dict.fromkeys(LEFT_OUT, Status.NOT_EXAMINED),
    GapReason.NOT_OFFERED: Status.NOT_APPLICABLE,
}


def describe(crash: BaseException) -> str:
    """Type and place of a crash; never its text, which could quote what was audited. Names in the code may be told."""
    frames = traceback.extract_tb(crash.__traceback__)
    where = frames[-1] if frames else None
    location = f" at {where.name}, line {where.lineno}" if where else ""
    return f"{type(crash).__name__}{location}{_unnamed(crash)}"


def _unnamed(crash: BaseException) -> str:
    """Which name an object has not."""
    if not isinstance(crash, AttributeError) or crash.name is None:
        return ""
    observed = isinstance(crash.obj, Known | Unknown)
    hint = ", which is a fact: need() gives its value" if observed else ""
    return f": {type(crash.obj).__name__} has no {crash.name!r}{hint}"


UnknownKey = tuple[str, GapReason, str, str | None, str]

_OF_ITS_SUBJECT = frozenset({GapReason.MALFORMED, GapReason.UNRECOGNISED})
"""Reasons that lie in what one answer holds: what is said of one subject is not true of another."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One proven defect of one subject."""

    check: Check
    subject: Function | Location | Scope
    hit: Hit
    fingerprint: str

    @property
    def severity(self) -> Severity:
        """The hit's own severity, or its check's."""
        return self.hit.severity or self.check.severity

    @property
    def confidence(self) -> Confidence:
        """The hit's own confidence, or its check's."""
        return self.hit.confidence or self.check.confidence

    @property
    def resource_id(self) -> str:
        """What the finding is about, for the fingerprint."""
        return self.hit.resource_id or self.subject.id


@dataclass(slots=True)
class Results:
    """Every verdict, compactly: one byte a check for each subject, findings, grouped unknowns, crashes.

    ``verdicts`` maps a subject's id to codes in the order of ``checks`` (``STATUSES`` or ``NOT_ASKED``).
    ``unknowns`` groups subjects by (check id, gap reason, operation, permission, message), the message only where
    it is about what the subject's own answer holds: one denied call never becomes ten thousand rows. ``messages``
    keeps of each group what its members were all told. ``beneath`` holds the verdicts (subject id, check id) that fail
    and would be unknown if they did not: something proved the defect although an answer is missing.
    """

    checks: tuple[Check, ...]
    verdicts: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unknowns: dict[UnknownKey, list[str]] = field(default_factory=lambda: defaultdict(list))
    messages: dict[UnknownKey, str] = field(default_factory=dict)
    crashes: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    beneath: set[tuple[str, str]] = field(default_factory=set)

    def status(self, subject_id: str, check_id: str) -> Status | None:
        """One verdict; None where the check does not look at such subjects."""
        codes = self.verdicts[subject_id]
        for check, code in zip(self.checks, codes, strict=True):
            if check.id == check_id:
                return None if code == NOT_ASKED else STATUSES[code]
        return None


def evaluate(inventory: Inventory, checks: Sequence[Check], context: Context) -> Results:
    """Every check on every subject it looks at."""
    ordered = tuple(sorted(checks, key=lambda check: check.id))
    results = Results(ordered)
    for subjects, kind in (
        (inventory.functions, Subject.FUNCTION),
        ([location for location in inventory.locations if _examined(location)], Subject.LOCATION),
        (inventory.scopes, Subject.SCOPE),
    ):
        _evaluate_kind(results, subjects, kind, context)
    _part_twins(results)
    return results


def _examined(location: Location) -> bool:
    """A location without functions has nothing to protect; one whose list we could not read is examined."""
    return not isinstance(location.functions, Known) or location.functions.value > 0


def _evaluate_kind(
    results: Results, subjects: Iterable[Function | Location | Scope], kind: Subject, context: Context
) -> None:
    of_kind = [(index, check) for index, check in enumerate(results.checks) if check.subject is kind]
    asked = {cloud: [(index, check) for index, check in of_kind if cloud in check.fix] for cloud in Cloud}
    for subject in subjects:
        codes = bytearray([NOT_ASKED]) * len(results.checks)
        for index, check in asked[subject.cloud]:
            judgement = judge(check, subject, context)
            codes[index] = _CODE[judgement.status]
            if judgement is not _PASSED:
                _note(results, check, subject, judgement)
        results.verdicts[subject.id] = bytes(codes)


def _note(results: Results, check: Check, subject: Function | Location | Scope, judgement: Judgement) -> None:
    for hit in judgement.hits:
        mark = fingerprint(check.first_id, hit.resource_id or subject.id, hit.locus)
        results.findings.append(Finding(check, subject, hit, mark))
    if judgement.hits and _left_unknown(judgement):
        results.beneath.add((subject.id, check.id))
    if judgement.status is Status.UNKNOWN and judgement.gap is not None:
        gap = judgement.gap
        own = gap.message if gap.reason in _OF_ITS_SUBJECT else ""
        key = (check.id, gap.reason, gap.operation, gap.permission, own)
        results.unknowns[key].append(subject.id)
        results.messages[key] = _common(results.messages.get(key, gap.message), gap.message)
    elif judgement.note and judgement.status in (Status.ERROR, Status.FAIL):
        results.crashes[check.id, judgement.note].append(subject.id)


def _left_unknown(judgement: Judgement) -> bool:
    """Whether a verdict would not be reached without its hits."""
    gap = judgement.gap
    return bool(judgement.note) if gap is None else _STATUS_OF_GAP.get(gap.reason, Status.UNKNOWN) is Status.UNKNOWN


def _common(message: str, other: str) -> str:
    """What two wordings share, up to where they begin to differ: what follows speaks of one subject only."""
    known = message.removesuffix(_AND_SO_ON)
    if other.startswith(known):
        return message
    same = takewhile(lambda pair: pair[0] == pair[1], zip(known, other, strict=False))
    words, _, _ = "".join(letter for letter, _ in same).rpartition(" ")
    return f"{words}{_AND_SO_ON}".strip()


_AND_SO_ON = " …"


def _part_twins(results: Results) -> None:
    """Two findings with one fingerprint could not be told apart by a comparison of reports: that is our error.

    The first is kept, the verdicts stay, and the run says so and counts as incomplete.
    """
    seen: dict[str, Finding] = {}
    for finding in results.findings:
        if seen.setdefault(finding.fingerprint, finding) is not finding:
            note = "it found one resource twice, from two subjects: give each hit its own locus"
            results.crashes[finding.check.id, note].append(finding.subject.id)
    results.findings = list(seen.values())
