"""Chromium for the report's tests. Without one they skip, saying which command installs it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.sample import Sample
from tests.browser.waiting import PATIENCE, settled

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str | None:
    """The path of an installed Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("No Chromium: the HTML report is NOT tested here. Install one: apt-get install -y chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE)
        yield running
        running.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Sample reports by name, written once."""
    folder = tmp_path_factory.mktemp("reports")
    samples = {
        "plain": Sample(300),
        "denied": Sample(40, denied=True),
        "hostile": Sample(24, hostile=True),
        "empty": Sample(0),
        "remembered": Sample(40, past=30),
    }
    paths = {}
    for name, sample in samples.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(sample.page(), "utf-8")
    return paths


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, dict[str, list[str]]]]:
    """A page, and what it asked for and complained of."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    log: dict[str, list[str]] = {"requests": [], "complaints": [], "dialogs": []}
    page.on("request", lambda request: log["requests"].append(request.url))
    page.on("console", lambda message: log["complaints"].append(message.text))
    page.on("pageerror", lambda error: log["complaints"].append(str(error)))
    page.on("dialog", lambda dialog: (log["dialogs"].append(dialog.message), dialog.dismiss()))  # type: ignore[call-overload, func-returns-value]
    yield page, log
    context.close()


@pytest.fixture
def open_report(watched: tuple[Page, dict[str, list[str]]], reports: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    """Opens a sample report at a fragment. Afterwards: nothing but the file was asked for, nothing complained."""
    page, log = watched
    opened: list[str] = []

    def opener(name: str, fragment: str = "") -> Page:
        opened.append(reports[name].as_uri())
        page.goto(opened[-1] + fragment)
        settled(page)
        return page

    yield opener
    assert {url.partition("#")[0] for url in log["requests"]} <= set(opened)
    assert log["complaints"] == []
    assert log["dialogs"] == []
