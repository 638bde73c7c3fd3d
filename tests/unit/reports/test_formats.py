from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor import plugins
from auditor.cli.main import root
from auditor.formats import FORMATS, USUAL
from tests.unit.reports import hostile

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_what_the_table_says(name: str) -> None:
    made = plugins.reporter(name)
    assert (made.format, made.filename) == (name, FORMATS[name].filename)


def test_every_format_makes_a_file_of_its_own() -> None:
    assert len({form.filename for form in FORMATS.values()}) == len(FORMATS)
    assert set(USUAL) <= set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_in_the_help_and_in_the_documents(name: str) -> None:
    help_text = CliRunner().invoke(root, ["scan", "--help"]).output
    assert name in help_text
    assert f"| `{name}` | `{FORMATS[name].filename}` |" in (ROOT / "docs" / "formats.md").read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "html"])
def test_a_format_says_in_every_file_that_findings_are_waived(name: str) -> None:
    assert b"accepted" in hostile.written(plugins.reporter(name), hostile.report())
