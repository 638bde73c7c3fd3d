"""Which names of an archive's entries are taken as paths within the package."""

import re
from typing import Final

from auditor.code.unpack.limits import Limits

_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")


def why_refused(name: str, limits: Limits) -> str | None:
    """Why an entry of this name is not read; None where its name is a path within the package."""
    if not name:
        return "it has no name"
    if "\0" in name:
        return "its name holds a NUL"
    if len(name.encode("utf-8", "surrogatepass")) > limits.path:
        return f"its name is longer than {limits.path} bytes"
    if name.startswith("/") or _DRIVE.match(name):
        return "its name is an absolute path"
    if "\\" in name:
        return "its name holds a backslash"
    if ".." in name.split("/"):
        return "its name leads out of the package"
    return None


def normalized(name: str) -> str:
    """The path without empty and ``.`` steps, as a runtime would resolve it."""
    return "/".join(step for step in name.split("/") if step not in ("", "."))
