"""Hostile values must not hold the judge up: a pattern that backtracks without bound would not end here."""

import pytest

from auditor.analysis.secrets import judge, sweep

_HOSTILE = {
    "letters": "a" * 4096,
    "pairs": "password=" * 450,
    "signed": "X-Amz-Signature=" * 250,
    "jwt": "eyJ" * 1300,
    "pem": ("-----BEGIN " + "PRIVATE KEY-----") * 150,
    "templates": "${a:-" * 800,
    "path": "/a" * 2000,
    "host": "a.b" * 1300,
    "userinfo": "://a:b@" * 580,
    "curl": "curl -u " * 500,
    "json": '{"a":' * 800,
    "escapes": 'password: "' + "\\" * 4000,
    "xml": "<a>" * 1300,
    "digits": "a1" * 2048,
    "spaces": " " * 4096,
    "query": "https://a?" + "a=b&" * 1000,
}


@pytest.mark.parametrize("shape", _HOSTILE)
def test_the_judging_of_a_hostile_value_ends(shape: str) -> None:
    judge("DB_PASSWORD", _HOSTILE[shape])
    judge("X", _HOSTILE[shape])
    sweep(_HOSTILE[shape])
