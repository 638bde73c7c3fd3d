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


def private_key(seed: str, kind: str = "RSA ") -> str:
    """The shape of a PEM private key."""
    body = "\n".join(letters(f"{seed}{line}", 64) for line in range(6))
    fence = f"{kind}{'PRI' + 'VATE'} KEY-----"
    return f"-----BEGIN {fence}\n{body}\n-----END {fence}"


def hidden(value: str) -> str:
    """A value one layer of base64 away."""
    return base64.b64encode(value.encode()).decode()


def account_key(seed: str, size: int = 64) -> str:
    """The shape of a storage account's key (64 bytes) or of a shared access key (32)."""
    raw = b"".join(sha256(f"{seed}/{block}".encode()).digest() for block in range(2))
    return base64.b64encode(raw[:size]).decode()


def storage_connection(account: str) -> str:
    """A storage account's connection string, key included."""
    parts = ("DefaultEndpointsProtocol=https", f"AccountName={account}", "Account" + "Key=" + account_key(account),
             "EndpointSuffix=core.windows.net")  # fmt: skip
    return ";".join(parts)


def bus_connection(namespace: str) -> str:
    """A Service Bus or Event Hubs connection string, key included."""
    key = account_key(namespace, 32)
    name = "SharedAccessKeyName=RootManageSharedAccessKey"
    return ";".join((f"Endpoint=sb://{namespace}.servicebus.windows.net/", name, "SharedAccess" + "Key=" + key))


def database_connection(database: str) -> str:
    """An SQL connection string with user and password."""
    server = f"Server=tcp:fhw-sql.database.windows.net,1433;Database={database};User ID=app_{database}"
    return ";".join((server, "Pass" + "word=" + letters(database, 18), "Encrypt=true;"))


def signed_address(url: str) -> str:
    """An address with a shared access signature behind it."""
    signature = account_key(url, 32).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return f"{url}?sv=2024-11-04&se=2027-12-31T00%3A00%3A00Z&sr=b&sp=r&" + "si" + "g=" + signature


def host_key(seed: str) -> str:
    """The shape of a function's key."""
    return letters(seed, 52) + "Az" + "Fu" + "=="


def api_key(seed: str) -> str:
    """The shape of a Google API key."""
    return "AI" + "za" + letters(seed, 35, _MIXED + "-_")


def package_token(seed: str) -> str:
    """The shape of a package registry's token."""
    return "npm" + "_" + letters(seed, 36)


def service_account_key(seed: str) -> str:
    """The shape of a service account's key file."""
    key = private_key(seed, "") + "\n"
    email = "warehouse@fernhollow-shop.iam.gserviceaccount.com"
    return json.dumps({"type": "service_account", "private_key": key, "client_email": email})
