"""How the engine turns what a check does into a verdict."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from auditor.check import Check, Context, Evidence, Fix, Hit, NotApplicable, Risk, Subject, check
from auditor.engine.evaluate import evaluate, judge
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import LEFT_OUT, Gap, GapReason, Known, Unanswered, Unknown, each
from auditor.model.severity import Severity
from tests.unit.checks.build import LISTED, Surroundings, location, make

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}
PROOF = (Evidence(LISTED, "Field = value"),)


def declared(run, subject: Subject = Subject.FUNCTION, name: str = "made-up") -> Check:
    run.__doc__ = "Why."
    return check(id=name, title="A defect", risk=Risk.EXPOSURE, severity=Severity.HIGH, fix=FIX, subject=subject)(run)


def silent(_function: Function, _context: Context) -> Iterator[Hit]:
    return iter(())


def failing(_function: Function, _context: Context) -> Iterator[Hit]:
    yield Hit("bad", PROOF)


def gap(reason: GapReason) -> Gap:
    return Gap(reason, "lambda:GetPolicy", "lambda:GetPolicy", "no")


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (GapReason.NOT_AT_DEPTH, Status.NOT_EXAMINED),
        (GapReason.NOT_IN_TIER, Status.NOT_EXAMINED),
        (GapReason.NOT_OFFERED, Status.NOT_APPLICABLE),
        *((r, Status.UNKNOWN) for r in GapReason if r not in (*LEFT_OUT, GapReason.NOT_OFFERED)),
    ],
)
def test_a_missing_fact_is_never_a_pass(reason: GapReason, status: Status) -> None:
    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        yield from (Hit("never", PROOF) for _ in Unknown(gap(reason)).need())

    judgement = judge(declared(run), make(), Surroundings())
    assert judgement.status is status
    assert judgement.gap == gap(reason)


def test_a_proved_defect_survives_a_later_gap() -> None:
    facts = (Unknown(gap(GapReason.DENIED)), Known("bad", LISTED), Unknown(gap(GapReason.EXPIRED)))

    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        for value in each(facts):
            yield Hit(value, PROOF)

    judgement = judge(declared(run), make(), Surroundings())
    assert judgement.status is Status.FAIL
    assert [hit.message for hit in judgement.hits] == ["bad"]
    assert judgement.gap == gap(GapReason.DENIED)


def test_a_check_may_decline_with_its_reason() -> None:
    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        raise NotApplicable("an image brings its own runtime")
        yield

    judgement = judge(declared(run), make(), Surroundings())
    assert (judgement.status, judgement.note) == (Status.NOT_APPLICABLE, "an image brings its own runtime")


def test_our_own_crash_is_an_error_that_quotes_nothing() -> None:
    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        raise ValueError("hunter" + "2")
        yield

    results = evaluate(inventory(make("orders")), [declared(run)], Surroundings())
    assert results.status(make("orders").id, "made-up") is Status.ERROR
    ((check_id, note),) = results.crashes
    assert check_id == "made-up"
    assert "ValueError" in note
    assert "hunter" not in note


def inventory(*functions: Function, **changes: object) -> Inventory:
    return Inventory(
        scopes=(), locations=(location(functions=Known(len(functions), LISTED), **changes),), functions=functions
    )


def test_each_subject_is_asked_only_what_is_about_it() -> None:
    checks = [declared(failing), declared(failing, Subject.LOCATION, "made-up-place")]
    results = evaluate(inventory(make("orders")), checks, Surroundings())
    assert results.status(make("orders").id, "made-up") is Status.FAIL
    assert results.status(make("orders").id, "made-up-place") is None
    assert results.status(location().id, "made-up-place") is Status.FAIL
    assert results.status(location().id, "made-up") is None


def test_a_place_without_functions_is_not_judged() -> None:
    results = evaluate(inventory(), [declared(failing, Subject.LOCATION)], Surroundings())
    assert results.verdicts == {}


def test_a_place_whose_list_could_not_be_read_is_judged() -> None:
    unread = location(functions=Unknown(gap(GapReason.DENIED)))
    found = Inventory(scopes=(), locations=(unread,), functions=())
    results = evaluate(found, [declared(failing, Subject.LOCATION)], Surroundings())
    assert results.status(unread.id, "made-up") is Status.FAIL


def test_two_hits_at_one_locus_are_refused() -> None:
    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        yield Hit("first", PROOF, locus="here")
        yield Hit("second wording", PROOF, locus="here")

    results = evaluate(inventory(make()), [declared(run)], Surroundings())
    assert [finding.hit.message for finding in results.findings] == ["first"]
    ((_, note),) = results.crashes
    assert "give each hit its own locus" in note


def test_two_subjects_that_find_one_resource_are_told_and_cost_no_finding() -> None:
    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        yield Hit("shared", PROOF, resource_id="arn:shared")

    results = evaluate(inventory(make("a"), make("b")), [declared(run)], Surroundings())
    assert len(results.findings) == 1
    assert [results.status(make(name).id, "made-up") for name in "ab"] == [Status.FAIL, Status.FAIL]
    ((_, note),) = results.crashes
    assert "from two subjects" in note


@pytest.mark.parametrize(
    ("yielded", "told"),
    [
        ("a sentence", "it yielded a str where a Hit is wanted"),
        (None, "it yielded a NoneType where a Hit is wanted"),
        (Hit(None, PROOF), "it yielded a Hit whose message is a NoneType"),  # type: ignore[arg-type]
        (Hit("bad", ["proof"]), "it yielded a Hit whose evidence is a list"),  # type: ignore[arg-type]
        (Hit("bad", ("proof",)), "it yielded a Hit whose evidence holds something else than Evidence"),  # type: ignore[arg-type]
        (Hit("bad", PROOF, locus=7), "it yielded a Hit whose locus is a int"),  # type: ignore[arg-type]
        (Hit("bad", PROOF, severity="high"), "it yielded a Hit whose severity is a str"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_sound_hit_is_an_error_of_the_check(yielded: object, told: str) -> None:
    def run(_function: Function, _context: Context) -> Iterator[object]:
        yield Hit("proved", PROOF, locus="first")
        yield yielded

    judgement = judge(declared(run), make(), Surroundings())
    assert (judgement.status, [hit.message for hit in judgement.hits]) == (Status.FAIL, ["proved"])
    assert judgement.note == told

    def only(_function: Function, _context: Context) -> Iterator[object]:
        yield yielded

    assert judge(declared(only), make(), Surroundings()).status is Status.ERROR


def test_a_check_that_ends_the_program_is_an_error() -> None:
    def run(_function: Function, _context: Context) -> Iterator[Hit]:
        raise SystemExit(0)
        yield

    judgement = judge(declared(run), make(), Surroundings())
    assert judgement.status is Status.ERROR
    assert "SystemExit" in judgement.note


def test_fingerprints_survive_rewording_and_severity() -> None:
    def one(_function: Function, _context: Context) -> Iterator[Hit]:
        yield Hit("old words", PROOF, locus="Sid1")

    def other(_function: Function, _context: Context) -> Iterator[Hit]:
        yield Hit("new words", (), locus="Sid1", severity=Severity.LOW)

    def moved(_function: Function, _context: Context) -> Iterator[Hit]:
        yield Hit("old words", PROOF, locus="Sid2")

    marks = [
        evaluate(inventory(make()), [declared(run)], Surroundings()).findings[0].fingerprint
        for run in (one, other, moved)
    ]
    assert marks[0] == marks[1]
    assert marks[0] != marks[2]


def test_one_denied_call_is_one_unknown_with_many_subjects() -> None:
    def run(function: Function, _context: Context) -> Iterator[Hit]:
        raise Unanswered(Gap(GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy", f"not on {function.name}"))
        yield

    results = evaluate(inventory(make("a"), make("b")), [declared(run)], Surroundings())
    ((key, subjects),) = results.unknowns.items()
    assert key == ("made-up", GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy", "")
    assert subjects == [make("a").id, make("b").id]
    assert results.messages[key] == "not on …"


@pytest.mark.parametrize("reason", [GapReason.MALFORMED, GapReason.UNRECOGNISED])
def test_what_is_said_of_one_functions_answer_is_not_said_of_anothers(reason: GapReason) -> None:
    said = {"a": "Statement s1 names alexa", "b": "Statement s1 names alexa", "c": "a newer element"}

    def run(function: Function, _context: Context) -> Iterator[Hit]:
        raise Unanswered(Gap(reason, "lambda:GetPolicy", "lambda:GetPolicy", said[function.name]))
        yield

    results = evaluate(inventory(*map(make, said)), [declared(run)], Surroundings())
    told = {subject: results.messages[key] for key, subjects in results.unknowns.items() for subject in subjects}
    assert told == {make(name).id: message for name, message in said.items()}
    assert len(results.unknowns) == 2


def test_a_group_is_told_only_what_holds_for_all_of_it() -> None:
    said = {"a": "denied to ann on a", "b": "denied to ann on b", "c": "denied to ben"}

    def run(function: Function, _context: Context) -> Iterator[Hit]:
        raise Unanswered(Gap(GapReason.DENIED, "lambda:GetPolicy", None, said[function.name]))
        yield

    results = evaluate(inventory(*map(make, said)), [declared(run)], Surroundings())
    assert list(results.messages.values()) == ["denied to …"]


def test_a_new_id_changes_no_fingerprint() -> None:
    before = declared(failing)
    renamed = replace(before, id="better-name", aliases=("made-up", "middling-name"))
    [was] = evaluate(inventory(make("orders")), [before], Surroundings()).findings
    [now] = evaluate(inventory(make("orders")), [renamed], Surroundings()).findings
    assert now.check.id == "better-name"
    assert now.fingerprint == was.fingerprint
