"""What a report says of functions as a whole: what was not asked is no number, and never a zero."""

from collections.abc import Iterator

import pytest

from auditor.check import Check, Context, Evidence, Fix, Hit, Risk, Trait, check
from auditor.engine.evaluate import evaluate
from auditor.engine.traits import Traits
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.severity import Severity
from auditor.wording import state
from reports.html.summary import sentence
from tests.unit.checks.build import Surroundings, location, make

FUNCTIONS = (make("orders"), make("refunds"))
FIX = {Cloud.AWS: Fix(text="Mend it.", no_command="none", no_terraform="none")}


def shows(
    name: str,
    trait: Trait | None,
    *failing: str,
    declared: Severity = Severity.CRITICAL,
    found: Severity | None = None,
) -> Check:
    def run(function: Function, _context: Context) -> Iterator[Hit]:
        """Why."""
        if function.name in failing:
            yield Hit("bad", (Evidence("x:Get", "y"),), severity=found)

    return check(id=name, title="A defect", risk=Risk.EXPOSURE, severity=declared, fix=FIX, trait=trait)(run)


ROUTE, URL = shows("route", Trait.UNAUTHENTICATED), shows("url", Trait.UNAUTHENTICATED, "orders")
ADMIN, OTHER = shows("admin", Trait.ADMINISTRATOR, "orders"), shows("other", None)


def traits(run: tuple[Check, ...], left_out: tuple[Check, ...]) -> Traits:
    inventory = Inventory(scopes=(), locations=(location(),), functions=FUNCTIONS)
    return Traits(evaluate(inventory, run, Surroundings()), FUNCTIONS, left_out)


def test_what_no_check_looked_at_is_null_and_no_zero() -> None:
    found = traits((OTHER,), (ROUTE, URL, ADMIN))
    assert found.summary() == {
        "functions": 2,
        "unauthenticated": None,
        "unauthenticated_unknown": 2,
        "administrator": None,
        "administrator_unknown": 2,
        "both": None,
    }
    assert found.row(FUNCTIONS[0].id) == {"traits": None, "unknown_traits": ["unauthenticated", "administrator"]}


def test_a_way_in_that_was_left_out_leaves_the_whole_unasked() -> None:
    found = traits((ROUTE, ADMIN), (URL,))
    told = found.summary()
    assert (told["unauthenticated"], told["administrator"], told["both"]) == (None, 1, None)
    assert found.row(FUNCTIONS[0].id) == {"traits": ["administrator"], "unknown_traits": ["unauthenticated"]}


def test_what_was_proved_counts_whatever_was_left_out() -> None:
    told = traits((URL, ADMIN), (ROUTE,)).summary()
    assert (told["unauthenticated"], told["unauthenticated_unknown"], told["both"]) == (1, 1, 1)


def test_an_open_route_is_a_way_in_though_its_check_is_only_high() -> None:
    route = shows("route", Trait.UNAUTHENTICATED, "orders", declared=Severity.HIGH)
    found = traits((route, URL), ())
    assert found.row(FUNCTIONS[0].id) == {"traits": ["unauthenticated"], "unknown_traits": ["administrator"]}
    assert traits((route, ADMIN), ()).summary()["both"] == 1


@pytest.mark.parametrize("found", [Severity.HIGH, Severity.LOW])
def test_a_url_that_something_else_may_close_is_no_way_in(found: Severity) -> None:
    url = shows("url", Trait.UNAUTHENTICATED, "orders", found=found)
    assert traits((url, ADMIN), ()).summary()["unauthenticated"] == 0


def test_where_all_was_asked_nothing_is_unknown() -> None:
    told = traits((ROUTE, ADMIN), ()).summary()
    assert (told["unauthenticated"], told["unauthenticated_unknown"], told["administrator"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("run", "left_out", "said"),
    [
        (
            (OTHER,),
            (ROUTE, ADMIN),
            "not asked: which of 2 functions can be reached from the internet without authentication or run as an administrator.",
        ),
        (
            (ADMIN,),
            (ROUTE,),
            "1 of 2 functions run as an administrator; not asked: which can be reached from the internet without authentication.",
        ),
    ],
)
def test_the_first_sentence_says_what_was_not_asked(
    run: tuple[Check, ...], left_out: tuple[Check, ...], said: str
) -> None:
    counted = traits(run, left_out).summary()
    assert state(counted).lower() == said
    page = sentence(counted)
    assert "Not asked: which functions can be reached from the internet" in "".join(text for text, _ in page)
    assert [text for text, _ in page if text == "0"] == []
