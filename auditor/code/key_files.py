"""Files that are private keys, or stores that hold some: known by what is in them, looked for by their names.

A certificate, a public key and a store of trusted certificates alone are no secrets.

Source: RFC 7468 (labels of PEM), RFC 8017 and 5958 (DER of PKCS #1 and #8), RFC 7292 (PKCS #12: bags of keys by their
object identifiers), the layout of JKS in OpenJDK's ``sun.security.provider.JavaKeyStore``; 2026-12-01.
"""

import re
import struct
from typing import Final, NamedTuple

from auditor.model.severity import Confidence

_NAMED: Final = re.compile(
    r"\.(?:pem|key|p8|pk8|ppk|der|crt|cer|cert|asc|p12|pfx|pkcs12|jks|jceks|keystore|truststore|ks)$"
    r"|(?:^|/)[^/.]*(?:key|private|secret|id_(?:rsa|dsa|ecdsa|ed25519))[^/.]*$",
    re.IGNORECASE,
)
_PEM: Final = re.compile(
    rb"-----BEGIN ([A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?)-----\r?\n((?:[A-Za-z-]{2,30}: [^\r\n]{0,200}\r?\n){0,8})"
    rb"(?:\r?\n)?[A-Za-z0-9+/=\r\n]{40}"
)
_PUTTY: Final = re.compile(rb"PuTTY-User-Key-File-\d: .{1,60}\r?\nEncryption: ([\w-]{1,40})")
_DER: Final = re.compile(rb"\x30(?:\x82..|\x81.|[\x20-\x7f])\x02\x01(?:\x00(?:\x02|\x30)|\x01\x04|\x01\x30)", re.DOTALL)
"""A sequence that begins with the version of PKCS #1, PKCS #8 or SEC 1; a certificate begins with a sequence."""

_PFX: Final = re.compile(rb"\x30(?:\x84....|\x83...|\x82..|\x81.|\x80|[\x20-\x7f])\x02\x01\x03\x30", re.DOTALL)
_KEY_BAGS: Final = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x01", b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02")
_JAVA: Final = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")
_KEY_ENTRIES: Final = frozenset({1, 3})
"""Tags of entries that hold a private key, or a secret one."""


class KeyFile(NamedTuple):
    """A key in a file: where it begins, what it is, and how sure it is that whoever has the file has the key."""

    place: int
    what: str
    confidence: Confidence


def is_key_file(path: str) -> bool:
    """Whether a file may be a key by its name."""
    return _NAMED.search(path) is not None


def find_keys(content: bytes) -> tuple[KeyFile, ...]:
    """The private keys of a file; of a binary store, one for all of them.

    Those behind a passphrase are of medium confidence.
    """
    if content[:4] in _JAVA:
        return (KeyFile(0, "key-store with a private key", Confidence.MEDIUM),) if _java_key(content) else ()
    if _PFX.match(content):
        held = any(bag in content for bag in _KEY_BAGS)
        return (KeyFile(0, "key-store with a private key", Confidence.MEDIUM),) if held else ()
    if _DER.match(content):
        return (KeyFile(0, "private-key", Confidence.HIGH),)
    found = [
        KeyFile(one.start(), "private-key", _sure(b"ENCRYPTED" in one.group(1) or b"ENCRYPTED" in one.group(2)))
        for one in _PEM.finditer(content)
    ]
    found += [
        KeyFile(one.start(), "private-key", _sure(one.group(1) != b"none")) for one in _PUTTY.finditer(content[:1_000])
    ]
    return tuple(found)


def _sure(locked: bool) -> Confidence:
    return Confidence.MEDIUM if locked else Confidence.HIGH


def _java_key(content: bytes) -> bool:
    """Whether a Java key store holds a key. Certificates that stand before it are passed over."""
    try:
        _, version, count = struct.unpack_from(">III", content)
        at = 12
        for _ in range(count):
            (tag,) = struct.unpack_from(">I", content, at)
            if tag != 2:
                return tag in _KEY_ENTRIES
            at = _after(content, at + 4) + 8
            at = _after(content, at) if version == 2 else at
            at += 4 + int(struct.unpack_from(">I", content, at)[0])
    except struct.error:
        return False
    return False


def _after(content: bytes, at: int) -> int:
    """Where a text ends that its length of two bytes precedes."""
    return at + 2 + int(struct.unpack_from(">H", content, at)[0])
