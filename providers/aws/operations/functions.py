"""Calls about functions: lists first, then what has no bulk form."""

from typing import Final

from auditor.model.secret import Treatment
from providers.aws.operations.declaring import (
    FULL,
    GONE,
    MARKER,
    STANDARD,
    VARIABLES,
    AwsOperation,
    declare,
    holds,
    under,
)

LAMBDA_BULK: Final[tuple[AwsOperation, ...]] = (
    declare(
        "lambda:ListFunctions",
        "the functions and their configuration",
        pages="Functions",
        token=MARKER,
        redact=under("Functions[]", VARIABLES),
    ),
    declare(
        "lambda:ListEventSourceMappings",
        "the queues, streams and topics functions read from",
        pages="EventSourceMappings",
        token=MARKER,
    ),
    declare(
        "lambda:ListCodeSigningConfigs",
        "code-signing configurations",
        pages="CodeSigningConfigs",
        token=MARKER,
    ),
    declare(
        "lambda:ListFunctionsByCodeSigningConfig",
        "the functions of a code-signing configuration",
        pages="FunctionArns",
        token=MARKER,
        per_subject=True,
    ),
    declare("lambda:GetAccountSettings", "the account's concurrency limits", answer=holds(AccountLimit=dict)),
)

LAMBDA_EACH: Final[tuple[AwsOperation, ...]] = (
    declare(
        "lambda:GetFunction",
        "reserved concurrency, tags, state and the image in use (never the code)",
        bucket="lambda:GetFunction",
        depth=STANDARD,
        per_subject=True,
        answer=holds(Configuration=dict),
        redact={**under("Configuration", VARIABLES), "Code.Location": Treatment.URL},
    ),
    declare(
        "lambda:GetPolicy",
        "who may invoke the function",
        bucket="lambda:GetPolicy",
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        answer=holds(Policy=str),
    ),
    declare(
        "lambda:ListFunctionUrlConfigs",
        "function URLs and how they authenticate",
        depth=STANDARD,
        per_subject=True,
        pages="FunctionUrlConfigs",
        token=MARKER,
    ),
    declare(
        "lambda:ListAliases",
        "aliases, each of which may have a policy of its own",
        depth=FULL,
        per_subject=True,
        pages="Aliases",
        token=MARKER,
    ),
    declare(
        "lambda:ListFunctionEventInvokeConfigs",
        "asynchronous retries and destinations",
        depth=FULL,
        per_subject=True,
        pages="FunctionEventInvokeConfigs",
        token=MARKER,
    ),
    declare(
        "lambda:GetFunctionRecursionConfig",
        "whether recursive loops are stopped",
        depth=FULL,
        per_subject=True,
        answer=holds(RecursiveLoop=str),
    ),
    declare(
        "lambda:GetRuntimeManagementConfig",
        "when the runtime is patched",
        depth=FULL,
        per_subject=True,
        answer=holds(UpdateRuntimeOn=str),
    ),
    declare(
        "lambda:GetLayerVersion",
        "the layers functions load (never their code)",
        method="GetLayerVersionByArn",
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        answer=holds(LayerVersionArn=str),
        redact={"Content.Location": Treatment.URL},
    ),
    declare(
        "lambda:GetLayerVersionPolicy",
        "with whom the account's own layers are shared",
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        answer=holds(Policy=str),
    ),
)
