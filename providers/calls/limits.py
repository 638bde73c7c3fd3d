"""What one answer may amount to, and how long one call may take: the only place where these figures are declared.

The largest honest answers are pages of 1,000 assets, roles or rows: some 20 MiB and 500,000 values.
"""

from typing import Final

from auditor.model import json_text

MAX_BYTES: Final = 64 * 2**20
"""Bytes of one body, after decompression; and bytes received for it."""

MAX_DEPTH: Final = 100
"""Levels of nesting. The deepest documented answer has fewer than 30."""

MAX_VALUES: Final = 1_000_000
"""Values in one body: what bounds the memory of the parsed answer, which is many times its text."""

MAX_INTEGER_DIGITS: Final = json_text.MAX_INTEGER_DIGITS
"""Digits of an integer: those of an unsigned 64-bit one."""

LARGE_BYTES: Final = 4 * 2**20
"""From so many bytes on an answer is large: only :data:`LARGE_AT_ONCE` of them are read at the same time."""

LARGE_AT_ONCE: Final = 2

DEADLINE_SECONDS: Final = 120.0
"""From the start of a call to the end of its answer, signing in included, however the bytes trickle in."""

MAX_PAGES: Final = 20_000
"""Pages of one list."""
