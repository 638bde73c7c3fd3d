"""Secret-shaped values that are no secrets: each is put together at run time, so no file holds one."""

import base64
import json
from hashlib import sha256

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_MIXED = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def letters(seed: str, length: int, alphabet: str = _MIXED) -> str:
    """A stable, random-looking run of letters."""
    found, block = "", 0
    while len(found) < length:
        digest = sha256(f"{seed}/{block}".encode()).digest()
        found += "".join(alphabet[byte % len(alphabet)] for byte in digest)
        block += 1
    return found[:length]


def access_key_id(seed: str) -> str:
    """The shape of an AWS access key id."""
    return "AK" + "IA" + letters(seed, 16, _UPPER)


def secret_access_key(seed: str) -> str:
    """The shape of an AWS secret access key."""
    return letters(seed, 40, _MIXED + "/+")


def payment_key(seed: str) -> str:
    """The shape of a payment provider's live key."""
    return "sk" + "_live_" + letters(seed, 24)


def code_host_token(seed: str) -> str:
    """The shape of a code host's personal token."""
    return "gh" + "p_" + letters(seed, 36)


def database_url(seed: str, database: str) -> str:
    """A database address with user and password in it."""
    return "postgres" + f"://app_{database}:{letters(seed, 18)}@db.fernhollow.internal:5432/{database}"


def signed_token(seed: str) -> str:
    """The shape of a JSON web token."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": seed, "iss": "fernhollow"})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, letters(seed, 43)])


def private_key(seed: str) -> str:
    """The shape of a PEM private key."""
    body = "\n".join(letters(f"{seed}{line}", 64) for line in range(6))
    return f"-----BEGIN RSA {'PRI' + 'VATE'} KEY-----\n{body}\n-----END RSA {'PRI' + 'VATE'} KEY-----"


def hidden(value: str) -> str:
    """A value one layer of base64 away."""
    return base64.b64encode(value.encode()).decode()
