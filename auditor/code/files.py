"""The files of a package as its analysers see them: by path, in memory, never on a disk."""

from collections.abc import Mapping
from typing import TypeAlias

PackageFiles: TypeAlias = Mapping[str, bytes]
"""Content by path within the package: ``/`` between its parts, no leading ``/``, never ``..``.

May be lazy: a file is decompressed when it is asked for, so look at the names first and ask only for what you read.
Content is bounded; a file that could not be read whole is not in the mapping, and the analysis says so.
"""
