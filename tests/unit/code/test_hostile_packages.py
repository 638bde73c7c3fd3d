"""Packages made to harm whoever reads them: each is refused, read in part with a note, or read as it is."""

import gzip
import json
import re
import struct
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.code.analyser import Analyser, AnalysisError
from tests.unit.code.archives import (
    HANDLER,
    Entry,
    deflated,
    plain_zip,
    tar_of,
    tar_that_lies,
    with_handler,
    zip_of,
)

GOOD = Entry(b"handler.py", HANDLER)
ZEROS = bytes(4 << 20)


def matryoshka() -> bytes:
    jar = plain_zip({"META-INF/maven/g/a/pom.properties": b"groupId=g\nartifactId=a\nversion=1\n"})
    for level in range(8):
        jar = plain_zip({f"BOOT-INF/lib/x{level}.jar": jar})
    return jar


def named(name: bytes) -> bytes:
    return zip_of(GOOD, Entry(name, b"import os\n"))


def many_entries() -> bytes:
    return zip_of(*(Entry(b"%05x" % number, method=0) for number in range(65_001)))


def nested_json(depth: int) -> str:
    return '{"packages":' + "[" * depth + "]" * depth + "}"


MANY_VARIABLES = (
    "def handler(event, context):\n    a0 = event\n"
    + "".join(f"    a{n} = a{n - 1} + a{n // 2}\n" for n in range(1, 20_000))
    + "    return a19999\n"
)
GO = b"\x7fELF" + bytes(60) + b"\xff Go buildinf:\x08\x02" + bytes(16)
PACKED = deflated(ZEROS)

CASES: tuple[tuple[str, bytes, str], ...] = (
    # content, and what is said of it: a pattern of the refusal or of a note; "" where it is read as it is
    ("flat bomb", zip_of(GOOD, Entry(b"pad", packed=PACKED, size=512 << 20)), "refused: .*300 MiB unpacked"),
    ("size of 4 GiB", zip_of(GOOD, Entry(b"pad", b"x", size=0xFFFFFFFE)), "refused: .*300 MiB unpacked"),
    ("ratio", zip_of(Entry(b"a", bytes(70 << 20))), "refused: .*200 times larger"),
    (
        "entries that share bytes",
        zip_of(Entry(b"a", ZEROS), *(Entry(b"b%d" % n, ZEROS, packed=PACKED, at=0) for n in range(40))),
        "refused: .*share bytes",
    ),
    ("too many entries", many_entries(), "refused: .*65000 entries"),
    ("zip in zip", plain_zip({"a.zip": plain_zip({"b.zip": plain_zip({"c.txt": ZEROS})})}), ""),
    ("jar in jar", with_handler(**{"x.jar": matryoshka()}), "archives within archives are read 3 deep"),
    ("traversal", named(b"../../tmp/evil.py"), "leads out of the package"),
    ("traversal inside", named(b"lib/../../evil.py"), "leads out of the package"),
    ("absolute path", named(b"/etc/cron.d/evil"), "absolute path"),
    ("drive", named(b"C:\\Windows\\evil.py"), "absolute path"),
    ("backslash", named(b"..\\evil.py"), "backslash"),
    ("NUL in a name", named(b"handler.py\0.png"), "NUL"),
    ("no name", named(b""), "no name"),
    ("long name", named(b"a/" * 30_000 + b"b"), "longer than 4096 bytes"),
    ("newline in a name", named(b"a\nFINDING: none.py"), ""),
    ("terminal codes in a name", named(b"\x1b[2J\x1b[31mok.py"), ""),
    ("name that is no UTF-8", named(b"\xff\xfe\xfa.py"), ""),
    ("device names", named(b"CON"), ""),
    ("one name twice", zip_of(GOOD, Entry(b"handler.py", b"import os\n")), "occurs twice"),
    ("symbolic link", zip_of(GOOD, Entry(b"data", b"/etc/passwd", mode=0o120777)), "symbolic link"),
    ("named pipe", zip_of(GOOD, Entry(b"pipe", mode=0o010644)), "named pipe"),
    ("device", zip_of(GOOD, Entry(b"dev", mode=0o060644)), "device"),
    ("encrypted", zip_of(GOOD, Entry(b"secret.py", b"x" * 20, flags=0x801)), "encrypted"),
    ("directory with content", zip_of(GOOD, Entry(b"lib/", b"import os\n")), "directory with content"),
    ("truncated", plain_zip({"handler.py": HANDLER})[:-10], "refused: .*not a whole zip"),
    ("two end records", zip_of(GOOD, comment=plain_zip({"evil.py": b"1"})), "refused: .*two end records"),
    ("count that lies", zip_of(GOOD, count=60_000), "refused: .*number of entries"),
    ("empty", zip_of(), "refused: .*empty"),
    ("error page", b"<?xml version='1.0'?><Error/>", "refused: .*neither a zip nor a tar"),
    ("offset out of the file", zip_of(GOOD)[:-6] + struct.pack("<IH", 0x7FFFFFF0, 0), "refused: .*(damaged|share)"),
    ("data before the archive", b"#!/bin/sh\n" + bytes(3000) + plain_zip({"handler.py": HANDLER}), ""),
    ("lock that inflates", zip_of(Entry(b"yarn.lock", packed=deflated(ZEROS), size=9)), "yarn.lock: it is damaged"),
    ("wrong checksum", zip_of(Entry(b"yarn.lock", b"# yarn\n", crc=1)), "yarn.lock: it is damaged"),
    ("broken stream", zip_of(Entry(b"yarn.lock", packed=b"\xff" * 50, size=500)), "yarn.lock: it is damaged"),
    ("unknown compression", zip_of(Entry(b"yarn.lock", b"xxxx", method=93)), "compression is not supported"),
    ("other name inside", zip_of(Entry(b"yarn.lock", b"#", local_name=b"README")), "yarn.lock: its own header gives"),
    ("code under another name", zip_of(Entry(b"README", HANDLER, local_name=b"app.py")), r"app\.py: .*own header only"),
    ("other encodings", with_handler(**{"a.py": b"# coding: rot13\nvzcbeg bf\n"}), r"a\.py: .*encoding rot13"),
    ("no encoding", with_handler(**{"b.py": b"x = '\xff'\n"}), r"b\.py: .*not UTF-8"),
    ("encoding that is declared", with_handler(**{"b.py": b"# coding: latin-1\nx = '\xff'\n"}), ""),
    ("UTF-16", with_handler(**{"a.js": "let x".encode("utf-16")}), r"a\.js: .*zero bytes"),
    ("20,000 variables", with_handler(**{"app.py": MANY_VARIABLES}), ""),
    ("JSON nested deep", with_handler(**{"package-lock.json": nested_json(200_000)}), "nested too deep"),
    ("huge number", with_handler(**{"package-lock.json": '{"packages":' + "9" * 200_000 + "}"}), "no JSON"),
    ("JSON of other types", with_handler(**{"package-lock.json": '{"packages":[1]}'}), "wrong type"),
    ("module without version", with_handler(**{"node_modules/x/package.json": '{"name":["x"]}'}), "missing or is no"),
    ("long version", with_handler(**{"x-1.dist-info/METADATA": "Name: x\nVersion: " + "1." * 9000}), "128 characters"),
    ("long requirement", with_handler(**{"requirements.txt": "x" + "[a," * 50_000}), "lines are longer"),
    ("TOML nested deep", with_handler(**{"poetry.lock": "a = " + "[" * 50_000 + "]" * 50_000}), "nested too deep"),
    ("YAML aliases", with_handler(**{"pnpm-lock.yaml": "a: &a [x]\nb: [*a,*a]\n"}), "no lockfileVersion"),
    ("broken jar", with_handler(**{"y.jar": b"PK\3\4junk"}), "y.jar: it is not a whole zip"),
    ("build information", with_handler(bootstrap=GO + b"\xff" * 9 + b"\x7fA"), "Go build information is damaged"),
    ("bytecode", with_handler(**{"evil.pyc": b"\xa7\r\r\n" + bytes(12) + b"(" * 100_000}), ""),
    (
        "name with codes",
        with_handler(**{"node_modules/i/package.json": '{"name":"\\u001b[31m","version":"1"}'}),
        "control",
    ),
    ("tar links", tar_of(("a", tarfile.SYMTYPE, "/"), ("b", tarfile.LNKTYPE, "/etc/passwd")), "link or a device"),
    ("tar devices", tar_of(("dev", tarfile.BLKTYPE, ""), ("pipe", tarfile.FIFOTYPE, "")), "link or a device"),
    ("tar traversal", tar_of(("../../evil", tarfile.REGTYPE, "")), "leads out of the package"),
    ("tar renamed by a header", tar_of(("x", tarfile.REGTYPE, ""), path="../../../evil"), "leads out of the package"),
    ("tar size of 32 TiB", gzip.compress(tar_that_lies(1 << 45)), "refused: .*larger than a package"),
    (
        "tar bomb",
        gzip.compress(tar_that_lies(120 << 20) + bytes(301 << 20), 1),
        "refused: .*more than is read|larger than 100 MiB",
    ),
)


@pytest.fixture(scope="module")
def analyser() -> Iterator[Analyser]:
    made = Analyser()
    yield made
    made.close()


def test_a_hostile_package_is_refused_or_read_in_part_and_says_so(analyser, tmp_path: Path) -> None:
    wrong = {}
    package = tmp_path / "package.zip"
    for case, content, expected in CASES:
        package.write_bytes(content)
        try:
            answer = analyser.analyse(package)
            said = " ".join((*answer["Incomplete"], *answer["CodeIncomplete"]))
        except AnalysisError as refused:
            said = f"refused: {refused}"
        if not (re.search(expected, said) if expected else said == ""):
            wrong[case] = said
        assert all(letter.isprintable() for letter in said), case
    assert wrong == {}
    assert [path.name for path in tmp_path.iterdir()] == ["package.zip"]


def test_a_directory_is_read_without_following_links(analyser, tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "requests-2.0.dist-info"
    outside.mkdir(parents=True)
    (outside / "METADATA").write_text("Name: requests\nVersion: 2.0\n")
    package = tmp_path / "package"
    package.mkdir()
    (package / "linked").symlink_to(outside.parent)
    (package / "handler.py").write_bytes(HANDLER)
    answer = analyser.analyse(package)
    assert answer["Components"] == []
    assert answer["Incomplete"] == ["linked: it is a link or a special file, which is not followed."]


PROBE = """
import json, os, socket, subprocess, sys
sys.path.insert(0, {home!r})
from auditor.code.confinement import confine
confine()
held = []
for name, act in dict(
    network=lambda: socket.create_connection(("127.0.0.1", {port}), 1),
    program=lambda: subprocess.run(["true"]),
    writing=lambda: open({path!r}, "w"),
    memory=lambda: bytearray(2 << 30),
).items():
    try:
        act()
    except BaseException as refused:
        held.append(name)
print(json.dumps(held))
"""


def test_the_process_has_no_network_no_programs_no_files_and_little_memory(tmp_path: Path) -> None:
    import socket
    import subprocess
    import sys

    with socket.create_server(("127.0.0.1", 0)) as server:
        home = str(Path(__file__).parents[3])
        code = PROBE.format(home=home, port=server.getsockname()[1], path=str(tmp_path / "written"))
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["network", "program", "writing", "memory"]
    assert list(tmp_path.iterdir()) == []
