"""Takes surely recognised credentials out of free text, and leaves everything else as it was."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from auditor.analysis.secrets import formats
from auditor.analysis.secrets.encodings import Mapped, decode_base64, encoded_runs, unentity, unescape, unpercent
from auditor.analysis.secrets.names import CREDENTIAL, NameView, Promise, read_name
from auditor.analysis.secrets.pairs import embedded_literals, listed_values, pairs, spoken, xml_fields
from auditor.analysis.secrets.references import parse_reference
from auditor.analysis.secrets.urls import find_in_urls
from auditor.analysis.secrets.value_heuristics import is_filler, is_sentence, is_trivial, looks_random
from auditor.analysis.secrets.value_shape import Shape, shape_of

_MARK: Final = re.compile(r"\[redacted:[a-z0-9-]{1,70}\]|redacted-[a-z0-9-]{1,60}-[0-9a-f]{8}")
_ARN: Final = re.compile(r"(?<![\w-])arn:(?:[\w*?${}-]*:){2}[\w*?:/.+@${}-]*")
# What follows a name that some formats would swallow: the domain its cloud adds.
_DOMAIN: Final = re.compile(r"(?:\.[a-z0-9-]{1,63}){0,5}\.(?:net|com|app|aws|io|us|cn)")
_BEARER: Final = re.compile(r"\b(Bearer|Basic|SSWS)\s{1,3}([A-Za-z0-9+/=._~-]{8,8000})")
_SIGNED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|[Ss]ig|Signature|AWSAccessKeyId|Key-Pair-Id|Policy)=([^&\s\"'<>\\]{8,8000})",
    re.IGNORECASE,
)
_SIGNED_HINTS: Final = ("X-Amz-", "X-Goog-", "x-amz-", "x-goog-", "ig=", "ignature=", "AWSAccessKeyId=", "Key-Pair-Id=")
_MADE: Final = frozenset({Shape.HEX, Shape.RANDOM, Shape.SHORT_RANDOM, Shape.GARBLED, Shape.COMPLEX})
"""What a field of a text must look like to be a credential under a name that promises one."""

_CHOSEN_HEADER: Final = re.compile(r"(?:aws:)?(?:referer|user-?agent)", re.IGNORECASE)
"""Headers that callers choose, in which policies ask for a value that only their owner should know."""

_SHORTEST: Final = 8
_LAYERS: Final = 3
"""Encodings inside one another that are undone."""

_Span = tuple[int, int, str]
Mark = Callable[[str, str], str]
"""Makes what stands in place of a credential, of the detector's id and the credential."""


Find = Callable[[str], Iterable[_Span]]
"""Finds what else has to go: spans, each with the id of what found it."""


def nothing_else(_text: str) -> Iterable[_Span]:
    """Find nothing besides what the sweep itself knows."""
    return ()


def plain_mark(detector: str, _value: str) -> str:
    """A mark that tells what kind of credential stood there, and nothing of which one."""
    return f"[redacted:{detector}]"


def sweep(text: str, mark: Mark = plain_mark, also: Find = nothing_else) -> str:
    """Replace each credential inside `text` by its mark, and what `also` finds.

    Only high-confidence shapes go: vendor formats (also glued to other letters), private keys, passwords and tokens
    in addresses, signatures of presigned URLs, bearer tokens and `password=…` pairs, each also where it is wrapped in
    base64, hex, percent-encoding or the escapes of JSON and XML. Digests, UUIDs and ETags stay, and so do ARNs and
    patterns of them, whose colons are no pairs: in an ARN only a vendor format is a credential. Idempotent.
    """
    if len(text) < _SHORTEST:
        return text
    spans = _spans(text, _LAYERS, also)
    if not spans:
        return text
    for _ in range(8):
        text = _replace(text, spans, mark)
        spans = _spans(text, _LAYERS, also)
        if not spans:
            break
    return text


def _spans(text: str, layers: int, also: Find) -> list[_Span]:
    found = list(also(text))
    found += [
        (match.start(), _before_domain(match), detector.id) for detector, match in formats.matches(text, anywhere=True)
    ]
    found.extend(find_in_urls(text))
    if "=" in text and any(hint in text for hint in _SIGNED_HINTS):
        found.extend((*match.span(1), "presigned-url") for match in _SIGNED.finditer(text))
    if "Bearer" in text or "Basic" in text or "SSWS" in text:
        found.extend((*match.span(2), "bearer-token") for match in _BEARER.finditer(text) if _is_token(*match.groups()))
    if not (text.startswith("arn:") and _ARN.fullmatch(text)):
        found.extend(_outside_arns(text, _by_grammar(text)))
    if layers:
        found.extend(_wrapped(text, layers - 1, also))
    return [span for span in found if span[1] > span[0] and not _MARK.search(text, span[0], span[1])]


def _is_token(scheme: str, token: str) -> bool:
    if scheme == "Basic":
        pair = decode_base64(token)
        if pair is not None and ":" in pair:
            return True
    return looks_random(token, 12)


def _wrapped(text: str, layers: int, also: Find) -> Iterator[_Span]:
    """What shows once a layer of encoding is undone, at the places of the text where it is wrapped."""
    for undo in (unpercent, unescape, unentity):
        mapped = undo(text)
        if mapped is not None:
            yield from _placed(mapped, layers, also)
    for (start, end), inner in encoded_runs(text):
        spans = _spans(inner, layers, also)
        if spans:
            yield start, end, spans[0][2]


def _placed(mapped: Mapped, layers: int, also: Find) -> Iterator[_Span]:
    inner, places = mapped
    for start, end, detector in _spans(inner, layers, also):
        yield places[start], max(places[end], places[end - 1] + 1), detector


def _by_grammar(text: str) -> Iterator[_Span]:
    """What only its place gives away: the value of a pair, an argument of a command."""
    for key, value, span in pairs(text):
        if _gives_away(key, value):
            yield (*span, "embedded-field")
    for key, value, span in xml_fields(text):
        if _gives_away(key, value):
            yield (*span, "embedded-field")
    for key, value, span in listed_values(text):
        if _gives_away(key, value):
            yield (*span, "embedded-field")
    for span in spoken(text):
        if looks_random(text[slice(*span)], _SHORTEST):
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
    if _CHOSEN_HEADER.fullmatch(key):
        return looks_random(value, _SHORTEST)
    view = read_name(key)
    if view.promise not in CREDENTIAL and not _is_keyed(view):
        return False
    if len(value) < 4 or "redacted" in value or is_filler(value) or is_trivial(value) or is_sentence(value):
        return False
    if parse_reference(view, value):
        return False
    if view.promise is Promise.PASSWORD and view.certain:
        return True
    return shape_of(value) in _MADE


def _is_keyed(view: NameView) -> bool:
    """Keys whose name says nothing more (`AccountKey` does): only what chance made is one of a service."""
    return view.promise is Promise.KEY


def credentials_in(text: str) -> tuple[str, ...]:
    """The credentials that `sweep` would take out of `text`, as they stand there."""
    spans = _spans(text, 0, nothing_else) if len(text) >= _SHORTEST else []
    return tuple(text[start:end] for start, end, _ in spans)


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
