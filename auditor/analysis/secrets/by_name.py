"""Weighs what a name promises against what the value looks like: the verdict, and how sure it is."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from auditor.analysis.secrets import value_heuristics, vocabulary
from auditor.analysis.secrets.names import NameView, Promise
from auditor.analysis.secrets.value_shape import (
    MECHANISMS,
    Shape,
    is_hashed,
    is_plain_thing,
    is_weak,
    password_shaped,
    reads_as_name,
    shape_of,
)
from auditor.analysis.secrets.vocabulary import word_set
from auditor.model.secret import Judgement, Reference, ReferenceKind, SecretVerdict
from auditor.model.severity import Confidence

CLEAR: Final = Judgement(SecretVerdict.CLEAR)
DETECTOR: Final = "name-and-shape"
_H, _M, _L = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_WEIGHTS: Final[Mapping[Promise, Mapping[Shape, Confidence]]] = {
    Promise.PASSWORD: {
        Shape.NUMBER: _L,
        Shape.HASHED: _M,
        Shape.UUID: _M,
        Shape.IDENTIFIER: _M,
        Shape.HEX: _H,
        Shape.WEAK: _L,
        Shape.RANDOM: _H,
        Shape.SHORT_RANDOM: _M,
        Shape.GARBLED: _H,
        Shape.COMPLEX: _H,
        Shape.MADE_UP: _M,
        Shape.NAME: _M,
        Shape.PHRASE: _M,
        Shape.WORD: _M,
    },
    Promise.SECRET: {
        Shape.NUMBER: _L,
        Shape.HASHED: _M,
        Shape.UUID: _M,
        Shape.IDENTIFIER: _M,
        Shape.HEX: _H,
        Shape.WEAK: _L,
        Shape.RANDOM: _H,
        Shape.SHORT_RANDOM: _M,
        Shape.GARBLED: _H,
        Shape.COMPLEX: _H,
        Shape.MADE_UP: _M,
        Shape.NAME: _L,
        Shape.PHRASE: _M,
        Shape.WORD: _M,
    },
    Promise.TOKEN: {
        Shape.NUMBER: _L,
        Shape.UUID: _M,
        Shape.HEX: _H,
        Shape.WEAK: _L,
        Shape.RANDOM: _H,
        Shape.SHORT_RANDOM: _M,
        Shape.GARBLED: _M,
        Shape.COMPLEX: _M,
        Shape.MADE_UP: _L,
        Shape.IDENTIFIER: _M,
    },
    Promise.KEY: {Shape.HEX: _M, Shape.RANDOM: _M, Shape.GARBLED: _L},
    Promise.LOGIN: {
        Shape.HASHED: _L,
        Shape.UUID: _M,
        Shape.HEX: _M,
        Shape.RANDOM: _M,
        Shape.SHORT_RANDOM: _M,
        Shape.GARBLED: _M,
        Shape.COMPLEX: _M,
    },
}
"""What each shape of value weighs under each promise; a shape that is not listed is no credential there."""

_UNCERTAIN: Final[Mapping[Shape, Confidence]] = {
    Shape.HEX: _M,
    Shape.RANDOM: _M,
    Shape.SHORT_RANDOM: _L,
    Shape.GARBLED: _M,
    Shape.COMPLEX: _M,
    Shape.MADE_UP: _L,
    Shape.WEAK: _L,
}
"""The same where the telling word stands elsewhere in the name."""

_LEAST: Final[Mapping[Promise, int]] = {
    Promise.PASSWORD: 2,
    Promise.SECRET: 3,
    Promise.TOKEN: 8,
    Promise.KEY: 20,
    Promise.LOGIN: 8,
}
"""Characters below which a value is no credential under a promise; numbers have limits of their own."""

_DIGITS: Final[Mapping[Promise, int]] = {Promise.PASSWORD: 3, Promise.SECRET: 4, Promise.TOKEN: 4}
_USER_PASSWORD: Final = re.compile(r"[\w.@+-]{1,64}:(\S{3,200})|neo4j/(\S{4,200})")
_OWN_PREFIX: Final = re.compile(r"(?:prod|app|key|test|team|org|proj)[-_]")
_SEVERAL_WORDS: Final = re.compile(r"[A-Za-z][a-z]+(?:[-_. ]?[A-Z][a-z]+|[-_. ][a-z]+)+")
_PARTS: Final = re.compile(r"[|:,;\s]+")
_PROSE_WORDS: Final = re.compile(r"password|passwd|pwd|secret|token|credential|login", re.IGNORECASE)
_KEY_OF_A_SERVICE: Final = re.compile(
    r"[A-Za-z0-9+/_-]{42,88}={1,2}|[0-9a-f]{32}|[0-9A-F]{32}|[0-9a-f]{64}|[0-9A-F]{64}"
)
_STORE_SEGMENTS: Final = word_set(
    "prod production dev development staging stage stg qa uat shared common db rds api prd"
)


def judge_by_name(view: NameView, value: str) -> Judgement | None:
    """Judge by the name's promise; None when the name promises nothing that decides."""
    text = value.strip()
    promise = view.promise
    if not text or promise in {Promise.NOTHING, Promise.CONNECTION}:
        return None
    if promise in {Promise.DESCRIPTION, Promise.PUBLIC}:
        return _described(view, text)
    if _says_its_own_name(view, text):
        return CLEAR
    shape = shape_of(text)
    if shape is Shape.FILLER and promise is Promise.PASSWORD and value_heuristics.is_passphrase(text):
        shape = Shape.PHRASE
    if shape is Shape.NUMBER:
        return _number(view, text)
    weighed = _weigh(view, shape, text)
    return weighed if weighed is not CLEAR else _in_parts(view, text)


def _found(confidence: Confidence) -> Judgement:
    return Judgement(SecretVerdict.SECRET, confidence, DETECTOR)


def _says_its_own_name(view: NameView, text: str) -> bool:
    """Whether a value repeats its name, or words of it that stand together (`clientSecret`, `newrelic-license`).

    Words with hyphens that say "secret" are in use as one (`session-secret`).
    """
    squeezed = re.sub(r"[^a-z0-9]", "", text.lower())
    if len(view.words) > 1 and "_" in text and squeezed == "".join(view.words):
        return True
    if view.promise is Promise.PASSWORD or not _SEVERAL_WORDS.fullmatch(text) or ("-" in text and is_weak(text)):
        return False
    starts = range(len(view.words))
    return any(
        squeezed == "".join(view.words[start:end]) for start in starts for end in range(start + 2, len(view.words) + 1)
    )


def _number(view: NameView, text: str) -> Judgement:
    """Digits are a PIN or password under a telling name, and a quantity under the name of one."""
    promise = view.promise
    if view.counts or promise not in _DIGITS or view.head in vocabulary.LOOSE_TOKEN or _is_plural(view.head):
        return CLEAR
    if view.head == "seed" and len(text) < 20:
        return CLEAR  # of a generator of random numbers
    least = 4 if view.head == "pin" else _DIGITS[promise]
    return _found(_M if len(text) >= 8 else _L) if len(text) >= least and view.certain else CLEAR


def _is_plural(head: str) -> bool:
    return head.endswith("s") and (head[:-1] in vocabulary.SECRET | vocabulary.TOKEN | vocabulary.PASSWORD)


def _weigh(view: NameView, shape: Shape, text: str) -> Judgement:
    promise = view.promise
    if promise is Promise.TOKEN and "secret" in view.words and shape is not Shape.NAME and not view.names_reference:
        promise = Promise.SECRET
    weights = _WEIGHTS[promise] if view.certain else _UNCERTAIN
    confidence = weights.get(shape)
    if confidence is None or len(text) < _LEAST[promise]:
        return CLEAR
    condition = _CONDITIONS.get((promise, shape)) if view.certain else _has_digit if shape is Shape.MADE_UP else None
    if condition is not None and not condition(view, text):
        return CLEAR
    if shape is Shape.NAME and promise is Promise.SECRET and _names_a_stored_one(text):
        return Judgement(SecretVerdict.REFERENCE, reference=Reference(ReferenceKind.SECRET_NAME, ""))
    return _found(confidence)


def _names_a_stored_one(text: str) -> bool:
    parts = re.split(r"[-_./:]", text.lower())
    return len(parts) > 1 and not _STORE_SEGMENTS.isdisjoint(parts)


def _token_uuid(view: NameView, _text: str) -> bool:
    named = ("kms", "cmk", "instrumentation", "instrumentationkey", "encryption", "signing")
    return not (view.words[-1] in {"keys", "key"} and any(word in named for word in view.words))


def _token_made_up(view: NameView, text: str) -> bool:
    """A word with digits is a token only under a name that no other thing has."""
    if view.head in vocabulary.LOOSE_TOKEN or (view.head in vocabulary.KEY and "api" not in view.words):
        return False
    return text.isalnum() and any(map(str.isdigit, text)) and len(text) >= 10 and value_heuristics.entropy(text) > 2.5


_SAY_SECRET: Final = ("secret", "pass", "letmein", "changeme", "qwerty", "geheim")


def _token_weak(_view: NameView, text: str) -> bool:
    """`my-api-key` says what belongs there; `my-super-secret-token` is in use."""
    lowered = text.lower()
    return lowered not in MECHANISMS and any(word in lowered for word in _SAY_SECRET)


def _token_identifier(_view: NameView, text: str) -> bool:
    """Prefixes that people give their own tokens as well as services their identifiers."""
    return _OWN_PREFIX.match(text) is not None and value_heuristics.looks_random(text, 16)


def _has_digit(_view: NameView, text: str) -> bool:
    return any(map(str.isdigit, text))


def _longer(least: int) -> "_Condition":
    return lambda _view, text: len(text) >= least


def _login_short(view: NameView, text: str) -> bool:
    """Other things than a password are short under the words of a login, but for the plainest of them."""
    return view.head in {"credential", "credentials", "cred", "creds"} and len(text) >= 10


_Condition = Callable[[NameView, str], bool]
_CONDITIONS: Final[Mapping[tuple[Promise, Shape], _Condition]] = {
    (Promise.PASSWORD, Shape.WORD): _longer(3),
    (Promise.SECRET, Shape.WORD): _longer(6),
    (Promise.SECRET, Shape.MADE_UP): _longer(6),
    (Promise.SECRET, Shape.PHRASE): _longer(8),
    (Promise.TOKEN, Shape.UUID): _token_uuid,
    (Promise.TOKEN, Shape.MADE_UP): _token_made_up,
    (Promise.TOKEN, Shape.WEAK): _token_weak,
    (Promise.TOKEN, Shape.IDENTIFIER): _token_identifier,
    (Promise.KEY, Shape.RANDOM): _longer(20),
    (Promise.LOGIN, Shape.SHORT_RANDOM): _login_short,
}
"""What a value must be besides its shape."""


def _in_parts(view: NameView, text: str) -> Judgement:
    """Judge lists of keys, `user:password`, and tokens behind an id (`1|…`)."""
    if view.promise is Promise.LOGIN:
        match = _USER_PASSWORD.fullmatch(text)
        password = (match.group(1) or match.group(2)) if match else None
        if password and not value_heuristics.is_filler(password) and not password.isdigit():
            return _found(_H)
    parts = _PARTS.split(text, maxsplit=8)
    if view.promise is Promise.PASSWORD or len(parts) < 2 or is_plain_thing(text):
        return CLEAR
    least = 20 if view.promise is Promise.KEY else 12 if parts[0].isalnum() and len(parts) == 2 else 16
    chance = any(
        value_heuristics.looks_random(part, least)
        and not reads_as_name(part)
        and not value_heuristics.is_identifier(part)
        for part in parts
    )
    return _found(_M) if chance else CLEAR


def _described(view: NameView, text: str) -> Judgement | None:
    # The role of Vault's AppRole login is the one credential whose name ends in "id".
    if (
        view.words[-2:] == ("secret", "id")
        and ("vault" in view.words or "role" in view.words or "approle" in view.words)
        and value_heuristics.UUID.fullmatch(text)
    ):
        return _found(_M)
    if view.words[-1] in vocabulary.KEY and not vocabulary.ORDINAL_KEY.isdisjoint(view.words):
        made = _KEY_OF_A_SERVICE.fullmatch(text) or (
            value_heuristics.looks_random(text, 20) and not reads_as_name(text)
        )
        if made and not value_heuristics.is_identifier(text):
            return _found(_M)
    return CLEAR if view.promise is Promise.PUBLIC or view.mentions else None


_IDENTIFYING: Final = word_set(
    "id ids hash sha digest etag version checksum commit rev build pool client distribution zone channel "
    "account project tenant app cursor nonce fingerprint cert certificate public pub integrity sheet "
    "spreadsheet document doc folder drive calendar playlist video bucket image logo icon data wasm "
    "address contract wallet cid ipfs program trace request correlation session_id marker offset page "
    "thumbprint kid org table index base view database arn name names user group role owner member "
    "customer subscription plan price product sku serial device signature_version"
)


_MAILBOX_LOGIN: Final = re.compile(r"[\w.+-]{1,64}@([A-Za-z][\w-]{0,62}(?:\.[\w-]{1,63}){0,6}):([^\s/:@]{8,200})")


def _is_mailbox_login(text: str) -> bool:
    """Say whether a value is `user@tenant:password`, as basic authentication of services takes it.

    `git@host:repository`, `host:Folder2`, `image@sha256:…` and `package@npm:version` read alike, but a password has
    letters of both cases and digits, and a symbol or no words.
    """
    match = _MAILBOX_LOGIN.fullmatch(text)
    if match is None or match.group(2).endswith(".git"):
        return False
    password = match.group(2)
    if password.isalnum() and not value_heuristics.looks_random(password, 12):
        return False
    return any(map(str.islower, password)) and any(map(str.isupper, password)) and any(map(str.isdigit, password))


_WALLETS: Final = word_set("wallet wallets phrase words bip39 bip recovery ledger metamask deployer signer")


def judge_by_shape(view: NameView, value: str) -> Judgement | None:
    """Judge by the value alone: what a generator of credentials made is worth a look under any name."""
    text = value.strip()
    if view.promise in {Promise.PUBLIC, Promise.DESCRIPTION} or len(text) < 8 or len(text) > 4096:
        return None
    if is_hashed(text):
        return Judgement(SecretVerdict.SECRET, _L, "password-hash")
    if not _WALLETS.isdisjoint(view.words) and value_heuristics.is_mnemonic(text):
        return _found(_M)
    identifying = any(word in _IDENTIFYING for word in view.words)
    if identifying or value_heuristics.is_identifier(text) or is_plain_thing(text) or reads_as_name(text):
        return None
    if _is_mailbox_login(text):
        return _found(_M)
    if view.vendor and value_heuristics.looks_random(text, 20):
        return _found(_M)
    if view.mentions and (password_shaped(text) or value_heuristics.looks_random(text, 16)):
        return _found(_M)
    if password_shaped(text):
        return Judgement(SecretVerdict.SECRET, _L, "password-shape")
    if " " in text and _PROSE_WORDS.search(text) and any(password_shaped(part) for part in text.split()[:40]):
        return Judgement(SecretVerdict.SECRET, _L, "password-shape")
    return Judgement(SecretVerdict.SECRET, _L, "high-entropy") if _chance_made(text) else None


_LONE_PAIR: Final = re.compile(r"[\w.+-]{3,64}:([^\s:;,|]{24,200})")


def _chance_made(text: str) -> bool:
    pair = _LONE_PAIR.fullmatch(text)
    if pair and _is_run(pair.group(1), 24):
        return True
    return any(_is_run(part, 32) for part in re.split(r"[:;,|\s]", text, maxsplit=8))


def _is_run(part: str, least: int) -> bool:
    if not least <= len(part) <= 200 or "." in part or part.count("/") > 4 or part.count("-") > 3:
        return False
    mixed = any(map(str.islower, part)) and any(map(str.isupper, part)) and any(map(str.isdigit, part))
    return mixed and value_heuristics.looks_random(part, least) and value_heuristics.entropy(part) >= 4.0
