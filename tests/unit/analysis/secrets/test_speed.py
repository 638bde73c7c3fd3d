"""Hostile values must not make the judge slow: no pattern may backtrack without bound."""

import time

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
def test_hostile_value_is_judged_quickly(shape: str) -> None:
    started = time.process_time()
    judge("DB_PASSWORD", _HOSTILE[shape])
    judge("X", _HOSTILE[shape])
    sweep(_HOSTILE[shape])
    assert time.process_time() - started < 0.5
