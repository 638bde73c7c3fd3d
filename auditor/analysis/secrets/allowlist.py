"""The declared list of variables whose value may be kept: a name and the grammar its value must follow.

Only what checks or readers need: a value is kept when some row matches both the name and the value, and never
when it was judged a secret. Loader variables (`NODE_OPTIONS`, `LD_PRELOAD`, …) are left out on purpose: their
presence is the fact.
"""

import re
from typing import Final

from auditor.analysis.secrets.names import CREDENTIAL, Promise, read_name

_REGION: Final = (
    r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-"
    r"(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-\d"
)
_LEVEL: Final = r"(?i:trace|debug|info|information|notice|warn|warning|error|critical|fatal|off|none|silent|verbose)"
_STAGE: Final = (
    r"(?i:dev|development|local|test|testing|qa|uat|stage|staging|stg|preprod|sandbox|demo|prod|production|prd|live)"
)

ALLOWED: Final[tuple[tuple[str, str], ...]] = (
    (r".{1,200}", r"(?i:true|false|yes|no|on|off|enabled|disabled)"),
    (r".{1,200}", r"\d{1,4}"),
    (r"(?:\w{1,80}_)?LOG_?LEVEL|DD_LOG_LEVEL|LOGLEVEL|AWS_LAMBDA_LOG_LEVEL", _LEVEL),
    (r"(?:\w{1,80}_)?REGION|AWS_DEFAULT_REGION", _REGION),
    (r"(?:\w{1,40}_)?(?:ENV|ENVIRONMENT|STAGE)", _STAGE),
    (r"AzureFunctionsJobHost__functionTimeout", r"-1|(?:\d{1,2}\.)?\d{1,2}:\d{2}:\d{2}"),
    (r"AzureWebJobsFeatureFlags", r"[A-Z][A-Za-z]{3,50}(?:, ?[A-Z][A-Za-z]{3,50}){0,9}"),
    (r"FUNCTIONS_EXTENSION_VERSION", r"~\d{1,2}|\d{1,2}\.\d{1,3}\.\d{1,6}(?:\.\d{1,6})?"),
    (r"WEBSITE_NODE_DEFAULT_VERSION", r"~\d{1,2}"),
    (r"FUNCTIONS_WORKER_RUNTIME", r"python|node|dotnet|dotnet-isolated|java|powershell|custom"),
    (r"(?i:AzureFunctionsWebHost__hostid)", r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"),
    (r"AzureWebJobsSecretStorageType", r"(?i:blob|files|keyvault|kubernetes)"),
    (r"\w{1,80}__accountName", r"[a-z0-9]{3,24}"),
    (
        r"\w{1,80}__(?:blob|queue|table)ServiceUri",
        r"https://[a-z0-9]{3,24}\.(?:blob|queue|table)\.core\.[a-z.]{5,30}/?",
    ),
    (r"\w{1,80}__fullyQualifiedNamespace", r"[a-z0-9-]{1,60}\.servicebus\.[a-z.]{5,30}"),
    (r"\w{1,80}__credential", r"(?i:managedidentity)"),
    (r"FUNCTIONS_WORKER_RUNTIME_VERSION", r"~?\d{1,2}(?:\.\d{1,2})?"),
    (r"LinuxFxVersion", r"(?i:docker)\|[a-z0-9][a-z0-9._/:@-]{2,110}"),
    (r"LinuxFxVersion", r"[A-Za-z]{2,12}(?:-[A-Za-z]{2,12})?\|~?\d{1,2}(?:\.\d{1,2})?"),
    (r"AWS_LAMBDA_EXEC_WRAPPER", r"/opt/[A-Za-z0-9_./-]{1,100}"),
    (r"AWS_LAMBDA_LOG_FORMAT", r"(?i:json|text)"),
    (r"TZ", r"UTC|:?[A-Z][a-z]{1,20}/[A-Za-z_]{1,30}"),
)
"""Rows of (whole name, whole value), both regular expressions."""

_NEVER: Final = re.compile(
    r"NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|PYTHONSTARTUP|PERL5OPT|RUBYOPT|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|BASH_ENV"
)
_ROWS: Final = tuple((re.compile(name), re.compile(value)) for name, value in ALLOWED)
_ANY_NAME: Final = 2
"""How many rows, the first ones, hold for every name: except for one that promises a credential itself."""


def may_keep(name: str, value: str) -> bool:
    """Say whether `value` of variable `name` is on the declared list.

    A telling name beats the rows that hold for every name: `DB_PIN=9921` is kept nowhere, `TOKEN_TTL=300` and
    `ENABLE_SECRETS=true` are.
    """
    if len(value) > 128 or _NEVER.fullmatch(name):
        return False
    if any(grammar.fullmatch(value) for _, grammar in _ROWS[:_ANY_NAME]):
        view = read_name(name)
        return view.counts or view.promise not in CREDENTIAL | {Promise.KEY}
    return any(grammar.fullmatch(value) and wanted.fullmatch(name) for wanted, grammar in _ROWS[_ANY_NAME:])
