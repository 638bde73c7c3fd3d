"""S2: what a body must hold to be the answer to its operation, on every cloud."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from auditor import plugins
from auditor.answer_shape import AnswerShape
from auditor.model.ids import Cloud
from auditor.provider import Operation
from providers.answers.promise import breach
from tests.answers import SAYS_NONE, least, placed, without

OPERATIONS = {
    operation.id: operation
    for cloud in Cloud
    for operation in plugins.provider(cloud).operations
    if operation.makes_call
}
WRONG: Mapping[type, tuple[Any, ...]] = {
    dict: ([], "text", 1, True),
    list: ({}, "text", 1, True),
    str: ([], {}, 1, True),
    bool: ([], {}, "true", 1),
    int: ([], {}, "1", True),
}


def whole(shape: AnswerShape) -> dict[str, Any]:
    """A body that holds what a shape requires, and one of what identifies it."""
    return least(replace(shape, empty=""))


@pytest.fixture(params=OPERATIONS.values(), ids=lambda operation: operation.id)
def operation(request: pytest.FixtureRequest) -> Operation:
    found: Operation = request.param
    return found


def test_the_least_body_that_holds_what_is_promised_is_whole(operation: Operation) -> None:
    assert breach(operation, whole(operation.answer)) is None


@pytest.mark.parametrize("body", [None, [], "text", 1, True, [{}]], ids=repr)
def test_what_is_no_object_is_no_answer(operation: Operation, body: Any) -> None:
    assert breach(operation, body) == "The answer is no JSON object."


def test_an_error_is_no_answer_even_beside_what_was_promised(operation: Operation) -> None:
    error = {"error": {"code": 403, "message": "denied", "status": "PERMISSION_DENIED"}}
    assert breach(operation, error) == "The answer is an error in spite of its status."
    assert breach(operation, whole(operation.answer) | error) == "The answer is an error in spite of its status."


def test_an_empty_object_is_an_answer_only_where_the_cloud_says_none_so(operation: Operation) -> None:
    assert (breach(operation, {}) is None) == (operation.id in SAYS_NONE)


def test_an_object_of_another_kind_is_no_answer(operation: Operation) -> None:
    assert breach(operation, {"swagger": "2.0", "paths": {}}) is not None


def test_a_member_that_is_required_may_not_be_missing_or_null(operation: Operation) -> None:
    for path in operation.answer.required:
        body = whole(operation.answer)
        assert breach(operation, placed(body, path, None)) is not None
        assert breach(operation, without(body, path)) is not None, path


def test_a_member_has_the_type_that_is_documented(operation: Operation) -> None:
    shape = operation.answer
    for path, kind in {**shape.required, **shape.identifying, **shape.optional}.items():
        if "." in path:
            continue
        for value in WRONG[kind]:
            assert breach(operation, whole(shape) | {path: value}) is not None, (path, value)


def test_null_is_an_absent_member_on_azure_and_damage_elsewhere(operation: Operation) -> None:
    shape = operation.answer
    for path in shape.optional:
        if "." not in path:
            assert (breach(operation, whole(shape) | {path: None}) is None) == shape.nulls


def test_what_redaction_replaced_is_what_it_was() -> None:
    operation = OPERATIONS["sts:GetCallerIdentity"]
    assert breach(operation, {"Account": {"$redacted": "dropped"}}) is None
    settings = OPERATIONS["web:ListApplicationSettings"]
    assert breach(settings, {"properties": {"NAME": {"$variable": {"length": 1}}}}) is None
    assert breach(settings, {"properties": {"$variable": {"length": 1}}}) is not None


def test_a_path_is_followed_into_objects() -> None:
    operation = OPERATIONS["orgpolicy:GetEffectivePolicy"]
    assert breach(operation, {"name": "policies/a", "spec": {"rules": []}}) is None
    assert breach(operation, {"name": "policies/a", "spec": {"rules": {}}}) == (
        "The answer holds a spec.rules that is not a list."
    )
