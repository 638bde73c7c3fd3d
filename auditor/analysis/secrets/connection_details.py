"""What may be told of a value without telling the value: the account a connection string names, a URL's scheme.

Both follow a strict grammar that leaves no room for a credential. An account name is no secret: it is a host name.
"""

import re
from typing import Final

_STORAGE_ACCOUNT: Final = re.compile(r"(?:^|;)AccountName=([a-z0-9]{3,24})(?:;|$)", re.IGNORECASE)
_STORAGE_KEY: Final = re.compile(r"(?:^|;)(?:AccountKey|SharedAccessSignature)=", re.IGNORECASE)
_NAMESPACE: Final = re.compile(
    r"(?:^|;)Endpoint=sb://([a-z0-9-]{1,60}\.servicebus\.[a-z.]{5,40})/?(?:;|$)", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"(https?)://", re.IGNORECASE)


def describe(value: str) -> dict[str, str]:
    """``account`` and ``namespace`` of a connection string, ``login`` "key" where it holds one, ``scheme`` of a URL."""
    found = {}
    if len(value) <= 4096 and ";" in value:
        for name, grammar in (("account", _STORAGE_ACCOUNT), ("namespace", _NAMESPACE)):
            if match := grammar.search(value):
                found[name] = match.group(1).lower()
        if _STORAGE_KEY.search(value) or "SharedAccessKey=" in value:
            found["login"] = "key"
    if match := _SCHEME.match(value):
        found["scheme"] = match.group(1).lower()
    return found
