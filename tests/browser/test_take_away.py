"""What a reader finds by the field's words, groups, sees drawn and takes away."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from reports.html.page import script
from tests.browser.sample import Sample
from tests.browser.waiting import settled

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]
WEBHOOK = "arn:aws:lambda:eu-central-1:522233334444:function:billing-webhook"


def found(page: Page) -> int:
    """The first number of the table's count."""
    return int(page.locator(".count").inner_text().split()[0].replace(",", ""))


def test_search_hits_by_the_fields_words_and_their_synonyms(open_report: Opener) -> None:
    functions = list((sample := Sample(300)).functions())
    findings = list(sample.findings())
    page = open_report("plain", "#view=findings&each=1")
    field = page.locator("input[name=q]")

    def hits(words: str) -> int:
        field.fill(words)
        settled(page)
        return found(page)

    anonymous = sum(1 for row in findings if row["check_id"] == "anonymous-endpoint")
    assert hits("anonymous-endpoint") == anonymous > 0
    for synonym in ("unauthenticated", "public", "exposed", "anonymous"):
        assert hits(synonym) >= anonymous, synonym
    ended = sum(1 for row in findings if row["check_id"] == "runtime-deprecated")
    for synonym in ("EOL", "end of life", "deprecated"):
        assert hits(synonym) >= ended > 0, synonym
    secrets = sum(1 for row in findings if row["check_id"] == "env-secret-value")
    for synonym in ("hardcoded", "plaintext secret", "credential"):
        assert hits(synonym) >= secrets > 0, synonym
    assert hits("least privilege") >= sum(1 for row in findings if row["risk"] == "over-privilege") > 0
    assert hits("CWE-306") == hits("SAS-2") == len(findings)
    assert hits("NIST") == 0, "not inside administrator"
    owned = {row["id"] for row in functions if row["owner"] == "billing-team"}
    assert hits("billing-team") == sum(1 for row in findings if row["function_id"] in owned) > 0
    assert hits("zebra crossing") == 0
    expect(page.locator("#workspace .empty-state")).to_contain_text("No finding matches text")


def test_findings_are_told_by_cause_and_each_on_demand(open_report: Opener) -> None:
    sample = Sample(300)
    assert len(list(sample.functions())) == 300
    causes, findings = list(sample.causes()), list(sample.findings())
    page = open_report("plain", "#view=findings")
    expect(page.locator(".count")).to_contain_text(f"{len(causes):,} causes")
    expect(page.locator(".count")).to_contain_text(f"{len(findings):,} findings in all")
    facets = max(len(row["findings"]) for row in causes) - 1
    open_report("plain", "#view=findings&q=anonymous-endpoint")
    expect(page.locator(".rows .facets").first).to_have_text(f"+{facets}")
    page.get_by_label("Each finding").check()
    assert found(page) == sum(1 for row in findings if row["check_id"] == "anonymous-endpoint")
    open_report("plain", "#view=findings&group=account")
    heads = page.locator(".row.group").all_inner_texts()
    largest = sum(1 for row in causes if row["account"] == "411122223333")
    assert heads[0] == f"AWS 411122223333 · {largest:,} rows"


def test_csv_holds_what_is_filtered_and_no_formula(open_report: Opener, tmp_path: Path) -> None:
    page = open_report("hostile", "#view=functions")
    count = found(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "functions.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "functions.csv").read_bytes().decode("utf-8"))))
    assert download.value.suggested_filename == "auditor-functions.csv"
    assert len(rows) == count == 24
    assert '\'=HYPERLINK("https://evil.invalid","click")' in {row["name"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if re.match(r"\s*[=+\-@]", cell)]


def test_markdown_holds_what_is_filtered(open_report: Opener, tmp_path: Path) -> None:
    page = open_report("plain", "#view=findings&severity=critical")
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown").click()
    download.value.save_as(tmp_path / "causes.md")
    text = (tmp_path / "causes.md").read_text("utf-8")
    count = found(page)
    assert text.startswith(f"# {count} causes with severity “critical”")
    assert text.count("\n| critical |") == count


def test_a_cause_is_copied_as_a_ticket(open_report: Opener) -> None:
    page = open_report("plain", f"#function={quote(WEBHOOK)}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = page.locator("details.finding", has_text="Environment variable holds a credential")
    card.locator("summary").click()
    card.get_by_role("button", name="Copy as ticket").click()
    expect(page.locator("#said")).to_have_text("Copied ticket to the clipboard")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("# Environment variable holds a credential (critical)")
    for part in ("- Functions: billing-webhook", "CWE-306", "## Evidence", "lambda:ListFunctions", "## Fix", "```sh"):
        assert part in text, part


def test_a_function_is_drawn_from_caller_to_identity_with_severity_and_text(open_report: Opener) -> None:
    sample = Sample(300)
    row = next(row for row in sample.functions() if set(row["traits"]) == {"unauthenticated", "administrator"})
    page = open_report("plain", f"#function={quote(row['id'])}")
    drawing = page.locator(".diagram svg")
    expect(drawing).to_contain_text("Internet, unauthenticated")
    expect(drawing).to_contain_text(row["identity"]["name"][:12])
    assert drawing.locator("a .edge.critical").count() >= 2
    drawing.locator("a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.finding[open]")).to_have_count(1)
    page.locator(".as-text summary").click()
    expect(page.locator(".as-text")).to_contain_text(f"{row['name']} → runs as {row['identity']['name']}")
    page.set_viewport_size({"width": 390, "height": 844})
    open_report("plain", f"#function={quote(row['id'])}&theme=light")
    sizes = page.locator(".diagram svg text").evaluate_all(
        "all => all.filter((e) => e.textContent).map((e) => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 10
    open_report("denied", f"#function={quote(WEBHOOK)}")
    assert page.locator(".diagram .edge.unknown").count() >= 2


def test_a_check_has_a_deep_link_and_the_list_is_searched(open_report: Opener) -> None:
    page = open_report("plain", "#check=role-admin")
    expect(page.locator("#check-role-admin")).to_have_attribute("open", "")
    expect(page.locator("#check-role-admin .page")).to_be_in_viewport()
    page.locator("#find-check").fill("passrole")
    expect(page.locator("#checks-count")).to_have_text("1 of 24 checks")
    assert page.locator(".check-row:visible").count() == 1


def test_frameworks_count_verdicts_control_by_control(open_report: Opener) -> None:
    page = open_report("plain", "#view=frameworks")
    framework = page.locator("#framework-aws-fsbp")
    expect(framework.locator("summary")).to_contain_text("1 of 1 control with a failed verdict")
    framework.locator("summary").click()
    sample = Sample(300)
    assert len(list(sample.functions())) == 300
    failed = sum(1 for _, row in sample.verdicts() for verdict in row.values() if verdict == "FAIL")
    expect(framework.locator("tbody tr td").first).to_have_text(f"{failed:,}")


def test_files_are_made_on_the_machine_and_nothing_is_sent() -> None:
    assert "createObjectURL" in script()
    for sender in ("fetch(", "sendBeacon", "WebSocket"):
        assert sender not in script()
