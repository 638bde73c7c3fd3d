import pytest

from auditor.analysis.network_exposure import known_access_control, path_excluded, unauthenticated_paths
from auditor.model.handler import HandlerAuth
from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, Unknown, not_offered
from auditor.model.observed_logic import all_hold, any_holds, none_if_not_offered
from tests.unit.checks.azure import SITES, http, make_azure, make_public

YES: Observed[bool] = Known(True, "a")
NO: Observed[bool] = Known(False, "a")
LATER = Unknown(Gap(GapReason.NOT_AT_DEPTH, "later", None, "not asked at this depth"))
DENIED = Unknown(Gap(GapReason.DENIED, "denied", "denied", "withheld"))


def test_one_known_no_settles_all_and_one_known_yes_settles_any() -> None:
    assert all_hold(YES, YES)
    assert not all_hold(DENIED, NO)
    assert any_holds(DENIED, YES)
    assert not any_holds(NO, NO)


@pytest.mark.parametrize("judge", [all_hold, any_holds])
def test_a_refusal_outranks_what_this_depth_never_asks(judge: object) -> None:
    rest = YES if judge is all_hold else NO
    with pytest.raises(Unanswered) as raised:
        (all_hold if judge is all_hold else any_holds)(LATER, rest, DENIED)
    assert raised.value.gap.operation == "denied"


def test_a_fence_that_is_not_offered_is_not_there() -> None:
    assert none_if_not_offered(not_offered("x", "no such thing")) == Known(False, "x")
    assert none_if_not_offered(DENIED) is DENIED


@pytest.mark.parametrize(
    ("path", "excluded", "skipped"),
    [
        ("/api/webhook", ("/api/webhook",), True),
        ("/api/Webhook/", ("/API/webhook",), True),
        ("/api/webhook/deep", ("/api/webhook",), True),
        ("/api/webhooks", ("/api/webhook",), False),
        ("/api/orders", ("/api/*",), True),
        ("/api/orders", ("/health", "/metrics"), False),
        ("/api/orders", (), False),
        ("/api/orders", ("/*",), True),
    ],
)
def test_an_excluded_path_covers_what_lies_below_it(path: str, excluded: tuple[str, ...], skipped: bool) -> None:
    assert path_excluded(path, excluded) is skipped


def test_doors_name_the_handler_the_key_and_the_answers_they_rest_on() -> None:
    app = make_public(http("create_order"), http("webhook", HandlerAuth.ANONYMOUS, route="hooks/pay"))
    doors = tuple(unauthenticated_paths(app))
    assert [(door.locus, door.key) for door in doors] == [("create_order", True), ("webhook", False)]
    assert doors[1].what.endswith("/api/hooks/pay requires no authentication")
    assert [source for source, _ in doors[1].proof] == ["web:ListFunctions", "graph:SiteConfigs", "web:GetAuthSettings"]
    assert not known_access_control(app, "/api/hooks/pay")
    assert known_access_control(make_azure(authentication=DENIED), "/api/hooks/pay")
    assert not known_access_control(make_public(ingress=Unknown(DENIED.gap), transport=Unknown(DENIED.gap)), SITES)
