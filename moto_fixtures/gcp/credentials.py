"""A service account's key file for google-auth, made on the spot: the key opens nothing but the emulator."""

import json
from pathlib import Path


def service_account_file(folder: Path, token_uri: str, email: str, project: str) -> Path:
    """Writes the file; needs ``cryptography``, which google-auth brings along."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only who asks for a key needs it
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - the same

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    body = {
        "type": "service_account",
        "project_id": project,
        "private_key_id": "1",
        "private_key": text.decode(),
        "client_email": email,
        "client_id": "100000000000000000001",
        "token_uri": token_uri,
    }
    path = folder / "service-account.json"
    path.write_text(json.dumps(body))
    path.chmod(0o600)
    return path
