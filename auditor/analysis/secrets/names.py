"""Reads a variable's name: what kind of value it promises, and how surely."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from auditor.analysis.secrets import vocabulary as vocab


class Promise(Enum):
    """The kind of value a name promises."""

    PASSWORD = "password"  # noqa: S105 - a word of names, not a credential
    SECRET = "secret"  # noqa: S105 - the same
    TOKEN = "token"  # noqa: S105 - the same
    KEY = "key"
    LOGIN = "login"
    CONNECTION = "connection"
    DESCRIPTION = "description"
    """It tells something about a credential or names a thing (`…_TTL`, `…_HEADER`, `…_ID`)."""
    PUBLIC = "public"
    NOTHING = "nothing"


CREDENTIAL: Final = frozenset({Promise.PASSWORD, Promise.SECRET, Promise.TOKEN, Promise.LOGIN})
"""The promises of a credential itself."""


@dataclass(frozen=True, slots=True)
class NameView:
    """One reading of a name. `words` are lower-case; `mentions` says a credential's word stands anywhere in it."""

    promise: Promise
    words: tuple[str, ...]
    mentions: bool
    names_reference: bool
    """The value is declared to be the name, path or ARN of something kept elsewhere."""
    vendor: bool
    """The name is nothing but the name of a service that issues credentials."""
    public: bool
    certain: bool = True
    """False where the telling word is not the last that counts: the value has to look like a credential as well."""
    head: str = ""
    """The last word that counts."""
    counts: bool = False
    """A word of quantity or of a switch stands in the name: a number or boolean is one."""


_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_MENTIONING: Final = vocab.PASSWORD | vocab.SECRET | vocab.TOKEN | vocab.LOGIN
_SEVERAL: Final = frozenset(word for word in _MENTIONING if word.endswith("s") and word[:-1] in _MENTIONING)
_KNOWN: Final = _MENTIONING | vocab.KEY | vocab.CONNECTION | vocab.DESCRIBES | vocab.STORES
_ATTACHED: Final = re.compile(
    r"(?:password|passwd|passwort|kennwort|passphrase|passcode|pwd|pswd|secret|token|apikey|authkey|accesskey|secretkey"
    r"|privatekey|masterkey|accountkey|sharedkey|signingkey|encryptionkey|licensekey|functionkey|credentials?"
    r"|connectionstring|connstr)$"
)
_SHORT: Final = re.compile(r"(?:pass|psw|psk|pw|keys?)$")
_BUNDLER: Final = re.compile(r"BUNDLE_\w{1,80}__(?:COM|ORG|IO|DEV|NET)")


def _plain(name: str) -> str:
    """Return a name in ASCII letters: telling words of other scripts read as English, accents taken off."""
    for word, reading in vocab.OTHER_SCRIPTS.items():
        if word in name.lower():
            name = re.sub(re.escape(word), f"_{reading}_", name, flags=re.IGNORECASE)
    name = (
        name.replace("ß", "ss")
        .replace("ø", "o")
        .replace("Ø", "O")
        .replace("ł", "l")
        .replace("Ł", "L")
        .replace("\u0131", "i")
        .replace("ð", "d")
        .replace("Ð", "D")
    )
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))


def _split(name: str) -> list[str]:
    words: list[str] = []
    for word in _WORDS.findall(name if name.isascii() else _plain(name)):
        words += _parts(word.lower())
    return _joined(words)


def _parts(word: str) -> tuple[str, ...]:
    """Take apart words that were run together (`dbpwd`, `encryptionkey`)."""
    if word in _KNOWN or len(word) < 4:
        return (word,)
    found = _ATTACHED.search(word) or _SHORT.search(word)
    if found is None or not found.start():
        return (word,)
    owner, ending = word[: found.start()], found.group()
    if ending in {"pass", "psw", "psk", "pw"} and owner not in vocab.PASSWORD_OWNERS:
        return (word,)
    if ending in {"key", "keys"} and owner not in vocab.KEY_OWNERS:
        return (word,)
    return owner, ending


def _joined(words: list[str]) -> list[str]:
    """Put together the words that are one (`mot de passe`)."""
    place = 0
    while place < len(words) - 1:
        for size in (3, 2):
            single = vocab.PHRASES.get(tuple(words[place : place + size]))
            if single:
                words[place : place + size] = [single]
                break
        place += 1
    return words


def _head(words: list[str]) -> int:
    """Return the place of the last word that says something: environment names and ordinals are stepped over."""
    place = len(words) - 1
    if "by" in words[1:] and words[words.index("by", 1) - 1] in _SEVERAL:
        return words.index("by", 1) - 1  # TOKENS_BY_TENANT
    while place > 0 and (words[place].isdigit() or words[place] in vocab.SUFFIXES):
        place -= 1
    return place


def _promise(words: list[str], place: int) -> Promise:
    head = words[place]
    before = words[place - 1] if place else ""
    if head in {"pin", "pass", "pw"} and before in {"boarding", "by", "season", "map", "drop", "gpio", "led"}:
        return Promise.DESCRIPTION
    if head in {"token", "tokens"} and before in vocab.PAGE_TOKENS:
        return Promise.DESCRIPTION
    if head in {"credential", "credentials"}:
        return Promise.LOGIN
    direct = _direct(head)
    if direct is not None:
        return direct
    if head == "base" and before == "key":
        return Promise.TOKEN
    if head in vocab.KEY:
        return _key_promise(words[:place], before)
    if head in vocab.KEY_OF_SECRET and before in vocab.KEY and before not in {"key", "keys"}:
        return Promise.TOKEN  # the order of Romance languages: CLE_API, CHAVE_SECRETA
    if head in vocab.CONNECTION:
        return Promise.CONNECTION
    return (
        Promise.DESCRIPTION if head in vocab.DESCRIBES or head.removesuffix("s") in vocab.DESCRIBES else Promise.NOTHING
    )


def _direct(word: str) -> Promise | None:
    for kinds, promise in (
        (vocab.PASSWORD, Promise.PASSWORD),
        (vocab.SECRET, Promise.SECRET),
        (vocab.TOKEN, Promise.TOKEN),
        (vocab.LOGIN, Promise.LOGIN),
    ):
        if word in kinds:
            return promise
    return None


def _key_promise(earlier: list[str], before: str) -> Promise:
    if before in vocab.KEY_OF_DATA:
        return Promise.DESCRIPTION
    if before.isdigit() and len(earlier) > 1:
        before = earlier[-2]
    if (
        before in vocab.KEY_OF_SECRET
        or before in vocab.VENDORS
        or before in {"wg", "wireguard", "vapid", "devise", "host"}
    ):
        return Promise.TOKEN
    return Promise.DESCRIPTION if any(word in vocab.KEY_OF_DATA for word in earlier) else Promise.KEY


def _from_afar(words: list[str], place: int, promise: Promise) -> Promise | None:
    """Return what a telling word promises that is followed by what it belongs to (`PASSWORD_DB`), or None."""
    holder = words[place] in vocab.HOLDERS or words[place] in vocab.VENDORS
    if promise is not Promise.NOTHING and not (promise is Promise.DESCRIPTION and holder):
        return None
    for word in words[:place]:
        told = _direct(word)
        if told in {Promise.PASSWORD, Promise.SECRET, Promise.TOKEN} and word not in vocab.LOOSE_TOKEN:
            return told
        if word in vocab.KEY and holder:
            return Promise.TOKEN
    return None


@lru_cache(maxsize=8192)
def read_name(name: str) -> NameView:
    """Read `name`, written in any convention (`DB_PASSWORD`, `dbPassword`, `Db:Password`, `PGPASSWORD`)."""
    name = name[:256]
    words = _split(name) or [""]
    place = _head(words)
    promise = Promise.LOGIN if _BUNDLER.fullmatch(name) else _promise(words, place)
    certain = True
    told = _from_afar(words, place, promise)
    if told is not None:
        promise = told
        # What has a password and is named right after it is owned by nobody else: PASSWORD_DB is DB_PASSWORD.
        certain = words[place - 1] in vocab.PASSWORD and words[place] in vocab.GUARDED
    public = _public(words)
    if public and promise in {Promise.TOKEN, Promise.KEY}:
        promise = Promise.PUBLIC
    mentions = any(word in _MENTIONING or word in vocab.KEY for word in words)
    store = any(word in vocab.STORES for word in words) or ("secret" in words and "manager" in words)
    store = store or ("parameter" in words and "store" in words)
    return NameView(
        promise=promise,
        words=tuple(words),
        mentions=mentions,
        names_reference=(words[place] in vocab.REFERENCE_TAILS and (mentions or store))
        or (store and promise is not Promise.TOKEN),
        vendor=all(
            word in vocab.VENDORS or word in vocab.VENDOR_PARTS or word.isdigit() or word in vocab.SUFFIXES
            for word in words
        ),
        public=public,
        certain=certain,
        head=words[place],
        counts=any(word in vocab.QUANTITY or word in vocab.FLAG for word in words),
    )


def is_word_for_password(text: str) -> bool:
    """Say whether a text is nothing but the word for a password in some language (`Passwort`, `Mot de passe`)."""
    return (
        len(text) < 40
        and not any(map(str.isdigit, text))
        and len(words := _split(text)) == 1
        and words[0] in vocab.PASSWORD
    )


def _public(words: list[str]) -> bool:
    if any(word in vocab.PUBLIC for word in words) or (
        "search" in words and not vocab.SEARCH_PRODUCTS.isdisjoint(words)
    ):
        return True
    return any(tuple(words[: len(head)]) == head for head in vocab.PUBLIC_HEADS)
