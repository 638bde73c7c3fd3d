"""No declared value leaves the redactor, whatever shape it came in, and the facts an audit needs stay."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.secret import Treatment
from auditor.snapshot.redact import Redactor

RULES = {
    "Functions[].Environment.Variables": Treatment.VARIABLES,
    "Environment.Variables": Treatment.VARIABLES,
    "Code.Location": Treatment.URL,
    "ConnectionString": Treatment.TEXT,
    "Definition": Treatment.DROP,
}
SECRET = "Tr0ub4" + "dor&3xyz"
CANARY = "canary" + "-81f3c2-plain"
KEY = b"k" * 32


def variables(values: object) -> dict[str, Any]:
    return {"FunctionName": "orders", "Environment": {"Variables": values}}


def redacted(values: object) -> Any:
    body = Redactor(KEY).body(variables(values), RULES)
    assert isinstance(body, dict)
    return body["Environment"]["Variables"]


def test_secret_becomes_what_was_learnt_about_it() -> None:
    learnt = redacted({"DB_PASSWORD": SECRET})["DB_PASSWORD"]["$variable"]
    assert learnt["verdict"] == "secret"
    assert learnt["confidence"] == "high"
    assert learnt["detector"] == "name-and-shape"
    assert learnt["length"] == len(SECRET)
    assert learnt["value"] is None
    assert len(learnt["digest"]) == 16


def test_strict_reference_keeps_its_text() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
    assert redacted({"DB_PASSWORD": arn})["DB_PASSWORD"]["$variable"]["reference"] == {"kind": "arn", "text": arn}


@pytest.mark.parametrize("value", ["${DB_PASSWORD_PARAM}", "op://prod/db/password", "/run/secrets/db_password"])
def test_loose_reference_keeps_only_its_kind(value: str) -> None:
    learnt = redacted({"DB_PASSWORD": value})["DB_PASSWORD"]["$variable"]
    assert learnt["verdict"] == "reference"
    assert learnt["reference"]["text"] is None
    assert value not in json.dumps(learnt)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "DEBUG"),
        ("POWERTOOLS_LOG_LEVEL", "INFO"),
        ("AWS_REGION", "eu-central-1"),
        ("AzureWebJobsFeatureFlags", "EnableWorkerIndexing,EnableProxies"),
        ("FUNCTIONS_EXTENSION_VERSION", "~4"),
        ("FUNCTIONS_WORKER_RUNTIME", "python"),
        ("AWS_LAMBDA_EXEC_WRAPPER", "/opt/otel-handler"),
        ("FEATURE_X", "true"),
        ("RETRIES", "3"),
        ("STAGE", "prod"),
    ],
)
def test_listed_value_is_kept(name: str, value: str) -> None:
    assert redacted({name: value})[name]["$variable"]["value"] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NODE_OPTIONS", "--require /tmp/x.js"),
        ("LD_PRELOAD", "/opt/x.so"),
        ("API_URL", "https://api.example.com"),
        ("AzureWebJobsFeatureFlags", "EnableProxies;x=https://api.example.com"),
        ("FEATURE_FLAGS", "EnableProxies"),
        ("STAGE", "x"),
    ],
)
def test_unlisted_value_is_not_kept(name: str, value: str) -> None:
    assert redacted({name: value})[name]["$variable"]["value"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "4821"),
        ("DB_PASSWORD", "123"),
        ("OTP_SECRET", "9921"),
        ("ADMIN_PIN", "0000"),
        ("DB_PASSWORD", "true"),
        ("DB_PASSWORD", "off"),
        ("API_KEY", "1234"),
        ("SMTP_AUTH", "yes"),
        ("ENCRYPTION_KEY", "7"),
        ("SENHA", "77"),
    ],
)
def test_k10_a_telling_name_beats_the_list_of_what_may_be_kept(name: str, value: str) -> None:
    assert redacted({name: value})[name]["$variable"]["value"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN_TTL", "300"),
        ("SECRET_ROTATION_DAYS", "30"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("ENABLE_SECRETS", "true"),
        ("REQUIRE_PASSWORD", "yes"),
        ("MAX_TOKENS", "4096"),
        ("PIN_RETRIES", "3"),
        ("AUTH_PORT", "8443"),
        ("WEBSITE_RUN_FROM_PACKAGE", "1"),
    ],
)
def test_k10_quantities_and_switches_about_credentials_are_kept(name: str, value: str) -> None:
    learnt = redacted({name: value})[name]["$variable"]
    assert (learnt["verdict"], learnt["value"]) == ("clear", value)


@pytest.mark.parametrize(
    "shape",
    [
        [SECRET, CANARY],
        {"DB_PASSWORD": {"nested": SECRET, "more": [CANARY]}},
        {"DB_PASSWORD": [SECRET], "X": CANARY},
        [{"name": "DB_PASSWORD", "value": SECRET, "slotSetting": CANARY}],
        [{"DB_PASSWORD": SECRET, "X": CANARY}],
        SECRET + CANARY,
        [[[SECRET]], {"a": {"b": CANARY}}],
    ],
)
def test_malformed_variables_do_not_leak(shape: object) -> None:
    text = json.dumps(Redactor(KEY).body(variables(shape), RULES))
    assert SECRET not in text
    assert CANARY not in text


def test_values_that_are_no_strings_keep_the_shape() -> None:
    learnt = redacted({"A": None, "B": 12345678901, "C": True, "D": 1.5})
    assert {name: item["$variable"]["length"] for name, item in learnt.items()} == {"A": 0, "B": 11, "C": 4, "D": 3}


def test_absent_variables_stay_absent() -> None:
    assert redacted(None) is None


def test_presigned_url_and_definition_are_replaced_whole() -> None:
    body = {
        "Code": {"Location": "https://b.s3/x?sig=1", "RepositoryType": "S3"},
        "Definition": {"States": {"a": SECRET}},
    }
    assert Redactor(KEY).body(body, RULES) == {
        "Code": {"Location": {"$redacted": "url"}, "RepositoryType": "S3"},
        "Definition": {"$redacted": "dropped"},
    }


def test_text_field_is_treated_as_a_variable_of_its_name() -> None:
    out = Redactor(KEY).body({"ConnectionString": "Server=h;Password=" + SECRET}, RULES)
    assert isinstance(out, dict)
    assert out["ConnectionString"]["$variable"]["verdict"] == "secret"


def test_secret_repeated_elsewhere_goes_even_before_its_field() -> None:
    body = {"Description": f"uses {SECRET} at night", "Tags": {SECRET: "x"}, **variables({"DB_PASSWORD": SECRET})}
    redactor = Redactor(KEY)
    assert SECRET not in json.dumps(redactor.body(body, RULES))
    later: Any = redactor.body({"Description": f"<{SECRET}>"}, {})
    assert re.fullmatch(r"<\[redacted:variable-[0-9a-f]{8}\]>", later["Description"])


def test_clear_value_that_recurs_stays_in_answers_but_not_in_messages() -> None:
    redactor = Redactor(KEY)
    out = redactor.body({"TableName": "orders-prod-7", **variables({"TABLE": "orders-prod-7"})}, RULES)
    assert isinstance(out, dict)
    assert out["TableName"] == "orders-prod-7"
    assert redactor.text("no table orders-prod-7 here") == "no table [redacted:variable] here"


def test_cloud_vocabulary_given_as_a_password_does_not_blind_the_audit() -> None:
    body = {
        "AuthType": "NONE",
        "Runtime": "nodejs22.x",
        **variables({"A_PASSWORD": "NONE", "B_PASSWORD": "nodejs22.x"}),
    }
    out = Redactor(KEY).body(body, RULES)
    assert isinstance(out, dict)
    assert (out["AuthType"], out["Runtime"]) == ("NONE", "nodejs22.x")


def test_identity_survives_a_secret_made_of_its_parts() -> None:
    arn = "arn:aws:lambda:us-east-1:111122223333:function:orders"
    body = {"FunctionArn": arn, **variables({"DB_PASSWORD": "us-east-1:111122223333:function"})}
    out = Redactor(KEY).body(body, RULES)
    assert isinstance(out, dict)
    assert out["FunctionArn"] == arn


@pytest.mark.parametrize(
    "part",
    [SECRET, SECRET[:8], SECRET[:-1], SECRET[-8:], "x" + SECRET, SECRET[:9] + "...", "'" + SECRET[:10] + "'"],
)
def test_k3_a_part_of_a_secret_in_a_message_goes_to_the_border_of_the_word(part: str) -> None:
    redactor = Redactor(KEY)
    redactor.body(variables({"DB_PASSWORD": SECRET}), RULES)
    message = redactor.text(f"the value {part} near us-east-1")
    assert not any(SECRET[place : place + 8] in message for place in range(len(SECRET) - 7))
    assert message.startswith("the value ")
    assert message.endswith(" near us-east-1")


@pytest.mark.parametrize(
    "said",
    [
        "https://aka.ms/rest is closed",
        "The Resource 'Microsoft.Web/sites/fhw-gone-by-noon' was not found",
        "sites/fhw-gone-by-noon/slots/x",
        "no table orders-prod-77 here",
        "postgres is no engine we know, nor is mysql+ssl",
        "the Pascal case OrdersPr0d2024Main",
        "projects/shop/secrets/api-key/versions/1",
        "arn:aws:lambda:us-east-1:111122223333:function:orders-prod-7",
        "arn:aws:lambda:us-east-1:111122223333:function:orders-prod-7:live",
    ],
)
def test_k3_messages_stay_readable_beside_values_that_begin_alike(said: str) -> None:
    redactor = Redactor(KEY)
    values = {
        "HOOK_URL": "https://hooks.slack.com/services/T" + "0AB12CD3/B" + "0EF45GH6/" + "kJ8sQ2mN5pR7tV9xZ1bD3fG6",
        "SITE": "fhw-gone-late",
        "TABLE": "orders-prod-7",
        "DB_PASSWORD": "postgres",
        "NAME": "OrdersPr0d",
        "DATABASE_URL": "mysql://app:" + "wG7qLz2XbN" + "@h/d",
        "KEY_NAME": "api-key",
    }
    redactor.body(variables(values), RULES)
    assert redactor.text(said) == said


def test_k3_a_clear_value_goes_from_a_message_as_a_word_of_its_own() -> None:
    redactor = Redactor(KEY)
    redactor.body(variables({"TABLE": "orders-prod-7", "NOTE": "two words, said"}), RULES)
    assert redactor.text("no table 'orders-prod-7'.") == "no table '[redacted:variable]'."
    assert redactor.text("table=orders-prod-7; orders-prod-70") == "table=[redacted:variable]; orders-prod-70"
    assert redactor.text("what? two words, said.") == "what? [redacted:variable]."


@pytest.mark.parametrize("encode", [quote, lambda text: b64encode(text.encode()).decode(), json.dumps, repr, escape])
def test_k3_an_encoded_secret_in_a_message_goes(encode: Callable[[str], str]) -> None:
    redactor = Redactor(KEY)
    redactor.body(variables({"DB_PASSWORD": SECRET + '"<7'}), RULES)
    message = redactor.text(f"bad value: {encode(SECRET + chr(34) + '<7')} given")
    assert encode(SECRET)[1:-1].strip("'\"")[:12] not in message
    assert message.startswith("bad value: ")
    assert message.endswith(" given")


@pytest.mark.parametrize(
    "spell", [repr, json.dumps, lambda value: "u=" + value.replace("&", "%26").replace("\n", "%0A")]
)
def test_quoted_spelling_of_a_secret_goes_too(spell: Any) -> None:
    value = "qX9&" + "first7\nsecond8"
    redactor = Redactor(KEY)
    redactor.body(variables({"DB_PASSWORD": value}), RULES)
    message = redactor.text(f"bad {spell(value)}")
    assert "second8" not in message


def test_digest_tells_equal_values_apart_only_within_a_run() -> None:
    first, second = Redactor(), Redactor()
    one = first.body(variables({"A": CANARY, "B": CANARY}), RULES)
    two = second.body(variables({"A": CANARY}), RULES)
    assert isinstance(one, dict)
    assert isinstance(two, dict)
    values = one["Environment"]["Variables"]
    assert values["A"]["$variable"]["digest"] == values["B"]["$variable"]["digest"]
    assert values["A"]["$variable"]["digest"] != two["Environment"]["Variables"]["A"]["$variable"]["digest"]


def test_input_is_left_untouched_and_the_key_is_not_shown() -> None:
    body = variables({"DB_PASSWORD": SECRET})
    before = json.dumps(body)
    redactor = Redactor(b"visible-key")
    redactor.body(body, RULES)
    assert json.dumps(body) == before
    assert "visible-key" not in repr(redactor)


_VALUES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=8, max_size=40
).map(lambda text: "zQ7!" + text + "9$")
_NAMES = st.sampled_from(["DB_PASSWORD", "API_TOKEN", "PLAIN", "TABLE_NAME", "CONFIG", "URL"])


@given(_NAMES, _VALUES, st.text(max_size=20), st.text(max_size=20))
def test_no_value_survives_its_field_or_a_message(name: str, value: str, before: str, after: str) -> None:
    redactor = Redactor(KEY)
    out = redactor.body(variables({name: value}), RULES)
    assert value not in json.dumps(out, ensure_ascii=False)
    message = redactor.text(before + " " + value + " " + after)
    assert value not in message


@given(_VALUES, st.text(max_size=20), st.text(max_size=20))
def test_no_secret_survives_elsewhere_in_the_answer(value: str, before: str, after: str) -> None:
    body = {"Description": before + value + after, **variables({"DB_PASSWORD": value})}
    assert value not in json.dumps(Redactor(KEY).body(body, RULES), ensure_ascii=False)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON)
def test_any_shape_is_redacted_without_error(shape: object) -> None:
    json.dumps(Redactor(KEY).body(variables(shape), RULES))
    json.dumps(Redactor(KEY).body(shape, RULES))


@pytest.mark.parametrize("label", ["attribute", "header", "Key", "parameter", "field"])
def test_k1_records_of_a_name_and_a_value_are_judged_together_whatever_the_name_is_called(label: str) -> None:
    value = "Zk4t9vQ" + "7mTrWp3x"
    body = {"filters": [{label: "authToken", "value": value}, {label: "type", "value": "order.paid.v1"}]}
    redacted = json.dumps(Redactor(KEY).body(body, RULES))
    assert value not in redacted
    assert "order.paid.v1" in redacted


@pytest.mark.parametrize(
    "settings",
    [
        {"properties": {"appSettings": [{"name": "NOTE", "value": CANARY}]}},
        {"configuration": {"environment": {"variables": {"NOTE": CANARY}}}},
        {"containerOverrides": [{"name": "main", "environment": [{"name": "NOTE", "value": CANARY}]}]},
        {"body": json.dumps({"appSettings": {"NOTE": CANARY}})},
    ],
)
def test_k1_settings_inside_a_text_of_json_are_redacted_like_those_of_an_answer(settings: object) -> None:
    redacted: Any = Redactor(KEY).body({"requestbody": json.dumps(settings), "spare": [json.dumps([settings])]}, {})
    assert CANARY not in json.dumps(redacted)
    assert json.loads(redacted["requestbody"]).keys() == json.loads(json.dumps(settings)).keys()


@pytest.mark.parametrize(
    "text",
    [
        '{"Statement":[{"Effect":"Allow",  "Action":"lambda:InvokeFunction", "Resource":"*"}]}',
        '{"parameters": {"region": "eu-west-1"}, "environment": [], "n": 1e999}',
        '{"appSettings": [',
        '{"env": ' + "[" * 5000,
    ],
)
def test_k1_a_text_of_json_without_settings_or_sense_stays(text: str) -> None:
    assert Redactor(KEY).body({"document": text}, {}) == {"document": text}
