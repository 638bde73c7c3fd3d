"""Finds credentials by their format alone: the surest evidence, whatever the variable is called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.analysis.secrets.vendor_formats import CLOUD, CODE_AND_TOOLS, SERVICES, UUID_TEXT, WITHOUT_LITERAL, Row

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
    # PFX ::= SEQUENCE { version 3, authSafe … } (RFC 7292, section 4)
    ("key-store", "IBAzCC", r"MII[A-Za-z0-9+/]{3}IBAzCC[A-Za-z0-9+/]{2,12}[A-Za-z0-9+/=\s]{60,16000}"),
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
    (
        "monitoring-webhook",
        "victorops.com/integrations/",
        r"https?://alert\.victorops\.com/integrations/[\w/]{1,60}/" + UUID_TEXT + r"[\w/-]{0,100}",
    ),
    ("monitoring-webhook", "hc-ping.com/", r"https?://hc-ping\.com/(?:" + UUID_TEXT + r"|[\w-]{20,})"),
    ("monitoring-webhook", "cronitor.link/", r"https?://cronitor\.link/p/[0-9a-f]{32}[\w/-]{0,60}"),
    ("chat-webhook", "/bot/v2/hook/", r"https?://open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[\w-]{20,}"),
    ("chat-webhook", "dingtalk.com/robot/", r"https?://oapi\.dingtalk\.com/robot/send\?access_token=[0-9a-f]{40,}"),
    ("chat-webhook", "weixin.qq.com/", r"https?://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[0-9a-f-]{30,}"),
    ("chat-webhook", "hooks.chime.aws/", r"https?://hooks\.chime\.aws/incomingwebhooks/[\w-]{20,}\?token=[\w%=-]{10,}"),
    (
        "chat-webhook",
        "webhooks/incoming/",
        r"https?://(?:webexapis\.com|api\.ciscospark\.com)/v1/webhooks/incoming/[\w-]{20,}",
    ),
    ("deploy-hook", "api.render.com/deploy/", r"https?://api\.render\.com/deploy/srv-[a-z0-9]{10,}\?key=[\w-]{8,}"),
    ("deploy-hook", "integrations/deploy/", r"https?://api\.vercel\.com/v1/integrations/deploy/\w{10,}/\w{8,}"),
    ("deploy-hook", "netlify.com/build_hooks/", r"https?://api\.netlify\.com/build_hooks/[0-9a-f]{20,}"),
    ("webhook-url", "/hooks/", r"https?://[\w.:-]{1,200}/hooks/(?:[\w-]{10,}/)?[A-Za-z0-9]{20,}"),
)


# Where a token may begin: after what is no letter or digit, and after what stands for such a character.
_BOUNDARY: Final = (
    r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2}))"
)
_END: Final = "(?![A-Za-z0-9])"
# Formats too short or too common to be looked for in the middle of a word: names and digests would match.
_WHOLE_WORDS: Final = frozenset(
    {
        "backblaze-key",
        "clickhouse-cloud-key",
        "crates-token",
        "discord-bot-token",
        "dropbox-token",
        "facebook-token",
        "flagsmith-key",
        "launchdarkly-key",
        "localstack-token",
        "mailchimp-key",
        "mandrill-key",
        "octopus-key",
        "openai-legacy-key",
        "pagerduty-key",
        "prefect-key",
        "resend-key",
    }
)


@dataclass(frozen=True, slots=True)
class Detector:
    """One format: its id, a literal each match contains (the cheap test), and its pattern.

    ``anywhere`` is the pattern without its borders: a credential that is glued to other letters is one all the same.
    """

    id: str
    literal: str
    pattern: re.Pattern[str]
    anywhere: re.Pattern[str]


def _compile(rows: tuple[Row, ...]) -> tuple[Detector, ...]:
    return tuple(_detector(*row) for row in rows)


def _detector(name: str, literal: str, pattern: str) -> Detector:
    bordered = re.compile(f"{_BOUNDARY}(?:{pattern})", re.DOTALL)
    if name in _WHOLE_WORDS:
        return Detector(name, literal, bordered, bordered)
    return Detector(name, literal, bordered, re.compile(f"(?:{pattern.replace(_END, '')})", re.DOTALL))


DETECTORS: Final = _compile(_GENERAL + CLOUD + CODE_AND_TOOLS + SERVICES)

# Documentation values, published by the vendors as examples, and the storage emulator's account.
_EXAMPLE: Final = re.compile(r"EXAMPLE(?:KEY)?$|(?:[xX*]{8})|1234567890abcdef1234|([^A])\1{11}")


_SHORTEST: Final = 18
_UNANNOUNCED_LENGTH: Final = min(length for _, _, length, _ in WITHOUT_LITERAL)


def _trie(words: Iterable[str]) -> str:
    """Return a pattern that matches the shortest of `words` at a place: one look at a text instead of hundreds."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _pattern(root)


def _pattern(node: Mapping[str, Any]) -> str:
    if "" in node:
        return ""
    branches = [re.escape(char) + _pattern(inner) for char, inner in sorted(node.items())]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


_LITERALS: Final = _trie(detector.literal for detector in DETECTORS)
_ANY: Final = re.compile(_LITERALS)
_EACH: Final = re.compile(f"(?=({_LITERALS}))")


def _heads() -> Mapping[str, tuple[Detector, ...]]:
    """The formats by the shortest literal that theirs begins with."""
    found: dict[str, list[Detector]] = {}
    for detector in DETECTORS:
        match = _ANY.match(detector.literal)
        found.setdefault(match.group() if match else detector.literal, []).append(detector)
    return {head: tuple(detectors) for head, detectors in found.items()}


_BY_HEAD: Final = _heads()
_UNANNOUNCED: Final = tuple(
    (dots, length, _detector(name, "", pattern)) for name, dots, length, pattern in WITHOUT_LITERAL
)


def matches(text: str, *, anywhere: bool = False) -> Iterator[tuple[Detector, re.Match[str]]]:
    """Yield every credential in `text` that its format gives away, examples of documentation left out.

    With ``anywhere``, those inside of words as well.
    """
    if len(text) < _SHORTEST:
        return
    for detector in _candidates(text):
        for match in (detector.anywhere if anywhere else detector.pattern).finditer(text):
            if not is_documented_example(match.group()):
                yield detector, match


def _candidates(text: str) -> Iterator[Detector]:
    if _ANY.search(text):
        seen = set()
        for match in _EACH.finditer(text):
            head = match.group(1)
            if head not in seen:
                seen.add(head)
                yield from (detector for detector in _BY_HEAD[head] if detector.literal in text)
    if len(text) >= _UNANNOUNCED_LENGTH:
        dots = text.count(".")
        yield from (detector for least, length, detector in _UNANNOUNCED if dots >= least and len(text) >= length)


def first(text: str) -> str | None:
    """Return the id of a format found in `text`, or None."""
    for detector, _ in matches(text):
        return detector.id
    return None


def is_documented_example(token: str) -> bool:
    """Say whether a token is a vendor's documentation example or a run of filler, which opens nothing."""
    return _EXAMPLE.search(token) is not None
