"""Every field that the schema of a function's row declares is drawn on the function's page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reports.html import render
from tests.browser.filled import filled, leaves
from tests.browser.sample import Sample
from tests.browser.waiting import new_page, settled

pytestmark = pytest.mark.browser

HEADING = {"id", "name", "cloud", "kind", "scope", "location", "owner"}
"""Drawn in the head of the page."""


def test_every_fact_of_a_function_is_drawn(browser: Browser, tmp_path: Path) -> None:
    sample = Sample(1)
    (function,) = sample.functions()
    # a policy's document is JSON text: the page folds it away, and draws it all the same
    row = filled() | {key: function[key] for key in ("id", "name", "cloud", "scope", "location", "kind", "score")}
    row["identity"]["policies"][0]["document"] = json.dumps({"Statement": []})
    row["unknown_facts"] = []  # two sections of their own draw these and the score
    page_text = "".join(render(sample.head(), [row], sample.findings(), sample.verdicts()))
    path = tmp_path / "report.html"
    path.write_text(page_text, "utf-8")
    page = new_page(browser)
    page.goto(f"{path.as_uri()}#function={function['id']}")
    settled(page)
    drawn = set(page.locator("[data-fact]").evaluate_all("all => all.map((e) => e.dataset.fact)"))
    page.close()
    expected = {
        leaf for leaf in leaves("", row) if leaf.split(".")[0].split("[")[0] not in {*HEADING, "score", "unknown_facts"}
    }
    expected = {"tags" if leaf.startswith("tags.") else leaf for leaf in expected}
    assert expected - drawn == set()
