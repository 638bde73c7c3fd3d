"""The data sources of GraphQL APIs: moto keeps the APIs, and no data source of theirs."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer


@dataclass
class DataSourceMemory:
    """The data sources of one region's APIs, by API."""

    by_api: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@completes("appsync", "CreateDataSource")
def create_data_source(call: Call, account: Account) -> Answer:
    """The data source as AppSync describes it: the request, with its ARN."""
    api = call.labels["apiId"]
    made = call.json()
    made["dataSourceArn"] = f"arn:aws:appsync:{call.region}:{account.id}:apis/{api}/datasources/{made['name']}"
    account.of(DataSourceMemory, call.region).by_api.setdefault(api, []).append(made)
    return as_json({"dataSource": made})


@completes("appsync", "ListDataSources")
def list_data_sources(call: Call, account: Account) -> Answer:
    """The data sources of one API, on one page."""
    return as_json({"dataSources": account.of(DataSourceMemory, call.region).by_api.get(call.labels["apiId"], [])})
