"""Aliases, function URLs and asynchronous-invocation settings: everything that may hang on a qualifier."""

from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import (
    CONFLICT,
    LATEST,
    NOT_FOUND,
    Remembered,
    identifier,
    now,
    referred,
    stamp,
)
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, nothing, page_of
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_PAGE = 50


def _missing(what: str) -> ServiceError:
    return ServiceError(NOT_FOUND, what, 404)


def _alias(function: Remembered, name: str) -> dict[str, Any]:
    if name not in function.aliases:
        raise _missing(f"Cannot find alias arn: {function.qualified(name)}")
    return function.aliases[name]


def _shown(function: Remembered, alias: dict[str, Any]) -> dict[str, Any]:
    return {**alias, "RevisionId": function.revision(str(alias["Name"]))}


@completes("lambda", "CreateAlias")
def create_alias(call: Call, account: Account) -> Answer:
    """Creates an alias, weighted or plain."""
    function, _ = referred(call, account)
    body = call.json()
    name = body["Name"]
    if name in function.aliases:
        raise ServiceError(CONFLICT, f"Alias already exists: {function.qualified(name)}", 409)
    function.version_of(body["FunctionVersion"])
    alias = {"AliasArn": function.qualified(name), "Description": "", **body}
    function.aliases[name] = alias
    return as_json(_shown(function, alias), 201)


@completes("lambda", "UpdateAlias")
def update_alias(call: Call, account: Account) -> Answer:
    """Changes an alias's version, weights or description."""
    function, _ = referred(call, account)
    alias = _alias(function, call.labels["Name"])
    alias.update(call.json())
    return as_json(_shown(function, alias))


@completes("lambda", "GetAlias")
def get_alias(call: Call, account: Account) -> Answer:
    """One alias."""
    function, _ = referred(call, account)
    return as_json(_shown(function, _alias(function, call.labels["Name"])))


@completes("lambda", "DeleteAlias")
def delete_alias(call: Call, account: Account) -> Answer:
    """Deletes an alias with the policy and URL that hang on it."""
    function, _ = referred(call, account)
    for store in (function.aliases, function.policies, function.urls):
        store.pop(call.labels["Name"], None)
    return nothing()


@completes("lambda", "ListAliases")
def list_aliases(call: Call, account: Account) -> Answer:
    """Pages of 50, narrowed to one version where asked."""
    wanted = call.argument("FunctionVersion")
    function, _ = referred(call, account)
    aliases = function.aliases.values()
    rows = [_shown(function, alias) for alias in aliases if wanted in (None, alias["FunctionVersion"])]
    return page_of(call, "Aliases", rows, _PAGE)


@completes("lambda", "CreateFunctionUrlConfig")
def create_url(call: Call, account: Account) -> Answer:
    """Gives a function or an alias an HTTPS endpoint."""
    function, qualifier = referred(call, account)
    if qualifier in function.urls:
        message = f"Failed to create function url config for [functionArn = {function.qualified(qualifier)}]"
        raise ServiceError(CONFLICT, message, 409)
    host = identifier("url", function.qualified(qualifier)).replace("-", "")
    created = stamp()
    function.urls[qualifier] = {
        "FunctionUrl": f"https://{host}.lambda-url.{call.region}.on.aws/",
        "FunctionArn": function.qualified(qualifier),
        "CreationTime": created,
        "LastModifiedTime": created,
        "InvokeMode": "BUFFERED",
        **call.json(),
    }
    return as_json(function.urls[qualifier], 201)


def _url(function: Remembered, qualifier: str) -> dict[str, Any]:
    if qualifier not in function.urls:
        raise _missing("The resource you requested does not exist.")
    return function.urls[qualifier]


@completes("lambda", "UpdateFunctionUrlConfig")
def update_url(call: Call, account: Account) -> Answer:
    """Changes a URL's authorisation, CORS or mode."""
    url = _url(*referred(call, account))
    url.update(call.json(), LastModifiedTime=stamp())
    return as_json(url)


@completes("lambda", "GetFunctionUrlConfig")
def get_url(call: Call, account: Account) -> Answer:
    """One URL."""
    return as_json(_url(*referred(call, account)))


@completes("lambda", "DeleteFunctionUrlConfig")
def delete_url(call: Call, account: Account) -> Answer:
    """Deletes a URL."""
    function, qualifier = referred(call, account)
    _url(function, qualifier)
    del function.urls[qualifier]
    return nothing()


@completes("lambda", "ListFunctionUrlConfigs")
def list_urls(call: Call, account: Account) -> Answer:
    """The URLs of a function and of all its aliases, in pages of 50."""
    return page_of(call, "FunctionUrlConfigs", referred(call, account)[0].urls.values(), _PAGE)


@completes("lambda", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig")
def put_invoke_config(call: Call, account: Account) -> Answer:
    """Writes (Put replaces, Update merges) the asynchronous settings of a qualifier."""
    function, qualifier = referred(call, account)
    if call.operation.startswith("Update") and qualifier not in function.invoke_configs:
        raise _missing(f"The function {function.qualified(qualifier)} doesn't have an EventInvokeConfig")
    before = function.invoke_configs.get(qualifier, {}) if call.operation.startswith("Update") else {}
    config = {"DestinationConfig": {"OnSuccess": {}, "OnFailure": {}}, **before, **call.json()}
    config["FunctionArn"] = function.qualified(qualifier or LATEST)
    config["LastModified"] = now().timestamp()
    function.invoke_configs[qualifier] = config
    return as_json(config)


@completes("lambda", "GetFunctionEventInvokeConfig")
def get_invoke_config(call: Call, account: Account) -> Answer:
    """The asynchronous settings of one qualifier; 404 when they are the defaults."""
    function, qualifier = referred(call, account)
    if qualifier not in function.invoke_configs:
        raise _missing(f"The function {function.qualified(qualifier)} doesn't have an EventInvokeConfig")
    return as_json(function.invoke_configs[qualifier])


@completes("lambda", "DeleteFunctionEventInvokeConfig")
def delete_invoke_config(call: Call, account: Account) -> Answer:
    """Returns a qualifier to the default settings."""
    function, qualifier = referred(call, account)
    function.invoke_configs.pop(qualifier, None)
    return nothing()


@completes("lambda", "ListFunctionEventInvokeConfigs")
def list_invoke_configs(call: Call, account: Account) -> Answer:
    """The asynchronous settings of every qualifier that has any."""
    rows = referred(call, account)[0].invoke_configs.values()
    return page_of(call, "FunctionEventInvokeConfigs", rows, _PAGE)
