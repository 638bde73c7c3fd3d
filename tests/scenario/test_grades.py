"""What the demo's functions are graded: sound ones well, vulnerable ones badly, without exception."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from math import exp

import pytest

from auditor import plugins
from auditor.check import ProfileLevel
from auditor.config import CheckSettings
from auditor.engine.causes import group
from auditor.engine.context import EvaluationContext
from auditor.engine.evaluate import Results, evaluate
from auditor.engine.score import Range, Scorer, grade, loss
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.severity import Confidence, Severity
from tests.scenario.expect import AS_OF
from tests.scenario.replaying import Replay

SOUND = {
    # public applications behind IAM, a signed URL, an API's permission or function keys
    Cloud.AWS: ("catalog-search", "returns-portal-api", "checkout-create-order"),
    Cloud.AZURE: ("fhw-gift-wrapping",),
    Cloud.GCP: ("gift-receipts", "receipt-archiver"),
}
VULNERABLE = {
    Cloud.AWS: ("tracking-pixel", "store-hours", "ops-cleanup", "payments-capture", "promo-banner"),
    Cloud.AZURE: ("fhw-promo-banner", "fhw-reviews-api", "fhw-ops-cleanup", "fhw-payments-capture"),
    Cloud.GCP: ("store-locator", "size-adviser", "inventory-admin-sync", "payments-capture", "feed-checks"),
}

Judged = tuple[Inventory, Results]


@pytest.fixture(scope="module")
def judged(replays: dict[Cloud, Replay]) -> dict[Cloud, Judged]:
    """Each cloud's company by the default checks, as a run without options judges it."""
    checks = [check for check in plugins.checks() if check.profile_level is ProfileLevel.DEFAULT]
    found = {}
    for cloud, replay in replays.items():
        inventory = replay.inventory()
        context = EvaluationContext(inventory, date.fromisoformat(AS_OF), CheckSettings())
        found[cloud] = inventory, evaluate(inventory, checks, context)
    return found


def scored(judged: Judged, functions: Iterable[Function]) -> Scorer:
    """The scores of an account that holds these functions and no others."""
    inventory, results = judged
    kept = replace(inventory, functions=tuple(functions))
    ids = {function.id for function in kept.functions}
    told = [each for each in results.findings if not isinstance(each.subject, Function) or each.subject.id in ids]
    return Scorer(kept, results, group(told))


def named(judged: Judged, names: Iterable[str]) -> list[Function]:
    found = [function for function in judged[0].functions if function.name in names]
    assert {function.name for function in found} == set(names)
    return found


@pytest.mark.parametrize("cloud", list(Cloud))
def test_an_account_of_sound_public_applications_is_a_or_b(judged: dict[Cloud, Judged], cloud: Cloud) -> None:
    functions = named(judged[cloud], SOUND[cloud])
    scorer = scored(judged[cloud], functions)
    assert scorer.account().grade in ("A", "B")
    grades = {function.name: scorer.function(function.id) for function in functions}
    assert {name: score.grade_high for name, score in grades.items()} == dict.fromkeys(SOUND[cloud], "A")
    # the settings of another app of the company are withheld: the Azure one may share its host id with it
    assert {score.grade for score in grades.values()} <= ({"A", "B"} if cloud is Cloud.AZURE else {"A"})


@pytest.mark.parametrize("cloud", list(Cloud))
def test_an_account_of_vulnerable_applications_is_c_or_worse(judged: dict[Cloud, Judged], cloud: Cloud) -> None:
    functions = named(judged[cloud], VULNERABLE[cloud])
    scorer = scored(judged[cloud], functions)
    assert scorer.account().grade_high in ("C", "D", "F")
    high = {function.name: scorer.function(function.id).grade_high for function in functions}
    assert set(high.values()) <= {"C", "D", "F"}, high


def worst(judged: Judged) -> list[tuple[Function, Severity, Range]]:
    """Every function with the gravest severity of its own findings, and its score."""
    inventory, results = judged
    scorer = scored(judged, inventory.functions)
    causes = [cause for cause in group(results.findings) if not cause.of_surroundings]
    graded = []
    for function in inventory.functions:
        own = [f.severity for cause in causes for f in cause.findings if f.subject.id == function.id]
        gravest = max(own, key=lambda severity: severity.rank, default=Severity.INFORMATIONAL)
        graded.append((function, gravest, scorer.function(function.id)))
    return graded


@pytest.mark.parametrize("cloud", list(Cloud))
def test_no_function_with_a_critical_finding_is_better_than_c(judged: dict[Cloud, Judged], cloud: Cloud) -> None:
    graded = [(f.name, score) for f, severity, score in worst(judged[cloud]) if severity is Severity.CRITICAL]
    assert len(graded) >= 10
    assert [name for name, score in graded if score.grade_high in ("A", "B")] == []


@pytest.mark.parametrize("cloud", list(Cloud))
def test_no_function_with_a_high_finding_is_an_a(judged: dict[Cloud, Judged], cloud: Cloud) -> None:
    graded = [(f.name, score) for f, severity, score in worst(judged[cloud]) if severity is Severity.HIGH]
    assert len(graded) >= 5
    assert [name for name, score in graded if score.grade_high == "A"] == []


@pytest.mark.parametrize("cloud", list(Cloud))
def test_a_function_with_nothing_above_low_is_an_a_as_far_as_it_was_read(
    judged: dict[Cloud, Judged], cloud: Cloud
) -> None:
    graded = [(f.name, score) for f, severity, score in worst(judged[cloud]) if severity.rank <= Severity.LOW.rank]
    assert len(graded) >= 20
    assert [name for name, score in graded if score.grade_high != "A"] == []


@pytest.mark.parametrize("confidence", list(Confidence))
def test_one_critical_cause_alone_takes_a_function_below_b(confidence: Confidence) -> None:
    assert grade(100 * exp(-loss(Severity.CRITICAL, confidence))) in ("C", "D", "F")
