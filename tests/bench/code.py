"""Measures the analysis of code, in CPU seconds and memory: of files, packages, a Go binary and advisories.

Usage: python -m tests.bench.code DIRECTORY... (of sources; 2,000 files in 100 packages are taken, 1,000 of a language)
"""

import gzip
import io
import json
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from auditor.code import findings
from auditor.code.advisories.choosing import AdvisorySource
from auditor.code.advisories.store import AdvisoryStore
from auditor.code.components import go
from auditor.code.components.found import Found
from auditor.code.components.purl import model_of
from auditor.code.enrichment import PackageEnricher
from auditor.enricher import PackageSource

OSV = Path(__file__).parents[1] / "data" / "osv" / "records.jsonl.gz"
NPM_MALICIOUS, PYPI_MALICIOUS, COPIES = 200_000, 13_000, 130
"""About what the dumps of npm and PyPI hold: records of malicious packages, and the real ones of ours this often."""


@dataclass
class Spent:
    """CPU seconds of this process and of children that have ended."""

    seconds: float = 0.0


@contextmanager
def spending() -> Iterator[Spent]:
    def now() -> float:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + ended.ru_utime + ended.ru_stime

    spent, begun = Spent(), now()
    yield spent
    spent.seconds = now() - begun


def sources(directories: list[str], suffix: str) -> list[Path]:
    found = sorted(path for one in directories for path in Path(one).rglob(f"*{suffix}") if path.is_file())
    random.Random(3).shuffle(found)
    return [path for path in found if path.stat().st_size < 200_000][:1_000]


def files(directories: list[str]) -> None:
    packages: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    for place, path in enumerate([*sources(directories, ".py"), *sources(directories, ".js")]):
        packages[place % 100][f"m{place}_{path.name}"] = path.read_bytes()
    findings.prepare()
    with spending() as spent:
        found = sum(len(findings.analyse(package).findings) for package in packages.values())
    read = [text for package in packages.values() for text in package.values()]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(read)} files, {sum(map(len, read)) / 1e6:.1f} MB: {spent.seconds:.1f} CPU-s, {memory:.0f} MB,"
        f" {found} findings"
    )


class Packages:
    """200 packages of the sources given, ten files and twenty components each, and a handler."""

    def __init__(self, directories: list[str]) -> None:
        own = [*sources(directories, ".py"), *sources(directories, ".js")]
        random.Random(5).shuffle(own)
        self.zips = [self._zip(place, own[place * 10 : place * 10 + 10]) for place in range(200)]

    @staticmethod
    def _zip(place: int, own: list[Path]) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("app.py", f"import os\n\ndef handler(event, context):\n    return {place}\n")
            for number, path in enumerate(own):
                archive.writestr(f"src/m{number}_{path.name}", path.read_bytes())
            for number in range(20):
                name = f"part{(place * 7 + number) % 400}"
                metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.{number}\n"
                archive.writestr(f"{name}-1.{number}.dist-info/METADATA", metadata)
        return made.getvalue()

    def source(self, place: int) -> PackageSource:
        content = self.zips[place % 200]

        def fetch(path: Path, _: int) -> None:
            path.write_bytes(content)

        return PackageSource(f"f{place}", sha256(content).hexdigest(), "app.handler", fetch)


def functions(directories: list[str]) -> None:
    packages = Packages(directories)
    advisories = AdvisorySource(str(OSV.parent))
    with tempfile.TemporaryDirectory() as cache:
        for name in ("cold", "warm"):
            enricher = PackageEnricher(advisories, Path(cache))
            with spending() as spent:
                for place in range(1_000):
                    enricher.package(packages.source(place))
                enricher.close()
            print(f"1,000 functions over 200 packages, {name}: {spent.seconds:.1f} CPU-s")


def go_binary() -> None:
    """A binary of 45 MB with the build information of 186 modules at its end."""

    def text(value: bytes) -> bytes:
        length, made = len(value), b""
        while length > 0x7F:
            made, length = made + bytes([length & 0x7F | 0x80]), length >> 7
        return made + bytes([length]) + value

    modules = "".join(f"dep\texample.org/m{number}\tv1.{number}.0\th1:x=\n" for number in range(186))
    marked = b"0" * 16 + f"path\tx\n{modules}".encode() + b"1" * 16
    body = random.Random(7).randbytes(45_000_000)
    binary = b"\x7fELF" + body + go.MAGIC + b"\x08\x02" + b"\0" * 16 + text(b"go1.22.1") + text(marked)
    with spending() as spent:
        found = list(go.binary("main", binary, []))
    print(f"Go binary of {len(binary) / 1e6:.0f} MB: {spent.seconds:.3f} CPU-s, {len(found)} components")


def dump() -> Iterator[Mapping[str, Any]]:
    for ecosystem, count in (("npm", NPM_MALICIOUS), ("PyPI", PYPI_MALICIOUS)):
        for number in range(count):
            package = {"ecosystem": ecosystem, "name": f"evil-{number}"}
            yield {"id": f"MAL-2025-{ecosystem}{number}", "affected": [{"package": package, "versions": ["1.0.0"]}]}
    for line in gzip.decompress(OSV.read_bytes()).splitlines():
        record = json.loads(line)
        for copy in range(COPIES):
            parts = [one for one in record["affected"] if one["package"]["ecosystem"] in ("npm", "PyPI")]
            renamed = [
                {**one, "package": {**one["package"], "name": f"{one['package']['name']}-{copy}"}} for one in parts
            ]
            yield {**record, "id": f"{record['id']}-{copy}", "affected": renamed}


def advisories() -> None:
    """10,000 components, 2,000 of which have advisories, against dumps as large as those of npm and PyPI."""
    with tempfile.TemporaryDirectory() as directory:
        store = AdvisoryStore.open(Path(directory))
        with spending() as spent:
            count = store.replace("npm", dump(), "2026-12-01T00:00:00Z")
        with store._connection as writing:
            store._note(writing, "PyPI", "2026-12-01T00:00:00Z", "")
        store.close()
        print(f"{count:,} advisories taken into the store: {spent.seconds:.1f} CPU-s")
        named: dict[tuple[str, str], str] = {}
        for line in gzip.decompress(OSV.read_bytes()).splitlines():
            for one in json.loads(line)["affected"]:
                if one["package"]["ecosystem"] in ("npm", "PyPI"):
                    for copy in range(COPIES):
                        at = (one.get("versions") or ["0.0.1"])[0]
                        named[one["package"]["ecosystem"], f"{one['package']['name']}-{copy}"] = at
        chosen = [(*package, at) for package, at in named.items()]
        random.Random(9).shuffle(chosen)
        rows = [
            *chosen[:2_000],
            *(("npm", f"fine-{number}", "1.0.0") for number in range(10_000 - len(chosen[:2_000]))),
        ]
        components = [model_of(Found(ecosystem, name, at, "installed", "x")) for ecosystem, name, at in rows]
        with spending() as spent:
            judged = AdvisorySource(directory).judge(components)
        print(
            f"{len(components):,} components against {count:,} advisories: {spent.seconds:.1f} CPU-s,"
            f" {len(judged.vulnerabilities):,} vulnerabilities"
        )


def main() -> None:
    files(sys.argv[1:])
    functions(sys.argv[1:])
    go_binary()
    advisories()


if __name__ == "__main__":
    main()
