"""The one form in which a redacted value is stored: what is written is what is read, and nothing else is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.environment import Variable
from auditor.model.redacted import (
    JudgedValue,
    UndecodableError,
    decode,
    encode,
    find,
    is_placeholder,
    is_replaced,
    placeholder,
)
from auditor.model.secret import Reference, ReferenceKind, SecretVerdict, Treatment
from auditor.model.severity import Confidence
from auditor.snapshot.redact import Redactor

VALUES = st.builds(
    JudgedValue,
    st.builds(
        Variable,
        name=st.text(),
        length=st.integers(0, 10**6),
        verdict=st.sampled_from(SecretVerdict),
        confidence=st.none() | st.sampled_from(Confidence),
        detector=st.none() | st.text(),
        reference=st.none() | st.builds(Reference, st.sampled_from(ReferenceKind), st.text()),
        digest=st.text(),
        value=st.none() | st.text(),
    ),
    st.dictionaries(st.text(), st.text(), max_size=2),
)


@given(VALUES)
def test_what_is_encoded_is_decoded(value: JudgedValue) -> None:
    body = encode(value)
    assert decode(value.variable.name, body) == value
    assert is_replaced(body)
    assert not is_placeholder(body)


@given(st.text(), st.text())
def test_what_the_redactor_writes_is_decoded(name: str, value: str) -> None:
    body = Redactor(b"k").body({"v": {name: value}}, {"v": Treatment.VARIABLES})
    ((_, written),) = body["v"].items()  # type: ignore[index]
    judged = decode(name, written)
    assert judged.variable.length == len(value)
    assert judged.variable.value in (None, value)


WHOLE = encode(decode("a", Redactor(b"k").body({"v": {"a": "x"}}, {"v": Treatment.VARIABLES})["v"]["a"]))["$variable"]  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        None,
        "in the clear",
        {},
        {"$variable": None},
        placeholder("dropped"),
        *({"$variable": {name: value for name, value in WHOLE.items() if name != key}} for key in WHOLE),
        {"$variable": WHOLE | {"length": "1"}},
        {"$variable": WHOLE | {"length": -1}},
        {"$variable": WHOLE | {"length": True}},
        {"$variable": WHOLE | {"verdict": None}},
        {"$variable": WHOLE | {"digest": 7}},
        {"$variable": WHOLE | {"digest": "\ud800"}},
        {"$variable": WHOLE | {"reference": "arn"}},
        {"$variable": WHOLE | {"reference": {"kind": "arn"}}},
        {"$variable": WHOLE | {"about": {"account": 1}}},
        {"$variable": WHOLE | {"about": []}},
    ],
    ids=repr,
)
def test_what_redaction_does_not_write_is_refused(body: Any) -> None:
    with pytest.raises(UndecodableError) as refused:
        decode("a", body)
    assert not refused.value.newer
    assert find("a", body) is None


def test_a_verdict_that_came_after_us_is_told_from_damage() -> None:
    with pytest.raises(UndecodableError) as refused:
        decode("a", {"$variable": WHOLE | {"verdict": "perhaps"}})
    assert refused.value.newer


def test_placeholders_are_known() -> None:
    assert is_placeholder(placeholder("url"))
    assert is_replaced(placeholder("url"))
    assert not is_placeholder({"$redacted": "url", "more": 1})
    assert not is_replaced("url")
