"""Finds passwords and keys by the grammar they stand in: connection strings, lists of settings, command lines, XML."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from auditor.analysis.secrets.names import read_name

_PAIR: Final = re.compile(
    r"(?<![\w.])([A-Za-z_][\w.-]{0,63}(?: (?:key|id|secret|token|password))?)(?:\\?[\"'])?\s{0,3}(?:=>|=|:)\s{0,3}"
    r"(?:\\\"([^\"\\]{0,2000})\\\"|\\?\"((?:[^\"\\]|\\.){0,2000})\\?\"|'((?:[^']|''){0,2000})'"
    r"|(?:(?<==)|(?<== ))\{((?:[^{}]|\}\}){1,2000})\}(?!\})"
    r"|((?:Bearer |Basic |Token )?[^\s;,&\"'<>{}]{1,2000}))"
)
_BRACED: Final = 5
"""The group of a value in braces, as ODBC and SQL Server's drivers quote it; two closing braces are one of its own."""
_BARE: Final = 6
_REST: Final = re.compile(r"[^;\s\"]{1,500}")
_HINT: Final = re.compile(
    r"p(?:ass|w|sw|in|arol)|se(?:cre|nha|gre)|to?ken|k(?:ey|ennw)|auth|c(?:red|ookie|ontrase|lave|have|le)|s(?:ig|alt|ifre|chl)"
    r"|referer|user-?agent|bearer|jwt|team|dsn|wort|mdp|h(?:aslo|eslo)|licen"
)
"""Looked for in small letters."""
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][\w. -]{0,60}")
_FLAGS: Final = tuple(
    re.compile(pattern.replace("<value>", r"[\"']?([^\s\"']{3,500})"))
    for pattern in (
        (
            r"(?<!\S)--?(?:[a-z]{1,20}-)?(?:pass(?:word|wd|phrase)?|pwd|token|secret|api-?key|access-key|secret-key"
            r"|requirepass)[ =]\"?'?(?!-)([^\s\"']{4,500})"
        ),
        r"\bsshpass -p ?<value>",
        r"\b(?:curl|wget|https?)\b.{0,300}\s(?:-u|--user|-a) ?\"?'?[^\s:\"']{1,100}:([^\s\"']{3,200})",
        # curl's options without its name, as CURL_OPTS holds them
        r"^-.{0,300}?\s(?:-u|--user|--proxy-user|-U)[ =]?\"?'?(?!\d{1,9}:\d)[^\s:\"']{1,100}:([^\s\"']{3,200})",
        r"^(?:-u|--user|--proxy-user)[ =]?\"?'?(?!\d{1,9}:\d)[^\s:\"']{1,100}:([^\s\"']{3,200})",
        r"\bmysql(?:dump|admin|import)?\b.{0,200}\s-p([^\s-]\S{2,200})",
        r"\bredis-cli\b.{0,200}\s-a <value>",
        r"\blogin\b.{0,300}\s-p[ =]<value>",
        r"\bmongo(?:sh|dump|restore|export|import)?\b.{0,300}\s-p[ =]?<value>",
        r"\bldap[a-z]{3,8}\b.{0,300}\s-w ?<value>",
        r"\b(?:sqlcmd|bcp|osql|isql)\b.{0,300}\s-P ?<value>",
        r"\bsmbclient\b.{0,200}\s-U ?[^\s%]{1,60}%(\S{3,200})",
        r"\bhtpasswd\s.{0,60}-\w{0,6}b\w{0,6}\s\S{1,200}\s\S{1,100}\s(\S{3,200})",
        r"(?<!\S)-pass(?:in|out)? pass:(\S{3,200})",
        r"ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?[\"']([^\"']{3,200})",
    )
)
_FLAG_HINTS: Final = (" -", "-u", "--", "-pass", "sshpass", "ConvertTo-SecureString")
_NETRC: Final = re.compile(r"\bmachine\s{1,4}\S{1,200}\s{1,4}login\s{1,4}\S{1,200}\s{1,4}password\s{1,4}(\S{1,200})")
# A host is no group of six and more that colons join: MAC and IPv6 addresses and fingerprints are.
_PGPASS: Final = re.compile(
    r"(?!(?:[0-9A-Fa-f]{0,4}:){5})[\w.*-]{1,200}:(?:\d{2,5}|\*):[\w*-]{1,63}:[\w*-]{1,63}:(\S{3,200})"
)
_XML: Final = re.compile(r"<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]{0,200})?>([^<>]{4,500})</")
_XML_SETTING: Final = re.compile(
    r"<add\s[^<>]{0,40}?(?:key|name)=\"([^\"<>]{1,100})\"\s[^<>]{0,40}?value=\"([^\"<>]{1,2000})\"", re.IGNORECASE
)

_LISTED: Final = re.compile(r"\"([A-Za-z_][\w.:/-]{0,100})\"\s{0,3}:\s{0,3}\[([^\[\]]{1,4000})\]")
_ITEM: Final = re.compile(r"\"((?:[^\"\\]|\\.){4,2000})\"(?!\s{0,3}:)")
_SPOKEN: Final = re.compile(
    r"\b(?:pass(?:word|wd|phrase|code)(?: is)?|(?:pwd|secret|token|api[ -]?key|access key) is)\s{1,3}"
    r"[\"'`]?([^\s\"'`,;]{8,200})",
    re.IGNORECASE,
)

Span = tuple[int, int]


def pairs(text: str) -> Iterator[tuple[str, str, Span]]:
    """Yield `(key, value, span of the value)` for each `key=value` or `key: value` whose key may promise a secret."""
    if ("=" not in text and ":" not in text) or not _HINT.search(text.lower()):
        return
    place = 0
    while match := _PAIR.search(text, place):
        group = match.lastindex or _BARE
        key = match.group(1)
        start, end = match.span(group)
        if group == _BARE:
            end = _end_of_field(text, match.start(), end)
        if end > start and _HINT.search(key.lower()) and not (group == _BRACED and _is_placeholder(text[start:end])):
            yield key, _unquoted(text[start:end], group), (start, end)
            place = max(end, match.end())
        else:  # what follows a key of no interest may be a pair itself: `failed: password=…`
            place = max(start, match.start() + 1)


def listed_values(text: str) -> Iterator[tuple[str, str, Span]]:
    """Yield `(key, value, span of the value)` of the texts listed under a key of JSON, as event patterns list them."""
    if "[" not in text or not _HINT.search(text.lower()):
        return
    for match in _LISTED.finditer(text):
        if _HINT.search(match.group(1).lower()):
            for item in _ITEM.finditer(text, *match.span(2)):
                yield match.group(1), item.group(1), item.span(1)


def spoken(text: str) -> Iterator[Span]:
    """Yield the spans of what prose calls a password (`the password is …`)."""
    if " " in text:
        yield from (match.span(1) for match in _SPOKEN.finditer(text))


def _end_of_field(text: str, key: int, end: int) -> int:
    """Where a bare value ends: in a list that semicolons separate, other separators belong to the value."""
    if end >= len(text) or text[end] not in ",&{}'<>" or ";" not in text:
        return end
    before = text[:key].rstrip(" ")
    if before and before[-1] not in ";\"'\n" and not before.endswith("\\n"):
        return end
    rest = _REST.match(text, end)
    return rest.end() if rest else end


def _unquoted(value: str, group: int) -> str:
    if group == _BRACED:
        return value.replace("}}", "}")
    return value.replace("''", "'") if group != _BARE else value


def _is_placeholder(braced: str) -> bool:
    """Say whether braces hold the name of what a program fills in (`{password}`, `{0}`)."""
    return braced.isdigit() or (_IDENTIFIER.fullmatch(braced) is not None and read_name(braced).mentions)


def embedded_literals(text: str) -> Iterator[Span]:
    """Yield the spans of passwords given in command lines, `.netrc` and `.pgpass` lines."""
    if any(hint in text for hint in _FLAG_HINTS):
        for pattern in _FLAGS:
            for match in pattern.finditer(text):
                yield match.span(1)
    if "machine" in text:
        yield from (match.span(1) for match in _NETRC.finditer(text))
    if text.count(":") >= 4 and "://" not in text:
        whole = _PGPASS.fullmatch(text)
        if whole:
            yield whole.span(1)


def xml_fields(text: str) -> Iterator[tuple[str, str, Span]]:
    """Yield `(name, text, span of the text)` of the XML elements and settings that hold plain text."""
    if "</" in text:
        for match in _XML.finditer(text):
            yield match.group(1).rpartition(":")[2], match.group(2), match.span(2)
    if "<add " in text:
        for match in _XML_SETTING.finditer(text):
            yield match.group(1), match.group(2), match.span(2)


def argument_pairs(arguments: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield `(place, name of the flag, value)` for each argument that follows a flag (`--db-password`, `-p`)."""
    for place, (flag, value) in enumerate(pairwise(arguments), start=1):
        if flag.startswith("-") and "=" not in flag and not value.startswith("-"):
            yield place, flag.lstrip("-"), value
