"""The progress bar starts empty, counts, and is never full before the end."""

from io import StringIO

import pytest
from rich.console import Console

from auditor.cli.progress import display, drawn
from auditor.engine.announcing_recorder import functions
from auditor.engine.silent_progress import Silent


def lines(*, width: int = 80) -> list[str]:
    """What is drawn at each step of a small run."""
    shown = StringIO()
    console = Console(file=shown, force_terminal=True, no_color=True, width=width, color_system=None)
    seen: list[str] = []

    def look() -> None:
        shown.truncate(0)
        shown.seek(0)
        bar._bars.refresh()  # type: ignore[attr-defined]
        seen.append(shown.getvalue().splitlines()[-1])

    with drawn(console) as bar:
        look()
        bar.expect(1)
        bar.waiting(399)
        look()
        for _ in range(120):
            bar.done("lambda:GetPolicy")
        bar.answered("eu-west-1", {"a", "b"})
        bar.answered("global", {"b", "c"})
        look()
        for _ in range(280):
            bar.done("lambda:GetPolicy")
        look()
    return seen


def test_it_begins_empty_and_shows_region_calls_functions_and_an_estimate() -> None:
    start, expecting, midway, late = lines(width=120)
    assert "Opening accounts" in start
    assert "0/0" not in start
    assert "no call yet" in start
    assert "0 of 400 calls, 0 functions" in expecting
    assert "Reading eu-west-1" in midway
    assert "120 of 400 calls, 3 functions" in midway
    assert "left: 0:" in midway
    assert "400 of 400 calls" in late


@pytest.mark.parametrize("width", [80, 120])
def test_it_takes_one_line(width: int) -> None:
    assert all(len(line) <= width + 10 for line in lines(width=width))


def test_it_is_never_full(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(file=StringIO(), force_terminal=True, width=80)
    with drawn(console) as bar:
        (task,) = bar._bars.tasks  # type: ignore[attr-defined]
        assert task.completed == 0
        assert not task.finished
        bar.expect(1)
        bar.done("x:Y")
        assert task.percentage < 100
    monkeypatch.setattr("sys.stderr", StringIO())
    with display(shown=True, color=False) as silent:
        assert isinstance(silent, Silent)


def test_functions_are_counted_once_however_they_are_listed() -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
    assert set(functions({"Functions": [{"FunctionArn": arn}, {"FunctionArn": f"{arn}-2"}]})) == {arn, f"{arn}-2"}
    name = "projects/shop/locations/europe-west1/functions/orders"
    service = "projects/shop/locations/europe-west1/services/orders"
    asset = {"name": f"//cloudfunctions.googleapis.com/{name}", "assetType": "cloudfunctions.googleapis.com/Function"}
    bucket = {"name": "//storage.googleapis.com/orders", "assetType": "storage.googleapis.com/Bucket"}
    listed = {*functions({"functions": [{"name": name}]}), *functions({"services": [{"name": service}]})}
    assert len(listed | set(functions({"assets": [asset, bucket]}))) == 1
    site = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Web/sites/shop"
    assert len({*functions({"value": [{"id": site}]}), *functions({"data": [{"id": site.lower()}]})}) == 1
    assert list(functions({"value": "x", "data": [None, {"id": 7}, {"id": f"{site}/slots/blue"}]})) == []
    assert list(functions([])) == []
