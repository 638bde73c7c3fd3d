"""What is kept of the source of a workflow: the fixed addresses that it calls, and nothing else."""

import pytest

from providers.gcp.response_preparation import prepared
from providers.gcp.workflow_source import called_addresses

STEPS = """\
main:
  steps:
    - one:
        call: http.post
        args:
          url: https://orders.run.app/start?week=1
          auth: {type: OIDC}
          body: {note: not-to-be-kept}
    - two:
        parallel:
          branches:
            - left:
                steps:
                  - plain: {call: http.get, args: {url: "http://partner.example"}}
    - three: {call: http.get, args: {url: '${"https://" + host}'}}
"""


def test_fixed_addresses_are_kept_without_their_query() -> None:
    assert called_addresses(STEPS) == [
        {"address": "orders.run.app/start", "token": "OIDC"},
        {"address": "partner.example", "token": ""},
    ]


def test_the_source_itself_is_not_recorded() -> None:
    kept = prepared({"workflows": [{"name": "w", "sourceContents": STEPS}]})
    assert kept == {"workflows": [{"name": "w", "calls": called_addresses(STEPS)}]}
    assert "not-to-be-kept" not in str(kept)


def test_aliases_that_repeat_one_another_are_walked_through_once() -> None:
    lines = ["a0: &a0 {args: {url: 'https://deep.example'}}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    assert called_addresses("\n".join(lines)) == [{"address": "deep.example", "token": ""}]


@pytest.mark.parametrize("source", ["{", "a: [", "\x00", "[" * 5000])
def test_a_source_that_is_none_tells_nothing(source: str) -> None:
    assert called_addresses(source) is None
