"""Judges a value by what its variable's name promises, and by chance-made shape where the name promises nothing."""

import re
from typing import Final

from auditor.analysis.secrets import shapes
from auditor.analysis.secrets.names import NameView, Promise, word_set
from auditor.model.secret import Judgement, SecretVerdict
from auditor.model.severity import Confidence

CLEAR: Final = Judgement(SecretVerdict.CLEAR)
_DETECTOR: Final = "name-and-shape"
_USER_PASSWORD: Final = re.compile(r"[\w.@+-]{1,64}:(\S{3,200})")
_LEET: Final = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_PASSWORD_CHARSET: Final = re.compile(r"[A-Za-z0-9!@#$%^&*_+?~-]{8,64}")
_BCRYPT: Final = re.compile(r"\$(?:2[abxy]|5|6|argon2id?|apr1|pbkdf2\S{0,20}|scrypt|y)\$\S{10,300}")
_OWN_PREFIX: Final = re.compile(r"(?:prod|app|key|test|team|org|proj)[-_]")
_FILE_NAME: Final = re.compile(r"(?:[\w.=-]{1,100}/){1,10}[\w=-]{0,100}\.[\w.]{2,12}")
_PROSE_WORDS: Final = re.compile(r"password|passwd|pwd|secret|token|credential|login", re.IGNORECASE)
_SCHEMES: Final = word_set(
    "bearer basic digest oauth oauth2 oidc saml jwt jwks iam hmac aws_iam apikey api_key api-key "
    "api_token token tokens key keys secret secrets none cookie session header headers password passwords "
    "pass pwd username custom cognito cognito_user_pools secretsmanager secrets-manager ssm vault env "
    "environment keychain file aes rsa sha256 sha-256 sha512 rs256 hs256 es256 aes-256-gcm aes-256-cbc "
    "bcrypt argon2 scram-sha-256 scram-sha-512 client_credentials authorization_code x-api-key "
    "authorization access_token id_token refresh_token access-token accesstoken client_secret query body "
    "ssh plain login"
)


def judge_by_name(view: NameView, value: str) -> Judgement | None:
    """Judge by the name's promise; None when the name promises nothing that decides."""
    text = value.strip()
    promise = view.promise
    if not text or promise in {Promise.NOTHING, Promise.CONNECTION}:
        return None
    if promise in {Promise.DESCRIPTION, Promise.PUBLIC}:
        return _described(view, text)
    if _stands_in(text) and not (promise in {Promise.PASSWORD, Promise.SECRET} and shapes.is_weak_word(text)):
        return CLEAR
    return _JUDGES[promise](view, text)


def _stands_in(text: str) -> bool:
    return shapes.is_filler(text) or (shapes.is_trivial(text) and not text.isdigit()) or shapes.is_sentence(text)


def _found(confidence: Confidence) -> Judgement:
    return Judgement(SecretVerdict.SECRET, confidence, _DETECTOR)


def _described(view: NameView, text: str) -> Judgement | None:
    # The role of Vault's AppRole login is the one credential whose name ends in "id".
    if (
        view.words[-2:] == ("secret", "id")
        and ("vault" in view.words or "role" in view.words or "approle" in view.words)
        and shapes.UUID.fullmatch(text)
    ):
        return _found(Confidence.MEDIUM)
    return CLEAR if view.promise is Promise.PUBLIC or view.mentions else None


def _password(_view: NameView, text: str) -> Judgement:
    if (
        len(text) < 4
        or (text.lower() in _SCHEMES and not shapes.is_weak_word(text))
        or text.startswith(("http://", "https://"))
    ):
        return CLEAR
    if "," in text and ":" not in text and all(part.strip().isalpha() for part in text.split(",")):
        return CLEAR
    if re.fullmatch(r"/[a-z]{2,10}", text):  # a shell's PWD and OLDPWD
        return CLEAR
    if shapes.is_weak_word(text):
        return _found(Confidence.LOW)
    kinds = sum(
        (any(map(str.islower, text)), any(map(str.isupper, text)), any(map(str.isdigit, text)), not text.isalnum())
    )
    return _found(Confidence.HIGH if kinds >= 3 and len(text) >= 8 else Confidence.MEDIUM)


def _secret(_view: NameView, text: str) -> Judgement:
    if text.lower() in _SCHEMES and not shapes.is_weak_word(text):
        return CLEAR
    if len(text) < 6 or _is_plain_thing(text):
        return CLEAR
    if shapes.UUID.fullmatch(text):
        return _found(Confidence.MEDIUM)
    if shapes.looks_random(text, 16):
        return _found(Confidence.HIGH)
    return _found(Confidence.LOW if shapes.is_weak_word(text) else Confidence.MEDIUM)


def _token(view: NameView, text: str) -> Judgement:
    lowered = text.lower()
    named_by_user = _OWN_PREFIX.match(text) is not None
    if lowered in _SCHEMES or _is_plain_thing(text) or (shapes.is_identifier(text) and not named_by_user):
        return CLEAR
    if shapes.UUID.fullmatch(text):
        return CLEAR if view.words[-1] in {"keys", "key"} and _names_an_id(view) else _found(Confidence.MEDIUM)
    if shapes.HEX.fullmatch(text) or shapes.looks_random(text, 16):
        return _found(Confidence.HIGH)
    if shapes.looks_random(text, 8) and any(map(str.isdigit, text)):
        return _found(Confidence.MEDIUM)
    if _human_secret(text):
        return _found(Confidence.LOW)
    if shapes.looks_garbled(text) or (
        len(text) >= 32 and {"secret", "private"} & set(view.words) and shapes.is_mixed_run(text)
    ):
        return _found(Confidence.MEDIUM)
    match = _USER_PASSWORD.fullmatch(text)
    if match and shapes.looks_random(match.group(1), 12):
        return _found(Confidence.MEDIUM)
    return CLEAR


def _names_an_id(view: NameView) -> bool:
    return any(
        word in {"kms", "cmk", "instrumentation", "instrumentationkey", "encryption", "signing"} for word in view.words
    )


def _key(_view: NameView, text: str) -> Judgement:
    if _is_plain_thing(text) or shapes.is_identifier(text) or shapes.UUID.fullmatch(text):
        return CLEAR
    if shapes.looks_random(text, 20):
        return _found(Confidence.MEDIUM)
    return CLEAR


def _login(_view: NameView, text: str) -> Judgement:
    if text.lower() in _SCHEMES or _is_plain_thing(text) or shapes.is_identifier(text):
        return CLEAR
    match = _USER_PASSWORD.fullmatch(text)
    if match and not shapes.is_filler(match.group(1)) and not match.group(1).isdigit():
        return _found(Confidence.HIGH)
    if _BCRYPT.fullmatch(text):
        return _found(Confidence.LOW)
    if shapes.looks_random(text, 16) or shapes.UUID.fullmatch(text) or password_shaped(text):
        return _found(Confidence.MEDIUM)
    return CLEAR


_JUDGES: Final = {
    Promise.PASSWORD: _password,
    Promise.SECRET: _secret,
    Promise.TOKEN: _token,
    Promise.KEY: _key,
    Promise.LOGIN: _login,
}


def _is_plain_thing(text: str) -> bool:
    """Say whether a value is an address, a mailbox, a path or a list of such."""
    if shapes.EMAIL.fullmatch(text) or text.startswith(("http://", "https://", "s3://", "gs://")):
        return True
    if _FILE_NAME.fullmatch(text):
        return True
    return shapes.HOST.fullmatch(text) is not None and not shapes.looks_random(text.split(".", maxsplit=1)[0], 20)


def _human_secret(text: str) -> bool:
    lowered = text.lower()
    return (
        len(text) >= 8
        and ("secret" in lowered or password_shaped(text))
        and lowered not in _SCHEMES
        and any(
            mark in lowered.translate(_LEET)
            for mark in (
                "supersecret",
                "super-secret",
                "super_secret",
                "topsecret",
                "my-secret",
                "mysecret",
                "verysecret",
                "password",
            )
        )
    )


def password_shaped(text: str) -> bool:
    """Say whether a value looks like a password that a person or a generator made, whatever its name."""
    if not _PASSWORD_CHARSET.fullmatch(text) or not any(map(str.isdigit, text)) or not any(map(str.isalpha, text)):
        return False
    symbols = {c for c in text if c in "!@#$%^&*?~"}
    if not symbols:
        return False
    cased = any(map(str.islower, text)) and any(map(str.isupper, text))
    spelled = text.lower().translate(_LEET)
    disguised = any(word in spelled for word in ("password", "secret", "letmein", "welcome", "admin", "passw"))
    return disguised or (cased and ("!" in symbols or len(symbols) > 1 or bool(symbols & {"$", "^", "&"})))


_IDENTIFYING: Final = word_set(
    "id ids hash sha digest etag version checksum commit rev build pool client distribution zone channel "
    "account project tenant app cursor nonce fingerprint cert certificate public pub integrity sheet "
    "spreadsheet document doc folder drive calendar playlist video bucket image logo icon data wasm "
    "address contract wallet cid ipfs program trace request correlation session_id marker offset page "
    "thumbprint kid org table index base view database arn name names user group role owner member "
    "customer subscription plan price product sku serial device signature_version"
)


def judge_by_shape(view: NameView, value: str) -> Judgement | None:
    """Judge by the value alone: what a generator of credentials made is worth a look under any name."""
    text = value.strip()
    if view.promise in {Promise.PUBLIC, Promise.DESCRIPTION} or len(text) < 8 or len(text) > 4096:
        return None
    if _BCRYPT.fullmatch(text):
        return Judgement(SecretVerdict.SECRET, Confidence.LOW, "password-hash")
    identifying = any(word in _IDENTIFYING for word in view.words)
    if identifying or shapes.is_identifier(text) or _is_plain_thing(text):
        return None
    if view.vendor and shapes.looks_random(text, 20):
        return Judgement(SecretVerdict.SECRET, Confidence.MEDIUM, _DETECTOR)
    if view.mentions and (password_shaped(text) or shapes.looks_random(text, 16)):
        return Judgement(SecretVerdict.SECRET, Confidence.MEDIUM, _DETECTOR)
    if password_shaped(text):
        return Judgement(SecretVerdict.SECRET, Confidence.LOW, "password-shape")
    if " " in text and _PROSE_WORDS.search(text) and any(password_shaped(part) for part in text.split()[:40]):
        return Judgement(SecretVerdict.SECRET, Confidence.LOW, "password-shape")
    return Judgement(SecretVerdict.SECRET, Confidence.LOW, "high-entropy") if _chance_made(text) else None


def _chance_made(text: str) -> bool:
    return any(_is_run(part) for part in re.split(r"[:;,|\s]", text, maxsplit=8))


def _is_run(part: str) -> bool:
    if not 32 <= len(part) <= 200 or "." in part or part.count("/") > 4 or part.count("-") > 3:
        return False
    mixed = any(map(str.islower, part)) and any(map(str.isupper, part)) and any(map(str.isdigit, part))
    return mixed and shapes.looks_random(part, 32) and shapes.entropy(part) >= 4.0
