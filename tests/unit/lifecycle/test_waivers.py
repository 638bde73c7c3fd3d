"""Waivers: what an entry matches, until when, and what is said of entries that do not do what they should."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.lifecycle import waiver_file
from auditor.lifecycle.waivers import FileWaivers, complaints, matches
from auditor.model.waiver import WaiverEntry, WaiverTarget

TODAY = date(2026, 11, 30)
MARK, OTHER, CAUSE = "ab" * 8, "cd" * 8, "0f" * 8
TARGET = WaiverTarget(
    MARK,
    CAUSE,
    ("url-auth-none", "open-url"),
    "aws/111122223333",
    "eu-west-1",
    "orders-api",
    {"team": "web", "env": "prod"},
)


def entry(**given: Any) -> WaiverEntry:
    return WaiverEntry.model_validate({"reason": "agreed", "expires": TODAY, **given})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"fingerprint": MARK}, True),
        ({"fingerprint": OTHER}, False),
        ({"cause": CAUSE}, True),
        ({"check": "url-auth-none"}, True),
        ({"check": "open-url"}, True),  # the id it had before
        ({"check": "url-*"}, True),
        ({"check": "url"}, False),
        ({"scope": "aws/111122223333"}, True),
        ({"scope": "111122223333"}, True),
        ({"scope": "azure/*"}, False),
        ({"location": "eu-*"}, True),
        ({"location": "us-*"}, False),
        ({"function": "orders-*"}, True),
        ({"function": "orders"}, False),
        ({"tag": "team=web"}, True),
        ({"tag": "team"}, True),
        ({"tag": "team=data"}, False),
        ({"tag": "owner"}, False),
        ({"check": "url-auth-none", "function": "orders-api", "tag": "env=prod"}, True),
        ({"check": "url-auth-none", "function": "orders-api", "tag": "env=dev"}, False),
    ],
)
def test_everything_an_entry_names_has_to_match(given: dict[str, str], expected: bool) -> None:
    assert matches(entry(**given), TARGET) is expected


def test_a_finding_of_an_account_has_no_function_and_no_region_to_match() -> None:
    target = WaiverTarget(MARK, CAUSE, ("log-sink-absent",), "gcp/shop", "", "")
    assert not matches(entry(function="*"), target)
    assert not matches(entry(location="*"), target)
    assert matches(entry(scope="gcp/*"), target)


def test_a_waiver_counts_through_its_last_day() -> None:
    for expires, counts in ((date(2026, 11, 30), True), (date(2026, 11, 29), False)):
        waivers = FileWaivers([entry(fingerprint=MARK, expires=expires)])
        assert (waivers.match(TARGET, TODAY) is not None) is counts


def test_the_first_entry_that_counts_is_named() -> None:
    expired = entry(check="url-auth-none", expires=date(2026, 1, 1), reason="old")
    wide, narrow = entry(check="url-*", reason="wide", owner="sec", ticket="SEC-1"), entry(fingerprint=MARK)
    waivers = FileWaivers([expired, wide, narrow])
    found = waivers.match(TARGET, TODAY)
    assert found is not None
    assert (found.entry, found.reason, found.owner, found.ticket) == (2, "wide", "sec", "SEC-1")
    assert [row["status"] for row in waivers.rows(TODAY)] == ["expired", "active", "unmatched"]


def test_entries_that_want_a_look_are_told_one_sentence_each() -> None:
    waivers = FileWaivers(
        [
            entry(fingerprint=MARK, expires=date(2026, 6, 30)),
            entry(fingerprint=OTHER, expires=date(2026, 6, 30)),
            entry(check="role-admin"),
            entry(function="orders-*"),
            entry(check="url-auth-none"),
        ]
    )
    waivers.match(TARGET, TODAY)
    waivers.match(WaiverTarget(OTHER + "0", CAUSE, ("env-secret-value",), "aws/1", "eu-west-1", "orders-x"), TODAY)
    assert list(complaints(waivers.rows(TODAY), "waivers.toml")) == [
        (
            f"waivers.toml: waiver 1 (fingerprint {MARK}) expired on 2026-06-30: 1 finding that it was for is open again."
            " Renew it, or remove it."
        ),
        f"waivers.toml: waiver 2 (fingerprint {OTHER}) expired on 2026-06-30: it matches no finding any more. Remove it.",
        "waivers.toml: waiver 3 (check role-admin) matches no finding of this run. Remove it if the finding is gone.",
        (
            "waivers.toml: waiver 4 (function orders-*) waives findings of several checks (2 in all). Name the check it is"
            " for."
        ),
        (
            "waivers.toml: waiver 5 (check url-auth-none) matches no finding that an entry before it does not waive."
            " Remove one of them."
        ),
    ]


TOML = f"""
[[waivers]]
fingerprint = "{MARK}"
reason = "public webhook, the code checks the signature"
expires = 2027-03-31
owner = "web"
ticket = "SEC-42"

[[waivers]]
check = "memory-*"
tag = "env=dev"
reason = "development"
expires = "2027-01-01"
"""
YAML = f"""
waivers:
  - fingerprint: {MARK}
    reason: public webhook, the code checks the signature
    expires: 2027-03-31
    owner: web
    ticket: SEC-42
  - {{check: memory-*, tag: env=dev, reason: development, expires: 2027-01-01}}
"""


def test_toml_and_yaml_say_the_same() -> None:
    first = waiver_file.parse(TOML, Path("waivers.toml"))
    assert first == waiver_file.parse(YAML, Path("waivers.yml"))
    assert [each.matching for each in first] == [{"fingerprint": MARK}, {"check": "memory-*", "tag": "env=dev"}]
    assert first[0].expires == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("text", "name"), [("", "w.toml"), ("", "w.yaml"), ("waivers: []", "w.yaml"), ("\n# none\n", "w.yml")]
)
def test_a_file_without_entries_waives_nothing(text: str, name: str) -> None:
    assert waiver_file.parse(text, Path(name)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[waivers]]\ncheck = 'a'\nexpires = 2027-01-01", "waiver 1: it has no reason, which every waiver needs."),
        ("[[waivers]]\ncheck = 'a'\nreason = 'x'", "waiver 1: it has no expires, which every waiver needs."),
        (
            "[[waivers]]\nreason = 'x'\nexpires = 2027-01-01",
            "waiver 1: it matches nothing: name at least one of fingerprint, cause, check, scope, location, function, tag.",
        ),
        (
            "[[waivers]]\ncheck = 'a'\nreason = ' '\nexpires = 2027-01-01",
            "waiver 1: reason: it is empty: say why the finding is accepted.",
        ),
        (
            "[[waivers]]\ncheck = 'a'\nreason = 'x'\nexpires = 'soon'",
            "waiver 1: expires must be a day, such as 2027-03-31, not 'soon'.",
        ),
        (
            "[[waivers]]\nfingerprint = 'xyz'\nreason = 'x'\nexpires = 2027-01-01",
            "waiver 1: fingerprint must be 16 hexadecimal characters, as reports show it, not 'xyz'.",
        ),
        (
            "[[waivers]]\nfunctoin = 'a'\nreason = 'x'\nexpires = 2027-01-01",
            "waiver 1: 'functoin' is no key; did you mean function? 'auditor schema waivers' describes them.",
        ),
        (
            "[[waiver]]\ncheck = 'a'",
            "'waiver' is no key; did you mean waivers? 'auditor schema waivers' describes them.",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        waiver_file.parse(text, Path("w.toml"))
    assert str(refused.value) == f"w.toml: {said}"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("a: &x [1]\nwaivers: *x", "w.yaml", "aliases are not allowed here"),
        ("waivers: []\nwaivers: []", "w.yaml", "gives the key 'waivers' twice"),
        ("waivers: [", "w.yaml", "w.yaml is not valid YAML"),
        ("- 1", "w.yaml", "it must hold a list called waivers"),
        ("waivers: !!python/object:os.system {}", "w.yaml", "w.yaml is not valid YAML"),
        ("= 1", "w.toml", "w.toml is not valid TOML"),
        ("[" * 5000, "w.yaml", "w.yaml is nested too deeply"),
    ],
)
def test_what_is_no_waiver_file_is_said(text: str, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        waiver_file.parse(text, Path(name))


@pytest.mark.parametrize(("name", "text"), [("w.toml", ""), ("w.toml", TOML), ("w.yaml", ""), ("w.yaml", YAML)])
def test_an_entry_that_is_added_reads_back_and_leaves_the_others(name: str, text: str) -> None:
    path = Path(name)
    made = entry(check="url-*", function='a"b\\c', reason="said “so”: # no comment\nreally", ticket="X-1")
    whole = waiver_file.added(text, made, path, "url-auth-none: it is open\nand more")
    assert waiver_file.parse(whole, path) == (*waiver_file.parse(text, path), made)
    assert whole.startswith(text.rstrip())
    assert "# url-auth-none: it is open\n" in whole


def test_a_file_that_cannot_take_an_entry_is_left_alone() -> None:
    with pytest.raises(UsageError, match="add it yourself"):
        waiver_file.added("waivers: []\n", entry(fingerprint=MARK), Path("w.yaml"))


def test_a_misspelt_check_is_answered_with_the_nearest() -> None:
    waivers = FileWaivers([entry(check="url-auth-nune"), entry(check="url-auth-none")])
    waivers.match(TARGET, TODAY)
    assert list(complaints(waivers.rows(TODAY), "w.toml", ["url-auth-none", "role-admin"])) == [
        (
            "w.toml: waiver 1 (check url-auth-nune): there is no check 'url-auth-nune'; did you mean url-auth-none?"
            " 'auditor checks list' has all."
        )
    ]


def test_a_check_that_resembles_none_is_answered_with_where_all_are_listed() -> None:
    rows = FileWaivers([entry(check="quux")]).rows(TODAY)
    assert list(complaints(rows, "w.toml", ["url-auth-none"])) == [
        "w.toml: waiver 1 (check quux): there is no check 'quux'. 'auditor checks list' has all."
    ]
