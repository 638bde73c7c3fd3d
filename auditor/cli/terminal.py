"""How wide the terminal is, and text broken between words to fit it."""

import os
import sys

_NARROWEST = 40


def width() -> int | None:
    """Columns of standard output: what ``COLUMNS`` says, else the terminal's own; None where there is neither."""
    if not (os.environ.get("COLUMNS", "").isdecimal() or sys.stdout.isatty()):
        return None
    import shutil  # noqa: PLC0415 - only for output

    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def wrapped(text: str, hang: str = "  ", start: str = "") -> str:
    """The text as lines that fit the terminal, broken between words; as it is where there is no width to fit.

    ``start`` is put before the first line, ``hang`` before every other. What has no blank to break at stays whole.
    """
    import textwrap  # noqa: PLC0415 - only for output

    columns = width()
    if columns is None:
        return start + text
    return textwrap.fill(
        text,
        columns,
        initial_indent=start,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        drop_whitespace=True,
    )


def paragraphs(text: str, indent: str = "") -> str:
    """Each line of the text broken to fit the terminal, all of them indented."""
    return "\n".join(wrapped(line, indent, indent) if line.strip() else "" for line in text.splitlines())
