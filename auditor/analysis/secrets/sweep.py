"""Takes surely recognised credentials out of free text, and leaves everything else as it was."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from auditor.analysis.secrets import formats
from auditor.analysis.secrets.connections import USERINFO, embedded_literals, pairs, real_password
from auditor.analysis.secrets.names import Promise, read_name
from auditor.analysis.secrets.references import parse_reference
from auditor.analysis.secrets.shapes import UUID, is_filler, is_sentence, is_trivial, looks_random

_MARK: Final = re.compile(r"\[redacted:[a-z0-9-]{1,70}\]|redacted-[a-z0-9-]{1,60}-[0-9a-f]{8}")
_ARN: Final = re.compile(r"(?<![\w-])arn:(?:[\w*?${}-]*:){2}[\w*?:/.+@${}-]*")
# What follows a name that some formats would swallow: the domain its cloud adds.
_DOMAIN: Final = re.compile(r"(?:\.[a-z0-9-]{1,63}){0,5}\.(?:net|com|app|aws|io|us|cn)")
_BEARER: Final = re.compile(r"\b(?:Bearer|Basic|SSWS)\s{1,3}([A-Za-z0-9+/=._~-]{12,8000})")
_SIGNED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|[Ss]ig|Signature|AWSAccessKeyId|Key-Pair-Id|Policy)=([^&\s\"'<>\\]{8,8000})",
    re.IGNORECASE,
)
_SIGNED_HINTS: Final = ("X-Amz-", "X-Goog-", "x-amz-", "x-goog-", "ig=", "ignature=", "AWSAccessKeyId=", "Key-Pair-Id=")
_FIELD_PROMISES: Final = frozenset({Promise.PASSWORD, Promise.SECRET, Promise.TOKEN, Promise.LOGIN})
_Span = tuple[int, int, str]
Mark = Callable[[str, str], str]
"""Makes what stands in place of a credential, of the detector's id and the credential."""


def plain_mark(detector: str, _value: str) -> str:
    """A mark that tells what kind of credential stood there, and nothing of which one."""
    return f"[redacted:{detector}]"


def sweep(text: str, mark: Mark = plain_mark) -> str:
    """Replace each credential inside `text` by its mark.

    Only high-confidence shapes go: vendor formats, private keys, passwords in URLs, signatures of presigned
    URLs, bearer tokens and `password=…` pairs. Digests, UUIDs and ETags stay, and so do ARNs and patterns of
    them, whose colons are no pairs: in an ARN only a vendor format is a credential. Idempotent.
    """
    if len(text) < 8:
        return text
    spans = _spans(text)
    if not spans:
        return text
    for _ in range(8):
        text = _replace(text, spans, mark)
        spans = _spans(text)
        if not spans:
            break
    return text


def _spans(text: str) -> list[_Span]:
    found: list[_Span] = [
        (match.start(), _before_domain(match), detector.id) for detector, match in formats.matches(text)
    ]
    if "://" in text and "@" in text:
        found.extend(
            (*match.span(2), "url-userinfo")
            for match in USERINFO.finditer(text)
            if real_password(match.group(1), match.group(2))
        )
    if "=" in text and any(hint in text for hint in _SIGNED_HINTS):
        found.extend((*match.span(1), "presigned-url") for match in _SIGNED.finditer(text))
    if "Bearer" in text or "Basic" in text or "SSWS" in text:
        found.extend(
            (*match.span(1), "bearer-token") for match in _BEARER.finditer(text) if looks_random(match.group(1), 12)
        )
    found.extend(_outside_arns(text, _by_grammar(text)))
    return [span for span in found if not _MARK.search(text[span[0] : span[1]]) and span[1] > span[0]]


def _by_grammar(text: str) -> Iterator[_Span]:
    """What only its place gives away: the value of a pair, an argument of a command."""
    for key, value, span in pairs(text):
        if _gives_away(key, value):
            yield (*span, "embedded-field")
    for span in embedded_literals(text):
        if not is_filler(text[slice(*span)]) and text[slice(*span)].strip("*?:"):
            yield (*span, "command-line-password")


def _outside_arns(text: str, spans: Iterator[_Span]) -> list[_Span]:
    listed = list(spans)
    if not listed or "arn:" not in text:
        return listed
    arns = [match.span() for match in _ARN.finditer(text)]
    return [span for span in listed if not any(start <= span[0] < end for start, end in arns)]


def _before_domain(match: re.Match[str]) -> int:
    """Where a token ends; the domain of a host that is called like one is not part of it."""
    dot = match.group().find(".")
    if dot > 0 and _DOMAIN.fullmatch(match.group(), dot):
        return match.start() + dot
    return match.end()


def _gives_away(key: str, value: str) -> bool:
    view = read_name(key)
    if view.promise not in _FIELD_PROMISES or len(value) < 4 or "redacted" in value:
        return False
    if is_filler(value) or is_trivial(value) or is_sentence(value) or parse_reference(view, value):
        return False
    if view.promise is Promise.PASSWORD:
        return True
    return UUID.fullmatch(value) is None and looks_random(value, 12)


def _replace(text: str, spans: list[_Span], mark: Mark) -> str:
    parts: list[str] = []
    place = 0
    for start, end, detector in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= place:
            continue
        begin = max(start, place)
        parts += (text[place:begin], mark(detector, text[begin:end]))
        place = end
    parts.append(text[place:])
    return "".join(parts)
