"""What a report says of controls: what is not proved is never counted as met."""

from collections.abc import Iterator
from typing import Any

import pytest

from auditor.check import Check, Context, Fix, Hit, ProfileLevel, Risk, check
from auditor.compliance.assess import assess
from auditor.compliance.catalogue import Basis, Control, Framework, Link, Strength
from auditor.engine.report_reader import DocumentReport
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.wording import controls_by_status

AWS, AZURE, GCP = Cloud.AWS, Cloud.AZURE, Cloud.GCP
ORDERS = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
APP = "//cloudfunctions.googleapis.com/projects/shop/locations/europe-west1/functions/app"
SCOPES = {AWS: "aws/111122223333", GCP: "gcp/shop"}


def declared(name: str, **more: Any) -> Check:
    def run(_subject: object, _context: Context) -> Iterator[Hit]:
        """Why."""
        return iter(())

    fix = Fix("Close it.", no_command="none", no_terraform="none")
    return check(id=name, title="Door is open", risk=Risk.EXPOSURE, severity=Severity.LOW, fix={AWS: fix}, **more)(run)


def link(name: str, strength: Strength = Strength.FULL, *clouds: Cloud) -> Link:
    return Link(name, clouds or (AWS,), strength, Basis.VENDOR, "the same test", "a guide")


def framework(*links: Link, limit: str = "", whole: int | None = None) -> Framework:
    control = Control("C.1", "Doors are closed", links, limit, limit and "a visit")
    texts = dict.fromkeys(("publisher", "url", "as_of", "licence", "scope", "size"), "x")
    return Framework(id="toy", title="Toy", version="1", controls_total=whole, controls=(control,), **texts)


def finding(
    check: str, mark: str = "0" * 16, waived: dict[str, Any] | None = None, cloud: str = "aws"
) -> dict[str, Any]:
    return {"check_id": check, "fingerprint": mark, "cloud": cloud, "waived": waived}


def report(
    verdicts: dict[str, dict[str, str]],
    *findings: dict[str, Any],
    scope: dict[str, Any] | None = None,
    partial: dict[str, list[str]] | None = None,
    **run: Any,
) -> DocumentReport:
    clouds = [cloud for cloud, subject in ((AWS, ORDERS), (GCP, APP)) if subject in verdicts]
    rows = [
        {"id": SCOPES[cloud], "cloud": cloud.value, "status": "read", "unlisted": []} | (scope or {})
        for cloud in clouds
    ]
    return DocumentReport(
        {
            "run": {"errors": [], "interrupted": False, "selection": {}} | run,
            "scopes": rows,
            "functions": [{"id": ORDERS, "cloud": "aws"}, {"id": APP, "cloud": "gcp"}],
            "verdicts": verdicts,
            "findings": list(findings),
            "partial_verdicts": partial or {},
        }
    )


def judged(found: DocumentReport, *links: Link, checks: tuple[Check, ...] = ()) -> dict[str, Any]:
    (row,) = assess(found, [framework(*links)], checks)
    (control,) = row["controls"]
    assert row["by_status"][control["status"]] == 1
    return control


WAIVED = {"reason": "a test account", "expires": "2027-01-31", "owner": "shop", "ticket": None, "entry": 1}
FULL, PART, SUPPORT = link("full"), link("part", Strength.PARTIAL), link("support", Strength.SUPPORTING)


@pytest.mark.parametrize(
    ("verdicts", "links", "status"),
    [
        ({"full": "PASS"}, (FULL,), "satisfied"),
        ({"full": "PASS", "part": "PASS", "support": "PASS"}, (FULL, PART, SUPPORT), "satisfied"),
        ({"full": "PASS", "part": "NOT_APPLICABLE"}, (FULL, PART), "satisfied"),
        ({"full": "FAIL"}, (FULL,), "failed"),
        ({"full": "PASS", "part": "FAIL"}, (FULL, PART), "failed"),
        ({"full": "UNKNOWN", "part": "FAIL"}, (FULL, PART), "failed"),
        ({"full": "UNKNOWN", "part": "PASS"}, (FULL, PART), "unknown"),
        ({"full": "ERROR"}, (FULL,), "unknown"),
        ({"part": "PASS"}, (PART,), "no-failure-seen"),
        ({"full": "PASS"}, (FULL, PART), "no-failure-seen"),
        ({"full": "PASS"}, (FULL, SUPPORT), "no-failure-seen"),
        ({"full": "PASS", "support": "UNKNOWN"}, (FULL, SUPPORT), "no-failure-seen"),
        ({"full": "NOT_APPLICABLE", "part": "PASS"}, (FULL, PART), "no-failure-seen"),
        ({"full": "PASS", "support": "FAIL"}, (FULL, SUPPORT), "not-assessed"),
        ({"support": "PASS"}, (SUPPORT,), "not-assessed"),
        ({"support": "FAIL"}, (SUPPORT,), "not-assessed"),
        ({"full": "NOT_EXAMINED"}, (FULL,), "not-assessed"),
        ({"other": "PASS"}, (FULL,), "not-assessed"),
        ({"full": "NOT_APPLICABLE"}, (FULL,), "not-applicable"),
        ({"full": "NOT_APPLICABLE"}, (FULL, PART), "no-failure-seen"),
    ],
)
def test_a_control_is_decided_by_its_links(verdicts: dict[str, str], links: tuple[Link, ...], status: str) -> None:
    marks = [finding(check) for check, verdict in verdicts.items() if verdict == "FAIL"]
    control = judged(report({ORDERS: verdicts}, *marks), *links)
    assert control["status"] == control["clouds"]["aws"]["status"] == status
    assert control["reason"].endswith(".")


def test_a_verdict_not_reached_on_one_of_many_is_enough() -> None:
    here = {ORDERS: {"full": "PASS"}, SCOPES[AWS]: {"full": "UNKNOWN"}}
    assert judged(report(here), FULL)["status"] == "unknown"
    shallow = {ORDERS: {"full": "PASS"}, SCOPES[AWS]: {"full": "NOT_EXAMINED"}}
    assert judged(report(shallow), FULL)["status"] == "no-failure-seen"


def test_waived_findings_stand_with_reason_and_last_day() -> None:
    found = report({ORDERS: {"full": "FAIL"}}, finding("full", "a" * 16, WAIVED))
    control = judged(found, FULL)
    assert (control["status"], control["findings"]) == ("waived", [])
    assert control["waived"] == [
        {
            "fingerprint": "a" * 16,
            "check_id": "full",
            "reason": "a test account",
            "expires": "2027-01-31",
            "owner": "shop",
            "ticket": None,
        }
    ]


def test_one_open_finding_beside_waived_ones_fails() -> None:
    found = report({ORDERS: {"full": "FAIL"}}, finding("full", "a" * 16, WAIVED), finding("full", "b" * 16))
    control = judged(found, FULL)
    assert (control["status"], control["findings"]) == ("failed", ["b" * 16])
    assert [row["fingerprint"] for row in control["waived"]] == ["a" * 16]


def test_what_is_waived_and_not_read_to_the_end_is_unknown() -> None:
    found = report({ORDERS: {"full": "FAIL"}}, finding("full", waived=WAIVED), partial={ORDERS: ["full"]})
    assert judged(found, FULL)["status"] == "unknown"


def test_a_waived_supporting_finding_keeps_a_control_from_being_satisfied() -> None:
    found = report({ORDERS: {"full": "PASS", "support": "FAIL"}}, finding("support", waived=WAIVED))
    assert judged(found, FULL, SUPPORT)["status"] == "no-failure-seen"


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"scope": {"unlisted": ["eu-west-1"]}}, "unknown"),
        ({"scope": {"status": "unreadable"}}, "unknown"),
        ({"scope": {"status": "partial"}}, "satisfied"),
        ({"interrupted": True}, "unknown"),
        ({"errors": ["azure could not be opened"]}, "unknown"),
    ],
)
def test_nothing_is_satisfied_where_functions_may_be_missing(how: dict[str, Any], status: str) -> None:
    assert judged(report({ORDERS: {"full": "PASS"}}, **how), FULL)["status"] == status


def test_a_control_that_rests_on_opinions_says_how_to_ask_them() -> None:
    control = judged(
        report({ORDERS: {"other": "PASS"}}), FULL, checks=(declared("full", profile_level=ProfileLevel.STRICT),)
    )
    assert control["status"] == "not-assessed"
    assert "full runs only with --profile-level strict" in control["reason"]


def test_a_check_that_was_renamed_since_a_report_was_written_is_found() -> None:
    old = report({ORDERS: {"former": "FAIL"}}, finding("former", "a" * 16), partial={ORDERS: ["former"]})
    assert judged(old, FULL)["status"] == "not-assessed"
    control = judged(old, FULL, checks=(declared("full", aliases=("former",)),))
    assert (control["status"], control["findings"]) == ("failed", ["a" * 16])


def test_each_cloud_is_decided_by_its_own_links_and_the_gravest_speaks() -> None:
    both = link("full", Strength.FULL, AWS, GCP)
    found = report({ORDERS: {"full": "PASS"}, APP: {"full": "FAIL"}}, finding("full", cloud="gcp"))
    control = judged(found, both)
    assert {cloud: row["status"] for cloud, row in control["clouds"].items()} == {"aws": "satisfied", "gcp": "failed"}
    assert control["status"] == "failed"
    assert control["reason"].startswith("gcp: ")
    assert control["clouds"]["gcp"]["verdicts"] == {"FAIL": 1}


def test_a_finding_on_another_cloud_is_no_evidence() -> None:
    found = report({ORDERS: {"full": "PASS"}, APP: {"full": "FAIL"}}, finding("full", cloud="gcp"))
    control = judged(found, FULL)
    assert (control["status"], control["findings"], list(control["clouds"])) == ("satisfied", [], ["aws"])


def test_a_cloud_that_was_not_scanned_is_named_and_never_met() -> None:
    (row,) = assess(report({ORDERS: {"full": "PASS"}}), [framework(link("full", Strength.FULL, AZURE))])
    assert row["notes"] == ["No account of azure was scanned: controls say nothing of it."]
    assert row["controls"][0]["status"] == "not-assessed"


def test_what_no_check_looks_at_is_listed_with_the_reason() -> None:
    (row,) = assess(report({ORDERS: {"full": "PASS"}}), [framework(limit="doors are not seen")])
    (control,) = row["controls"]
    assert (control["status"], control["reason"]) == ("not-assessed", "No check looks at it: doors are not seen.")
    assert control["wanted"] == "a visit"


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (93, "1 of 93 controls failed, 92 not assessed (92 of these are not listed: no check is evidence for them)"),
        (1, "1 of 1 control failed"),
        (None, "1 of 1 listed controls failed; how many the whole framework has was not counted"),
    ],
)
def test_what_is_not_listed_is_counted_as_not_assessed(whole: int | None, said: str) -> None:
    (row,) = assess(report({ORDERS: {"full": "FAIL"}}, finding("full")), [framework(FULL, whole=whole)])
    assert controls_by_status(row) == said
    assert sum(row["by_status"].values()) == len(row["controls"]) == 1
    assert (row["controls_total"], row["controls_not_listed"]) == (whole, None if whole is None else whole - 1)


def test_a_narrowed_run_says_so() -> None:
    (row,) = assess(report({ORDERS: {"full": "PASS"}}, selection={"tag": ["a=b"]}), [framework(FULL)])
    assert row["notes"] == ["The run was narrowed with --tag: controls say nothing of other functions."]
