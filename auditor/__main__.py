"""``auditor`` and ``python -m auditor``."""

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Runs the command and exits."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end_at_once)
    from auditor.cli.main import main as command  # noqa: PLC0415 - nothing is imported before the path is settled

    command()


def _end_at_once(number: int, _frame: FrameType | None) -> None:
    """Ends a program that is still loading: nothing was begun."""
    os._exit(128 + number)


def _forget_current_folder() -> None:
    """Python looks for modules in the folder ``-m`` was called from: a ``checks`` or ``click`` there would run as ours.

    Where the auditor itself is in that folder (a checkout), that folder is the auditor's own.
    """
    home = os.path.realpath(f"{__file__}/../..")
    if sys.path and os.path.realpath(sys.path[0] or ".") == os.path.realpath(".") != home:
        del sys.path[0]


if __name__ == "__main__":
    if not sys.flags.safe_path:
        _forget_current_folder()
    main()
