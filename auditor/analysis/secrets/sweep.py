"""Takes surely recognised credentials out of free text, and leaves everything else as it was."""

import re
from typing import Final

from auditor.analysis.secrets import formats
from auditor.analysis.secrets.connections import USERINFO, embedded_literals, pairs, real_password
from auditor.analysis.secrets.names import Promise, read_name
from auditor.analysis.secrets.references import parse_reference
from auditor.analysis.secrets.shapes import UUID, is_filler, is_sentence, is_trivial, looks_random

_MARK: Final = re.compile(r"\[redacted:[a-z0-9-]{1,60}\]")
_BEARER: Final = re.compile(r"\b(?:Bearer|Basic|SSWS)\s{1,3}([A-Za-z0-9+/=._~-]{12,8000})")
_SIGNED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|[Ss]ig|Signature|AWSAccessKeyId|Key-Pair-Id|Policy)=([^&\s\"'<>\\]{8,8000})",
    re.IGNORECASE,
)
_SIGNED_HINTS: Final = ("X-Amz-", "X-Goog-", "x-amz-", "x-goog-", "ig=", "ignature=", "AWSAccessKeyId=", "Key-Pair-Id=")
_FIELD_PROMISES: Final = frozenset({Promise.PASSWORD, Promise.SECRET, Promise.TOKEN, Promise.LOGIN})
_Span = tuple[int, int, str]


def sweep(text: str) -> str:
    """Replace each credential inside `text` by `[redacted:<detector>]`.

    Only high-confidence shapes go: vendor formats, private keys, passwords in URLs, signatures of presigned
    URLs, bearer tokens and `password=…` pairs. ARNs, digests, UUIDs and ETags stay. Idempotent.
    """
    if len(text) < 8:
        return text
    spans = _spans(text)
    if not spans:
        return text
    for _ in range(8):
        text = _replace(text, spans)
        spans = _spans(text)
        if not spans:
            break
    return text


def _spans(text: str) -> list[_Span]:
    found: list[_Span] = [(*match.span(), detector.id) for detector, match in formats.matches(text)]
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
    found.extend((*span, "embedded-field") for key, value, span in pairs(text) if _gives_away(key, value))
    found.extend(
        (*span, "command-line-password") for span in embedded_literals(text) if not is_filler(text[slice(*span)])
    )
    return [span for span in found if not _MARK.search(text[span[0] : span[1]]) and span[1] > span[0]]


def _gives_away(key: str, value: str) -> bool:
    view = read_name(key)
    if view.promise not in _FIELD_PROMISES or len(value) < 4 or "redacted" in value:
        return False
    if is_filler(value) or is_trivial(value) or is_sentence(value) or parse_reference(view, value):
        return False
    if view.promise is Promise.PASSWORD:
        return True
    return UUID.fullmatch(value) is None and looks_random(value, 12)


def _replace(text: str, spans: list[_Span]) -> str:
    parts: list[str] = []
    place = 0
    for start, end, detector in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= place:
            continue
        parts.append(text[place : max(start, place)])
        parts.append(f"[redacted:{detector}]")
        place = end
    parts.append(text[place:])
    return "".join(parts)
