"""What a report says of the controls of a framework. Pure: the same report gives the same rows, fresh or read again.

What is not proved is never counted as met. A control is decided on each cloud by its links there
(:func:`_decided`), and as a whole by the cloud whose answer is gravest (:class:`ControlStatus`, in its order).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditor.check import Check, ProfileLevel
from auditor.compliance.catalogue import Control, Framework, Link, Strength
from auditor.compliance.observations import Observations, Observed
from auditor.model.control_status import ControlStatus
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.reporter import Report

_RANK = {status: rank for rank, status in enumerate(ControlStatus)}
_WAIVED = ("reason", "expires", "owner", "ticket")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: ControlStatus
    reason: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """A link, and what was observed of its check on one cloud."""

    link: Link
    cloud: Cloud
    observed: Observed


def assess(
    report: Report,
    frameworks: Iterable[Framework],
    checks: Collection[Check] = (),
    clouds: Mapping[str, Cloud] | None = None,
) -> list[dict[str, Any]]:
    """The rows of ``frameworks`` in ``report.json``.

    ``checks`` are those there are: they say which a default scan leaves out, and which had another id when an older
    report was written. ``clouds`` is the cloud of each function by its id, for whoever knows it without the rows.
    """
    renamed = {former: check.id for check in checks for former in check.aliases}
    strict = frozenset(check.id for check in checks if check.profile_level is ProfileLevel.STRICT)
    observations = Observations(report, renamed, clouds)
    narrowed = [name for name in ("function", "tag") if report.head["run"]["selection"].get(name)]
    rows = []
    for framework in frameworks:
        controls = [_control_row(control, observations, strict) for control in framework.controls]
        counted = Counter(row["status"] for row in controls)
        rows.append(
            {
                "id": framework.id,
                "version": framework.version,
                "title": framework.title,
                "publisher": framework.publisher,
                "url": framework.url,
                "as_of": framework.as_of,
                "scope": framework.scope,
                "size": framework.size,
                "controls_total": framework.controls_total,
                "controls_not_listed": framework.not_listed,
                "notes": _notes(framework, observations, narrowed),
                "by_status": {status.value: counted[status.value] for status in ControlStatus},
                "controls": controls,
            }
        )
    return rows


def _notes(framework: Framework, observations: Observations, narrowed: Sequence[str]) -> list[str]:
    absent = [cloud for cloud in framework.clouds if cloud not in observations.clouds]
    notes = [f"No account of {', '.join(absent)} was scanned: controls say nothing of it."] if absent else []
    if narrowed:
        options = " and ".join(f"--{name}" for name in narrowed)
        notes.append(f"The run was narrowed with {options}: controls say nothing of other functions.")
    return notes


def _control_row(control: Control, observations: Observations, strict: Collection[str]) -> dict[str, Any]:
    answers: dict[Cloud, _Answer] = {}
    everything: list[_Seen] = []
    rows: dict[str, dict[str, Any]] = {}
    for cloud in control.clouds:
        if cloud not in observations.clouds:
            continue
        seen = [_Seen(link, cloud, observations.of(link.check, cloud)) for link in control.on(cloud)]
        answers[cloud] = _doubted(_decided(seen, strict), observations, cloud)
        rows[cloud.value] = {
            "status": answers[cloud].status.value,
            "reason": answers[cloud].reason,
            "verdicts": _counts(each.observed for each in seen),
        }
        everything += seen
    answer = _whole(control, answers)
    deciding = [each for each in everything if each.link.strength.decides]
    return {
        "id": control.id,
        "title": control.title,
        "status": answer.status.value,
        "reason": answer.reason,
        "limit": control.limit,
        "wanted": control.wanted,
        "clouds": rows,
        "findings": sorted({mark for each in deciding for mark in each.observed.open}),
        "waived": _waived(deciding),
        "evidence": [_evidence(each) for each in everything],
    }


def _whole(control: Control, answers: dict[Cloud, _Answer]) -> _Answer:
    """The gravest answer of any cloud; not assessed where no cloud has one."""
    if not control.links:
        return _Answer(ControlStatus.NOT_ASSESSED, f"No check looks at it: {control.limit}.")
    if not answers:
        clouds = ", ".join(control.clouds)
        return _Answer(ControlStatus.NOT_ASSESSED, f"It is looked at on {clouds}, of which nothing was scanned.")
    gravest = min(answers, key=lambda cloud: (_RANK[answers[cloud].status], cloud))
    answer = answers[gravest]
    return answer if len(answers) == 1 else _Answer(answer.status, f"{gravest}: {answer.reason}")


def _decided(seen: Sequence[_Seen], strict: Collection[str]) -> _Answer:
    """What the links of a control on one cloud come to; links that only support never fail or satisfy it."""
    deciding = [each for each in seen if each.link.strength.decides]
    if failed := [each for each in deciding if each.observed.fails]:
        return _Answer(ControlStatus.FAILED, f"{_names(failed)}: a defect was found.")
    if unread := [each for each in deciding if each.observed.unread]:
        return _Answer(ControlStatus.UNKNOWN, f"{_names(unread)}: not every verdict could be reached.")
    if waived := [each for each in deciding if each.observed.waived]:
        return _Answer(ControlStatus.WAIVED, f"{_names(waived)}: what was found is accepted until a day.")
    if not any(each.observed.judged for each in deciding):
        return _Answer(ControlStatus.NOT_ASSESSED, _why_not_assessed(deciding, strict))
    supporting = [each for each in seen if not each.link.strength.decides]
    if against := [each for each in supporting if each.observed.fails]:
        reason = f"No check that decides it failed, but {_names(against)}, which only supports it, found a defect."
        return _Answer(ControlStatus.NOT_ASSESSED, reason)
    return _without_a_failure(seen, deciding, strict)


def _without_a_failure(seen: Sequence[_Seen], deciding: Sequence[_Seen], strict: Collection[str]) -> _Answer:
    if left := [each for each in deciding if not each.observed.whole]:
        return _Answer(ControlStatus.NO_FAILURE_SEEN, f"What was judged passed; {_why_not_whole(left, strict)}")
    if all(not each.observed.verdicts[Status.PASS] for each in deciding):
        return _Answer(ControlStatus.NOT_APPLICABLE, "What decides it makes no sense for any function here.")
    if not any(each.link.strength is Strength.FULL and each.observed.verdicts[Status.PASS] for each in deciding):
        return _Answer(ControlStatus.NO_FAILURE_SEEN, "The checks that passed test a part of it only.")
    if left := [each for each in seen if not each.observed.whole or each.observed.waived]:
        return _Answer(ControlStatus.NO_FAILURE_SEEN, f"Its own test passed; {_why_not_whole(left, strict)}")
    return _Answer(ControlStatus.SATISFIED, "Its own test and every other linked check passed.")


def _why_not_assessed(deciding: Sequence[_Seen], strict: Collection[str]) -> str:
    if not deciding:
        return "Only supporting checks are linked: they are evidence, and decide nothing."
    return f"Nothing that decides it was judged: {_why_not_whole(deciding, strict)}"


def _why_not_whole(left: Sequence[_Seen], strict: Collection[str]) -> str:
    """Why these did not run, or not everywhere, in a sentence without its first words."""
    opinions = [each for each in left if not each.observed.verdicts and each.link.check in strict]
    absent = [each for each in left if not each.observed.verdicts and each.link.check not in strict]
    shallow = [each for each in left if each.observed.verdicts[Status.NOT_EXAMINED]]
    unread = [each for each in left if each.observed.unread]
    waived = [each for each in left if each.observed.waived]
    said = [
        f"{_names(group)} {why}"
        for group, why in (
            (opinions, "runs only with --profile-level strict"),
            (absent, "did not run, or had nothing to judge"),
            (shallow, "was not asked of everything at this depth"),
            (unread, "did not reach every verdict"),
            (waived, "found what is waived"),
        )
        if group
    ]
    return "; ".join(said) + "."


def _doubted(answer: _Answer, observations: Observations, cloud: Cloud) -> _Answer:
    """The answer, or UNKNOWN where it would hold for functions that the report may not have seen."""
    doubt = observations.doubts.get(cloud)
    if doubt and _RANK[answer.status] > _RANK[ControlStatus.NOT_ASSESSED]:
        return _Answer(ControlStatus.UNKNOWN, f"What was judged shows no failure, but {doubt}.")
    if observations.crashed and answer.status is ControlStatus.SATISFIED:
        return _Answer(ControlStatus.UNKNOWN, "What was judged passed, but the run had errors (run.errors).")
    return answer


def _names(seen: Iterable[_Seen]) -> str:
    return ", ".join(sorted({each.link.check for each in seen}))


def _counts(observed: Iterable[Observed]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in observed:
        total.update(each.verdicts)
    return {status.value: total[status] for status in Status if total[status]}


def _waived(deciding: Iterable[_Seen]) -> list[dict[str, Any]]:
    found = {str(row["fingerprint"]): row for each in deciding for row in each.observed.waived}
    return [
        {
            "fingerprint": mark,
            "check_id": found[mark]["check_id"],
            **{key: found[mark]["waived"].get(key) for key in _WAIVED},
        }
        for mark in sorted(found)
    ]


def _evidence(seen: _Seen) -> dict[str, Any]:
    return {
        "check_id": seen.link.check,
        "cloud": seen.cloud.value,
        "strength": seen.link.strength.value,
        "basis": seen.link.basis.value,
        "verdicts": _counts([seen.observed]),
    }
