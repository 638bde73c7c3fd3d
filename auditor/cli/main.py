"""The root command and the one place where errors become sentences and exit codes."""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from auditor import __version__
from auditor.cli import signals
from auditor.cli.messages import Verbs, crash_report, log_events, say, sentence, show_help, silence_stdout
from auditor.errors import AuditorError, ExitCode

_VERBS = {
    "scan": "Collect, evaluate, write reports, print a summary.",
    "demo": "Do the same on the bundled company: no credentials, no network.",
    "collect": "Collect only: write a snapshot.",
    "evaluate": "Do everything after collection, offline, on a saved snapshot.",
    "code": "Analyse a deployment package on this machine: components, vulnerabilities, SBOM.",
    "advisories": "Keep published advisories on this machine.",
    "report": "Render a finished report.json again.",
    "plan": "Print the fix plan of a finished report: the changes that gain most.",
    "graph": "Print what sets functions off and where their events go, of a finished report.",
    "explain": "Explain a finding, or decide whether a function's identity may do something.",
    "diff": "Compare two reports: new, resolved, gone, not examined again.",
    "history": "List past runs, show one, draw their course.",
    "waive": "Accept a finding until a day: write an entry of a waiver file.",
    "checks": "List the checks, show one, or test one of your own.",
    "frameworks": "List the frameworks, or show one: its controls and which checks are evidence for them.",
    "permissions": "Print the least-privilege policy this tool needs.",
    "doctor": "Say who you are, what you can see and what is missing, before a scan.",
    "accounts": "List the accounts that a scan would read: as whom, and what is missing.",
    "verify": "Compare a result with the digests of its manifest.",
    "schema": "Print a JSON Schema.",
}


class _LazyVerbs(Verbs):
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


@click.group(cls=_LazyVerbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="auditor")
def root() -> None:
    """Audit deployed serverless functions, read-only: which can hurt you, how, and what to change.

    Start with `auditor demo`, or `auditor doctor` and `auditor scan` with cloud credentials.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and exits."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # whoever started us closed it: nobody reads what we say
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
    code = run(arguments, restored=False)
    signals.ignore()
    sys.exit(code)


def run(arguments: Sequence[str] | None = None, *, restored: bool = True) -> int:
    """Runs the command; returns the exit code. Never raises, never prints what was audited.

    ``restored`` says whether signals are answered as before afterwards.
    """
    log_events(wanted=False)
    try:
        with signals.answered(restored=restored) as answered:
            code = _outcome(arguments)
            answered.decided = True
    except signals.EndedError as ended:
        say("terminated" if ended.code is ExitCode.TERMINATED else "interrupted")
        return ended.code
    return code


def _outcome(arguments: Sequence[str] | None) -> int:
    streams = sys.stdout, sys.stderr
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        outcome = root.main(args=given, prog_name="auditor", standalone_mode=False, obj=given)
        sys.stdout.flush()
    except click.exceptions.Abort:
        raise signals.EndedError(ExitCode.INTERRUPTED) from None
    except click.ClickException as error:
        if not show_help(error):
            say(sentence(error))
        return ExitCode.USAGE if isinstance(error, click.UsageError) else error.exit_code
    except AuditorError as error:
        say(str(error), *error.details)
        return error.exit_code
    except BrokenPipeError:
        silence_stdout()
        return ExitCode.OK
    except SystemExit:
        if sys.stdout is streams[0]:
            raise
        sys.stdout, sys.stderr = streams  # click replaces both and ends with 1 where the reader of our output went away
        silence_stdout()
        return ExitCode.OK
    except OSError as refused:
        silence_stdout()  # what could not be written stays in its buffer, and would be tried again at the end
        say(crash_report(refused))
        return ExitCode.INTERNAL
    except Exception as crash:  # noqa: BLE001 - the last resort: a sentence without the exception's text
        say(crash_report(crash))
        return ExitCode.INTERNAL
    return outcome if isinstance(outcome, int) else ExitCode.OK
