"""The PDF as a reader nobody here wrote sees it (pypdf), printed by each of the printers that is installed."""

import importlib
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from auditor.engine.report import AuditReport
from reports.html.summary import run_id
from reports.pdf import printers
from reports.pdf.printers import Printer, installed
from reports.pdf.reporter import PdfReporter
from tests.browser.conftest import chromium
from tests.unit.checks.build import make
from tests.unit.reports import hostile, pdf_frameworks

pytestmark = pytest.mark.browser


def printer(name: str) -> Printer:
    if name == "chromium" and chromium() is None:
        pytest.skip("No Chromium: printing by it is NOT tested here. Install one: apt-get install -y chromium")
    if name == "weasyprint":
        try:
            importlib.import_module("weasyprint")
        except (ImportError, OSError) as missing:  # the package, or a library of the system that it needs
            pytest.skip(f"No WeasyPrint: printing by it is NOT tested here: {missing}")
    with pytest.MonkeyPatch.context() as patch:
        if name == "weasyprint":
            patch.setattr(printers, "CHROMIUM", ())
            patch.setattr(printers, "_MACOS", "no-such-browser")
        return installed()


@pytest.fixture(scope="module", params=["chromium", "weasyprint"])
def printing(request: pytest.FixtureRequest) -> Printer:
    return printer(request.param)


def source() -> AuditReport:
    """Some of the hostile functions: one that is waived, and each verdict."""
    attacks = (hostile.ATTACKS[0], hostile.ATTACKS[8], "unread", "crashing")
    return pdf_frameworks.report(tuple(map(make, attacks)))


@pytest.fixture(scope="module")
def printed(printing: Printer) -> bytes:
    """The report with a framework, twice the same."""
    reporter = PdfReporter()
    reporter._printer = printing
    return hostile.written(reporter, source())


@pytest.fixture(scope="module")
def document(printed: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(printed), strict=True)


@pytest.fixture(scope="module")
def texts(document: PdfReader) -> list[str]:
    """What each page says, without any space: where a line breaks is the printer's affair."""
    return ["".join(page.extract_text().split()) for page in document.pages]


def titles(outline: list[Any]) -> Iterator[str]:
    for entry in outline:
        if isinstance(entry, list):
            yield from titles(entry)
        else:
            yield str(entry.title)


def reachable(value: Any, seen: set[tuple[int, int]]) -> Iterator[DictionaryObject]:
    """Every dictionary of the file that its root leads to."""
    stack = [value]
    while stack:
        found = stack.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) in seen:
                continue
            seen.add((found.idnum, found.generation))
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            stack += [found.raw_get(key) for key in found]
        elif isinstance(found, ArrayObject):
            stack += list.__iter__(found)


def test_it_is_tagged_and_says_its_language_and_title(document: PdfReader) -> None:
    root: dict[str, Any] = document.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert document.metadata.title == f"Serverless audit, 23 November 2026, run {run_id(source().head)}"
    kinds = {
        str(each["/S"]) for each in reachable(document.root_object.raw_get("/StructTreeRoot"), set()) if "/S" in each
    }
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TR", "/TH", "/TD", "/Link"} <= kinds


def test_its_bookmarks_are_its_headings(document: PdfReader) -> None:
    found = list(titles(document.outline))
    sections = [
        "Serverless audit",
        "Summary",
        "Fix plan",
        "Toy controls",
        "Causes, with evidence and repair",
        "Waivers",
    ]
    sections += ["What could not be read", "Functions examined", "Checks that ran"]
    assert [each for each in found if each in sections] == sections
    assert any("C.2" not in each and each.startswith("C.1: Limits are set") for each in found)
    assert any("Function URL is public" in each for each in found)


def test_every_page_has_its_number_and_the_runs_id(texts: list[str]) -> None:
    for number, text in enumerate(texts, 1):
        assert f"Page{number}of{len(texts)}" in text
        assert f"run{run_id(source().head)}" in text


def test_the_cover_and_the_controls_can_be_read(texts: list[str]) -> None:
    for each in ("111122223333", "assumed-role/auditor/session", "23November2026,00:00UTC", "Incomplete"):
        assert each in texts[0]
    whole = "".join(texts)
    for each in ("alert(1)", "lambda:GetPolicy", "C.satisfied", "payments,T-17", "onlypeopleknow", "2099-12-31"):
        assert each in whole


def test_it_runs_nothing_opens_nothing_and_links_nowhere_else(document: PdfReader) -> None:
    found = list(reachable(document.trailer, set()))
    for each in found:
        assert not {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFile", "/URI"} & set(each)
        assert each.get("/S") not in ("/JavaScript", "/URI", "/Launch", "/GoToR", "/SubmitForm")


def test_its_dates_are_the_reports(document: PdfReader) -> None:
    assert document.metadata.creation_date.isoformat() == "2026-11-23T00:01:00+00:00"
    assert document.metadata.modification_date.isoformat() == "2026-11-23T00:01:00+00:00"


def test_a_printer_asks_the_network_for_nothing(printing: Printer, tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{server.server_port}"
    page, result = tmp_path / "page.html", tmp_path / "page.pdf"
    # a page such as ours never is, without a policy: what the printer alone would let through
    page.write_text(
        f'<!doctype html><html lang="en"><title>t</title><link rel="stylesheet" href="{place}/style.css">'
        f'<img src="{place}/picture.png" alt="p"><img src="{place.replace("127.0.0.1", "localhost")}/other.png" alt="o"><p>text</p></html>'
    )
    printing.print(page, result, "0123456789ab")
    server.shutdown()
    server.server_close()
    assert asked == []
    assert "text" in PdfReader(result).pages[0].extract_text()
