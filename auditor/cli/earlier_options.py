"""The options of a run that takes over answers of an earlier one."""

from pathlib import Path
from typing import Any

import click

from auditor.cli.messages import Finite
from auditor.cli.options import option, stacked

_USUAL_DAYS = 7


class _DirectoryOrUrl(click.Path):
    """A directory that is there, or the URL of a store."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a URL stays the text it is."""
        return value if isinstance(value, str) and "://" in value else super().convert(value, param, ctx)


earlier_options = stacked(
    option(
        "--resume",
        type=_DirectoryOrUrl(exists=True, file_okay=False, path_type=Path),
        metavar="DIR|URL",
        help="Go on with a run that was cut off: its directory, what it left there, or its store; only what is missing"
        " is asked.",
    ),
    option(
        "--since",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="SNAPSHOT",
        help="Take over what did not change since this earlier run (AWS: functions at the same revision; Azure: apps "
        "without an event in the activity log). With --history, the previous result of the output directory.",
    ),
    option(
        "--max-age",
        type=Finite(min=0),
        default=_USUAL_DAYS,
        show_default=True,
        metavar="DAYS",
        help="With --since: read anew what no revision covers (URLs, aliases, concurrency...) when it is that old.",
    ),
    option("--full", is_flag=True, help="Ask everything, whatever is known from earlier runs."),
)
