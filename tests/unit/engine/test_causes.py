"""Which findings are one cause: same site, and the same check or a declared facet."""

from collections.abc import Mapping

import pytest

from auditor.check import Check, CheckDeclarationError, Evidence, Fix, Hit, Risk, Subject, check
from auditor.engine.causes import Cause, group
from auditor.engine.evaluate import evaluate
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity
from tests.unit.checks.build import Surroundings, location, make

FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}
ORDERS, REFUNDS = make("orders"), make("refunds")
INVENTORY = Inventory(scopes=(), locations=(location(functions=Known(2, "x:List")),), functions=(ORDERS, REFUNDS))


def made(
    name: str,
    sites: Mapping[str, str],
    *facet_of: str,
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.HIGH,
    subject: Subject = Subject.FUNCTION,
) -> Check:
    """A check that fails on the subjects it is given, at the site of each ("": none of its own)."""

    def run(target, _context):
        """Why."""
        if target.id in sites:
            yield Hit("bad", (Evidence("x:Get", "y"),), site=sites[target.id])

    return check(
        id=name,
        title="A defect",
        risk=Risk.EXPOSURE,
        severity=severity,
        confidence=confidence,
        fix=FIX,
        subject=subject,
        facet_of=facet_of,
    )(run)


def causes(*checks: Check) -> list[Cause]:
    return list(group(evaluate(INVENTORY, checks, Surroundings()).findings))


def told(*checks: Check) -> list[list[tuple[str, str]]]:
    names = {ORDERS.id: "orders", REFUNDS.id: "refunds"}
    return [
        [(each.check.id, names.get(each.subject.id, each.subject.id)) for each in cause.findings]
        for cause in causes(*checks)
    ]


def test_two_checks_at_one_place_are_two_causes_unless_one_is_declared_a_facet() -> None:
    assert told(made("open", {ORDERS.id: ""}), made("wide", {ORDERS.id: ""})) == [
        [("open", "orders")],
        [("wide", "orders")],
    ]
    assert told(made("open", {ORDERS.id: ""}), made("wide", {ORDERS.id: ""}, "open")) == [
        [("open", "orders"), ("wide", "orders")]
    ]


def test_a_facet_at_another_site_is_its_own_cause() -> None:
    found = told(made("open", {ORDERS.id: "url a"}), made("wide", {ORDERS.id: "url b"}, "open"))
    assert found == [[("open", "orders")], [("wide", "orders")]]


def test_a_facet_without_its_lead_stands_alone() -> None:
    assert told(made("wide", {ORDERS.id: "url"}, "open")) == [[("wide", "orders")]]


def test_one_check_at_one_site_is_one_cause_on_all_its_functions() -> None:
    shared = made("admin", {ORDERS.id: "policy on role", REFUNDS.id: "policy on role"})
    (cause,) = causes(shared)
    assert cause.functions == (ORDERS.id, REFUNDS.id)
    assert told(made("admin", {ORDERS.id: "", REFUNDS.id: ""})) == [[("admin", "orders")], [("admin", "refunds")]]


def test_a_facet_follows_the_first_lead_that_is_there() -> None:
    lead, other = made("lead", {ORDERS.id: "s"}), made("other", {ORDERS.id: "s"})
    assert told(lead, other, made("small", {ORDERS.id: "s"}, "other", "lead")) == [
        [("lead", "orders")],
        [("other", "orders"), ("small", "orders")],
    ]


def test_facets_of_facets_hang_together() -> None:
    found = told(made("a", {ORDERS.id: "s"}), made("b", {ORDERS.id: "s"}, "a"), made("c", {ORDERS.id: "s"}, "b"))
    assert found == [[("a", "orders"), ("b", "orders"), ("c", "orders")]]


def test_the_lead_leads_whatever_its_severity_and_the_gravest_counts() -> None:
    lead = made("lead", {ORDERS.id: "s"}, severity=Severity.MEDIUM)
    facet = made("facet", {ORDERS.id: "s"}, "lead", severity=Severity.CRITICAL, confidence=Confidence.LOW)
    (cause,) = causes(lead, facet)
    assert (cause.check.id, cause.severity, cause.confidence) == ("lead", Severity.CRITICAL, Confidence.LOW)


def test_a_cause_of_a_region_is_no_functions_own() -> None:
    region = made("watch-off", {location().id: "detector"}, subject=Subject.LOCATION)
    blind = made("blind", {ORDERS.id: "detector"}, "watch-off")
    (cause,) = causes(region, blind)
    assert cause.of_surroundings
    assert cause.functions == (ORDERS.id,)


def test_a_cause_keeps_its_id_when_another_function_comes_under_it() -> None:
    (one,) = causes(made("admin", {ORDERS.id: "policy on role"}))
    (both,) = causes(made("admin", {ORDERS.id: "policy on role", REFUNDS.id: "policy on role"}))
    (other,) = causes(made("admin", {ORDERS.id: "another"}))
    assert one.id == both.id != other.id


def test_graver_causes_come_first() -> None:
    low, critical = (
        made("a", {ORDERS.id: ""}, severity=Severity.LOW),
        made("b", {ORDERS.id: ""}, severity=Severity.CRITICAL),
    )
    assert told(low, critical) == [[("b", "orders")], [("a", "orders")]]


def test_a_check_is_no_facet_of_itself() -> None:
    with pytest.raises(CheckDeclarationError, match="facet of itself"):
        made("a", {}, "a")
