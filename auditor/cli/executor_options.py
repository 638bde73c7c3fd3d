"""The options of a run that is read by several processes or machines."""

import re
from typing import Any, Final

import click

from auditor.cli.options import option, stacked

THREADS: Final = "threads"
_EXECUTOR: Final = re.compile(r"threads|local:[1-9]\d{0,2}|(dask|tls)://[^\s/@]+:\d{1,5}")


def _executor(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    if value is not None and not _EXECUTOR.fullmatch(value):
        raise click.BadParameter(
            f"{value!r} must be threads, local:N (processes), dask://HOST:PORT or tls://HOST:PORT.", ctx, param
        )
    return value


executor_options = stacked(
    option(
        "--executor",
        metavar="EXECUTOR",
        default=THREADS,
        show_default=True,
        callback=_executor,
        help="Who reads the accounts: threads of this process; local:N, as many processes; dask://HOST:PORT or"
        " tls://HOST:PORT, the workers of a Dask scheduler (pip install 'serverless-auditor[dask]').",
    ),
    option(
        "--store",
        metavar="DIR|URL",
        help="Where what is read of each account is kept until the run ends, and can be gone on with (--resume): a"
        " directory, s3://..., abfs://... or gs://... (pip install 'serverless-auditor[store]').",
    ),
)
