"""A repair of an API is written for its kind, its route and its stages, as far as they were told."""

import pytest

from auditor.analysis.gateway_routes import api_values, for_stages
from auditor.model.exposure import AuthMode
from auditor.model.gateway import Gateway, Route, Stage
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown

_COMMAND = "aws update --api {api} --part {part_id}\naws deploy --api {api} --stage {stage}"


def _gateway(kind: str, stages: Observed[tuple[Stage, ...]]) -> Gateway:
    arn = "arn:aws:x:eu-west-1:111122223333:abc123"
    return Gateway(id=arn, name="orders", kind=kind, public=Known(True, "x"), routes=(), stages=stages)


def _read(*stages: str) -> Observed[tuple[Stage, ...]]:
    return Known(tuple(Stage(name=name, rate=None, burst=None) for name in stages), "apigateway:GetStages")


def _route(id: str) -> Route:
    return Route(method="GET", path="/orders", auth=AuthMode.NONE, authorizer=None, id=id)


def test_the_one_stage_and_the_part_are_named() -> None:
    gateway = _gateway("rest", _read("prod"))
    command, values = for_stages(_COMMAND, gateway), api_values(gateway, _route("r4t5"))
    assert command == "aws update --api {api} --part {part_id}\naws deploy --api {api} --stage {stage_a}"
    assert (values["api"], values["part_id"], values["stage_a"]) == ("abc123", "r4t5", "prod")


def test_a_line_for_a_stage_is_written_for_each() -> None:
    gateway = _gateway("rest", _read("prod", "beta"))
    command, values = for_stages(_COMMAND, gateway), api_values(gateway, _route("r4t5"))
    assert command.splitlines()[1:] == [
        "aws deploy --api {api} --stage {stage_a}",
        "aws deploy --api {api} --stage {stage_b}",
    ]
    assert (values["stage_a"], values["stage_b"]) == ("prod", "beta")


@pytest.mark.parametrize(
    ("kind", "blank"), [("rest", "<resource-id>"), ("http", "<route-id>"), ("load-balancer", "<rule-arn>")]
)
def test_what_was_not_told_is_a_blank(kind: str, blank: str) -> None:
    unread = Unknown(Gap(GapReason.DENIED, "apigateway:GetStages", "apigateway:GET", "no"))
    gateway = _gateway(kind, unread)
    command, values = for_stages(_COMMAND, gateway), api_values(gateway, _route(""))
    assert command == _COMMAND
    assert (values["stage"], values["part_id"]) == ("<stage>", blank)
