"""Takes the README's picture, the first page of a report: `python -m tests.browser.picture auditor-demo/report.html`."""

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.waiting import settled

_PICTURE: Final = Path(__file__).parents[2] / "docs" / "report.png"
_SIZE: Final = (1280, 800)


def take(report: Path) -> None:
    """Writes docs/report.png."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = running.new_page(viewport={"width": _SIZE[0], "height": _SIZE[1]}, color_scheme="light")
        page.goto(report.resolve().as_uri())
        settled(page)
        page.screenshot(path=_PICTURE)
        running.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
