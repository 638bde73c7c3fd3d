"""What users read is in the field's words: no literary ones, which nobody types into a search box."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor import plugins
from auditor.cli.main import root

ROOT = Path(__file__).parents[2]
AVOIDED = re.compile(
    r"\b(strangers?|nobody|whoever|knocks?|doors?(?! id)|stands?\b(?!-)|(?:is|are|was|were) told|tells? of|way (?:in|out)\b"
    r"|for ?ever|of (?:ours|yours|theirs)\b|comes? to nothing|lies in|cloud's own|barred|let in|welcomes?|watches over"
    r"|time-outs?)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
ALLOWED = re.compile(r"front doors?|open standards?|frontdoor", re.IGNORECASE)


def faults(text: str) -> list[str]:
    """The avoided words of a text; what it quotes, and the vendors' product names, are not its own words."""
    return [found.group() for found in AVOIDED.finditer(ALLOWED.sub("", QUOTED.sub("", text)))]


@pytest.mark.parametrize("check", plugins.checks(), ids=lambda check: check.id)
def test_a_check_speaks_the_fields_language(check) -> None:
    texts = [check.title, check.summary, check.why, *(fix.text for fix in check.fix.values())]
    assert {text: words for text in texts if (words := faults(text))} == {}


@pytest.mark.parametrize("check", plugins.checks(), ids=lambda check: check.id)
def test_a_title_is_short_and_plain(check) -> None:
    assert len(check.title) <= 65
    assert not check.title.endswith(".")
    assert check.title[0].isupper() or check.title.startswith("`")


def commands(command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


@pytest.mark.parametrize("verb", list(commands(root)), ids=lambda verb: " ".join(verb) or "auditor")
def test_help_speaks_the_fields_language(verb: tuple[str, ...]) -> None:
    result = CliRunner().invoke(root, [*verb, "--help"])
    assert result.exit_code == 0
    assert faults(result.output) == []


PAGES = [
    ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / ".github").rglob("*.md")),
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if page.parent.name != "checks"),
    *sorted((ROOT / "reports" / "html" / "templates").glob("*.j2")),
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_speaks_the_fields_language(page: Path) -> None:
    assert faults(page.read_text("utf-8")) == []
