"""axe-core finds nothing serious on any view, light or dark."""

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.waiting import settled

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
WEBHOOK = "arn:aws:lambda:eu-central-1:522233334444:function:billing-webhook"
VIEWS = (
    "view=overview", "view=functions", "view=findings&group=check", "view=checks", "view=frameworks", "view=coverage",
    "view=about", f"function={WEBHOOK}",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_report: Callable[..., Page], scheme: str) -> None:
    found = {}
    for view in VIEWS:
        page = open_report("plain", f"#{view}&theme={scheme}")
        for summary in page.locator("#detail details.finding:not([open]) > summary").all()[:1]:
            summary.click()
        settled(page)
        page.evaluate(AXE)  # by the debugger: the page's own policy loads nothing
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            (row["id"], row["nodes"][0]["html"][:160], len(row["nodes"]))
            for row in result["violations"]
            if row["impact"] in {"serious", "critical"}
        ]
        if serious:
            found[view] = serious
    assert found == {}
