"""Bringing the store up to date, against a server on loopback that breaks off, damages and denies."""

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from auditor.cli.main import run
from auditor.code.advisories.online import OnlineAdvisories, OnlineError
from auditor.code.advisories.store import AdvisoryStore
from auditor.code.components.found import Found
from auditor.code.components.purl import model_of
from auditor.errors import ExitCode
from tests.unit.code.archives import plain_zip

RECORD = {
    "id": "GHSA-1",
    "aliases": ["CVE-2024-1"],
    "summary": "bad",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Requests"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.32.0"}]}],
        }
    ],
}
DUMP = plain_zip(
    {"GHSA-1.json": json.dumps(RECORD).encode(), "MAL-0000-x.json": b'{"id": "MAL-0000-x", "affected": []}'}
)
KEV = json.dumps({"vulnerabilities": [{"cveID": "CVE-2024-1"}]}).encode()
EPSS = gzip.compress(b"#model_version:v2025\ncve,epss,percentile\nCVE-2024-1,0.91,0.99\n")
FILES = {"/PyPI/all.zip": DUMP, "/kev.json": KEV, "/epss.csv.gz": EPSS}


class _Server(ThreadingHTTPServer):
    breaks = 0
    damaged = False
    denied = ""
    asked: list[tuple[str, str, str]]
    answers: dict[str, bytes]


class _Answers(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_args) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, json.dumps(body), ""))
        found = [
            {"vulns": [{"id": "GHSA-1", "modified": "x"}]} if "requests" in q["package"]["purl"] else {}
            for q in body["queries"]
        ]
        self._send(json.dumps({"results": found}).encode(), 200)

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.asked.append((self.path, asked, self.headers.get("If-None-Match", "")))
        whole = self.server.answers.get(self.path)
        if whole is None or self.path == self.server.denied:
            self.send_error(404)
            return
        etag = f'"{hashlib.sha256(whole).hexdigest()[:8]}"'
        if self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.end_headers()
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.headers.get("If-Range") == etag else 0
        self._send(whole[start:], 206 if start else 200, etag, b64encode(hashlib.md5(whole).digest()).decode())  # noqa: S324

    def _send(self, body: bytes, status: int, etag: str = "", digest: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("ETag", etag)
            self.send_header("x-goog-hash", f"crc32c=AAAA==,md5={digest}")
        self.end_headers()
        if self.server.breaks and self.path.endswith(".zip"):
            self.server.breaks -= 1
            body = body[: len(body) // 2]
        elif self.server.damaged and self.path.endswith(".zip"):
            body = body[:-1] + b"\0"
        self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server(("127.0.0.1", 0), _Answers)
    made.asked, made.answers = [], {**FILES, "/v1/vulns/GHSA-1": json.dumps(RECORD).encode()}
    thread = Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def address(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def update(server: _Server, directory: Path) -> int:
    base = address(server)
    where = ["--directory", str(directory), "--ecosystem", "PyPI", "--mirror", base]
    return run(["advisories", "update", *where, "--kev", f"{base}/kev.json", "--epss", f"{base}/epss.csv.gz"])


def held(directory: Path) -> tuple[list[str], bool, float | None]:
    store = AdvisoryStore.open(directory)
    try:
        ids = [record["id"] for record in store.about("PyPI", "requests")]
        return ids, store.exploited(["CVE-2024-1"]), store.epss(["CVE-2024-1", "CVE-2"])
    finally:
        store.close()


def test_an_update_holds_records_what_is_exploited_and_how_likely_the_rest_is(server, tmp_path, capsys) -> None:
    assert update(server, tmp_path) == ExitCode.OK
    assert held(tmp_path) == (["GHSA-1"], True, 0.91)
    assert capsys.readouterr().out == "PyPI: 1 records.\nKEV: 1 records.\nEPSS: 1 records.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["advisories.sqlite"]
    assert update(server, tmp_path) == ExitCode.OK
    assert "PyPI: unchanged." in capsys.readouterr().out


def test_a_download_that_broke_off_is_gone_on_with(server, tmp_path) -> None:
    server.breaks = 2
    assert update(server, tmp_path) == ExitCode.OK
    assert held(tmp_path)[0] == ["GHSA-1"]
    ranges = [asked for path, asked, _ in server.asked if path == "/PyPI/all.zip"]
    assert ranges[0] == ""
    assert ranges[1] == f"bytes={len(DUMP) // 2}-"


def test_what_cannot_be_fetched_leaves_what_is_held_and_is_told(server, tmp_path, capsys) -> None:
    update(server, tmp_path)
    server.answers["/PyPI/all.zip"] = plain_zip({"a.json": b"{}"}) + b"changed"
    server.damaged = True
    server.denied = "/kev.json"
    capsys.readouterr()
    assert update(server, tmp_path) == ExitCode.INCOMPLETE
    said = capsys.readouterr().out
    assert "PyPI: NOT updated." in said
    assert "KEV: NOT updated." in said
    assert "answered 404" in said
    assert held(tmp_path) == (["GHSA-1"], True, 0.91)


def test_only_https_is_fetched_from_elsewhere(tmp_path, capsys) -> None:
    code = run(
        ["advisories", "update", "--directory", str(tmp_path), "--ecosystem", "PyPI", "--mirror", "http://osv.example"]
    )
    assert code == ExitCode.USAGE
    assert "https only" in capsys.readouterr().err


def test_osv_is_sent_purls_and_nothing_else(server) -> None:
    rows = [Found("PyPI", "requests", "2.0", "installed", "private/path"), Found("npm", "qs", "6.0", "lock", "x")]
    online = OnlineAdvisories(map(model_of, rows), address(server))
    assert [record["id"] for record in online.about("PyPI", "requests")] == ["GHSA-1"]
    assert list(online.about("npm", "qs")) == []
    sent = json.loads(next(body for path, body, _ in server.asked if path == "/v1/querybatch"))
    assert sent == {
        "queries": [{"package": {"purl": "pkg:npm/qs@6.0"}}, {"package": {"purl": "pkg:pypi/requests@2.0"}}]
    }
    del server.answers["/v1/vulns/GHSA-1"]
    with pytest.raises(OnlineError):
        OnlineAdvisories(map(model_of, rows), address(server))
