"""Each sink of the catalogues, with a call that does harm and one that does none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.code.taint import analyse
from auditor.code.taint.catalogue import _read, expand
from auditor.code.taint.scan import RULES

HERE = Path(__file__).parent
PYTHON = """\
import json
{imports}
def handler(event, context):
    x = json.loads(event["body"])["x"]
    {guard}
    {call}
"""
JAVASCRIPT = """\
{imports}
exports.handler = async (event) => {{
  const x = JSON.parse(event.body).x;
  {guard}
  {call};
}};
"""
GUARDS = {
    "python": 'if x not in ("a", "b"): return None',
    "javascript": "if (!['a', 'b'].includes(x)) return null;",
}


def spelt(call: str) -> list[str]:
    """`<<a,b>>` stands for two calls."""
    marked = call.replace("{", "\1").replace("}", "\2").replace("<<", "{").replace(">>", "}")
    return [one.replace("\1", "{").replace("\2", "}") for one in expand(marked)]


def rows(language: str) -> Iterator[tuple[str, str, str, str]]:
    for line in (HERE / f"sinks_{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        cls, module, bad, good = (part.strip() for part in f"{line} ".split(" | "))
        goods = spelt(good)
        for place, one in enumerate(spelt(bad)):
            yield cls, module, one, goods[place] if place < len(goods) else ""


def program(language: str, module: str, call: str, guard: str) -> str:
    if language == "python":
        imports = "\n".join(f"import {one.strip()}" for one in module.split(","))
        return PYTHON.format(imports=imports, call=call, guard=guard)
    imports = "\n".join(f"const {name} = require('{path}');" for name, path in re.findall(r"(\w+)=(\S+)", module))
    return JAVASCRIPT.format(imports=imports, call=call, guard=guard)


def found(language: str, text: str, rule: str) -> list[str]:
    name = "app.py" if language == "python" else "index.js"
    return [one.sink for one in analyse({name: text.encode()}).findings if one.rule == rule]


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_each_sink_has_a_call_that_is_found_and_one_that_is_not(language):
    missed, wrong, reached = [], [], set()
    guard = GUARDS[language]
    for cls, module, bad, good in rows(language):
        rule = RULES[cls][0]
        sinks = found(language, program(language, module, bad, ""), rule)
        reached.update(sinks)
        if not sinks:
            missed.append(bad)
        harmless = program(language, module, good or bad, "" if good else guard)
        if found(language, harmless, rule):
            wrong.append(good or f"{bad} after an allow list")
    assert missed == []
    assert wrong == []
    assert [one for one in patterns(language) if not any(covers(one, name) for name in reached)] == []


def patterns(language: str) -> list[str]:
    return [one for sink in _read(f"sinks_{language}.toml")["sink"] for call in sink["call"] for one in expand(call)]


def covers(pattern: str, name: str) -> bool:
    glob = ".*".join(map(re.escape, pattern.split("*")))
    return re.fullmatch(glob, name) is not None or re.fullmatch(glob, f"?.{name}") is not None
