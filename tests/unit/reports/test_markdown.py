import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from auditor.wording import state
from reports import markdown_report
from reports.markdown_report import LIMIT, MarkdownReporter
from tests.unit.checks.build import make
from tests.unit.reports import hostile

SOURCE = hostile.report()
TEXT = hostile.written(MarkdownReporter(), SOURCE).decode("utf-8")


def tokens(text: str = TEXT) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def shown(text: str = TEXT) -> str:
    """The text as a reader sees it."""
    return "\n".join(
        token.content for token in tokens(text) if token.type in ("text", "fence", "code_inline", "text_special")
    )


def test_names_from_a_cloud_make_no_html_link_image_or_code() -> None:
    kinds = {token.type for token in tokens()}
    assert kinds.isdisjoint(
        {"html_block", "html_inline", "link_open", "image", "code_inline", "code_block", "em_open", "hr"}
    )
    assert "fence" in kinds


def test_every_row_of_a_table_has_its_columns() -> None:
    widths, row = set(), 0
    for token in tokens():
        row = 0 if token.type == "tr_open" else row + (token.type in ("td_open", "th_open"))
        if token.type == "tr_close":
            widths.add(row)
    assert widths == {4, 6}
    assert all(re.match(r"\|.*\|$", text) for text in TEXT.splitlines() if text.startswith("|"))


def test_it_begins_with_the_managers_sentence_and_the_plan() -> None:
    every = list(tokens())
    headings = [after.content for token, after in pairwise(every) if token.type == "heading_open"]
    assert headings[:2] == ["Serverless audit", "Fix plan"]
    assert [each for each in headings if each in ("Causes", "Critical", "Low", "Waivers", "What could not be read")] == [
        "Causes", "Critical", "Low", "Waivers", "What could not be read",
    ]  # fmt: skip
    assert state(SOURCE.head["summary"]) in shown()


def test_what_is_unknown_or_crashed_is_said_and_nothing_is_called_passed() -> None:
    assert "Incomplete" in shown()
    assert "lambda:GetPolicy" in shown()
    assert "crashed" in shown()
    assert not re.search(r"\bPASS", TEXT)


def test_waived_causes_are_marked() -> None:
    assert TEXT.count("**waived**: ") == len({row["cause"] for row in SOURCE.findings() if row["waived"]}) > 0


def test_no_control_or_reordering_character_is_left() -> None:
    assert [char for char in TEXT if not char.isprintable() and char != "\n"] == []


def test_a_large_report_stays_within_the_limit_and_counts_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_report, "LIMIT", 40_000)
    large = hostile.report(made=tuple(make(f"orders-{number}") for number in range(150)))
    text = hostile.written(MarkdownReporter(), large)
    assert 35_000 < len(text) <= 40_000
    (left_out,) = re.findall(r"\*\*([\d,]+) more lines were left out", text.decode())
    rows = sum(line.startswith("| ") for line in text.decode().splitlines())
    assert rows + int(left_out) >= 300
    assert LIMIT == 1_048_576
