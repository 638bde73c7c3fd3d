"""Java: jars by the Maven coordinates inside them, nested and shaded ones included."""

import io
import re
from collections.abc import Iterator
from typing import Final

from auditor.code.components.found import INSTALLED, Found, UnreadableManifestError, component
from auditor.code.files import text_of
from auditor.code.unpack.limits import LIMITS, RefusedPackageError
from auditor.code.unpack.zip_archive import open_zip

ECOSYSTEM: Final = "Maven"
ARCHIVES: Final = (".jar", ".war", ".ear")
_DEPTH: Final = 3
_PROPERTIES: Final = re.compile(r"META-INF/maven/([^/]+)/([^/]+)/pom\.properties")
_FILE_NAME: Final = re.compile(r"(.+?)-(\d[\w.+-]*)\.[jwe]ar")
_LINE: Final = re.compile(r"\s*([A-Za-z]+)\s*[=:]\s*(\S*)")


def archive(path: str, content: bytes, complaints: list[str], depth: int = 1) -> Iterator[Found]:
    """The components of a jar: itself, what was shaded into it, and the jars within it."""
    try:
        files = open_zip(io.BytesIO(content), LIMITS)
    except RefusedPackageError as refused:
        raise UnreadableManifestError(str(refused)) from refused
    said = 0
    for name in files:
        if _PROPERTIES.fullmatch(name):
            said += 1
            yield from _coordinates(f"{path}!/{name}", files[name], complaints)
        elif name.lower().endswith(ARCHIVES):
            yield from _nested(f"{path}!/{name}", files[name], complaints, depth)
    if not said:
        yield from _by_name(path, text_of(files["META-INF/MANIFEST.MF"]) if "META-INF/MANIFEST.MF" in files else "")
    complaints += [note for note in files.notes if note not in complaints]


def _nested(path: str, content: bytes, complaints: list[str], depth: int) -> Iterator[Found]:
    if depth >= _DEPTH:
        complaints.append(f"archives within archives are read {_DEPTH} deep")
        return
    try:
        yield from archive(path, content, complaints, depth + 1)
    except UnreadableManifestError as wrong:
        complaints.append(f"{path.rpartition('/')[2]}: {wrong}")


def _coordinates(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    lines = map(_LINE.match, text_of(content[: 64 << 10]).splitlines())
    said = {line[1]: line[2] for line in lines if line}
    if not (said.get("groupId") and said.get("artifactId")):
        complaints.append("pom.properties without groupId or artifactId")
        return
    try:
        yield component(ECOSYSTEM, f"{said['groupId']}:{said['artifactId']}", said.get("version"), INSTALLED, path)
    except UnreadableManifestError as wrong:
        complaints.append(str(wrong))


def _by_name(path: str, manifest: str) -> Iterator[Found]:
    """A jar without Maven's own words: its manifest may name the group, its file name the version."""
    match = _FILE_NAME.fullmatch(path.rpartition("/")[2])
    if match is None:
        return
    said = {key: value.strip() for key, _, value in (line.partition(":") for line in manifest.splitlines())}
    group = said.get("Implementation-Vendor-Id") or _group_of_bundle(said.get("Bundle-SymbolicName", ""), match[1])
    yield component(ECOSYSTEM, f"{group}:{match[1]}" if group else match[1], match[2], INSTALLED, path)


def _group_of_bundle(symbolic: str, artifact: str) -> str:
    """The group of ``org.group.artifact``, as OSGi names bundles; "" where the name is made otherwise."""
    name = symbolic.partition(";")[0].strip()
    for ending in (f".{artifact}", f".{artifact.replace('-', '.')}"):
        if name.endswith(ending):
            return name.removesuffix(ending)
    return ""
