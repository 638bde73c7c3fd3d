"""The root command and the one place where errors become sentences and exit codes."""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence

import click

from auditor import __version__
from auditor.cli.exit_codes import INTERNAL, INTERRUPTED, TERMINATED, USAGE
from auditor.cli.stopping import TerminatedError, terminable
from auditor.errors import AuditorError

_VERBS = {
    "scan": "Collect, evaluate, write reports, print a summary.",
    "demo": "Do the same on the bundled company: no credentials, no network.",
    "collect": "Collect only: write a snapshot.",
    "evaluate": "Do everything after collection, offline, on a saved snapshot.",
    "report": "Render a finished report.json again.",
    "checks": "List the checks, or show one.",
    "permissions": "Print the least-privilege policy this tool needs.",
    "doctor": "Say who you are, what you can see and what is missing, before a scan.",
    "schema": "Print a JSON Schema.",
}


class _Verbs(click.Group):
    """Imports a verb's module only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        if cmd_name not in _VERBS:
            return None
        module = importlib.import_module(f"auditor.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        with formatter.section("Commands"):
            formatter.write_dl(list(_VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="auditor")
def root() -> None:
    """Audit deployed serverless functions, read-only: which can hurt you, how, and what to change.

    Start with `auditor demo`, or `auditor doctor` and `auditor scan` with cloud credentials.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and exits."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code. Never raises, never prints what was audited."""
    try:
        with terminable():
            outcome = root.main(args=arguments, prog_name="auditor", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("auditor: interrupted", err=True)
        return INTERRUPTED
    except TerminatedError:
        click.echo("auditor: terminated", err=True)
        return TERMINATED
    except click.UsageError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except AuditorError as error:
        click.echo(f"auditor: {inert(str(error))}", err=True)
        return error.exit_code
    except BrokenPipeError:
        return _silence_stdout()
    except Exception as crash:  # noqa: BLE001 - the last resort: a sentence without the exception's text
        click.echo(_disk(crash) or _apology(crash), err=True)
        return INTERNAL
    return outcome if isinstance(outcome, int) else 0


def inert(text: str) -> str:
    """The text without terminal escapes: it may quote a name from the cloud or a file."""
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)


def _disk(crash: Exception) -> str | None:
    """What the operating system says about a file, which is nobody's bug; None for anything else."""
    if not isinstance(crash, OSError) or crash.filename is None:
        return None
    return f"auditor: {inert(str(crash.filename))}: {crash.strerror}. See to the disk or its permissions."


def _apology(crash: Exception) -> str:
    """Where we crashed, without the exception's own text, which could quote a value that was audited."""
    frames = traceback.extract_tb(crash.__traceback__)
    trail = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-6:])
    return (
        f"auditor: internal error ({type(crash).__name__}). This is our fault, not yours; nothing was changed in "
        f"your cloud. Please report it with these lines:\n{trail}"
    )


def _silence_stdout() -> int:
    """The reader of our output went away (``auditor checks list | head``): not an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # keeps the interpreter from flushing into the closed pipe
    return 0
