"""Private keys in files of their own, and credentials that announce themselves whatever holds them."""

import base64
import datetime as dt
import random
import struct

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from auditor.code.findings import analyse
from auditor.model.severity import Confidence

RSA = rsa.generate_private_key(65537, 2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
EDWARDS = ed25519.Ed25519PrivateKey.generate()
PASSPHRASE = BestAvailableEncryption(b"a passphrase of the test")
TRADITIONAL, PKCS8, OPENSSH = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8, PrivateFormat.OpenSSH
HIGH, MEDIUM = Confidence.HIGH, Confidence.MEDIUM


def certificate() -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.com")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(RSA.public_key())
    made = made.serial_number(1).not_valid_before(start).not_valid_after(start + dt.timedelta(days=9))
    return made.sign(RSA, hashes.SHA256())


CERTIFICATE = certificate()
PEM = CERTIFICATE.public_bytes(Encoding.PEM)


def java_store(*tags: int) -> bytes:
    """A Java key store with an entry of each tag: 1 a private key, 2 a certificate that is trusted."""
    out = b"\xfe\xed\xfe\xed" + struct.pack(">II", 2, len(tags))
    for tag in tags:
        out += struct.pack(">IH", tag, 1) + b"a" + bytes(8)
        out += (struct.pack(">H", 5) + b"X.509" if tag == 2 else b"") + struct.pack(">I", 4) + b"\x30\x02\x05\x00"
        out += struct.pack(">I", 0) if tag == 1 else b""
    return out + bytes(20)


KEYS = {
    "key.pem": (RSA.private_bytes(Encoding.PEM, TRADITIONAL, NoEncryption()), 1, HIGH),
    "id.key": (EDWARDS.private_bytes(Encoding.PEM, PKCS8, NoEncryption()), 1, HIGH),
    "config/server.key": (RSA.private_bytes(Encoding.PEM, PKCS8, NoEncryption()), 1, HIGH),
    "certs/private.key": (CURVE.private_bytes(Encoding.PEM, TRADITIONAL, NoEncryption()), 1, HIGH),
    "certs/chain.crt": (PEM + RSA.private_bytes(Encoding.PEM, PKCS8, NoEncryption()), PEM.count(b"\n") + 1, HIGH),
    "deploy/id_ed25519": (EDWARDS.private_bytes(Encoding.PEM, OPENSSH, NoEncryption()), 1, HIGH),
    "locked.pem": (RSA.private_bytes(Encoding.PEM, PKCS8, PASSPHRASE), 1, MEDIUM),
    "locked-of-old.pem": (RSA.private_bytes(Encoding.PEM, TRADITIONAL, PASSPHRASE), 1, MEDIUM),
    "binary.der": (RSA.private_bytes(Encoding.DER, PKCS8, NoEncryption()), 1, HIGH),
    "binary.key": (RSA.private_bytes(Encoding.DER, TRADITIONAL, NoEncryption()), 1, HIGH),
    "curve.key": (CURVE.private_bytes(Encoding.DER, TRADITIONAL, NoEncryption()), 1, HIGH),
    "edwards.p8": (EDWARDS.private_bytes(Encoding.DER, PKCS8, NoEncryption()), 1, HIGH),
    "store.p12": (pkcs12.serialize_key_and_certificates(b"k", RSA, CERTIFICATE, None, PASSPHRASE), 1, MEDIUM),
    "store.pfx": (pkcs12.serialize_key_and_certificates(b"k", CURVE, None, None, PASSPHRASE), 1, MEDIUM),
    "store.jks": (java_store(2, 1), 1, MEDIUM),
    "web.ppk": (b"PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: x\r\n", 1, HIGH),
}
NO_KEYS = {
    "ca.pem": PEM,
    "ca.der": CERTIFICATE.public_bytes(Encoding.DER),
    "public.pem": RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "public.key": RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "public-of-old.der": RSA.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1),
    "id_ed25519.pub": EDWARDS.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
    "trusted.p12": pkcs12.serialize_java_truststore([pkcs12.PKCS12Certificate(CERTIFICATE, b"ca")], PASSPHRASE),
    "trusted.jks": java_store(2, 2),
    "damaged.jks": java_store(2)[:20],
    "empty.key": b"",
    "template.pem": b"-----BEGIN PRIVATE " + b"KEY-----\n<paste yours here>\n",
    "monkey": b"-----BEGIN CERTIFICATE-----\n",
    "tests/server.key": RSA.private_bytes(Encoding.PEM, PKCS8, NoEncryption()),
}


def found(files: dict[str, bytes]) -> list[tuple[str, int, Confidence]]:
    told = [each for each in analyse(files).findings if each.rule == "hardcoded-credential"]
    return sorted((each.file, each.line, each.confidence) for each in told)


def test_each_file_that_holds_a_private_key_is_a_finding_and_no_other() -> None:
    files = {**{name: content for name, (content, _, _) in KEYS.items()}, **NO_KEYS}
    assert found(files) == sorted((name, line, sure) for name, (_, line, sure) in KEYS.items())


def test_nothing_of_a_key_is_in_a_finding() -> None:
    content = KEYS["key.pem"][0]
    (told,) = analyse({"key.pem": content}).findings
    assert told.sink == "private-key in a file"
    assert not any(line in str(told) for line in content.decode().splitlines()[1:-1])


DRAWN = random.Random(12)
ACCOUNT_KEY = base64.b64encode(DRAWN.randbytes(64)).decode()
STORAGE = (
    f"DefaultEndpointsProtocol=https;AccountName=shop;Account{'Key='}{ACCOUNT_KEY};EndpointSuffix=core.windows.net"
)
BUS = f"Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccess{'Key='}{base64.b64encode(DRAWN.randbytes(32)).decode()}"
HOOK = "https://hooks.slack" + ".com/services/" + "T02AB3CD4/B05EF6GH7/" + "a1B2c3D4e5F6g7H8i9J0k1L2"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.py", f'C = "{STORAGE}"\n'),
        ("index.js", f"const where = '{STORAGE}';\n"),
        ("local.settings.json", f'{{"Values": {{"AzureWebJobsStorage": "{STORAGE}"}}}}'),
        ("Program.cs", f'var x = "{BUS}";'),
        (".env", f"A={STORAGE}\n"),
        ("settings.yaml", f"place: {BUS}\n"),
        ("slack.py", f'U = "{HOOK}"\n'),
        ("slack.js", f"const hook = `{HOOK}`;\n"),
        ("slack.properties", f"alerts.hook={HOOK}\n"),
    ],
)
def test_a_credential_that_announces_itself_is_found_under_any_name(name: str, text: str) -> None:
    assert found({name: text.encode()}) == [(name, 1, HIGH)]
    assert ACCOUNT_KEY not in str(analyse({name: text.encode()}).findings)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.py", f'C = "{STORAGE.replace(ACCOUNT_KEY, "<key>")}"\n'),
        ("app.py", f'C = f"{STORAGE.replace(ACCOUNT_KEY, "{key}")}"\n'),
        ("local.settings.json", '{"Values": {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}}'),
        ("slack.py", 'U = "https://hooks.slack' + ".com/services/" + "T00000000/B00000000/" + "X" * 24 + '"\n'),
        ("slack.py", 'U = "https://api.slack.com/messaging/webhooks"\n'),
    ],
)
def test_what_stands_for_a_credential_is_none(name: str, text: str) -> None:
    assert found({name: text.encode()}) == []
