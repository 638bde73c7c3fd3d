"""A command's template is filled so that bash reads every value as one word, wherever it stands."""

import json
import shlex
import subprocess

import pytest

from auditor.engine.shell_template import fill

HOSTILE = "a'b\"c; touch /tmp/never $(id) `id` \\ ${HOME} # x\ny"


def words(command: str) -> list[str]:
    """What bash passes on, one word after another."""
    script = f"set -f; argv() {{ printf '%s\\0' \"$@\"; }}; argv {command}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    assert not done.stderr
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("x --name {v}", ["x", "--name", HOSTILE]),
        ("x arn:aws:{v}:z", ["x", f"arn:aws:{HOSTILE}:z"]),
        ("x 'before {v} after'", ["x", f"before {HOSTILE} after"]),
        ('x "before {v} after"', ["x", f"before {HOSTILE} after"]),
        ("x 'a\\' {v}", ["x", "a\\", HOSTILE]),
    ],
)
def test_a_value_stays_one_word_in_every_kind_of_quotes(template: str, expected: list[str]) -> None:
    assert words(fill(template, {"v": HOSTILE})) == expected


def test_a_value_stays_a_string_of_json() -> None:
    (_, body) = words(fill("""x '[{"Key": "{v}", "Value": {"a": "<value>"}}]'""", {"v": HOSTILE}))
    assert json.loads(body) == [{"Key": HOSTILE, "Value": {"a": "REPLACE-value"}}]


def test_a_comment_stays_one_line() -> None:
    assert fill("x  # see {v}", {"v": "a\nrm -rf ~"}) == "x  # see a rm -rf ~"


def test_5_what_is_not_known_is_a_word_and_no_redirection() -> None:
    filled = fill("x --role=<role the code needs> --to gs://<bucket>/<path> --by {v}", {"v": "<role-name>"})
    assert (
        filled
        == "x --role='REPLACE-role-the-code-needs' --to gs://'REPLACE-bucket'/'REPLACE-path' --by 'REPLACE-role-name'"
    )
    assert shlex.split(filled)[1] == "--role=REPLACE-role-the-code-needs"


def test_5_a_name_that_begins_with_a_dash_is_joined_to_its_option() -> None:
    assert fill("aws x --function-name {v} --region {w}", {"v": "-rf", "w": "eu"}) == (
        "aws x --function-name=-rf --region eu"
    )
    assert fill("aws x --function-name {v}", {"v": "-a b"}) == "aws x --function-name='-a b'"


def test_a_placeholder_without_a_value_stays() -> None:
    assert fill("x {unheard_of}", {}) == "x {unheard_of}"


def test_single_quotes_hold_what_has_no_quote_of_its_own() -> None:
    template = """aws x --policy '{"Resource":"{resource}"}'"""
    assert fill(template, {"resource": "*"}) == """aws x --policy '{"Resource":"*"}'"""
