"""Packages that were put into a bucket before: what is deployed is what lies there, and it can be fetched again."""

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.wire import Call


def for_moto(call: Call, account: Account, code: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Code that moto does not have to fetch: the object in the bucket, or where there is none, anything of its own."""
    if "S3Bucket" not in code:
        return dict(code)
    content = uploaded(call, account, code)
    return {"ZipFile": base64.b64encode(content or f"{name} {dict(code)}".encode()).decode()}


def uploaded(call: Call, account: Account, code: Mapping[str, Any]) -> bytes | None:
    """The object that a package was deployed from; None where it lies in no emulated bucket."""
    if "S3Bucket" not in code:
        return None
    answer = account.ask_rest(call, "s3", _place(code))
    return answer.body if answer.status == 200 else None


def presigned(call: Call, code: Mapping[str, Any]) -> str:
    """A presigned address of the object on the emulator itself."""
    place = _place(code)
    signature = sha256(place.encode()).hexdigest()
    return f"http://{call.headers['host']}{place}?X-Amz-Expires=600&X-Amz-Signature={signature}"


def _place(code: Mapping[str, Any]) -> str:
    return f"/{code['S3Bucket']}/{code['S3Key']}"
