"""A report with a history: the charts by keyboard, what is new, what is over, and the controls of a framework."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.test_accessibility import AXE
from tests.browser.waiting import settled

pytestmark = pytest.mark.browser
Opener = Callable[..., Page]


def test_the_charts_have_a_text_equivalent_and_the_keyboard_walks_through_the_runs(open_report: Opener) -> None:
    page = open_report("remembered", "#view=overview")
    said = [chart.get_attribute("aria-label") for chart in page.locator("svg.trend").all()]
    assert [text and text.partition(":")[0] for text in said] == [
        "Score, 0 to 100",
        "Open causes, at most 233",
        "Coverage, 0 to 100 %",
    ]
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    words = slider.get_attribute("aria-valuetext") or ""
    assert words.startswith(
        "Run 30, 30 October 2026, 04:00 UTC: score 47.5–67.5, 170 open causes, 29 critical and high"  # noqa: RUF001 - a range
    )
    assert page.locator("[data-now=causes-main]").inner_text() == "170"
    page.keyboard.press("End")
    assert (slider.get_attribute("aria-valuetext") or "").startswith("This run, 24 November 2026")
    page.locator("#trend-figures > summary").click()
    rows = page.locator("#trend-figures tbody tr").all_inner_texts()
    assert len(rows) == 31
    assert rows[11].split("\t")[2] == "n/a"


def test_what_is_new_is_a_filter_and_what_is_over_is_listed(open_report: Opener) -> None:
    page = open_report("remembered", "#view=overview")
    page.locator(".since a").click()
    settled(page)
    assert page.locator(".count").inner_text().startswith("9 of ")
    page.get_by_role("row").nth(1).click()
    settled(page)
    assert "new in this run" in page.locator("details.finding[open]").inner_text()
    page = open_report("remembered", "#view=overview")
    closed, carried = page.locator(".changes details").all()
    for part in (closed, carried):
        part.locator("summary").click()
    assert "resolved-function" in closed.inner_text()
    assert "gone with what it was found on" in closed.inner_text()
    assert "the verdict is UNKNOWN" in carried.inner_text()


def test_a_control_leads_to_the_findings_that_fail_it(open_report: Opener) -> None:
    page = open_report("remembered", "#view=frameworks")
    failed = page.locator(".control", has_text="Least privilege")
    wanted = failed.get_by_role("link", name="finding").inner_text()
    open_ = page.locator(".control", has_text="Reviews are held")
    assert "Not decided by a scan: it is a matter of records." in open_.inner_text()
    failed.get_by_role("link", name="finding").click()
    settled(page)
    assert page.locator(".count").inner_text().startswith(wanted.split()[0] + " of ")
    assert set(page.locator(".c-title b").all_inner_texts()) == {"Role can do everything"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_history(open_report: Opener, scheme: str) -> None:
    for view in ("view=overview", "view=frameworks", "view=accounts"):
        page = open_report("remembered", f"#{view}&theme={scheme}")
        for summary in page.locator(".changes summary, .trends summary, .control summary").all():
            if summary.is_visible():
                summary.click()
        page.evaluate(AXE)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [row for row in result["violations"] if row["impact"] in {"serious", "critical"}]
        assert [(row["id"], row["nodes"][0]["html"][:160]) for row in grave] == []


def test_accounts_are_listed_worst_first_with_their_own_report_and_what_they_share(open_report: Opener) -> None:
    page = open_report("remembered", "#view=accounts")
    first, second = page.locator(".account-rows tbody tr").all()
    assert "payments" in first.inner_text()
    assert "12–17 F" in first.inner_text()  # noqa: RUF001 - a range
    assert first.get_by_role("link", name="own report").get_attribute("href") == "accounts/aws-522233334444/report.html"
    assert second.get_by_role("link", name="own report").count() == 0
    assert "2 of 2 accounts: 411122223333, payments" in page.locator(".shared").inner_text()
    second.get_by_role("link", name="411122223333").click()
    settled(page)
    assert page.locator(".count").inner_text().startswith("32 of 40 functions")


def test_nothing_is_wider_than_a_telephone(open_report: Opener) -> None:
    for view in ("view=overview", "view=frameworks", "view=accounts"):
        page = open_report("remembered", f"#{view}")
        page.set_viewport_size({"width": 390, "height": 844})
        for summary in page.locator(".changes summary, .trends summary").all():
            if summary.is_visible():
                summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
