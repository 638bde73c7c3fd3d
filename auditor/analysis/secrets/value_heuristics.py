"""What a value looks like on its own: filler, plain words, identifiers, or chance."""

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Final

_TRIVIAL: Final = re.compile(
    r"(?:true|false|yes|no|on|off|null|none|nil|undefined|enabled?|disabled?|unset|n/?a|default|auto|awscurrent|awsprevious|awspending"
    r"|empty|always|never|required|optional"
    r"|[-+]?\d{1,19}(?:\.\d{1,10})?%?|\d{1,6}(?:ms|s|m|h|d|w|kb|mb|gb|k|sec|min|hours?|days?|minutes?|seconds?)"
    r"|~?v?\d{1,4}(?:\.(?:\d{1,6}|x|\*)){1,4}(?:[-+.][0-9A-Za-z.-]{1,40})?|~\d{1,3}"
    r"|[a-z]{2}(?:-[a-z]+){1,3}-\d|\d{4}-\d\d-\d\d(?:[T ][\d:.]{4,18}(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.IGNORECASE,
)
_FILLER: Final = re.compile(
    r"<[^<>]{0,200}>|\[[A-Za-z_ -]{1,60}\]|\{[A-Za-z_ -]{1,60}\}|[xX]{3,}(?:[-_][xX]+)*"
    r"|[*.\-_#?•]{1,200}|(?:\w{1,12}[-_])?[xX*.…•]{6,}"
    r"|(?:todo|tbd|fixme|placeholder|dummy|example|sample|redacted|masked|hidden|test|fake|mock|foo"
    r"|bar|foobar|unused|unknown|not[-_ ]?(?:set|used|needed|applicable|real))"
    r"|(?:change|replace|fill|update|set|insert|enter|put|add)[-_ ]{1,2}(?:me|this|it|in|here|your"
    r"|with|by)\b.{0,80}|replaceme|fillmein|insert.{0,40}here"
    r"|your[-_ ]?(?:api|auth|access|secret|db|database|own|real|actual|private|token|key"
    r"|password|client|app|user|account|project|service|stripe|aws|github|slack)?"
    r"[-_ ]?(?:api)?[-_ ]?(?:access)?[-_ ]?(?:secret)?[-_ ]?(?:key|token|secret|password|pass|passwd"
    r"|pwd|id|value|credentials?)(?:[-_ ]?(?:here|goes[-_ ]here|value))?"
    r"|(?:dummy|fake|example|sample|placeholder|mock|test)[-_ ](?:api[-_ ]?)?(?:key|token|secret"
    r"|password|value|pass)|.{1,40}[-_ ]goes[-_ ]here|.{0,40}(?:changeme_|_changeme"
    r"|placeholder).{0,40}",
    re.IGNORECASE,
)
# A note to people where the value is kept: the verb or preposition, then the store.
_KEPT_ELSEWHERE: Final = re.compile(
    r"(?:(?:see|from|in|via|use|ask|check|lives[-_ ]in|(?:stored|kept|saved|is)[-_ ]in"
    r"|(?:get|read|fetched|loaded|comes|taken)"
    r"[-_ ]from|managed[-_ ](?:by|in))[-_ :](?:the[-_ ]|our[-_ ]|aws[-_ ]|azure[-_ ]|gcp[-_ ]|google[-_ ])?)"
    r"(?:1password|onepassword|bitwarden|lastpass|keepassx?c?|keeper|dashlane|passbolt|(?:hashicorp[-_ ])?vault"
    r"|key[-_ ]?vault|ssm|parameter[-_ ]?store|secrets?[-_ ]?manager|doppler|infisical|akeyless|conjur|keychain"
    r"|key[-_ ]?ring"
    r"|kms|consul|k8s|kubernetes|wiki|confluence|runbook|env|environment|gsm|asm)(?:[-_ :/].{0,60})?",
    re.IGNORECASE,
)
_CONSTANT_NAME: Final = re.compile(r"[A-Z]{2,20}(?:_[A-Z]{1,20}){1,6}")
_SENTENCE: Final = re.compile(
    r"(?:enter|please|your|forgot|invalid|must|type|choose|the|new|confirm|password|passwords|reset"
    r"|wrong|incorrect|use|at least|minimum)\b.{0,30}\s.{0,300}",
    re.IGNORECASE,
)
UUID: Final = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
HEX: Final = re.compile(r"(?:0x)?(?:[0-9a-f]{24,}|[0-9A-F]{24,})")
EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,80}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
HOST: Final = re.compile(
    r"(?:[a-z0-9*](?:[a-z0-9_-]{0,62})\.){1,8}[a-z]{2,20}(?::\d{1,5})?(?:/[\w./-]{0,200})?"
    r"|(?:\d{1,3}\.){3}\d{1,3}(?:[:/]\d{1,5})?|localhost(?::\d{1,5})?",
    re.IGNORECASE,
)
# Resource identifiers whose random part follows a published prefix; none of them opens anything.
_IDENTIFIER: Final = re.compile(
    r"(?:subnet|vpc|sg|eni|i|ami|vol|snap|acl|rtb|igw|nat|eipalloc|vpce|tgw|fs|fsap|lt|pl|cb|efs|key"
    r"|acct|cus|price|prod|sub|plan|prc|app|appl|ac|ag|r|pol|arp|mrk|dpl|prj|team|asst|org|proj|agent"
    r"|thread|file|vs|pm|pi|wf|evt|we|in|il|si|sub_sched)"
    r"[-_][0-9A-Za-z]{8,34}|[a-z]{2}(?:-[a-z]+){1,3}-\d[_:][\w-]{8,60}|[GE]-[A-Z0-9]{8,14}|UA-\d+-\d+"
    r"|GTM-[A-Z0-9]{4,10}|AW-\d{6,}|[ZE][A-Z0-9]{12,24}|A[A-Z]{3}[A-Z0-9]{16,17}"
    r"|sha(?:1|224|256|384|512)[:-][A-Za-z0-9+/=]{20,100}|SHA256:[A-Za-z0-9+/]{43}=?"
    r"|md5[:-][0-9a-f:]{32,47}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5,40}"
    r"|[CDGUTWB][A-Z0-9]{8,12}|ocid1\.[\w.-]{10,200}|amzn1\.[\w.-]{8,200}|\d{1,3}:\d{6,20}:(?:web|ios"
    r"|android):[0-9a-f]{10,40}|\d{6,21}-[a-z0-9]{20,40}\.apps\.googleusercontent\.com"
    r"|Root=1-[0-9a-f]{8}-[0-9a-f]{24}.{0,100}|00-[0-9a-f]{32}-[0-9a-f]{16}-\d\d|AC[0-9a-f]{32}|(?:PK"
    r"|pk)_(?:live|test)_[A-Za-z0-9]{8,200}|sb_publishable_[\w-]{8,100}|pk\.eyJ[\w.-]{10,400}"
    r"|(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|bafy[a-z2-7]{50,60})|0x[0-9a-fA-F]{40}|(?:bc|tb)1[a-z0-9]{25,80}"
    r"|0oa[A-Za-z0-9]{17}|arn:\S{10,500}|W/\"[^\"]{4,100}\""
)
_PUBLIC_MATERIAL: Final = re.compile(
    r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}(?:CERTIFICATE(?: REQUEST)?|PUBLIC KEY(?: BLOCK)?|PARAMETERS"
    r"|CRL|PGP MESSAGE|MESSAGE)(?: BLOCK)?-----"
    r"|(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{4,20}|sk-ssh-\S{4,30}) AAAA|MFkwEwYHKoZI|MCowBQYDK2Vw"
    r"|MHYwEAYHKoZI|MI[IG][A-Za-z0-9+/]{2,4}(?:ANBgkqhkiG9w0BAQEFAAOC|CCAQ|[A-Za-z0-9+/]{2}oAMCAQIC)"
    r"|iVBORw0KGgo|/9j/4|R0lGOD|UEsDB|AGFzb|data:(?:image|font|text)/"
)
_PIECES: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_VOWELS: Final = frozenset("aeiouy")
_RUNS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_SEPARATORS: Final = re.compile(r"[-_./~+=]")
_VOWELLESS: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}|[aeiou]{4,}|q(?!u)|[xzjvk]{2}")
# A letter, then every letter that hardly follows it in words: fewer than 12 in 100,000 of the pairs of letters of the
# 15,000 words and names that the sources and documents of 60 Python packages are written in (November 2026).
_RARE_ROWS: Final = (
    "ajoq bghkqvwxz cbgjqvwxz dhkqwxz ejz fbghjkpqvwxz gbdjkpqvwxz hcdfghjkpqvwxz ihijqwy jbcdfghijklmnpqrtvwxyz "
    "kbcfghjkmpqvxyz lhjqwxz mfghjkqrvwxz nqxz oq pbgjqvxz qabcdefghijkmnopqrtvwxyz rhjqxz sbjxz tjkqx uhjkquvwyz "
    "vbcdfghjklmnpqrtuvwxyz wbcdfgjkmpquvwxyz xbghjklnqruvwyz ybghjkqruvxyz zbcdfghjklmnpqrstvwxy"
)
_RARE_PAIRS: Final = frozenset(row[0] + after for row in _RARE_ROWS.split() for after in row[1:])
_TOKEN_CHARSET: Final = re.compile(r"[A-Za-z0-9+/=_.~-]{1,4096}")


def is_trivial(value: str) -> bool:
    """Say whether a value is a switch, number, duration, version, region or date."""
    return len(value) <= 64 and _TRIVIAL.fullmatch(value) is not None


def is_filler(value: str) -> bool:
    """Say whether a value only stands where a real one should be (`<your-key>`, `xxxx`, `REPLACE_ME`)."""
    if len(value) > 220:
        return False
    if _KEPT_ELSEWHERE.fullmatch(value):
        return True
    return _FILLER.fullmatch(value) is not None or _CONSTANT_NAME.fullmatch(value) is not None


def is_sentence(value: str) -> bool:
    """Say whether a value is a text for people, such as a form's label."""
    return " " in value and _SENTENCE.fullmatch(value) is not None


_FOR_PEOPLE: Final = re.compile(
    r"\b(?:enter|please|your|forgot|invalid|must|type|choose|confirm|reset|wrong|incorrect|at least|minimum|password|"
    r"passwords|passphrase|passcode|secret|login|characters|again|required)\b",
    re.IGNORECASE,
)


def is_passphrase(value: str) -> bool:
    """Say whether a value is three words or more that speak to nobody: a passphrase, where the name promises one."""
    if _KEPT_ELSEWHERE.fullmatch(value) or _FILLER.fullmatch(value):
        return False
    return value.count(" ") >= 2 and len(value) <= 120 and _FOR_PEOPLE.search(value) is None


_MNEMONIC: Final = re.compile(r"[a-z]{3,8}(?: [a-z]{3,8}){11,23}")
_NO_MNEMONIC: Final = re.compile(r"\b(?:the|and|for|with|from|are|not|has|its|was)\b")


def is_mnemonic(value: str) -> bool:
    """Say whether a value has the form of a wallet's recovery phrase.

    The form is that of BIP-39: 12, 15, 18, 21 or 24 words of three to eight letters, none of which joins sentences.
    """
    return (
        value.count(" ") + 1 in {12, 15, 18, 21, 24}
        and bool(_MNEMONIC.fullmatch(value))
        and not _NO_MNEMONIC.search(value)
    )


def is_identifier(value: str) -> bool:
    """Say whether a value is a resource identifier, digest or fingerprint by its published prefix."""
    return _IDENTIFIER.fullmatch(value) is not None


def is_public_material(value: str) -> bool:
    """Say whether a value is a certificate, public key, image or archive by its first bytes."""
    return _PUBLIC_MATERIAL.match(value) is not None


def entropy(value: str) -> float:
    """Return the Shannon entropy of the characters, in bits each."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


def word_share(value: str) -> float:
    """Return the share of letters that stand in pronounceable runs of four or more."""
    letters = wordy = 0
    for piece in _PIECES.findall(value):
        size = len(piece)
        letters += size
        if size >= 4 and _is_wordy(piece.lower()):
            wordy += size
    return wordy / letters if letters else 0.0


def _is_wordy(piece: str) -> bool:
    """Say whether a run of small letters reads as one or several words: run-together words may join oddly once."""
    if _VOWELS.isdisjoint(piece) or _VOWELLESS.search(piece):
        return False
    return sum(first + second in _RARE_PAIRS for first, second in pairwise(piece)) <= len(piece) // 8


def is_token_text(value: str) -> bool:
    """Say whether a value is one run of the characters that tokens are written in."""
    return _TOKEN_CHARSET.fullmatch(value) is not None


def looks_random(value: str, shortest: int) -> bool:
    """Say whether a value is long enough and looks made by chance rather than by a person."""
    if len(value) < shortest or not is_token_text(value) or value.isdigit():
        return False
    classes = any(map(str.islower, value)) + any(map(str.isupper, value)) + any(map(str.isdigit, value))
    if classes < 2 and len(value) < 20:
        return False
    floor = 2.6 if len(value) < 20 else 3.0
    if entropy(value) < floor:
        return False
    share = word_share(value)
    return share < (0.55 if classes > 1 else 0.5) or (share < 0.8 and _alternates(value))


def _alternates(value: str) -> bool:
    """Say whether a long part changes between letters and digits as often as only chance makes it."""
    part = max(_SEPARATORS.split(value), key=len)
    return len(part) >= 20 and any(map(str.isdigit, part)) and len(_RUNS.findall(part)) >= 0.3 * len(part)


def is_mixed_run(value: str) -> bool:
    """Say whether a value is one run of token characters with letters of both cases and digits."""
    cases = any(map(str.islower, value)) and any(map(str.isupper, value))
    return cases and any(map(str.isdigit, value)) and is_token_text(value)


def looks_garbled(value: str) -> bool:
    """Say whether a value is a generator's run of letters, digits and symbols."""
    if len(value) < 16 or any(map(str.isspace, value)) or "://" in value:
        return False
    symbols = {c for c in value if c in "!@#$%^&*()?~+="}
    digits = sum(map(str.isdigit, value))
    return len(symbols) > 1 and digits > 1 and entropy(value) >= 3.5 and word_share(value) < 0.75
