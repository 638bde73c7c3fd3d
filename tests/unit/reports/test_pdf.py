import importlib.metadata
import os
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from auditor.cli.main import root
from auditor.engine.audit import write
from auditor.engine.report_reader import read_report
from auditor.errors import FormatError, UsageError
from auditor.result_directory.manifest import digest, write_manifest
from reports.html.templating import digest as policy_digest
from reports.json_report import JsonReporter
from reports.pdf import content, printers
from reports.pdf.metadata import dated
from reports.pdf.page import render
from reports.pdf.reporter import PdfReporter
from tests.unit.checks.build import make
from tests.unit.reports import hostile, pdf_frameworks

SOURCE = hostile.report()


class Parsed(HTMLParser):
    """Elements with their attributes, and the text a reader sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside.append(tag)
        self.shown.append(" " if tag in ("td", "th", "br", "div") else "")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] != "style":
            self.shown.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.shown).split())


def page(source: Any = SOURCE) -> str:
    return "".join(render(source, "Chromium 150"))


def fake(folder: Path, script: str, version: str = "Chromium 150.0.1.2") -> Path:
    """A program on the PATH that says it is a Chromium and does what the script says."""
    program = folder / "chromium"
    program.write_text(
        f'#!/bin/sh\nPATH=/usr/bin:/bin\n[ "$1" = --version ] && {{ echo "{version}"; exit 0; }}\n{script}\n'
    )
    program.chmod(0o755)
    return program


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which nothing is, and no WeasyPrint."""

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(printers, "_MACOS", str(folder / "Chrome"))
    monkeypatch.setattr(importlib.metadata, "version", missing)
    return folder


def test_names_from_a_cloud_make_no_element_attribute_or_link() -> None:
    made = Parsed(page())
    assert {tag for tag, _ in made.elements}.isdisjoint({"script", "img", "iframe", "object", "link", "form", "svg"})
    assert {name for _, attributes in made.elements for name in attributes} <= {
        "charset", "class", "colspan", "content", "href", "http-equiv", "id", "lang", "name", "scope", "aria-label",
    }  # fmt: skip
    assert all(str(each["href"]).startswith("#") for _, each in made.elements if "href" in each)
    assert "<script>alert(1)</script>" in made.text
    assert "⟨U+202E⟩" in made.text


def test_every_link_of_the_page_leads_to_a_place_in_it() -> None:
    made = Parsed(page(pdf_frameworks.report()))
    places = {each["id"] for _, each in made.elements if "id" in each}
    assert {str(each["href"])[1:] for _, each in made.elements if "href" in each} <= places


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    text = page()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    policies = [each["content"] for tag, each in Parsed(text).elements if each.get("http-equiv")]
    assert policies == [f"default-src 'none'; style-src '{policy_digest(style)}'; base-uri 'none'; form-action 'none'"]


def test_the_cover_says_what_was_audited_by_whom_when_and_with_what() -> None:
    said = Parsed(page()).text.partition("Fix plan")[0]
    for each in (
        "111122223333: read", hostile.AZURE, hostile.PROJECT, "assumed-role/auditor/session", "23 November 2026, 00:00 UTC",
        "standard", "serverless-auditor", "Chromium 150", "aws-runtimes", "Incomplete", "exit code",
    ):  # fmt: skip
        assert each in said


def test_the_cover_names_digests_of_what_it_was_read_from_as_long_as_the_manifest_is_about_it(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    place.write_bytes(hostile.written(JsonReporter(), SOURCE))
    alone = Parsed(page(read_report(place))).text
    assert digest(place) in alone
    assert "No manifest.json beside it lists this file" in alone
    write_manifest(tmp_path, [place])
    manifest = digest(tmp_path / "manifest.json")
    assert manifest in Parsed(page(read_report(place))).text
    place.write_bytes(place.read_bytes() + b"\n")
    assert manifest not in Parsed(page(read_report(place))).text
    assert "manifest.json, written after this document" in Parsed(page()).text


def test_what_could_not_be_read_is_said_with_its_permission_and_nothing_is_called_passed() -> None:
    text = Parsed(page()).text
    after = text[text.rindex("Verdicts that wait for it") :]
    assert "lambda:GetPolicy" in after.partition("Functions examined")[0]
    assert "ERROR: a check crashed" in text


def test_waived_findings_are_marked_with_reason_and_date() -> None:
    assert re.search(r"Waived until 2099-12-31: accepted", Parsed(page()).text)


def test_each_cause_has_its_evidence_and_repair() -> None:
    text = Parsed(page()).text
    assert "AuthType = =cmd|' /C calc'!A0" in text
    assert "aws lambda update-function-url-config --function-name" in text
    assert "What could break. callers that send no signature are refused." in text


def test_a_large_report_shows_the_gravest_causes_and_counts_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "CAUSES", 20)
    monkeypatch.setattr(content, "FUNCTIONS", 30)
    large = hostile.report(made=tuple(make(f"orders-{number}") for number in range(50)))
    total, severities = len(list(large.causes())), [row["severity"] for row in large.causes()]
    text = Parsed(page(large)).text
    assert f"The first 20 of {total} causes are here" in text
    assert f"{total - 20} causes, counted by severity and check" in text
    assert "The first 30 of 50 functions" in text
    assert text.count("Check open-url, cause") == 20
    left = {name: severities[20:].count(name) for name in ("critical", "low")}
    assert f"Critical Function URL is public {left['critical']}" in text
    assert f"Low Timeout is the longest {left['low']}" in text


def test_a_framework_is_told_control_by_control_with_evidence() -> None:
    text = Parsed(page(pdf_frameworks.report())).text
    for status, sentence in pdf_frameworks.EXPECTED.items():
        assert re.search(sentence, text), status


def test_the_dates_of_the_document_are_the_reports_in_as_many_bytes(tmp_path: Path) -> None:
    file = tmp_path / "printed.pdf"
    file.write_bytes(
        b"%PDF-1.4\n<</CreationDate (D:20261201031937+00'00')\n/ModDate (D:20261201031937+00'00')>>\n" + b"x" * 70_000
    )
    size = file.stat().st_size
    dated(file, "2026-11-23T01:02:03Z")
    assert file.stat().st_size == size
    assert re.findall(rb"D:(\d+)", file.read_bytes()) == [b"20261123010203"] * 2
    dated(file, "no moment")
    assert re.findall(rb"D:(\d+)", file.read_bytes()) == [b"20261123010203"] * 2


@pytest.mark.parametrize("verb", ["scan", "evaluate", "report"])
def test_without_anything_that_prints_nothing_is_begun(verb: str, bare: Path, tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    saved.write_bytes(hostile.written(JsonReporter(), SOURCE))
    (tmp_path / "snapshot").mkdir()
    given = {"scan": [], "evaluate": [str(tmp_path / "snapshot")], "report": [str(saved)]}[verb]
    done = CliRunner().invoke(root, [verb, *given, "-M", "json,pdf", "-o", str(tmp_path / "out")])
    assert isinstance(done.exception, UsageError)
    assert done.exception.exit_code == 2
    assert str(done.exception) == (
        "--format pdf needs Chromium or Chrome 131 or newer on the PATH, or WeasyPrint: pip install 'serverless-auditor[pdf]'; "
        "neither is here."
    )
    assert not (tmp_path / "out").exists()


def test_a_chromium_that_prints_no_page_numbers_is_named(bare: Path) -> None:
    fake(bare, "exit 0", "Chromium 99.0.1 built on Debian")
    with pytest.raises(UsageError, match=r"neither is here \(.*chromium is Chromium 99\)"):
        PdfReporter()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "ended with code 3"),
        ("exit 0", "ended without printing it"),
        (
            "echo 'FATAL: No usable sandbox!' >&2; exit 133",
            "ended with code 133, because it cannot start its sandbox here: .*",
        ),
        ("sleep 60 & wait", "was stopped after 0 seconds"),
    ],
)
def test_a_printer_that_fails_costs_its_own_file(
    script: str, said: str, bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "PATIENCE", 0.3)
    fake(bare, script)
    told: list[str] = []
    written = write(SOURCE, (JsonReporter(), PdfReporter()), tmp_path, told.append)
    assert [path.name for path in written] == ["report.json"]
    assert len(told) == 1
    assert re.fullmatch(rf"report\.pdf was not written: Chromium 150 {said}\.", told[0])
    assert not (tmp_path / "report.pdf").exists()
    with pytest.raises(FormatError, match=said):
        write(SOURCE, (PdfReporter(),), tmp_path, told.append)


def test_nothing_of_a_printer_that_is_stopped_goes_on(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printers, "PATIENCE", 1.0)
    mark = tmp_path / "child"
    fake(bare, f"sleep 60 & echo $! > {mark}; wait")
    with pytest.raises(FormatError):
        write(SOURCE, (PdfReporter(),), tmp_path, print)
    child = int(mark.read_text())
    for _ in range(100):
        try:
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.05)
    os.kill(child, 9)
    pytest.fail("a process that the printer started is still there")


def test_a_printer_gets_no_credentials_and_a_directory_of_its_own(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    monkeypatch.setenv("HOME", str(tmp_path))
    seen = tmp_path / "seen"
    fake(bare, f"env > {seen}; ls -ld . >> {seen}; echo %PDF-1.4 > report.pdf")
    write(SOURCE, (PdfReporter(),), tmp_path, print)
    said = seen.read_text()
    names = {each.partition("=")[0] for each in said.splitlines()}
    assert not names & {"AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID"}
    (home,) = re.findall(r"^HOME=(.*)$", said, re.MULTILINE)
    assert home != str(tmp_path)
    assert "drwx------" in said
    assert not Path(home).exists()  # the page and the printer's own files are gone


def test_every_section_is_there_in_order() -> None:
    headings = [each["id"] for tag, each in Parsed(page(pdf_frameworks.report())).elements if tag == "h2"]
    assert headings == ["summary", "plan", "framework-1", "causes", "waivers", "gaps", "functions", "checks"]
