"""The ten worst paths on the first page: which come first, and what is shown of each."""

from itertools import pairwise
from typing import Any

from reports.html.worst_paths import WorstPaths


def row(name: str, *, public: bool = False) -> dict[str, Any]:
    return {
        "id": f"arn:aws:lambda:eu-west-1:1:function:{name}",
        "name": name,
        "scope": "aws/1",
        "traits": ("unauthenticated",) if public else (),
    }


def path(*targets: str, administrator: bool = False, conditions: tuple[str, ...] = ()) -> dict[str, Any]:
    stops = ("arn:aws:iam::1:role/own", *targets)
    return {
        "kind": "escalation",
        "severity": ("critical", "high", "medium")[(not administrator) + bool(conditions)],
        "reaches": targets[-1],
        "administrator": administrator,
        "gains": () if administrator else ("read-secrets on everything",),
        "conditions": conditions,
        "steps": [{"from": begin, "to": end, "by": f"assumes {end}"} for begin, end in pairwise(stops)],
    }


def test_administrators_the_certain_and_the_public_come_first() -> None:
    worst = WorstPaths()
    worst.add(row("stronger"), [path("reader")])
    worst.add(row("doubtful"), [path("admin", administrator=True, conditions=("aws:SourceIp",))])
    worst.add(row("inside"), [path("admin", administrator=True)])
    worst.add(row("open", public=True), [path("admin", administrator=True)])
    worst.add(row("long"), [path("deployer", "admin", administrator=True)])
    worst.add(row("perhaps"), [path("reader", conditions=("aws:SourceIp",))])
    worst.add(row("reached"), [{**path("own"), "kind": "takeover"}])
    assert [(each["function"], each["severity"]) for each in worst.rows()] == [
        ("open", "critical"),
        ("inside", "critical"),
        ("long", "critical"),
        ("doubtful", "high"),
        ("stronger", "high"),
        ("perhaps", "medium"),
    ]
    first, second = worst.rows()[:2]
    assert first["stops"] == [("Internet", ""), ("open", ""), ("own", "runs as"), ("admin", "assumes admin")]
    assert (second["ends"], second["conditions"]) == ("administrator of the account", "")
    assert worst.rows()[3]["conditions"] == "aws:SourceIp"


def test_ten_are_kept_of_any_number_whatever_the_order() -> None:
    rows = [(row(f"f{at:03}"), [path("admin", administrator=at % 2 == 0)]) for at in range(300)]
    one, other = WorstPaths(), WorstPaths()
    for each in rows:
        one.add(*each)
    for each in reversed(rows):
        other.add(*each)
    assert one.total == 300
    assert [each["function"] for each in one.rows()] == [f"f{at:03}" for at in range(0, 20, 2)]
    assert one.rows() == other.rows()


def test_an_identity_that_bears_the_name_of_its_function_is_one_stop() -> None:
    worst = WorstPaths()
    worst.add(row("own"), [path("admin", administrator=True)])
    assert worst.rows()[0]["stops"] == [("own", ""), ("admin", "assumes admin")]
