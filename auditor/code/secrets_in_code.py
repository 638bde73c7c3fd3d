"""Credentials that are written in code and configuration files of a package."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from auditor.analysis.secrets import judge
from auditor.code.files import PackageFiles, shown
from auditor.code.key_files import find_keys, is_key_file
from auditor.code.own_files import SKIPPED
from auditor.code.taint.scan import engine_language
from auditor.model.code_analysis import CodeFinding, CodeStep
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence

RULE: Final = "hardcoded-credential"
_SCRIPTS: Final = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
_CODE: Final = (*_SCRIPTS, ".java", ".cs", ".go", ".rb", ".php", ".ps1")
_QUOTED: Final = (".json", ".yml", ".yaml", ".toml", ".xml", ".tf")
_PLAIN: Final = (".env", ".ini", ".cfg", ".conf", ".properties", ".yml", ".yaml", ".toml")
_DOTENV: Final = re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$")
_NOT_OURS: Final = re.compile(
    r"(?:^|/)(?:package-lock|npm-shrinkwrap|composer\.lock|yarn\.lock|tsconfig|[\w.-]+\.deps)\b"
)
_ASSIGNED: Final = re.compile(rb"""[:=]>?[ \t]{0,4}[rbuf]{0,2}(["'`])([^"'`\r\n]{6,2000})\1""")
_NAMED: Final = re.compile(
    rb"""([A-Za-z_$][\w$.-]{1,60})["']?\]?[ \t]{0,4}(?::[ \t]{0,4}[A-Za-z]\w{0,20}[ \t]{0,4}|:)?$"""
)
_HINTS: Final = re.compile(
    rb"pass|secret|token|key|pwd|cred|auth|conn|dsn|url|uri|salt|sign|cert|hook|api|jwt|pin|private", re.IGNORECASE
)
_LINE: Final = re.compile(
    rb"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]{1,60})[ \t]*[:=][ \t]*([^\s\"'#][^\r\n#]{5,2000})$", re.MULTILINE
)
_GIVEN: Final = re.compile(
    rb"""["'`]((?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_\w{30,}|xox[abprs]-[\w-]{10,}|sk_live_\w{10,}"""
    rb"""|eyJ[\w-]{10,}\.[\w.-]{10,}|SG\.[\w.-]{20,}|github_pat_\w{22,}|gl(?:pat|dt)-[\w.-]{20,}|npm_\w{30,}"""
    rb"""|sk-(?:ant|proj|svcacct)-[\w-]{20,}|AIza[\w-]{30,45}"""
    rb"""|https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{12,200}"""
    rb"""|https://discord(?:app)?\.com/api/webhooks/\d{5,}/[\w-]{20,200}"""
    rb"""|[a-z][a-z0-9+]{1,20}://[^"'`\s/]{1,100}:[^"'`\s/]{3,200}@[^"'`\s]{2,300})["'`]"""
)
_CONNECTION: Final = re.compile(
    rb"""(?:[A-Za-z]{1,40}=[^;"'`\s]{0,300};){1,8}(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,120}={0,2}[^"'`\s<]{0,200}"""
)
_KEY: Final = re.compile(rb"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----")
_LARGEST: Final = 1_000_000
_MOST: Final = 200


def find_credentials(files: PackageFiles) -> tuple[CodeFinding, ...]:
    """Judge literals that are given a name, and literals in the formats of vendors. Never keeps a value."""
    found: dict[tuple[str, int], CodeFinding] = {}
    for path in sorted(files):
        if len(found) >= _MOST:
            break
        if not is_read(path):
            continue
        text = files[path]
        if len(text) <= _LARGEST:
            if is_key_file(path):
                for key in find_keys(text):
                    line = text.count(b"\n", 0, key.place) + 1 if key.place else 1
                    found[path, line] = _finding(path, line, (f"{key.what} in a file", key.confidence), b"", b"")
                continue
            for place, value, name, confidence in _judged(path, text):
                line = text.count(b"\n", 0, place) + 1
                found.setdefault((path, line), _finding(path, line, (name, confidence), text, value))
    return tuple(found.values())


def is_read(path: str) -> bool:
    """Whether a file is the package's own code or configuration, by its name."""
    if SKIPPED.search(path) or _NOT_OURS.search(path):
        return False
    return path.endswith((*_CODE, *_QUOTED, *_PLAIN)) or bool(_DOTENV.search(path)) or is_key_file(path)


def too_large(files: PackageFiles) -> Iterator[str]:
    """A sentence for each file that is not searched for its size."""
    for path in sorted(files):
        if is_read(path) and len(files[path]) > _LARGEST:
            yield f"{shown(path)}: it is larger than {_LARGEST:,} bytes and was not searched for credentials."


def _judged(path: str, text: bytes) -> Iterator[tuple[int, bytes, str, Confidence]]:
    """Place, value, name of what holds it, and how sure it is that this is a credential."""
    for name, value, place in _candidates(path, text):
        verdict = judge(name, value.decode(errors="replace"))
        if verdict.verdict is SecretVerdict.SECRET and verdict.confidence in {Confidence.HIGH, Confidence.MEDIUM}:
            yield place, value, f"{verdict.detector} in {name or 'a literal'}", verdict.confidence or Confidence.MEDIUM
    for key in _KEY.finditer(text):
        yield (
            key.start(),
            text[key.start() : text.find(b"\n", key.start())],
            "private-key in a literal",
            Confidence.HIGH,
        )


def _candidates(path: str, text: bytes) -> Iterator[tuple[str, bytes, int]]:
    if path.endswith((*_CODE, *_QUOTED)):
        for one in _ASSIGNED.finditer(text):
            named = _NAMED.search(text, max(0, one.start() - 90), one.start())
            if named is not None and _HINTS.search(named.group(1)):
                yield named.group(1).decode().rsplit(".", 1)[-1], one.group(2), one.start(2)
        for one in _GIVEN.finditer(text):
            yield "", one.group(1), one.start(1)
    yield from _connection_strings(text)
    if path.endswith(_PLAIN) or _DOTENV.search(path):
        for one in _LINE.finditer(text):
            if _HINTS.search(one.group(1)):
                yield one.group(1).decode(), one.group(2).strip(), one.start(2)


def _connection_strings(text: bytes) -> Iterator[tuple[str, bytes, int]]:
    """Azure's connection strings, whatever holds them."""
    if b"AccountKey=" not in text and b"AccessKey=" not in text:
        return
    for one in _CONNECTION.finditer(text):
        yield "", one.group(), one.start()


def _finding(path: str, line: int, what: tuple[str, Confidence], text: bytes, value: bytes) -> CodeFinding:
    """The digest is of the line without the value: a short credential could be guessed from it."""
    lines = text.splitlines()
    blanked = lines[line - 1].replace(value, b"").strip() if line <= len(lines) else b""
    return CodeFinding(
        rule=RULE,
        cwe=798,
        language=engine_language(path) if path.endswith(_SCRIPTS) else "configuration",
        file=path,
        line=line,
        handler="",
        source="",
        sink=what[0],
        triggers=(),
        steps=(CodeStep(file=path, line=line, text="a credential is written here"),),
        confidence=what[1],
        digest=hashlib.sha256(blanked).hexdigest(),
    )
