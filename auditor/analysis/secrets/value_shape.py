"""Sorts a bare value by what it looks like on its own, before its name is weighed."""

import re
from enum import Enum, auto
from typing import Final

from auditor.analysis.secrets import value_heuristics
from auditor.analysis.secrets.vocabulary import word_set


class Shape(Enum):
    """What one value looks like; exactly one each, the surest first."""

    FILLER = auto()
    """It stands where a real one should be, or is a text for people."""
    NUMBER = auto()
    TRIVIAL = auto()
    """A switch, duration, version, date or region."""
    MECHANISM = auto()
    """The name of an algorithm, scheme, header or field."""
    ADDRESS = auto()
    """A URL, mailbox, host, file, or a list of words."""
    HASHED = auto()
    """A password's hash."""
    UUID = auto()
    IDENTIFIER = auto()
    """A resource identifier by its published prefix."""
    HEX = auto()
    WEAK = auto()
    """A password everybody knows, or words that only say "secret"."""
    RANDOM = auto()
    """Made by chance, 16 characters and more."""
    SHORT_RANDOM = auto()
    """Made by chance, 8 to 15 characters."""
    GARBLED = auto()
    """A generator's run of letters, digits and symbols."""
    COMPLEX = auto()
    """A password as rules ask for: letters of both cases or digits, with symbols."""
    MADE_UP = auto()
    """A password as people make it: a word with digits or symbols."""
    NAME = auto()
    """Words joined by hyphens, dots or slashes, as resources are named."""
    PHRASE = auto()
    WORD = auto()


MECHANISMS: Final = word_set(
    "bearer basic digest oauth oauth2 oidc saml jwt jwks iam hmac aws_iam apikey api_key api-key "
    "api_token token tokens key keys secret secrets none cookie session header headers password passwords "
    "pass pwd username custom cognito cognito_user_pools secretsmanager secrets-manager ssm vault env "
    "environment keychain file aes rsa sha256 sha-256 sha512 rs256 hs256 es256 aes-256-gcm aes-256-cbc "
    "bcrypt argon2 scram-sha-256 scram-sha-512 client_credentials authorization_code x-api-key "
    "authorization access_token id_token refresh_token access-token accesstoken client_secret query body "
    "ssh plain login hmac-sha256 hmac-sha1 sha1 md5 pkcs8 pkcs12 jks pem tls ssl starttls aes256 aes-gcm ed25519 "
    "aws-secretsmanager instance-profile managed-identity managedidentity database ldap redis memory "
    "x-access-token x-auth-token connect.sid"
)
_WEAK: Final = word_set(
    "changeme changeit change-me password passwd pass admin administrator root postgres mysql guest letmein welcome "
    "secret qwerty toor sa oracle master default mongo redis rabbitmq minio minioadmin dev test demo user "
    "foobared cryptic shhhhh shhh keyboardcat trustno1 iloveyou monkey dragon abc123 passw0rd opensesame swordfish "
    "laravel django wordpress symfony odoo grafana elastic nexus sonar jenkins"
)
_SAYS_SECRET: Final = re.compile(
    r"(?:my|our|the|a|an|is|this|that|some|any|very|super|top|ultra|mega|really|dev|development|test|testing|prod|production"
    r"|local|app|application|db|database|mysql|postgres|mongo|redis|jwt|api|web|session|cookie|admin|root|user|users|default"
    r"|secure|strong|long|random|private|shared|signing|master|custom|authentication|authorization|encryption|enough"
    r"|internal|woord|wort|wachtwoord|not|so|for|do|tell|anyone|please|key|keys|token|salt|phrase"
    r"|string|value|word|words|here|hash|auth|login|client|server|service|one|two|of|in|to|use|only|and|me|i|it|your|you"
    r"|(?P<told>secret|secrets|password|passwd|passwort|passphrase|pass|pwd|passw|letmein|welcome|changeme|qwerty|geheim|admin)){1,14}"
)
_DOCUMENTED_WEAK: Final = re.compile(
    r"your-?\d{3}-bit-secret|yourStrong\(!\)Password|keyboard cat|GoodNewsEveryone", re.IGNORECASE
)
_LEET: Final = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_TAIL: Final = re.compile(r"[\d!@#$%^&*?.+=_~-]{0,12}$")
_PASSWORD_CHARSET: Final = re.compile(r"[A-Za-z0-9!@#$%^&*_+?~-]{8,64}")
_MADE_UP: Final = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[^\s,;:/\\|<>(){}\[\]\"'`=]{2,40}")
_HASHED: Final = re.compile(
    r"(?:\{\w{2,12}\})?\$(?:1|2[abxy]|5|6|7|argon2id?|argon2i|apr1|pbkdf2\S{0,20}|scrypt|y|gy|P|H)\$\S{8,300}"
    r"|pbkdf2_sha(?:1|256|512)\$\d{3,8}\$\S{10,200}|\{(?:SSHA|SHA|SMD5|MD5|CRYPT)\d{0,3}\}\S{10,200}"
)
_FILE_NAME: Final = re.compile(r"(?:[\w.=-]{1,100}/){1,10}[\w=-]{0,100}\.[\w.]{2,12}")
_EXPRESSION: Final = re.compile(r"\^.{0,500}(?:\[[^\]\s]{2,60}\][+*{?$]|\\[dwsDWS]|\([^()]{1,100}\|).{0,500}\$")
"""A regular expression, as patterns that values must match are written."""
_SEGMENTS: Final = re.compile(r"[-_./:!#]")
_NAME_SEGMENT: Final = re.compile(r"[A-Za-z]{1,24}\d{0,4}|\d{1,26}|[A-Za-z]{1,4}\d{1,3}[A-Za-z]{0,4}|")
# What CloudFormation and the CDK name things: the stack, the logical id and its hash, then letters of chance.
_GENERATED: Final = re.compile(
    r"((?:[A-Za-z][A-Za-z0-9]{0,60}-){1,6}?)(?:[A-Za-z][A-Za-z0-9]{0,60}[0-9A-F]{8}-[A-Za-z0-9]{10,14}"
    r"|[A-Za-z][A-Za-z0-9]{0,60}-[A-Z0-9]{10,14})"
)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9]*(?:[-_./:!#][A-Za-z0-9]+){1,12}/?")


def shape_of(text: str) -> Shape:
    """Sort a value, stripped and not empty. Pure; reads it once for each shape."""
    if value_heuristics.is_filler(text) or value_heuristics.is_sentence(text):
        return Shape.WEAK if _DOCUMENTED_WEAK.fullmatch(text) or text.lower() in _WEAK else Shape.FILLER
    if text.isdigit():
        return Shape.NUMBER
    if value_heuristics.is_trivial(text):
        return Shape.WEAK if text.lower() in _WEAK - {"default"} else Shape.TRIVIAL
    if is_weak(text):
        return Shape.WEAK
    if text.lower() in MECHANISMS or ("," in text and MECHANISMS.issuperset(map(str.strip, text.lower().split(",")))):
        return Shape.MECHANISM
    if is_plain_thing(text):
        return Shape.ADDRESS
    if is_hashed(text):
        return Shape.HASHED
    if value_heuristics.UUID.fullmatch(text):
        return Shape.UUID
    if value_heuristics.is_identifier(text):
        return Shape.IDENTIFIER
    return _made(text)


def _made(text: str) -> Shape:
    if value_heuristics.HEX.fullmatch(text):
        return Shape.HEX
    if reads_as_name(text):
        return Shape.NAME
    if value_heuristics.looks_random(text, 16):
        return Shape.RANDOM
    if value_heuristics.looks_random(text, 8) and any(map(str.isdigit, text)):
        return Shape.SHORT_RANDOM
    if value_heuristics.looks_garbled(text):
        return Shape.GARBLED
    if password_shaped(text):
        return Shape.COMPLEX
    if " " in text:
        return Shape.PHRASE
    if _MADE_UP.fullmatch(text) or not text.isalnum():
        return Shape.MADE_UP
    return Shape.WORD


_MADE: Final = frozenset(
    {Shape.HEX, Shape.RANDOM, Shape.SHORT_RANDOM, Shape.GARBLED, Shape.COMPLEX, Shape.MADE_UP, Shape.UUID, Shape.HASHED}
)


def is_made(text: str) -> bool:
    """Say whether a value, stripped, was made by chance or by a person's rules for passwords; False where empty."""
    return bool(text) and shape_of(text) in _MADE


def is_weak(text: str) -> bool:
    """Say whether a value is a password everybody knows, or only says that it is one (`mysecretpass`, `P@ssw0rd1`)."""
    lowered = text.lower()
    if lowered in _WEAK or _DOCUMENTED_WEAK.fullmatch(text):
        return True
    if not 4 <= len(text) <= 60:
        return False
    for spelling in (lowered, lowered.translate(_LEET)):
        letters = re.sub(r"[-_. ]", "", _TAIL.sub("", spelling))
        if letters in _WEAK and len(letters) > 3:
            return True
        match = _SAYS_SECRET.fullmatch(letters)
        if match and match.group("told"):
            return True
    return False


def is_hashed(text: str) -> bool:
    """Say whether a value is a password's hash, as password stores write them."""
    return _HASHED.fullmatch(text) is not None


def is_plain_thing(text: str) -> bool:
    """Say whether a value is an address, a mailbox, a path, or a list of words."""
    if value_heuristics.EMAIL.fullmatch(text) or text.startswith(("http://", "https://", "s3://", "gs://")):
        return True
    if _FILE_NAME.fullmatch(text):
        return True
    if "," in text and ":" not in text and all(part.strip().isalpha() for part in text.split(",")):
        return True
    if _EXPRESSION.fullmatch(text):
        return True
    if re.fullmatch(r"/[a-z]{2,10}", text):  # a shell's PWD and OLDPWD
        return True
    return value_heuristics.HOST.fullmatch(text) is not None and not value_heuristics.looks_random(
        text.split(".", maxsplit=1)[0], 20
    )


def reads_as_name(text: str) -> bool:
    """Say whether a value reads as a resource's name: short words and numbers, joined (`shop-db-07-cfg`)."""
    if len(text) > 120 or not _NAME.fullmatch(text):
        return False
    generated = _GENERATED.fullmatch(text)
    if generated and any(map(str.isdigit, text[-14:])):
        return all(_pronounceable(part) for part in generated.group(1).rstrip("-").split("-"))
    if text.lower() != text and text.upper() == text and any(map(str.isdigit, text)):
        return False  # licence keys and recovery codes: groups of capitals and digits
    segments = _SEGMENTS.split(text.rstrip("/"))
    return all(_NAME_SEGMENT.fullmatch(part) and _pronounceable(part) for part in segments)


def _pronounceable(part: str) -> bool:
    letters = part.rstrip("0123456789")
    return len(letters) <= 6 or value_heuristics.word_share(letters) >= 0.5


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
