"""What is read as JSON or XML: the same values as everybody reads, and nothing that exceeds the limits."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.calls import limits
from providers.calls.json_reader import read_json
from providers.calls.reply import AnswerError
from providers.calls.xml_reader import read_xml

DEPTH = limits.MAX_DEPTH
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(SCALARS | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)
"""JSON that a cloud may send."""


@given(VALUES, st.booleans())
def test_what_is_json_is_read_as_it_is(value: Any, ascii_only: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": NaN}', "The answer holds NaN, which is no number of JSON."),
        (b"[Infinity]", "The answer holds Infinity, which is no number of JSON."),
        (b"[-Infinity]", "The answer holds -Infinity, which is no number of JSON."),
        (b'{"a": 1e999}', "The answer holds a number beyond any range."),
        (b'{"a": -1e400}', "The answer holds a number beyond any range."),
        (b'{"a": ' + b"9" * 21 + b"}", "The answer holds a number beyond any range."),
        (b'{"a": ' + b"9" * 5000 + b"}", "The answer holds a number beyond any range."),
        (b'{"functions": [1], "functions": []}', "The answer gives a key twice in one object."),
        (b'[{"x": {"a": 1, "\\u0061": 2}}]', "The answer gives a key twice in one object."),
        (b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1), f"The answer is nested more than {DEPTH} deep."),
        (b'{"a":' * 900 + b"1" + b"}" * 900, f"The answer is nested more than {DEPTH} deep."),
        (b'{"a":[' * 450 + b"]}" * 450, f"The answer is nested more than {DEPTH} deep."),
        (b"[" * 100_000 + b"]" * 100_000, f"The answer is nested more than {DEPTH} deep."),
        (b"", "The answer is not JSON."),
        (b"<html>Sign in</html>", "The answer is not JSON."),
        (b'{"value": [', "The answer is not JSON."),
        (b"{'a': 1}", "The answer is not JSON."),
        (b'{"a": 1} {"b": 2}', "The answer is not JSON."),
        (b'["\xff\xfe"]', "The answer is not JSON."),
        (b'["\xed\xa0\x80"]', "The answer is not JSON."),
        ('{"a": 1}'.encode("utf-16"), "The answer is not JSON."),
        (b"[" + b"0," * limits.MAX_VALUES + b"0]", "The answer holds more than 1,000,000 values."),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_s3_what_only_looks_like_json_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(AnswerError) as refused:
        read_json(content)
    assert str(refused.value) == said


@given(st.binary(max_size=200))
def test_s3_any_bytes_are_json_or_refused(content: bytes) -> None:
    try:
        read_json(content)
    except AnswerError:
        return
    json.loads(content.decode("utf-8-sig"))


@given(VALUES, st.data())
def test_s3_a_damaged_answer_is_read_or_refused(value: Any, data: st.DataObject) -> None:
    content = bytearray(json.dumps(value).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'"\\{}[],:0eE-NI\x00\xff'))
    try:
        read = read_json(bytes(content))
    except AnswerError:
        return
    json.dumps(read, allow_nan=False)


def test_nesting_within_the_limit_is_read_and_brackets_in_text_do_not_count() -> None:
    deepest = b'{"a":[' * (DEPTH // 2) + b"]}" * (DEPTH // 2)
    assert read_json(deepest) is not None
    texts = json.dumps([{"policy": "[" * 500, '"]{"': "\\" * 7, "[": '\\"['}] * 60).encode()
    assert read_json(texts) == json.loads(texts)


def test_half_of_a_surrogate_pair_is_replaced_and_a_whole_one_is_kept() -> None:
    assert read_json(rb'["\ud83d\ude00", "cut \ud83d", "\ude00"]') == ["\U0001f600", "cut �", "�"]
    assert read_json(rb'{"\ud83d": {"a": [1, null, "\ud83d"]}}') == {"�": {"a": [1, None, "�"]}}
    with pytest.raises(AnswerError, match="a key twice"):
        read_json(rb'{"\ud83d": 1, "\ud83e": 2}')


@given(st.text(st.characters(min_codepoint=0xD700, max_codepoint=0xE010)))
def test_every_text_that_was_read_can_be_written(text: str) -> None:
    read_json(json.dumps([text]).encode())[0].encode()


def test_a_byte_order_mark_is_no_damage() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The answer is not XML."),
        (b"<a><b></a>", "The answer is not XML."),
        (b"<a>\xff</a>", "The answer is not XML."),
        (b"<a>&#xD800;</a>", "The answer is not XML."),
        (b"<a>&unknown;</a>", "The answer is not XML."),
        (
            b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
            "The answer is XML with a document type, which no service sends.",
        ),
        (b"<a>" * (DEPTH + 1) + b"</a>" * (DEPTH + 1), f"The answer is nested more than {DEPTH} deep."),
        (b"<a>" * 100_000 + b"</a>" * 100_000, f"The answer is nested more than {DEPTH} deep."),
        (b"<a>" + b"<b/>" * (2 * limits.MAX_VALUES) + b"</a>", "The answer holds more than 1,000,000 values."),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_s3_what_only_looks_like_xml_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(AnswerError) as refused:
        read_xml(content)
    assert str(refused.value) == said


def test_entities_are_never_expanded_however_the_document_is_encoded() -> None:
    bomb = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "yyyy">]><a>&x;&x;</a>'
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-32"):
        with pytest.raises(AnswerError):
            read_xml(bomb.encode(encoding))


@given(st.binary(max_size=100))
def test_s3_any_bytes_are_xml_or_refused(content: bytes) -> None:
    for document in (content, b"<a>" + content + b"</a>"):
        try:
            read_xml(document)
        except AnswerError:
            continue


def test_xml_within_the_limits_is_read() -> None:
    root = read_xml(b"<a>" * DEPTH + b"text" + b"</a>" * DEPTH)
    assert "".join(root.itertext()) == "text"
