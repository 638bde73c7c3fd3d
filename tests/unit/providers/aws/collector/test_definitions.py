"""What is kept of a definition of a state machine: steps that invoke functions, and the places of credentials."""

import json
from typing import Any

from auditor.snapshot.redact import Redactor
from moto_fixtures.emulation.fake_secrets import code_host_token, payment_key
from providers.aws.collect.definitions import invoking
from providers.aws.operations import BY_ID

INVOKE = "arn:aws:states:::lambda:invoke"


def kept(*states: dict[str, Any], **more: Any) -> Any:
    definition = {
        "StartAt": "S0",
        "States": {f"S{place}": {"Type": "Task", **each} for place, each in enumerate(states)},
    }
    return invoking({"stateMachineArn": "m", "definition": json.dumps(definition | more)})


def test_a_credential_is_named_by_its_place_and_never_kept() -> None:
    found = kept(
        {"Resource": INVOKE, "Parameters": {"FunctionName": "pay", "Payload": {"apiKey": payment_key("a")}}},
        {
            "Resource": "arn:aws:states:::http:invoke",
            "Parameters": {"Headers": [{"Value": f"token {code_host_token('b')}"}]},
        },
    )
    assert found["foundAt"] == ["States/S0/Parameters/Payload/apiKey", "States/S1/Parameters/Headers/0/Value"]
    assert payment_key("a") not in json.dumps(found)
    assert code_host_token("b") not in json.dumps(found)
    assert json.loads(found["definition"])["States"] == {
        "S0": {"Type": "Task", "Resource": INVOKE, "Parameters": {"FunctionName": "pay"}}
    }


def test_what_an_execution_computes_and_names_of_the_language_are_no_credentials() -> None:
    found = kept(
        {
            "Resource": INVOKE,
            "Comment": "Sends the password reset that the API token of the shop asks for",
            "Parameters": {
                "FunctionName": "reset",
                "Password.$": "$.password",
                "Token": "$.token",
                "Secret": "States.Format('{}', $.secret)",
                "ApiKey": "{% $states.input.apiKey %}",
                "SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-AbCdEf",
            },
            "Next": "CheckPasswordAndToken",
        }
    )
    assert found["foundAt"] == []


def test_a_place_is_swept_as_well() -> None:
    found = kept(Parameters={payment_key("c"): payment_key("d")})
    assert len(found["foundAt"]) == 1
    assert payment_key("c") not in json.dumps(found)


def test_the_place_is_kept_as_it_is() -> None:
    found = kept({"Resource": INVOKE, "Parameters": {"apiKey": payment_key("e")}})
    redacted = Redactor().body(found, BY_ID["states:DescribeStateMachine"].redact)
    assert isinstance(redacted, dict)
    assert redacted["foundAt"] == ["States/S0/Parameters/apiKey"]
