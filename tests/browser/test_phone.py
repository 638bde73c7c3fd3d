"""The page on a phone, 390 pixels wide: titles of causes wrap instead of being cut."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_title_of_a_cause_is_cut_on_a_phone(open_report: Callable[..., Page], theme: str) -> None:
    page = open_report("plain")
    page.set_viewport_size({"width": 390, "height": 844})
    page = open_report("plain", f"#view=findings&theme={theme}")
    cut = page.locator(".findings .rows .row").evaluate_all(
        """rows => rows.filter((row) => {
          const [title, own, next] = [row.querySelector('.c-title'), row.getBoundingClientRect(), row.querySelector('.c-function')];
          const words = title.querySelector('b').getBoundingClientRect();
          return title.scrollWidth > title.clientWidth + 1 || words.right > own.right
            || (next && next.getBoundingClientRect().bottom > own.bottom) || words.top < own.top;
        }).map((row) => row.textContent)"""
    )
    assert cut == []
    assert page.locator(".findings .rows .row").count() > 3
