"""Loops on Azure and Google Cloud: through entry points and output bindings, and through what accounts may write to."""

from dataclasses import replace

import pytest

from auditor.analysis.graph.build import build
from auditor.analysis.graph.loops import Loop, doubts, loops
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import Binding, Direction, Handler
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, Known
from auditor.model.trigger import Trigger, TriggerKind
from checks.denial_of_wallet.trigger_loop import trigger_loop
from tests.unit.checks import azure, gcp
from tests.unit.checks.build import Surroundings, unknown, verdicts


def bound(kind: str, direction: Direction, resource: str, path: str) -> Binding:
    return Binding(type=kind, direction=direction, connection="Store", target=path, resource=resource)


def entry(name: str, source: tuple[str, str], output: tuple[str, str] | None = None) -> tuple[Handler, Trigger]:
    """One entry point, by the resource that starts it and the one it writes to, each with its path."""
    kind = source[0].partition(":")[0]
    starts = bound(f"{kind}trigger", Direction.TRIGGER, *source)
    outputs = (bound(output[0].partition(":")[0], Direction.OUT, *output),) if output else ()
    handler = Handler(
        name=name,
        language=None,
        enabled=True,
        trigger=starts,
        bindings=(starts, *outputs),
        http=None,
        run_on_startup=False,
    )
    told = azure.trigger(
        kind=TriggerKind.STORAGE if kind == "blob" else TriggerKind.QUEUE,
        source=source[1],
        resource=source[0],
        handler=name,
    )
    return handler, told


def app(name: str, *entries: tuple[Handler, Trigger]) -> Function:
    return azure.make_azure(
        name,
        handlers=Known(tuple(handler for handler, _ in entries), azure.FUNCTIONS),
        triggers=(Known(tuple(told for _, told in entries), azure.FUNCTIONS),),
    )


def circles(*functions: Function) -> tuple[Loop, ...]:
    return loops(build(Inventory(scopes=(), locations=(), functions=functions)))


IN, OUT, ELSEWHERE = (
    ("queue:shop/orders", "orders"),
    ("queue:shop/invoices", "invoices"),
    ("queue:other/orders", "orders"),
)


def test_outputs_lead_to_the_entry_points_that_read_them_and_no_others() -> None:
    cases = {
        "its own queue": (app("a", entry("f", IN, IN)),),
        "two entry points": (app("a", entry("f", IN, OUT), entry("g", OUT, IN)),),
        "two apps": (app("a", entry("f", IN, OUT)), app("b", entry("g", OUT, IN))),
        "another entry point reads it": (app("a", entry("f", IN, OUT), entry("g", OUT)),),
        "a queue of its name in another account": (app("a", entry("f", IN, ELSEWHERE)),),
        "a chain that ends": (app("a", entry("f", IN, OUT)), app("b", entry("g", OUT))),
    }
    assert {name: [str(loop) for loop in circles(*functions)] for name, functions in cases.items()} == {
        "its own queue": ["function a → queue orders → function a"],
        "two entry points": ["function a → queue invoices → function a → queue orders → function a"],
        "two apps": ["function a → queue invoices → function b → queue orders → function a"],
        "another entry point reads it": [],
        "a queue of its name in another account": [],
        "a chain that ends": [],
    }


@pytest.mark.parametrize(
    ("path", "output", "again"),
    [
        ("in/{name}", "in/small/{name}", True),
        ("in/{name}.jpg", "in/{name}.webp", False),
        ("in/small/{name}", "in/large/{name}", False),
        ("in", "in/{rand-guid}", True),
    ],
)
def test_the_path_of_a_blob_decides_whether_it_comes_back(path: str, output: str, again: bool) -> None:
    resized = app("a", entry("f", ("blob:media/in", path), ("blob:media/in", output)))
    assert bool(circles(resized)) is again


def test_a_loop_through_others_is_reported_of_each_of_its_apps() -> None:
    apps = app("a", entry("f", IN, OUT)), app("b", entry("g", OUT, IN)), app("c", entry("h", IN, IN))
    around = Surroundings(circles=circles(*apps))
    refused = replace(apps[0], handlers=unknown("web:ListFunctions"))
    named = {each.name: each for each in apps} | {"refused": replace(refused, id="refused")}
    assert verdicts(trigger_loop, named, around) == {
        "a": Status.FAIL,
        "b": Status.FAIL,
        "c": Status.PASS,  # recursion-allowed reports that it writes to its own source
        "refused": Status.UNKNOWN,
    }


def listens(name: str, topic: str, *writers: str, denied: bool = False) -> Function:
    emails = tuple(f"{each}@{gcp.PROJECT}.iam.gserviceaccount.com" for each in writers)
    told = gcp.trigger(
        source=f"projects/{gcp.PROJECT}/topics/{topic}",
        writers=unknown("pubsub:GetTopicPolicy") if denied else Known(emails, gcp.POLICIES),
    )
    account = f"{name}@{gcp.PROJECT}.iam.gserviceaccount.com"
    return gcp.make_gcp(
        name,
        triggers=(Known((told,), gcp.LISTED),),
        identity=Known(gcp.identity(id=account, name=account), gcp.LISTED),
    )


def test_who_may_publish_to_a_topic_may_close_a_loop() -> None:
    takes, prices, ends = (
        listens("takes", "orders", "prices"),
        listens("prices", "prices", "takes"),
        listens("ends", "x"),
    )
    (loop,) = circles(takes, prices, ends)
    assert str(loop).count("function") == 3
    assert set(loop.functions) == {takes.id, prices.id}
    assert not loop.proved
    around = Surroundings(circles=(loop,))
    assert verdicts(trigger_loop, {"takes": takes, "prices": prices, "ends": ends}, around) == {
        "takes": Status.FAIL,
        "prices": Status.FAIL,
        "ends": Status.PASS,
    }


def test_a_topic_whose_writers_are_not_known_leaves_all_in_doubt_that_it_leads_to() -> None:
    takes, prices, ends = (
        listens("takes", "orders", "prices"),
        listens("prices", "prices", denied=True),
        listens("ends", "x", "order-intake"),
    )
    functions = (takes, prices, ends)
    assert circles(*functions) == ()
    found = doubts(build(Inventory(scopes=(), locations=(), functions=functions)))
    doubted: dict[str, Gap] = {each.name: found[each.id] for each in functions if each.id in found}
    assert {name: gap.operation for name, gap in doubted.items()} == {
        "takes": "pubsub:GetTopicPolicy",
        "prices": "pubsub:GetTopicPolicy",
    }
    around = Surroundings(unread=found)
    assert verdicts(trigger_loop, {each.name: each for each in functions}, around) == {
        "takes": Status.UNKNOWN,
        "prices": Status.UNKNOWN,
        "ends": Status.PASS,
    }
