"""The identity of a finding: stable across wording, severity and time."""

from hashlib import sha256


def fingerprint(check_id: str, resource_id: str, locus: str) -> str:
    """16 hex characters of a hash of check id, resource id and locus."""
    named = f"{check_id}\0{resource_id}\0{locus}"
    return sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16]  # a name may hold half a character
