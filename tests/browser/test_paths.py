"""Paths of a function's identity: drawn, reachable by keyboard, and the same in words; the worst on the first page."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sample import Sample

pytestmark = pytest.mark.browser

NAME = "billing-webhook"


def function() -> str:
    return str(next(row["id"] for row in Sample(300).functions() if row["name"] == NAME))


def test_paths_are_drawn_from_left_to_right_with_their_text(open_report: Callable[..., Page]) -> None:
    page = open_report("plain", f"#function={quote(function())}")
    drawings = page.locator("figure.path")
    expect(drawings).to_have_count(2)
    onward, inward = drawings.nth(0), drawings.nth(1)
    stops = onward.locator("g.node .strong").all_text_contents()
    assert stops[-4:] == [f"{NAME}-role", "deployer", "builder", "owner"]
    places = [onward.locator("g.node rect").nth(at).bounding_box() or {"x": 0.0} for at in range(len(stops))]
    assert [place["x"] for place in places] == sorted({place["x"] for place in places})
    expect(onward.locator("figcaption")).to_contain_text(
        "assumes role deployer, then assumes role builder, then assumes role owner: it becomes owner"
    )
    expect(inward.locator("figcaption")).to_have_text(
        f"deployer assumes role deployer and so takes over {NAME}, if this holds: aws:SourceIp"
    )
    expect(page.locator("#detail")).to_contain_text("Not considered: organisation policies. Capabilities: read secrets")


def test_a_path_is_stacked_and_legible_on_a_phone(open_report: Callable[..., Page]) -> None:
    page = open_report("plain")
    page.set_viewport_size({"width": 390, "height": 844})
    page = open_report("plain", f"#function={quote(function())}&theme=dark")
    sizes = page.locator("figure.path svg text").evaluate_all(
        "all => all.filter((e) => e.textContent).map((e) => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_worst_paths_lead_to_their_functions(open_report: Callable[..., Page]) -> None:
    page = open_report("plain")
    worst = page.locator(".worst-paths > li")
    expect(worst).to_have_count(1)
    expect(worst.locator(".stop").last).to_have_text("owner")
    worst.locator("a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail h1")).to_have_text(NAME)
