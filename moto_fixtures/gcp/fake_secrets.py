"""Secret-shaped values that are no secrets: each is put together at run time, so no file holds one."""

import json
from hashlib import sha256

_MIXED = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def letters(seed: str, length: int, alphabet: str = _MIXED) -> str:
    """A stable, random-looking run of letters."""
    found, block = "", 0
    while len(found) < length:
        digest = sha256(f"{seed}/{block}".encode()).digest()
        found += "".join(alphabet[byte % len(alphabet)] for byte in digest)
        block += 1
    return found[:length]


def payment_key(seed: str) -> str:
    """The shape of a payment provider's live key."""
    return "sk" + "_live_" + letters(seed, 24)


def api_key(seed: str) -> str:
    """The shape of a Google API key."""
    return "AI" + "za" + letters(seed, 35, _MIXED + "-_")


def package_token(seed: str) -> str:
    """The shape of a package registry's token."""
    return "npm" + "_" + letters(seed, 36)


def database_url(seed: str, database: str) -> str:
    """A database address with user and password in it."""
    return "postgres" + f"://app_{database}:{letters(seed, 18)}@db.fernhollow.internal:5432/{database}"


def account_key(seed: str) -> str:
    """The shape of a service account's key file."""
    body = "\n".join(letters(f"{seed}{line}", 64) for line in range(6))
    fence = f"{'PRI' + 'VATE'} KEY-----"
    key = f"-----BEGIN {fence}\n{body}\n-----END {fence}\n"
    email = "warehouse@fernhollow-shop.iam.gserviceaccount.com"
    return json.dumps({"type": "service_account", "private_key": key, "client_email": email})
