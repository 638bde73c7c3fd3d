"""What is kept apart before redaction, so that neither a value survives nor a reference is lost."""

import json
from typing import Any

from auditor.snapshot.redact import Redactor
from providers.gcp.operations import BY_ID
from providers.gcp.response_preparation import overlaid, prepared

PASSWORD = "hunter" + "-2-autumn"
CODE = "q8" * 12


def recorded(operation: str, body: Any) -> Any:
    return Redactor().body(prepared(body), BY_ID[operation].redact)


def test_variables_of_functions_are_judged_and_replaced() -> None:
    function = {
        "name": "projects/p/locations/l/functions/f",
        "serviceConfig": {"environmentVariables": {"DB_PASSWORD": PASSWORD, "LOG_LEVEL": "info"}},
        "buildConfig": {"environmentVariables": {"NPM_TOKEN": CODE}, "sourceToken": CODE},
    }
    body = recorded("functions:ListFunctions", {"functions": [function]})
    variables = body["functions"][0]["serviceConfig"]["environmentVariables"]
    assert variables["DB_PASSWORD"]["$variable"]["verdict"] == "secret"
    assert variables["LOG_LEVEL"]["$variable"]["value"] == "info"
    text = json.dumps(body)
    assert PASSWORD not in text
    assert CODE not in text


def test_a_containers_secret_reference_stands_beside_its_redacted_values() -> None:
    source = {"secretKeyRef": {"secret": "projects/p/secrets/token", "version": "3"}}
    container = {
        "env": [{"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "TOKEN", "valueSource": source}],
        "args": [f"--password={PASSWORD}"],
    }
    body = recorded("run:ListServices", {"services": [{"template": {"containers": [container]}}]})
    kept = body["services"][0]["template"]["containers"][0]
    assert [item["name"] for item in kept["env"]] == ["DB_PASSWORD"]
    assert kept["env"][0]["value"]["$variable"]["verdict"] == "secret"
    assert kept["envSources"] == [{"name": "TOKEN", "valueSource": source}]
    assert PASSWORD not in json.dumps(body)


def test_the_inventorys_own_form_of_a_service_is_treated_alike() -> None:
    reference = {"secretKeyRef": {"name": "token", "key": "latest"}}
    env = [{"name": "DB_PASSWORD", "value": PASSWORD}, {"name": "TOKEN", "valueFrom": reference}]
    declaration = json.dumps({"env": env})
    data = {
        "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": declaration, "a": "b"}},
        "spec": {"template": {"spec": {"containers": [{"env": env}]}}},
    }
    body = recorded("asset:ListResources", {"assets": [{"resource": {"data": data}}]})
    kept = body["assets"][0]["resource"]["data"]
    assert kept["metadata"]["annotations"] == {"a": "b"}
    container = kept["spec"]["template"]["spec"]["containers"][0]
    assert container["envSources"] == [{"name": "TOKEN", "valueFrom": reference}]
    assert PASSWORD not in json.dumps(body)


def test_revisions_are_redacted_like_services() -> None:
    container = {"env": [{"name": "DB_PASSWORD", "value": PASSWORD}]}
    assert PASSWORD not in json.dumps(recorded("run:ListRevisions", {"revisions": [{"containers": [container]}]}))


def test_k1_a_push_endpoint_keeps_its_address_and_loses_its_token_and_attributes() -> None:
    attributes = {"x-goog-version": "v1", "note": PASSWORD}
    push = {"pushEndpoint": f"https://shop.example/hook?token={CODE}&v=1", "attributes": attributes}
    body = recorded("pubsub:ListSubscriptions", {"subscriptions": [{"name": "s", "pushConfig": push}]})
    kept = body["subscriptions"][0]["pushConfig"]
    assert kept["pushEndpoint"] == "https://shop.example/hook"
    assert set(kept["pushQuery"]) == {"token", "v"}
    assert {name: set(value) for name, value in kept["attributes"].items()} == {
        "x-goog-version": {"$variable"},
        "note": {"$variable"},
    }
    assert CODE not in json.dumps(body)
    assert PASSWORD not in json.dumps(body)


def test_a_bare_query_and_a_login_are_kept_apart_too() -> None:
    target = {"uri": f"https://bot:{PASSWORD}@shop.example/run?{CODE}#top", "body": "e30=", "headers": {"X-Key": CODE}}
    body = recorded("cloudscheduler:ListJobs", {"jobs": [{"name": "j", "httpTarget": target}]})
    kept = body["jobs"][0]["httpTarget"]
    assert kept["uri"] == "https://shop.example/run"
    assert set(kept["uriQuery"]) == {"query", "login", "fragment"}
    text = json.dumps(body)
    assert PASSWORD not in text
    assert CODE not in text


def test_a_signed_upload_address_is_gone() -> None:
    data = {"sourceUploadUrl": f"https://storage.example/x?Signature={CODE}", "environmentVariables": {"K": PASSWORD}}
    body = recorded("asset:ListResources", {"assets": [{"resource": {"data": data}}]})
    assert body["assets"][0]["resource"]["data"]["sourceUploadUrl"] == {"$redacted": "url"}
    assert PASSWORD not in json.dumps(body)


def test_odd_shapes_pass_through_unharmed() -> None:
    for body in (None, 1, "x", [], {"env": "x"}, {"env": [None, 3]}, {"httpTarget": None}, {"pushConfig": []}):  # type: ignore[var-annotated]
        assert json.dumps(prepared(body))
    assert prepared({"pushConfig": {"pushEndpoint": "https://[bad"}}) == {
        "pushConfig": {"pushEndpoint": "", "pushQuery": {"address": "https://[bad"}}
    }


def test_what_the_sdk_left_out_is_added_and_what_it_named_stays_named() -> None:
    parsed = {"environment": "GEN_2", "functions": [{"name": "f"}], "gone": {"a": 1}}
    raw = {"environment": 2, "functions": [{"name": "f", "tier": "TIER_9"}], "gone": {"b": 2}, "later": True}
    assert overlaid(parsed, raw) == {
        "environment": "GEN_2",
        "functions": [{"name": "f", "tier": "TIER_9"}],
        "gone": {"a": 1, "b": 2},
        "later": True,
    }
    assert overlaid({"list": [1]}, {"list": [1, "NEW"]}) == {"list": [1, "NEW"]}
