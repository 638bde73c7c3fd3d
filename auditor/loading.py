"""Loads Python code that others wrote: whatever is wrong with it becomes one sentence that says what, and where."""

import importlib.util
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from auditor.check import CheckDeclarationError
from auditor.errors import UsageError

T = TypeVar("T")


def import_file(path: Path) -> ModuleType:
    """The module of one Python file. Raises UsageError for one that cannot be imported."""
    name = f"auditor_local_checks.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} cannot be imported as a check: a Python file ends in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader = spec.loader
    loading(str(path), lambda: loader.exec_module(module), file=spec.origin)
    return module


def loading(what: str, load: Callable[[], T], done: str = "imported", file: str | None = None) -> T:
    """Loads what a stranger wrote, which may fail in any way: the sentence says which it was, where, and how."""
    try:
        return load()
    except CheckDeclarationError as declared_wrongly:
        raise UsageError(f"{what}{_line(declared_wrongly, file)}: {declared_wrongly}") from declared_wrongly
    except SystemExit as ended:
        raise UsageError(
            f"{what} could not be {done}{_line(ended, file)}: it ends the program (SystemExit: {ended}). A check is a "
            "module that only declares; take that call out of it."
        ) from ended
    except OSError as unreadable:
        raise UsageError(f"{what} could not be {done}: {unreadable.strerror or 'it cannot be read'}.") from unreadable
    except Exception as broken:
        if (isinstance(broken, SyntaxError) and broken.lineno is None) or isinstance(broken, UnicodeError):
            raise UsageError(f"{what} could not be {done}: it is not Python source.") from broken
        said = broken.msg if isinstance(broken, SyntaxError) else str(broken)
        mend = " Correct that line." if _line(broken, file) else ""
        raise UsageError(
            f"{what} could not be {done}{_line(broken, file)}: {type(broken).__name__}: {said.rstrip('.')}.{mend}"
        ) from broken


def _line(broken: BaseException, file: str | None) -> str:
    """The line of a file that brought an exception about, as part of a sentence; "" where none did."""
    if file is None:
        return ""
    if isinstance(broken, SyntaxError):
        return f", line {broken.lineno}" if broken.filename == file and broken.lineno else ""
    frames = [frame for frame in traceback.extract_tb(broken.__traceback__) if frame.filename == file]
    return f", line {frames[-1].lineno}" if frames else ""
