import base64
import gzip
import json
import re
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.html.causes import CauseColumns, trait_bits
from reports.html.encode import (
    ABSENT,
    FindingColumns,
    FunctionColumns,
    marks,
    template,
)
from reports.html.verdicts import VerdictRows, ranges
from reports.html.wire import Block, StringTable


def unpack(block: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(block)))


def fill(text: str, facts: dict[str, str]) -> str:
    return re.sub("\x01(.)", lambda found: "\x01" if found[1] == "z" else facts[found[1]], text, flags=re.DOTALL)


def function(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"arn:aws:lambda:us-east-1:111122223333:function:{name}", "name": name, "cloud": "aws", "kind": "zip",
        "scope": "aws/111122223333", "location": "us-east-1", "runtime": "python3.13", **more,
    }  # fmt: skip


def finding(owner: dict[str, Any] | None, number: int, **more: Any) -> dict[str, Any]:
    name = owner["name"] if owner else "us-east-1"
    return {
        "fingerprint": f"{number:016x}", "check_id": "timeout-max", "risk": "denial-of-wallet", "severity": "low",
        "confidence": "high", "title": "Timeout is the longest", "message": f"{name} may run for 900 seconds",
        "function_id": owner["id"] if owner else None, "resource_id": owner["id"] if owner else "aws/1/us-east-1",
        "locus": "", "evidence": [{"source": "lambda:ListFunctions", "detail": f'{{"FunctionName": "{name}"}}'}],
        "remediation": {"text": "Lower it.", "command": f"aws lambda update --function-name {name}", "terraform": None},
        "controls": ["SAS-2"], "waived": None, **more,
    }  # fmt: skip


@given(st.text(), st.lists(st.text(min_size=4, max_size=8), max_size=4))
def test_a_marked_text_comes_back_as_it_was(text: str, values: list[str]) -> None:
    facts = dict(zip("nilr", values, strict=False))
    whole = text.join(["", *values, ""])
    assert fill(template(whole, marks(facts.items()).plain), facts) == whole


@given(st.dictionaries(st.text(), st.text()), st.text(min_size=4))
def test_marked_json_comes_back_as_it_was(value: dict[str, str], name: str) -> None:
    facts = marks([("n", name)])
    text = json.dumps({**value, "name": name}, separators=(",", ":"))
    escaped = {"n": json.dumps(name)[1:-1]}
    assert json.loads(fill(template(text, facts.escaped), escaped)) == {**value, "name": name}


def test_short_values_and_values_with_the_mark_are_left_alone() -> None:
    assert marks([("n", "api"), ("i", "a\x01nb-function"), ("l", None)]).plain == ()


def test_longer_values_are_marked_before_those_inside_them() -> None:
    facts = marks([("n", "orders"), ("i", "arn:orders:v1")])
    assert template("arn:orders:v1 is orders", facts.plain) == "\x01i is \x01n"


def test_texts_that_differ_only_in_the_function_are_stored_once() -> None:
    strings = StringTable()
    functions = FunctionColumns(strings)
    findings = FindingColumns(strings, functions, {"timeout-max": 0}, CauseColumns(strings))
    owners = [function(f"orders-{number}") for number in range(50)]
    for owner in owners:
        functions.add(owner)
    before = len(strings)
    for number, owner in enumerate(owners):
        findings.add(finding(owner, number))
    assert len(strings) - before < 12
    packed = unpack(findings.close())
    table = unpack(strings.close())
    assert packed["count"] == 50
    assert len(packed["shapes"]) == 1
    assert packed["fn"] == list(range(50))
    assert table[packed["message"][7]] == "\x01n may run for 900 seconds"
    assert table[packed["shapes"][0][7]] == "aws lambda update --function-name \x01n"
    assert packed["shapes"][0][8] == ABSENT
    assert base64.b64decode(packed["fingerprints"])[8:16].hex() == "0000000000000001"


def test_a_scope_wide_finding_belongs_to_no_function() -> None:
    strings = StringTable()
    findings = FindingColumns(strings, FunctionColumns(strings), {"timeout-max": 0}, CauseColumns(strings))
    assert findings.add(finding(None, 1, subject_id="aws/1/us-east-1", cloud="aws", account="1"))[0] == ABSENT
    packed, table = unpack(findings.close()), unpack(strings.close())
    assert table[packed["subject"][0]] == "aws/1/us-east-1"
    assert packed["places"] == {"0": ["aws", "1", None]}


def test_a_finding_names_its_cause_and_the_cause_its_lead() -> None:
    strings = StringTable()
    causes = CauseColumns(strings)
    causes.add({"id": "c" * 16, "lead": f"{2:016x}", "points": 1.25, "breaks": "Callers without a signature."})
    findings = FindingColumns(strings, FunctionColumns(strings), {"timeout-max": 0}, causes)
    made = [findings.add(finding(None, number, cause="c" * 16))[1] for number in (1, 2, 3)]
    assert made == [False, False, False]
    assert findings.add(finding(None, 4))[1], "a finding of a report without causes is its own cause"
    packed, held, table = unpack(findings.close()), unpack(causes.close()), unpack(strings.close())
    assert list(accumulate(packed["cause"])) == [0, 0, 0, 1]
    assert list(accumulate(held["lead"])) == [1, 3]
    assert held["points"] == [1.25, 0]
    assert [table[at] for at in held["breaks"]] == ["Callers without a signature.", ""]


@pytest.mark.parametrize(
    ("proved", "unknown", "bits"),
    [
        ((), (), 0),
        (("unauthenticated",), (), 1),
        (("administrator",), ("unauthenticated",), 6),
        ((), ("administrator",), 8),
    ],
)
def test_traits_are_bits(proved: tuple[str, ...], unknown: tuple[str, ...], bits: int) -> None:
    assert trait_bits(proved, unknown) == bits


def test_absent_facts_are_told_from_facts_that_are_none() -> None:
    strings = StringTable()
    functions = FunctionColumns(strings)
    functions.add(function("orders", endpoints=None))
    packed, table = unpack(functions.close()), unpack(strings.close())
    assert table[packed["endpoints"][0]] == "null"
    assert packed["triggers"][0] == ABSENT
    assert packed["runtime_end_of_life"][0] == ABSENT


def test_policy_documents_are_stored_once_whoever_carries_them() -> None:
    strings = StringTable()
    functions = FunctionColumns(strings)
    for name in ("orders", "billing"):
        policy = {"name": "Read", "kind": "managed", "document": '{"Version":"2012-10-17"}'}
        functions.add(function(name, identity={"id": f"arn:role/{name}", "name": name, "policies": [policy]}))
    functions.close()
    assert unpack(strings.close()).count('{"Version":"2012-10-17"}') == 1


def test_a_function_twice_is_an_error() -> None:
    functions = FunctionColumns(StringTable())
    functions.add(function("orders"))
    with pytest.raises(ValueError, match="stands twice"):
        functions.add(function("orders"))


def test_a_finding_of_an_unlisted_check_is_an_error() -> None:
    strings = StringTable()
    findings = FindingColumns(strings, FunctionColumns(strings), {}, CauseColumns(strings))
    with pytest.raises(ValueError, match="timeout-max"):
        findings.add(finding(None, 1))


def test_a_fingerprint_of_the_wrong_length_is_an_error() -> None:
    strings = StringTable()
    findings = FindingColumns(strings, FunctionColumns(strings), {"timeout-max": 0}, CauseColumns(strings))
    with pytest.raises(ValueError, match="not 16 hex digits"):
        findings.add({**finding(None, 1), "fingerprint": "abc"})


def test_verdicts_are_one_character_a_check_and_a_missing_one_is_marked() -> None:
    functions = FunctionColumns(StringTable())
    functions.add(function("orders"))
    functions.add(function("billing"))
    rows = VerdictRows([{"id": "a"}, {"id": "b", "clouds": ["aws"]}, {"id": "c"}], functions)
    rows.add(function("billing")["id"], {"a": "FAIL", "b": "UNKNOWN"})
    rows.add("aws/1", {"c": "PASS"})
    packed_counts = rows.tally()
    assert packed_counts[0] == {"F": 1, "-": 1}
    packed = unpack(rows.close())
    assert packed == {"rows": ["FU-", "--P"], "fn": [ABSENT, 0], "others": [["aws/1", 1]]}


def test_a_check_of_another_cloud_is_not_a_missing_verdict() -> None:
    functions = FunctionColumns(StringTable())
    functions.add({**function("orders"), "cloud": "azure"})
    rows = VerdictRows([{"id": "a", "clouds": ["aws"]}, {"id": "b", "clouds": ["aws", "azure"]}], functions)
    rows.add(function("orders")["id"], {})
    rows.add("gcp/shop", {})
    assert unpack(rows.close())["rows"] == ["o-", "oo"]


def test_positions_become_ranges() -> None:
    assert ranges([7, 0, 1, 2, 2]) == [[0, 2], [7, 7]]
    assert ranges([]) == []


def test_lone_surrogates_and_controls_survive_a_block() -> None:
    strings = StringTable()
    strings.add("\ud800\x00\x01</script>")
    block = strings.close()
    assert "<" not in block
    assert unpack(block)[1] == "\ud800\x00\x01</script>"


def test_a_block_larger_than_its_buffer_is_whole() -> None:
    block = Block()
    block.write("[0")
    for number in range(60_000):
        block.write(f",{number}")
    block.write("]")
    assert unpack(block.close())[-1] == 59_999
