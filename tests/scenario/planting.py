"""Plants made-up credentials in recorded answers: at every leaf, beside every field, as keys, items and settings."""

import base64
import json
import random
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from urllib.parse import quote

from auditor.model.redacted import is_replaced

_LETTERS: Final = string.ascii_letters + string.digits
_UPPER: Final = string.ascii_uppercase + "234567"
TELLING: Final = (
    "password",
    "apiKey",
    "client_secret",
    "accessToken",
    "DB_PASSWORD",
    "sharedAccessKey",
    "Authorization",
    "privateKey",
    "connectionPassword",
    "authToken",
    "kennwort",
    "motDePasse",
)
"""Names of fields that promise a credential."""

Credential = tuple[str, str]
"""What is planted, and the part of it that must not be found again."""


@dataclass
class Nursery:
    """Makes credentials, each of them once."""

    seed: int
    made: list[tuple[str, str]] = field(default_factory=list)
    """Where each was planted, and the part of it that must not be found again."""
    sparse: bool = False
    """Whether to plant beside one field of each path only."""
    paths: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._luck = random.Random(self.seed)
        self._turn = count(self.seed)

    def noise(self, length: int, alphabet: str = _LETTERS) -> str:
        """Chance, with a letter and a digit in it at least."""
        return "".join(self._luck.choice(alphabet) for _ in range(length - 2)) + alphabet[0] + alphabet[-1]

    def telling(self) -> str:
        """The next name that promises a credential."""
        return TELLING[next(self._turn) % len(TELLING)]

    def credential(self, kind: str, place: str) -> str:
        """A new credential of a kind, entered as planted at a place."""
        text, core = KINDS[kind](self)
        self.made.append((place, core))
        return text

    def value(self, place: str, length: int = 40) -> str:
        """A value without any shape: only its name or place tells what it is."""
        core = self.noise(length)
        self.made.append((place, core))
        return core


def _vendor(nursery: Nursery) -> Credential:
    core = nursery.noise(24)
    heads = ("gh" + "p_", "sk_" + "live_", "xox" + "b-1234567890-1234567890-", "gl" + "pat-", "np" + "m_", "AI" + "za")
    if next(nursery._turn) % 7 == 0:
        key = nursery.noise(16, _UPPER)
        return "AK" + "IA" + key, key
    return heads[next(nursery._turn) % len(heads)] + core + nursery.noise(12), core


def _storage(nursery: Nursery) -> Credential:
    key = nursery.noise(86) + "=="
    return "DefaultEndpointsProtocol=https;AccountName=shop;" + "Account" + f"Key={key};EndpointSuffix=x", key


def _pem(nursery: Nursery) -> Credential:
    core = nursery.noise(64)
    return "-----BEGIN " + f"PRIVATE KEY-----\n{core}\n-----END " + "PRIVATE KEY-----", core


def _basic(nursery: Nursery) -> Credential:
    core = base64.b64encode(f"svc:{nursery.noise(20)}".encode()).decode()
    return f"Basic {core}", core


def _plain(text: str) -> Callable[[Nursery], Credential]:
    """A credential that stands for `{}` in a text."""

    def make(nursery: Nursery) -> Credential:
        core = nursery.noise(24)
        return text.replace("{}", core), core

    return make


def _wrapped(inner: str, wrap: Callable[[str], str], *, whole: bool = False) -> Callable[[Nursery], Credential]:
    """The same, wrapped in an encoding; `whole` where the wrapping hides the letters."""

    def make(nursery: Nursery) -> Credential:
        core = nursery.noise(24)
        text = wrap(inner.replace("{}", core))
        return text, text if whole else core

    return make


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


KINDS: Final[Mapping[str, Callable[[Nursery], Credential]]] = {
    "vendor-token": _vendor,
    "storage-connection": _storage,
    "sql-connection": _plain("Server=h;Database=d;User Id=u;" + "Pass" + "word={};Encrypt=True;"),
    "odbc-braces": _plain("Driver={x};Server=h;Uid=u;" + "P" + "wd={{};z};"),
    "url-userinfo": _plain("postgres://app:" + "{}@db.internal:5432/x"),
    "url-signature": _plain("https://s.blob.core.windows.net/c/f?sv=2022-11-02&" + "sig={}%3D&se=2030"),
    "url-code": _plain("https://x.azurewebsites.net/api/go?" + "code={}=="),
    "webhook": _plain("https://hooks.slack.com/services/T0AB1CD2E/B0FG3HI4J/" + "{}"),
    "private-key": _pem,
    "json-web-token": _plain("eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIx{}." + "q7" * 20),
    "basic-authorization": _basic,
    "bearer": _plain("Authorization: Bearer " + "{}"),
    "command-line": _plain("mysqldump --user=root --" + "password={} db"),
    "in-json": _wrapped('{"db": {"' + 'password": "{}"}}', str),
    "in-json-in-json": _wrapped('{"db": {"' + 'password": "{}"}}', json.dumps),
    "in-percent": _wrapped("postgres://app:" + "{}@h/d", lambda text: quote(text, safe="")),
    "in-base64": _wrapped("pass" + "word={};host=h", _base64, whole=True),
}
"""What can be told by its own shape, wherever it stands."""

Plant = Callable[[Nursery, str, Any, str], Any]


def _leaf(join: Callable[[str, str], str]) -> Plant:
    def plant(nursery: Nursery, kind: str, body: Any, path: str) -> Any:
        if isinstance(body, str):
            return join(body, nursery.credential(kind, path))
        if isinstance(body, dict):
            return {key: plant(nursery, kind, item, f"{path}.{key}") for key, item in body.items()}
        if isinstance(body, list):
            return [plant(nursery, kind, item, f"{path}[]") for item in body]
        return body

    return plant


def _beside(grow: Callable[[Nursery, str, str], dict[str, Any]]) -> Plant:
    def plant(nursery: Nursery, kind: str, body: Any, path: str) -> Any:
        if isinstance(body, dict):
            inner = {key: plant(nursery, kind, item, f"{path}.{key}") for key, item in body.items()}
            if nursery.sparse and path in nursery.paths:
                return inner
            nursery.paths.add(path)
            return {**inner, **grow(nursery, kind, path)}
        if isinstance(body, list):
            return [plant(nursery, kind, item, f"{path}[]") for item in body]
        return body

    return plant


def _item(nursery: Nursery, kind: str, body: Any, path: str) -> Any:
    if isinstance(body, dict):
        return {key: _item(nursery, kind, item, f"{path}.{key}") for key, item in body.items()}
    if isinstance(body, list):
        inner = [_item(nursery, kind, item, f"{path}[]") for item in body]
        return [*inner, nursery.credential(kind, f"{path}[+]")]
    return body


SHAPED: Final[Mapping[str, Plant]] = {
    "in place of a text": _leaf(lambda _, planted: planted),
    "after a text": _leaf(lambda text, planted: f"{text} {planted}"),
    "beside a field": _beside(lambda n, kind, path: {"remark": n.credential(kind, f"{path}+remark")}),
    "as a key": _beside(lambda n, kind, path: {n.credential(kind, f"{path}+key"): "x"}),
    "in a list": _item,
}
"""Where a credential that has a shape is planted."""

GLUED: Final[Plant] = _leaf(lambda text, planted: f"{text}x{planted}")
"""Without anything between a text and the credential."""

SHAPELESS: Final[Mapping[str, Plant]] = {
    "under a telling name": _beside(lambda n, _, path: {(name := n.telling()): n.value(f"{path}+{name}")}),
    "in a record": _beside(lambda n, _, path: {"more": [{"name": n.telling(), "value": n.value(f"{path}+record")}]}),
    "in a tag": _beside(lambda n, _, path: {"more": [{"Key": n.telling(), "Value": n.value(f"{path}+tag")}]}),
    "below a telling name": _beside(lambda n, _, path: {n.telling(): {"value": n.value(f"{path}+below"), "type": "x"}}),
    "in a telling list": _beside(lambda n, _, path: {n.telling(): [n.value(f"{path}+list")]}),
    "as an argument": _beside(lambda n, _, path: {"args": ["--db-password", n.value(f"{path}+args", 14), "--v"]}),
    "in settings": _beside(lambda n, _, path: {"appSettings": {"NOTE": f"plain {n.value(f'{path}+settings', 9)}"}}),
    "in listed settings": _beside(
        lambda n, _, path: {"appSettings": [{"name": "NOTE", "value": f"plain {n.value(f'{path}+listed', 9)}"}]}
    ),
}
"""Where a value that has no shape is planted: its name, or what it is listed in, gives it away."""


def as_it_came(body: Any) -> Any:
    """A recorded body with values in place of what was stored of them."""
    if is_replaced(body):
        return "some value"
    if isinstance(body, dict):
        return {key: as_it_came(item) for key, item in body.items()}
    return [as_it_came(item) for item in body] if isinstance(body, list) else body


def novel(body: Any, seen: set[str], path: str = "") -> Any:
    """The part of a body whose paths are new: lists are cut to the items that bring one; None where nothing is new."""
    if isinstance(body, dict):
        kept = {key: item for key, value in body.items() if (item := novel(value, seen, f"{path}.{key}")) is not None}
        return kept or None
    if isinstance(body, list):
        kept_items = [item for value in body if (item := novel(value, seen, f"{path}[]")) is not None]
        return kept_items or None
    if path in seen:
        return None
    seen.add(path)
    return body if body is not None else ""


def leaves(body: Any) -> Iterator[str]:
    """Every text of a body, keys included."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for key, item in body.items():
            yield key
            yield from leaves(item)
    elif isinstance(body, list):
        for item in body:
            yield from leaves(item)
