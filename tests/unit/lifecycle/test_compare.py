"""What became of an earlier run's findings: only what was examined again is resolved."""

from typing import Any

import pytest

from auditor.engine.report_reader import DocumentReport
from auditor.lifecycle.compare import compare as compare_known
from auditor.lifecycle.compare import known_of
from auditor.model.comparison import Comparison

ORDERS, REFUNDS = "arn:orders", "arn:refunds"
FIRST, SECOND = "2026-11-28T01:00:00Z", "2026-11-29T01:00:00Z"


def finding(mark: str, check: str = "url-auth-none", subject: str = ORDERS, **more: Any) -> dict[str, Any]:
    return {
        "fingerprint": mark,
        "check_id": check,
        "severity": "high",
        "title": "A defect",
        "message": "bad",
        "subject_id": subject,
        "function_name": subject.removeprefix("arn:") if subject.startswith("arn:") else None,
        "cloud": "aws",
        "account": "111122223333",
        "region": "eu-west-1",
        **more,
    }


def report(
    *findings: dict[str, Any],
    verdicts: dict[str, dict[str, str]] | None = None,
    started: str = SECOND,
    scope: dict[str, Any] | None = None,
    **run: Any,
) -> DocumentReport:
    """A report on two functions that both checks were asked about, unless told otherwise."""
    passed = {"url-auth-none": "PASS", "role-admin": "PASS"}
    head_keys = {key: run.pop(key) for key in ("partial_verdicts", "carried", "checks") if key in run}
    place = {"id": "aws/111122223333", "locations": ["eu-west-1"], "status": "read", "unlisted": []} | (scope or {})
    return DocumentReport(
        {
            "started_at": started,
            "tool": {"version": "1.0"},
            "run": {
                "depth": "standard",
                "as_of": "2026-11-29",
                "settings": {},
                "selection": {},
                "interrupted": False,
                **run,
            },
            "scopes": [] if scope == {} else [place],
            "checks": [],
            "verdicts": {ORDERS: passed, REFUNDS: passed} if verdicts is None else verdicts,
            "findings": list(findings),
            "functions": [],
            **head_keys,  # type: ignore[dict-item]
        }
    )


def compare(old: DocumentReport, new: DocumentReport) -> Comparison:
    return compare_known(known_of(old), new)


OLD = report(finding("a"), started=FIRST)


def why(new: DocumentReport, old: DocumentReport = OLD) -> str:
    comparison = compare(old, new)
    assert (comparison.resolved, comparison.gone) == ((), ())
    return str(comparison.not_examined["a"]["why"])


def test_what_is_found_again_is_unchanged_and_keeps_its_first_day() -> None:
    comparison = compare(OLD, report(finding("a"), finding("b")))
    assert (comparison.unchanged, comparison.new) == (("a",), ("b",))
    assert comparison.first_seen == {"a": FIRST, "b": SECOND}


def test_what_passes_now_is_resolved() -> None:
    assert compare(OLD, report()).resolved == ("a",)
    not_applicable = report(verdicts={ORDERS: {"url-auth-none": "NOT_APPLICABLE"}})
    assert compare(OLD, not_applicable).resolved == ("a",)


def test_another_place_of_the_same_check_that_still_fails_keeps_nothing_open() -> None:
    new = report(finding("b"), verdicts={ORDERS: {"url-auth-none": "FAIL"}})
    comparison = compare(report(finding("a"), finding("b"), started=FIRST), new)
    assert (comparison.resolved, comparison.unchanged) == (("a",), ("b",))


@pytest.mark.parametrize("status", ["UNKNOWN", "NOT_EXAMINED", "ERROR"])
def test_a_verdict_that_was_not_reached_resolves_nothing(status: str) -> None:
    assert why(report(verdicts={ORDERS: {"url-auth-none": status}})) == f"the verdict is {status}"


def test_a_verdict_that_fails_and_lacks_an_answer_resolves_nothing() -> None:
    new = report(
        finding("b"),
        verdicts={ORDERS: {"url-auth-none": "FAIL"}},
        partial_verdicts={ORDERS: ["url-auth-none"]},
    )
    assert why(new) == "an answer was missing"


def test_a_check_that_was_not_run_resolves_nothing() -> None:
    assert why(report(verdicts={ORDERS: {"role-admin": "PASS"}})) == "its check was not run"


def test_a_check_that_was_renamed_is_the_same_check() -> None:
    old = report(finding("a", "open-url"), started=FIRST)
    checks = [{"id": "url-auth-none", "aliases": ["open-url"]}]
    assert compare(old, report(checks=checks)).resolved == ("a",)


def test_a_shallower_scan_resolves_nothing_and_a_deeper_one_does() -> None:
    deep = report(finding("a"), started=FIRST, depth="full")
    assert why(report(depth="quick"), deep) == "the depth was quick instead of full"
    assert compare(OLD, report(depth="full")).resolved == ("a",)


def test_other_settings_resolve_nothing() -> None:
    assert why(report(settings={"timeout_seconds": 900})) == "the settings differ: timeout_seconds"
    assert compare(OLD, report(settings={"owner_tags": ["team"]})).resolved == ("a",)


def test_a_function_that_is_in_no_whole_list_any_more_is_gone() -> None:
    left = {REFUNDS: {"url-auth-none": "PASS"}}
    assert compare(OLD, report(verdicts=left)).gone == ("a",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"scope": {}}, "its account was not scanned"),
        ({"scope": {"status": "unreadable"}}, "its account could not be read"),
        ({"scope": {"unlisted": ["eu-west-1"]}}, "the list of functions is not whole"),
        ({"scope": {"unlisted": ["global"]}}, "the list of functions is not whole"),
        ({"scope": {"locations": ["us-east-1"]}}, "its region was not scanned"),
        ({"selection": {"function": ["refunds"]}}, "the run was narrowed with --function"),
        ({"selection": {"tag": ["team=web"]}}, "the run was narrowed with --tag"),
        ({"interrupted": True}, "the run was interrupted"),
    ],
)
def test_a_function_that_was_not_looked_for_is_not_gone(given: dict[str, Any], expected: str) -> None:
    assert why(report(verdicts={REFUNDS: {"url-auth-none": "PASS"}}, **given)) == expected


def test_a_list_that_is_not_whole_elsewhere_changes_nothing_here() -> None:
    new = report(verdicts={REFUNDS: {"url-auth-none": "PASS"}}, scope={"unlisted": ["us-east-1"], "status": "partial"})
    assert compare(OLD, new).gone == ("a",)


def test_what_was_not_examined_is_carried_to_the_next_comparison() -> None:
    denied = report(verdicts={ORDERS: {"url-auth-none": "UNKNOWN"}})
    second = compare(OLD, denied)
    assert second.row()["not_examined_again"] == ["a"]
    (carried,) = second.row()["carried"]
    assert (carried["first_seen"], carried["check_id"]) == (FIRST, "url-auth-none")
    night = report(verdicts={ORDERS: {"url-auth-none": "UNKNOWN"}}, carried=[carried])
    third = compare(night, report(finding("a"), started="2026-11-30T01:00:00Z"))
    assert (third.new, third.unchanged, third.first_seen) == ((), ("a",), {"a": FIRST})
    assert compare(night, report()).resolved == ("a",)
    assert why(denied, night) == "the verdict is UNKNOWN"


def test_a_finding_of_an_account_whose_region_has_no_function_left_is_gone() -> None:
    old = report(finding("a", "guardduty-lambda-off", "aws/111122223333/eu-west-1"), started=FIRST)
    assert compare(old, report()).gone == ("a",)


def test_what_a_deeper_run_found_is_not_resolved_by_two_shallower_ones() -> None:
    deep = report(finding("a"), started=FIRST, depth="full")
    carried = compare(deep, report()).row()["carried"]
    assert why(report(), report(carried=carried)) == "the depth was standard instead of full"
    assert compare(report(carried=carried), report(depth="full")).resolved == ("a",)


def test_an_earlier_day_resolves_nothing() -> None:
    assert why(report(as_of="2020-01-01")) == "dates were judged as of 2020-01-01, before 2026-11-29"
    assert compare(OLD, report(as_of="2027-01-01")).resolved == ("a",)


def test_reach_that_a_graver_one_hid_is_not_new() -> None:
    def reach(mark: str, severity: str, **more: Any) -> dict[str, Any]:
        return finding(mark, "escalation-path", severity=severity, **{"cause": "grant", **more})

    failing: dict[str, Any] = {"verdicts": {ORDERS: {"escalation-path": "FAIL"}, REFUNDS: {"escalation-path": "FAIL"}}}
    old = report(reach("administrator", "critical"), started=FIRST, **failing)
    new = report(
        reach("weaker", "high"),
        reach("elsewhere", "high", subject=REFUNDS),
        reach("another-grant", "high", cause="other"),
        reach("as-grave", "critical"),
        **failing,
    )
    found = compare_known(known_of(old), new)
    assert found.new == ("another-grant", "as-grave", "elsewhere")
    assert found.unchanged == ("weaker",)
    assert found.resolved == ("administrator",)
    assert found.first_seen["weaker"] == FIRST
