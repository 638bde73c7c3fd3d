"""What the command says on standard error: one style, ``auditor: `` and a sentence, whoever found the fault."""

import errno
import logging
import math
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import click

from auditor.errors import suggestion
from auditor.wording import inert

_EVENTS = logging.getLogger("auditor.said")
"""Where what is said goes instead while standard error holds events; see :mod:`auditor.cli.log_setup`."""

_EVENTS.disabled = True

_NOT_WRITTEN: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What writing to a stream that we did not open, and so without a name, ends with where the disk is at fault."""


def log_events(*, wanted: bool) -> None:
    """Says from now on whether standard error holds events (JSON) or sentences."""
    _EVENTS.setLevel(logging.INFO)
    _EVENTS.disabled = not wanted


def happened(event: str, text: str, **figures: object) -> None:
    """Logs an event of the run with its figures; nothing where standard error holds sentences."""
    _EVENTS.info(text, extra={"event": {"event": event, **figures}})


def say(text: str, *details: str) -> None:
    """One line on standard error, and one below it for each of the details, said also with ``--quiet``; to nobody where
    its reader has gone away.
    """
    if not _EVENTS.disabled:
        _EVENTS.info(" ".join((text, *details)))
        return
    with suppress(BrokenPipeError):
        click.echo("\n  ".join((f"auditor: {inert(text)}", *map(inert, details))), err=True)


@contextmanager
def unread() -> Iterator[None]:
    """For output after which nothing changes any more: where its reader has gone away, it is dropped."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()


def silence_stdout() -> None:
    """The reader of our output went away (``auditor checks list | head``): not an error, and nothing more is said."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # keeps the interpreter from flushing into the closed pipe


class Words(click.Choice[str]):
    """One of several words; a misspelt one is answered with the nearest."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's
        return not_among(str(value), self.choices)


class Finite(click.FloatRange):
    """A number in a range; neither infinite nor "nan", which no comparison finds outside."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises BadParameter for another."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail("", param, ctx)
        return number


def not_among(word: str, known: Sequence[str]) -> str:
    """That a word is none of those known, with the nearest of them."""
    return f"{word!r} is not one of {', '.join(known)}{suggestion(word, known)}"


class Verbs(click.Group):
    """A group that answers a misspelt verb with the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb of a command line. Raises UsageError for one that does not exist."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            raise click.UsageError(f"No such command {name!r}{suggestion(name, self.list_commands(ctx))}", ctx)
        return super().resolve_command(ctx, args)


def sentence(error: click.ClickException) -> str:
    """What is wrong with a command line, and where help is."""
    text = _fault(error).strip()
    text = text if text.endswith((".", "?")) else f"{text}."
    ctx = getattr(error, "ctx", None)
    return f"{text} See '{ctx.command_path} --help'." if ctx else text


def _fault(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"No such option {error.option_name}{suggestion(error.option_name, _options(error.ctx))}"
    if isinstance(error, click.MissingParameter):
        allowed = getattr(error.param.type, "choices", ()) if error.param else ()
        among = f": it is one of {', '.join(map(str, allowed))}" if allowed else ""
        return f"{_place(error)} is missing{among}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        expected = "" if error.message.startswith("it ") else _expected(error.param.type)  # else a callback's own words
        return f"{_place(error)}: {expected or _of_paths(error.message)}"
    return error.message


def _of_paths(message: str) -> str:
    """What click says of a path, where it calls a file a directory or the other way round."""
    name, is_, other = message.partition(" is a ")
    kind, _, path = name.partition(" ")
    if not is_ or kind not in ("File", "Directory"):
        return message
    return f"it must be a {kind.lower()}, and {path} is a {other}"


def _expected(kind: object) -> str:
    """What a number or a date must be; "" for what says so itself."""
    if isinstance(kind, click.IntRange | click.FloatRange):
        whole = "a whole number" if isinstance(kind, click.IntRange) else "a number"
        if kind.max is not None:
            return f"it must be {whole} from {kind.min} to {kind.max}"
        return f"it must be {whole} {'above' if kind.min_open else 'of at least'} {kind.min}"
    return "it must be a date, such as 2026-11-23" if isinstance(kind, click.DateTime) else ""


def _options(ctx: click.Context | None) -> list[str]:
    return [] if ctx is None else [name for param in ctx.command.get_params(ctx) for name in param.opts]


def _place(error: click.BadParameter) -> str:
    """Where a value came from, as its writer knows it: an argument, an option, a variable, a key of a file."""
    param, ctx = error.param, error.ctx
    if param is None or param.name is None:
        return "A parameter"
    if isinstance(param, click.Argument):
        return param.name.upper()
    option = next((name for name in param.opts if name.startswith("--")), param.opts[0])
    source = ctx.get_parameter_source(param.name) if ctx else None
    if source is click.core.ParameterSource.ENVIRONMENT:
        return str(param.envvar)
    if source is click.core.ParameterSource.DEFAULT_MAP and ctx:
        return f"{ctx.meta.get('auditor.configuration_path')}: {option.removeprefix('--')}"
    return option


def show_help(error: click.ClickException) -> bool:
    """Prints the help of a group that was called without a verb; says whether that is what happened."""
    if not isinstance(error, click.exceptions.NoArgsIsHelpError):
        return False
    click.echo(error.format_message(), err=True)
    return True


def crash_report(crash: Exception) -> str:
    """Where we crashed, or what the operating system says about a file, which is nobody's bug.

    Never the exception's own text, which could quote a value that was audited.
    """
    if isinstance(crash, OSError) and crash.filename is not None:
        return f"{crash.filename}: {crash.strerror}. See to the disk or its permissions."
    if isinstance(crash, OSError) and crash.errno in _NOT_WRITTEN:
        return f"Standard output cannot be written: {crash.strerror}. See to the disk or its permissions."
    frames = traceback.extract_tb(crash.__traceback__)
    trail = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-6:])
    return (
        f"internal error ({type(crash).__name__}). This is our fault, not yours; nothing was changed in your cloud. "
        f"Please report it with these lines:\n{trail}"
    )
