"""Finds credentials by their format alone: the surest evidence, whatever the variable is called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from auditor.analysis.secrets.vendor_formats import CLOUD, CODE_AND_TOOLS, SERVICES, Row

_PEM_PRIVATE_KEY: Final = (
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:.{0,16000}?-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----|[^\"<>]{0,16000})"
)
_GENERAL: Final[tuple[Row, ...]] = (
    (
        "private-key",
        "PRIVATE KEY",
        _PEM_PRIVATE_KEY,
    ),
    ("private-key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d: .{0,16000}"),
    (
        "private-key",
        "MI",
        r"MI[IGHC][A-Za-z0-9+/]{1,3}(?:IBAAK|IBADAN|CAQAwEwYHKoZI|AgEAMBMGByqGSM4)[A-Za-z0-9+/=\s]{30,8000}",
    ),
    ("private-key", "MHcCAQEEI", r"MHcCAQEEI[A-Za-z0-9+/=\s]{60,400}"),
    ("json-web-token", "eyJ", r"eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{0,2000}"),
    (
        "slack-webhook",
        "hooks.slack.com/",
        r"https?://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{12,}",
    ),
    (
        "discord-webhook",
        "/api/webhooks/",
        r"https?://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d{5,30}/[\w-]{20,}",
    ),
    ("teams-webhook", "office.com/webhook", r"https?://[\w.-]{1,100}office\.com/webhook[\w@/.-]{20,}"),
    (
        "google-chat-webhook",
        "chat.googleapis.com/",
        r"https?://chat\.googleapis\.com/v1/spaces/[^\s\"'<>]{1,200}key=[^\s\"'<>]{8,}",
    ),
    ("zapier-webhook", "hooks.zapier.com/", r"https?://hooks\.zapier\.com/hooks/catch/[\w/]{8,}"),
    ("make-webhook", ".make.com/", r"https?://hook\.[\w.]{0,20}make\.com/[a-z0-9]{20,}"),
    (
        "ifttt-webhook",
        "maker.ifttt.com/",
        r"https?://maker\.ifttt\.com/trigger/\w{1,100}/(?:json/)?with/key/[\w-]{10,}",
    ),
    (
        "pagerduty-integration-url",
        "events.pagerduty.com/",
        r"https?://events\.pagerduty\.com/integration/[0-9a-f]{20,}[\w/]{0,40}",
    ),
    (
        "sumologic-collector",
        "sumologic.com/receiver",
        r"https?://[\w.-]{1,100}sumologic\.com/receiver/v1/http/[\w=-]{20,}",
    ),
    (
        "loggly-input",
        "loggly.com/inputs/",
        r"https?://[\w.-]{1,100}loggly\.com/inputs/[0-9a-f-]{30,}[\w/-]{0,100}",
    ),
    ("rpc-endpoint-key", ".io/v3/", r"(?:https|wss)://[\w.-]{1,100}infura\.io/(?:ws/)?v3/[0-9a-f]{32}"),
    (
        "rpc-endpoint-key",
        "alchemy",
        r"(?:https|wss)://[\w.-]{1,100}alchemy(?:api)?\.(?:com|io)/(?:nft/)?v\d/[\w-]{24,}",
    ),
    ("rpc-endpoint-key", "quiknode.pro/", r"(?:https|wss)://[\w.-]{1,100}quiknode\.pro/[0-9a-f]{30,}"),
    ("webhook-url", "/hooks/", r"https?://[\w.:-]{1,200}/hooks/(?:[\w-]{10,}/)?[A-Za-z0-9]{20,}"),
)


@dataclass(frozen=True, slots=True)
class Detector:
    """One format: its id, a literal each match contains (the cheap test), and its pattern."""

    id: str
    literal: str
    pattern: re.Pattern[str]


def _compile(rows: tuple[Row, ...]) -> tuple[Detector, ...]:
    return tuple(
        Detector(name, literal, re.compile(r"(?<![A-Za-z0-9])(?:" + pattern + ")", re.DOTALL))
        for name, literal, pattern in rows
    )


DETECTORS: Final = _compile(_GENERAL + CLOUD + CODE_AND_TOOLS + SERVICES)

# Documentation values, published by the vendors as examples, and the storage emulator's account.
_EXAMPLE: Final = re.compile(r"EXAMPLE(?:KEY)?$|(?:[xX*]{8})|1234567890abcdef1234|([^A])\1{11}")


def _by_length() -> tuple[tuple[str, tuple[Detector, ...]], ...]:
    grouped: dict[str, list[Detector]] = {}
    for detector in DETECTORS:
        grouped.setdefault(detector.literal, []).append(detector)
    return tuple((literal, tuple(found)) for literal, found in grouped.items())


_GROUPS: Final = _by_length()
_SHORTEST: Final = 18


def matches(text: str) -> Iterator[tuple[Detector, re.Match[str]]]:
    """Yield every credential in `text` that its format gives away, examples of documentation left out."""
    if len(text) < _SHORTEST:
        return
    for literal, detectors in _GROUPS:
        if literal in text:
            for detector in detectors:
                for match in detector.pattern.finditer(text):
                    if not is_documented_example(match.group()):
                        yield detector, match


def first(text: str) -> str | None:
    """Return the id of a format found in `text`, or None."""
    for detector, _ in matches(text):
        return detector.id
    return None


def is_documented_example(token: str) -> bool:
    """Say whether a token is a vendor's documentation example or a run of filler, which opens nothing."""
    return _EXAMPLE.search(token) is not None
