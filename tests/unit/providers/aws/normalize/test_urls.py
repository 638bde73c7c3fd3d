"""Function URLs: who gets in depends on when the URL was made and on the day of the capture (A7)."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.model.exposure import Endpoint, Reach
from auditor.model.observed import Known
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import ORDERS, RENDER, MemoryCapture, capture, ok, policy, statement

_AUTH_NONE = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
_ONE = policy(statement("UrlOnly", "*", "lambda:InvokeFunctionUrl", **_AUTH_NONE))
_BOTH = policy(
    statement("UrlOnly", "*", "lambda:InvokeFunctionUrl", **_AUTH_NONE),
    statement("ViaUrl", "*", "lambda:InvokeFunction", Bool={"lambda:InvokedViaFunctionUrl": "true"}),
)


def url(created: Any, name: str = ORDERS) -> dict[str, Any]:
    made = {"FunctionUrl": f"https://{name[-6:]}.example/", "FunctionArn": name, "AuthType": "NONE"}
    return made if created is None else made | {"CreationTime": created}


def reached(created: Any, document: str, day: str, *beside: Any) -> Endpoint:
    """The URL of the zip function, made on ``created``, as captured on ``day``; ``beside`` are other functions' URLs."""
    made = capture(
        ok("lambda:ListFunctionUrlConfigs", {"FunctionUrlConfigs": [url(created)]}, ORDERS),
        ok("lambda:ListFunctionUrlConfigs", {"FunctionUrlConfigs": list(beside)}, RENDER),
        ok("lambda:GetPolicy", {"Policy": document}, ORDERS),
    )
    dated = MemoryCapture(replace(made.facts, started_at=f"{day}T09:00:00Z"), made.envelopes)
    (endpoint,) = next(found for found in normalize(dated).functions if found.id == ORDERS).endpoints.need()
    return endpoint


CASES = [
    ("new-url-one-permission", "2026-05-02T10:00:00.000Z", _ONE, "2026-06-01", Reach.NONE),
    ("new-url-both", "2026-05-02T10:00:00.000Z", _BOTH, "2026-06-01", Reach.ANONYMOUS),
    ("old-url-one-permission", "2024-05-02T10:00:00.000Z", _ONE, "2026-06-01", Reach.ANONYMOUS),
    ("old-url-when-the-exception-is-over", "2024-05-02T10:00:00.000Z", _ONE, "2026-11-29", Reach.NONE),
    ("old-url-both", "2024-05-02T10:00:00.000Z", _BOTH, "2026-11-29", Reach.ANONYMOUS),
    ("age-not-told", None, _ONE, "2026-06-01", Reach.ANONYMOUS),
    ("age-that-is-no-date", "yesterday", _ONE, "2026-06-01", Reach.ANONYMOUS),
    ("age-that-is-no-text", 7, _ONE, "2026-06-01", Reach.ANONYMOUS),
]


@pytest.mark.parametrize(("created", "document", "day", "reach"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a7_a_url_answers_by_its_age_and_its_permissions(created: Any, document: str, day: str, reach: Reach) -> None:
    endpoint = reached(created, document, day)
    assert endpoint.reach == Known(reach, "lambda:GetPolicy"), endpoint.reach_reason


def test_a7_an_older_url_in_the_region_keeps_the_exception_of_the_account() -> None:
    old = url("2023-01-01T00:00:00.000Z", RENDER)
    assert reached("2026-05-02T10:00:00.000Z", _ONE, "2026-06-01", old).reach.need() is Reach.ANONYMOUS
    assert reached("2026-05-02T10:00:00.000Z", _ONE, "2026-11-29", old).reach.need() is Reach.NONE
