"""Secret-shaped values that are no secrets: each is put together at run time, so no file holds one."""

import base64
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


def payment_key(seed: str) -> str:
    """The shape of a payment provider's live key."""
    return "sk" + "_live_" + letters(seed, 24)


def code_host_token(seed: str) -> str:
    """The shape of a code host's personal token."""
    return "gh" + "p_" + letters(seed, 36)


def host_key(seed: str) -> str:
    """The shape of a function's key."""
    return letters(seed, 52) + "Az" + "Fu" + "=="
