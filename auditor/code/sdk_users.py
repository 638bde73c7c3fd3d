"""Where calls of AWS's API may come from that are not followed: libraries, bundles, files that nothing imports."""

import json
import re
from collections.abc import Container, Iterator
from typing import Final

from auditor.code.files import PackageFiles, shown
from auditor.code.own_files import JAVASCRIPT, PYTHON, SKIPPED

_SDK: Final = re.compile(rb"boto(?:3|core)\b|['\"]@?aws-sdk")
"""Names of AWS's SDKs in code that imports them."""

_SIGNS: Final = (b"X-Amz-Security-Token", b"x-amz-security-token", b"AWS4-HMAC-SHA256")
"""What only an SDK, or code that signs requests itself, holds."""

_METADATA: Final = re.compile(r"(?:^|/)([\w.-]+?)-[^/-]+\.dist-info/METADATA$")
_REQUIRES: Final = re.compile(rb"^Requires-Dist:[ \t]*(?:boto3|botocore|aioboto3|aiobotocore|aws-sdk)\b", re.MULTILINE)
_PACKAGE: Final = re.compile(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/@]+)/package\.json$")
_SDK_ITSELF: Final = re.compile(
    r"(?:boto3|botocore|s3transfer|aioboto3|aiobotocore|aws-sdk|@aws-sdk/.*|@smithy/.*|@aws-crypto/.*|@aws/.*)"
)
_DEPENDING: Final = ("dependencies", "peerDependencies", "optionalDependencies")
_MOST: Final = 20


def uses_sdk(text: bytes) -> bool:
    """Whether code names an SDK of AWS. The plain searches are for speed."""
    return (b"boto" in text or b"aws-sdk" in text) and _SDK.search(text) is not None


def unseen_calls(files: PackageFiles, followed: Container[str]) -> tuple[str, ...]:
    """Why the package may make more calls than were found in what was followed, a sentence for each reason."""
    found = [*_libraries(files), *_own_files(files, followed)]
    return tuple(found[:_MOST])


def _libraries(files: PackageFiles) -> Iterator[str]:
    for path in sorted(files):
        python, script = _METADATA.search(path), _PACKAGE.search(path)
        if python is not None and not _SDK_ITSELF.fullmatch(python.group(1).lower()):
            calls, name = _REQUIRES.search(files[path]) is not None, python.group(1)
        elif script is not None and not _SDK_ITSELF.fullmatch(script.group(1)):
            calls, name = _depends_on_sdk(files[path]), script.group(1)
        else:
            continue
        if calls:
            yield f"the library {shown(name)} calls AWS itself ({shown(path)}), and libraries are not followed"


def _depends_on_sdk(text: bytes) -> bool:
    if b"aws-sdk" not in text:
        return False
    try:
        manifest = json.loads(text)
    except ValueError:
        return True
    named = manifest if isinstance(manifest, dict) else {}
    return any("aws-sdk" in name for kind in _DEPENDING for name in named.get(kind) or ())


def _own_files(files: PackageFiles, followed: Container[str]) -> Iterator[str]:
    for path in sorted(files):
        if not path.endswith((*PYTHON, *JAVASCRIPT)) or SKIPPED.search(path):
            continue
        text = files[path]
        if any(mark in text for mark in _SIGNS):
            yield f"{shown(path)} holds an SDK or signs requests itself"
        elif path not in followed and uses_sdk(text):
            yield f"{shown(path)} uses an SDK, and nothing that was followed imports it"
