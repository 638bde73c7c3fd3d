"""The report in a real browser: filters, sorting, findings, keyboard, history, hostile names, no request at all."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.sample import Sample
from tests.browser.waiting import new_page, settled

pytestmark = pytest.mark.browser


@dataclass
class Opened:
    """A page and everything it complained about or asked for."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def rows(self) -> int:
        """How many rows the table says it has, without its head."""
        return int(self.page.get_by_role("grid").first.get_attribute("aria-rowcount") or 0) - 1

    def go(self, fragment: str) -> None:
        """Follows a deep link."""
        self.page.goto(f"{self.url}#{fragment}")
        settled(self.page)


def opened(browser: Browser, path: Path) -> Opened:
    page = new_page(browser, viewport={"width": 1280, "height": 800})
    result = Opened(page, path.as_uri())
    page.on("request", lambda request: result.requests.append(request.url))
    page.on("console", lambda message: result.complaints.append(message.text))
    page.on("pageerror", lambda error: result.complaints.append(str(error)))
    page.on("dialog", lambda dialog: result.complaints.append(f"dialog {dialog.message}"))
    return result


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "report.html"
    path.write_text(Sample(300).page(), "utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    path.write_text(Sample(300, hostile=True, denied=True).page(), "utf-8")
    return path


def test_filters_narrow_and_stand_in_the_address(browser: Browser, sound: Path) -> None:
    view = opened(browser, sound)
    view.go("view=functions")
    assert view.rows() == 300
    view.page.keyboard.press("/")
    assert view.page.evaluate("document.activeElement.type") == "search"
    view.page.keyboard.type("billing")
    settled(view.page)
    assert 0 < view.rows() < 300
    assert "q=billing" in view.page.url
    names = view.page.get_by_role("row").all_inner_texts()[1:]
    assert all("billing" in row for row in names)
    view.page.locator("select[name=severity]").select_option("critical")
    settled(view.page)
    assert all("Critical" in row for row in view.page.get_by_role("row").all_inner_texts()[1:])
    assert view.complaints == []


def test_sorting_by_name(browser: Browser, sound: Path) -> None:
    view = opened(browser, sound)
    view.go("view=functions")
    view.page.get_by_role("columnheader", name="Function").get_by_role("button").click()
    settled(view.page)
    assert "sort=" in view.page.url
    cells = view.page.get_by_role("grid").first.locator("[role=row] .name").all_inner_texts()
    assert len(cells) > 5
    assert cells == sorted(cells)


def test_a_function_and_a_finding_open_by_keyboard_and_close_by_back(browser: Browser, sound: Path) -> None:
    view = opened(browser, sound)
    view.go("view=functions")
    before = view.page.url
    view.page.get_by_role("row").nth(1).focus()
    view.page.keyboard.press("Enter")
    settled(view.page)
    assert "#function=" in view.page.url
    shown = view.page.locator("main").inner_text()
    assert "Runs as" in shown
    assert "Who may invoke" in shown
    view.page.go_back()
    settled(view.page)
    assert view.page.url == before


def test_a_deep_link_opens_a_finding_with_evidence_and_fix(browser: Browser, sound: Path) -> None:
    sample = Sample(300)
    assert len(list(sample.functions())) == 300  # findings are drawn from the functions made before
    finding = next(row for row in sample.findings() if row["function_id"])
    view = opened(browser, sound)
    view.go(f"finding={finding['fingerprint']}")
    shown = view.page.locator("main").inner_text()
    assert finding["message"] in shown
    assert finding["evidence"][0]["source"] in shown
    assert finding["fingerprint"] in shown


def test_hostile_names_are_inert(browser: Browser, hostile: Path) -> None:
    view = opened(browser, hostile)
    for fragment in ("view=overview", "view=functions", "view=findings", "view=checks", "view=coverage", "view=about"):
        view.go(fragment)
    view.go("view=functions")
    for row in range(1, 6):
        view.go("view=functions")
        view.page.get_by_role("row").nth(row).click()
        settled(view.page)
    assert view.page.evaluate("document.querySelectorAll('main script, main img, main iframe').length") == 0
    assert view.complaints == []
    assert set(view.requests) == {view.url}


def test_fifty_thousand_findings_are_small_and_only_what_is_in_sight_is_drawn(browser: Browser, tmp_path: Path) -> None:
    sample = Sample(9000)
    path = tmp_path / "report.html"
    path.write_text(sample.page(), "utf-8")
    assert sum(1 for _ in sample.findings()) > 50_000
    assert path.stat().st_size < 3_000_000
    view = opened(browser, path)
    view.go("view=findings")
    assert view.page.get_by_role("row").count() < 200


def test_it_prints(browser: Browser, sound: Path) -> None:
    view = opened(browser, sound)
    view.go("view=functions")
    assert view.page.pdf().startswith(b"%PDF")
    assert view.complaints == []


def test_without_a_script_the_essentials_are_told(sound: Path) -> None:
    text = sound.read_text("utf-8")
    assert "<noscript>" in text
    assert re.search(r"default-src ('|&#39;)none", text)
    assert "unsafe-inline" not in text
    assert "http://" not in text.partition("<script")[0]
