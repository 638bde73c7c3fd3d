"""Waiting for a page: for what it is to show, and never for a time."""

from typing import Any, Final

from playwright.sync_api import Browser, Page, expect

PATIENCE: Final = 120_000
"""Milliseconds until a test gives up: far more than any machine needs."""

expect.set_options(timeout=PATIENCE)

_SETTLED = "new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))"


def new_page(browser: Browser, **options: Any) -> Page:
    """A page that is waited for patiently."""
    page = browser.new_page(**options)
    page.set_default_timeout(PATIENCE)
    return page


def settled(page: Page) -> None:
    """Waits until the page is ready, has handled what happened to it, and has drawn what came of that."""
    page.wait_for_selector("html[data-ready]", timeout=PATIENCE)
    page.evaluate(_SETTLED)
