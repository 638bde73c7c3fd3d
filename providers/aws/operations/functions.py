"""Calls about functions: lists first, then what has no bulk form."""

from typing import Final

from auditor.answer_shape import AnswerShape
from auditor.enricher import PACKAGES
from auditor.model.secret import Treatment
from providers.answers.code_analysis import SHAPE
from providers.aws.operations.declaration import (
    CODE,
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
        "lambda:ListPublishedVersions",
        "which functions have published versions, and their roles and runtimes (ListFunctions with FunctionVersion=ALL;"
        " only those and revisions are kept)",
        permission="lambda:ListFunctions",
        method="ListFunctions",
        depth=STANDARD,
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
        "the container image in use, and the key that encrypts the package; the answer also holds a signed URL of the"
        " code, which is never kept, and fetched only with --with-code",
        bucket="lambda:GetFunction",
        tier=CODE,
        depth=STANDARD,
        per_subject=True,
        answer=holds(Configuration=dict),
        redact={**under("Configuration", VARIABLES), "Code.Location": Treatment.URL},
    ),
    declare(
        "lambda:GetFunctionCode",
        "what is inside the package: it is fetched by the signed URL that GetFunction answers, analysed and deleted",
        permission="lambda:GetFunction",
        method="GetFunction",
        bucket="lambda:GetFunction",
        tier=PACKAGES,
        depth=STANDARD,
        per_subject=True,
        answer=SHAPE,
    ),
    declare(
        "lambda:GetPolicy",
        "who may invoke the function",
        bucket="lambda:GetPolicy",
        revised=True,
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        answer=holds(Policy=str),
    ),
    declare(
        "lambda:GetFunctionConcurrency",
        "reserved concurrency: at depth standard of functions that the public may start, at full of all",
        depth=STANDARD,
        per_subject=True,
        answer=AnswerShape(
            optional={"ReservedConcurrentExecutions": int}, empty="a function without reserved concurrency"
        ),
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
        "aliases, each of which may have a policy of its own: at depth standard of functions with published versions",
        depth=STANDARD,
        per_subject=True,
        pages="Aliases",
        token=MARKER,
    ),
    declare(
        "lambda:ListVersionsByFunction",
        "published versions, each with a policy, a role and variables of its own",
        depth=FULL,
        per_subject=True,
        pages="Versions",
        token=MARKER,
        redact=under("Versions[]", VARIABLES),
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
        "lambda:ListLayerVersions",
        "whether the account's own layers still exist",
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        pages="LayerVersions",
        token=MARKER,
        redact={"LayerVersions[].Description": Treatment.DROP},
    ),
    declare(
        "lambda:GetLayerVersion",
        "whether other accounts' layers still exist; the answer also holds a signed URL of the layer, which is never"
        " kept, and fetched only with --with-code",
        method="GetLayerVersionByArn",
        tier=CODE,
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        answer=holds(LayerVersionArn=str),
        redact={"Content.Location": Treatment.URL},
    ),
    declare(
        "lambda:GetLayerVersionCode",
        "what is inside the layer: it is fetched by the signed URL that GetLayerVersion answers, analysed and deleted",
        permission="lambda:GetLayerVersion",
        method="GetLayerVersionByArn",
        tier=PACKAGES,
        depth=STANDARD,
        per_subject=True,
        absent_codes=GONE,
        answer=SHAPE,
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
