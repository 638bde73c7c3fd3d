"""Which buckets are the platform's own, by their names."""

import re
from typing import Final

_NUMBERED: Final = re.compile(
    r"(?:gcf-v2-sources|gcf-sources|gcf-v2-uploads)-(?P<number>\d+)-[a-z0-9-]+(?:\.cloudfunctions\.appspot\.com)?"
)
_UPLOADS: Final = re.compile(r"gcf-upload-[a-z0-9-]+-[0-9a-f]{8}-[0-9a-f-]{27}")
_DEPLOYED: Final = "run-sources-"


def staging(name: str, project: str, number: str | None) -> bool:
    """Whether a bucket is one that the platform itself makes for a project's source.

    The prefix alone proves nothing: anybody may name a bucket so, and one of another project is not the platform's
    for this one.
    """
    found = _NUMBERED.fullmatch(name)
    if found:
        return number is None or found["number"] == number
    return bool(_UPLOADS.fullmatch(name)) or name.startswith(f"{_DEPLOYED}{project}-")
