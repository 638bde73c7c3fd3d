"""Placeholders: values stay apart, names stay names, and calls still name what the cloud knows."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.analysis.secrets import sweep
from auditor.model.secret import Treatment
from auditor.snapshot.placeholders import Placeholders, stable_name
from auditor.snapshot.redact import Redactor

KEY = b"k" * 32
RULES = {"Environment.Variables": Treatment.VARIABLES}
ONE, TWO = "gh" + "p_" + "aB3dE6gH9" * 4, "gh" + "p_" + "zY8xW5vU2" * 4
ROLE_ONE, ROLE_TWO = "AK" + "IA" + "QWERTYUIOP234567", "AK" + "IA" + "ASDFGHJKLZ765432"
LAMBDA = "arn:aws:lambda:us-east-1:111122223333:function:"
LOOKALIKES = [
    ONE,
    ROLE_ONE,
    "key" + "-" + "0123456789abcdef" * 2,
    "xox" + "b-1234-abcd-loader-fn",
    "S" + "K" + "0123456789abcdef" * 2,
    "h" + "f_" + "aB3dE6gH9" * 4,
    "gl" + "pat-" + "aB3dE6gH9kL2mN5pQ8rS",
]


def redacted(redactor: Redactor, body: Any) -> Any:
    return redactor.body(body, RULES)


@pytest.mark.parametrize("name", LOOKALIKES)
def test_a_name_like_a_token_is_one_word_everywhere_and_the_calls_use_the_name(name: str) -> None:
    redactor = Redactor(KEY)
    body = {
        "FunctionName": name,
        "FunctionArn": f"{LAMBDA}{name}",
        "LogGroup": f"/aws/lambda/{name}",
        "Alias": f"{LAMBDA}{name}:live",
        "Policy": f'{{"Resource":"{LAMBDA}{name}"}}',
    }
    mark = redacted(redactor, body)["FunctionName"]
    assert re.fullmatch(r"redacted-[a-z-]+-[0-9a-f]{8}", mark)
    assert redacted(redactor, body) == {key: text.replace(name, mark) for key, text in body.items()}
    assert redactor.subject(f"{LAMBDA}{name}#live") == f"{LAMBDA}{mark}#live"
    assert redactor.restore({"FunctionName": mark, "Names": [f"{LAMBDA}{mark}:live"], "Max": 5}) == {
        "FunctionName": name,
        "Names": [f"{LAMBDA}{name}:live"],
        "Max": 5,
    }
    assert stable_name(name) == mark


def test_two_functions_and_two_roles_stay_two() -> None:
    redactor = Redactor(KEY)
    names = [redacted(redactor, {"Name": name})["Name"] for name in (ONE, TWO, ROLE_ONE, ROLE_TWO)]
    assert len(set(names)) == 4
    assert redactor.restore(tuple(names)) == (ONE, TWO, ROLE_ONE, ROLE_TWO)


def test_a_name_keeps_its_mark_from_run_to_run_and_a_password_does_not() -> None:
    def marks(redactor: Redactor) -> tuple[str, str]:
        redacted(redactor, {"Environment": {"Variables": {"DB_PASSWORD": "Tr0ub4" + "dor3xyz"}}})
        out = redacted(redactor, {"Name": ONE, "Other": "Tr0ub4" + "dor3xyz"})
        return out["Name"], out["Other"]

    (name, password), (again, other) = marks(Redactor()), marks(Redactor())
    assert name == again
    assert password != other


def test_a_token_that_is_also_a_name_has_one_mark_before_and_after_it_was_judged() -> None:
    redactor = Redactor(KEY)
    before = redacted(redactor, {"Name": ONE, "Arn": f"{LAMBDA}{ONE}"})
    redacted(redactor, {"Environment": {"Variables": {"GITHUB_TOKEN": ONE}}})
    assert redacted(redactor, {"Name": ONE, "Arn": f"{LAMBDA}{ONE}"}) == before


@pytest.mark.parametrize(
    "text",
    [
        "arn:*:*:*:*:*",
        "arn:aws:*:*:*:*",
        "arn:aws:*:*:111122223333:*",
        "arn:*:*:*:*:?*",
        "*:*:*:*:*:*",
        f"{LAMBDA}password:blue1",
        f'{{"Action":"*","Resource":["arn:*:*:*:*:*","{LAMBDA}api-token:Kd83hsJq02Lz"]}}',
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:Kd83hsJq02Lz-AbCdEf",
    ],
)
def test_identifiers_and_their_patterns_are_no_command_lines(text: str) -> None:
    assert Redactor(KEY).body({"Resource": text}, {}) == {"Resource": text}


@pytest.mark.parametrize(
    ("before", "secret"),
    [
        ("db.internal:5432:orders:app:", "hunter" + "22"),
        ("see arn:aws:iam::1:role/x; password=", "hunter" + "22"),
        ("arn:password=", "hunter" + "22"),
    ],
)
def test_beside_an_identifier_a_password_is_still_found(before: str, secret: str) -> None:
    assert secret not in sweep(before + secret)


SITE = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Web/sites/"


@pytest.mark.parametrize("name", ["key" + "-" + "0123456789abcdef" * 2, "gl" + "pat-" + "ab3de6gh9kl2mn5pq8rs"])
@pytest.mark.parametrize(
    "form",
    [
        SITE + "{}",
        "{}.azurewebsites.net",
        "https://{}.scm.azurewebsites.net/api",
        "projects/shop/locations/europe-west1/functions/{}",
        "//run.googleapis.com/projects/shop/locations/europe-west1/services/{}",
        "https://{}-abc123-ew.a.run.app",
        "{}@shop.iam.gserviceaccount.com",
    ],
)
def test_ids_and_hosts_of_every_cloud_keep_all_but_the_name(name: str, form: str) -> None:
    redactor = Redactor(KEY)
    out = redacted(redactor, {"id": form.format(name)})["id"]
    assert name not in out
    assert redactor.restore(out) == form.format(name)
    if "run.app" not in form:  # where the cloud appends to the name itself, what it appends may go as well
        assert out == form.format(redacted(redactor, {"n": name})["n"])


@pytest.mark.parametrize(
    "identity",
    [
        f"{LAMBDA}orders-prod-1x",
        SITE + "orders-prod-1x",
        "projects/shop/locations/europe-west1/functions/orders-prod-1x",
        "//cloudfunctions.googleapis.com/projects/shop/locations/europe-west1/functions/orders-prod-1x",
    ],
)
def test_a_resource_keeps_its_identity_when_a_password_is_its_name(identity: str) -> None:
    redactor = Redactor(KEY)
    redacted(redactor, {"Environment": {"Variables": {"DB_PASSWORD": "orders-" + "prod-1x"}}})
    assert redacted(redactor, {"id": identity}) == {"id": identity}


def test_two_secrets_met_again_in_fields_stay_two() -> None:
    redactor = Redactor(KEY)
    first, second = "Tr0ub4" + "dor&3xyz", "Bl4ck" + "&bird9xy"
    redacted(redactor, {"Environment": {"Variables": {"A_PASSWORD": first, "B_PASSWORD": second}}})
    out = redacted(redactor, {"a": first, "b": second, "c": f"<{first}>"})
    assert out["a"] != out["b"]
    assert out["c"] == f"<{out['a']}>"


def test_what_no_mark_stands_for_is_sent_as_it_is() -> None:
    marks = Placeholders(KEY)
    mark = marks.of("github-token", ONE)
    assert marks.restore(f"{mark} redacted-github-token-00000000") == f"{ONE} redacted-github-token-00000000"


_PARTS = st.sampled_from(
    ["password=", "token: ", ONE, ROLE_ONE, "://u:", "pw9", "@h", "arn:aws:x:", ":", " ", "-", "."]
)


@given(st.lists(_PARTS, max_size=12).map("".join))
def test_what_was_marked_is_not_marked_again(text: str) -> None:
    redactor = Redactor(KEY)
    once = redacted(redactor, {"t": text})
    assert redacted(redactor, once) == once
