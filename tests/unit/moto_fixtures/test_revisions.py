"""Which change moves which RevisionId in the emulated Lambda, as AWS and LocalStack's validated tests have it."""

from collections.abc import Callable
from typing import Any

OPEN = {"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "*"}


def test_what_moves_a_revision(client: Callable[..., Any], create: Callable[..., dict[str, Any]]) -> None:
    arn = create("orders")["FunctionArn"]
    functions = client("lambda")
    functions.publish_version(FunctionName="orders")
    functions.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")

    def revisions() -> dict[str, str]:
        rows = functions.list_functions(FunctionVersion="ALL")["Functions"]
        aliases = functions.list_aliases(FunctionName="orders")["Aliases"]
        return {row["Version"]: row["RevisionId"] for row in rows} | {row["Name"]: row["RevisionId"] for row in aliases}

    def moved(change: Callable[..., Any], **given: Any) -> set[str]:
        before = revisions()
        change(**given)
        return {name for name, revision in revisions().items() if before.get(name) != revision}

    named = {"FunctionName": "orders"}
    assert moved(functions.add_permission, **named, **OPEN) == {"$LATEST"}
    assert functions.get_policy(**named)["RevisionId"] == revisions()["$LATEST"]
    assert moved(functions.remove_permission, **named, StatementId="s") == {"$LATEST"}
    assert moved(functions.add_permission, **named, Qualifier="1", **OPEN) == {"1"}
    assert moved(functions.add_permission, **named, Qualifier="live", **OPEN) == {"live"}
    assert moved(functions.update_function_configuration, **named, Timeout=9) == {"$LATEST"}
    assert moved(functions.tag_resource, Resource=arn, Tags={"team": "shop"}) == {"$LATEST"}
    assert moved(functions.put_function_concurrency, **named, ReservedConcurrentExecutions=1) == set()
    assert moved(functions.create_function_url_config, **named, AuthType="NONE") == set()
    assert moved(functions.put_function_event_invoke_config, **named, MaximumRetryAttempts=0) == set()
