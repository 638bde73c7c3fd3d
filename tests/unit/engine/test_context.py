"""What the context of a judgement says of functions as a whole."""

from datetime import date

from auditor.config import CheckSettings
from auditor.engine.context import EvaluationContext
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Location
from auditor.model.observed import GapReason, Known, not_offered
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import ACCOUNT, LISTED, SCOPE, identity, location, make, scope, unknown


def context(*functions: Function, locations: tuple[Location, ...] = ()) -> EvaluationContext:
    inventory = Inventory(scopes=(scope(),), locations=locations or (location(),), functions=functions)
    return EvaluationContext(inventory, date(2026, 11, 23), CheckSettings())


def test_functions_of_an_identity_are_named() -> None:
    found = context(make("orders"), make("billing"), make("stock", identity=Known(None, LISTED)))
    assert found.functions_with_identity(identity().id) == ("billing", "orders")
    assert found.functions_with_identity("arn:aws:iam::1:role/other") == ()
    assert found.unread_identities(Cloud.AWS) is None


def test_a_list_that_was_not_read_leaves_identities_unread() -> None:
    found = context(make("orders"), locations=(location(functions=unknown(LISTED)),))
    assert found.unread_identities(Cloud.AWS, SCOPE) == unknown(LISTED).gap
    assert found.unread_identities(Cloud.AWS) == unknown(LISTED).gap
    assert found.unread_identities(Cloud.AWS, f"aws/{ACCOUNT[::-1]}") is None
    assert found.unread_identities(Cloud.AZURE) is None


def test_a_function_whose_identity_was_not_read_leaves_identities_unread() -> None:
    assert context(make("orders", identity=unknown())).unread_identities(Cloud.AWS, SCOPE) == unknown().gap
    assert context(make("orders", attached=unknown())).unread_identities(Cloud.AWS) is None  # AWS attaches none
    nothing = not_offered(LISTED, "it has no identity")
    assert context(make("orders", identity=nothing)).unread_identities(Cloud.AWS) is None
    app = make_azure("orders", attached=unknown("graph:Sites"))
    assert context(app).unread_identities(Cloud.AZURE, app.scope) == unknown("graph:Sites").gap


def test_a_failed_answer_outranks_one_that_was_left_out() -> None:
    left_out, denied = unknown(reason=GapReason.NOT_AT_DEPTH), unknown(reason=GapReason.DENIED)
    found = context(make("a", identity=left_out), make("b", identity=denied))
    assert found.unread_identities(Cloud.AWS) == denied.gap
