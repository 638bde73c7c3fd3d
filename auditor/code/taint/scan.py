"""Follows what events can do in a package: from each handler to the calls in which a value from outside does harm."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from auditor.code import sdk_actions
from auditor.code.own_files import JAVASCRIPT, PYTHON, SKIPPED
from auditor.code.sdk_actions import unknown_permissions, use_of
from auditor.code.sdk_users import unseen_calls, uses_sdk
from auditor.code.taint import ir
from auditor.code.taint.catalogue import catalogue, sources
from auditor.code.taint.kept_data import KeptData
from auditor.code.taint.memory import ApiCall, Arguments, Hit, OutOfSteps, Unreachable
from auditor.code.taint.modules import LARGEST
from auditor.code.taint.values import NOTHING, ClassRef, Closure, ModuleRef, Shape, Value
from auditor.code.taint.weaknesses import Weakness
from auditor.model.base import frozen
from auditor.model.code_analysis import CodeFacts, CodeFinding, CodeStep
from auditor.model.severity import Confidence

RULES: Final[dict[str, tuple[str, int]]] = {
    "command": ("command-injection", 78),
    "code": ("code-injection", 95),
    "sql": ("sql-injection", 89),
    "nosql": ("nosql-injection", 943),
    "path": ("path-traversal", 22),
    "ssrf": ("server-side-request-forgery", 918),
    "deserialization": ("unsafe-deserialization", 502),
    "xxe": ("xml-external-entities", 611),
    "template": ("template-injection", 1336),
    "prototype": ("prototype-pollution", 1321),
    "xss": ("cross-site-scripting", 79),
    "redirect": ("open-redirect", 601),
    "header": ("header-injection", 113),
    "log": ("log-injection", 117),
    "ldap": ("ldap-injection", 90),
    "xpath": ("xpath-injection", 643),
    "regex": ("regular-expression-injection", 1333),
    "cloud": ("cloud-resource-injection", 610),
}
_PYTHON_ENTRY: Final = (
    re.compile(rb"def[ \t]+(?:lambda_handler|handler|main|handle|entry_?point|index|default)[ \t]*\("),
    re.compile(
        rb"[(,][ \t]*_?(?:(?:req|request|cloud_?event)[ \t]*[:,)]"
        rb"|(?:event|evt|e|ev|payload|input|input_event|lambda_event|record|message|msg)\b[^,()]{0,60},[^,()]{0,20}context)"
    ),
    re.compile(rb"def[ \t]+\w+[ \t]*\([ \t]*\w+[^,()]{0,60},[ \t]*_{0,2}(?:context|ctx)\b"),
)
_PYTHON_WORDS: Final = (
    b"flask", b"fastapi", b"bottle", b"chalice", b"functions_framework", b"azure.functions", b"aws_lambda_powertools",
    b"starlette",
)  # fmt: skip
_SCRIPT_ENTRY: Final = (
    re.compile(rb"andler\b"),
    re.compile(rb"\.Records\b"),
    re.compile(
        rb"[(,{ \t=]_?(?:event|evt|e|ev|payload|input|record|message|msg|req|request|ctx|context|cloudEvent)"
        rb"[ \t]*(?:[,):]|=>)"
    ),
)
_FRAMEWORKS: Final = (
    b"express", b"fastify", b"koa", b"hono", b"middy", b"@middy/core", b"@azure/functions",
    b"@google-cloud/functions-framework", b"restify",
)  # fmt: skip
_SCRIPT_WORDS: Final = (
    b"queryStringParameters",
    b"pathParameters",
    b"aws-lambda-powertools",
    *(quote + name + quote for name in _FRAMEWORKS for quote in (b"'", b'"')),
)
"""Words of files that may hold an entry."""

_CONFIDENCE: Final = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)


@frozen
class TaintResult:
    """What was found in a package, and what was not looked at."""

    findings: tuple[CodeFinding, ...]
    """Values from outside that reach a sink."""
    facts: CodeFacts
    """What else the handler's code does."""
    incomplete: tuple[str, ...]
    """What was not analysed, and why."""


_NOTED: Final = (
    "hits", "weaknesses", "reached", "entered", "left_files", "api_calls", "validators",
)  # fmt: skip
"""What is noted of code that is reached."""

_MADE: Final = ir.Call(ir.Name(ir.UNKNOWN, 0), (), 0, new=True)
"""The call by which an instance of a class that nothing was seen to reach is made."""


class Engine(KeptData):
    """One package's analysis."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(files)
        self.all_but_verbose = frozenset(RULES)

    def follow(self, handler: str | None) -> None:
        """Follow the handler; where none is known, everything that looks like one."""
        try:
            if handler and self._deep(self.handler, handler):
                return
            if handler:
                self.incomplete[
                    f"the handler {handler} was not found in the package; every likely handler was followed"
                ] = None
            for path in sorted(self.names):
                if path.endswith((*PYTHON, *JAVASCRIPT)) and not SKIPPED.search(path) and self._may_enter(path):
                    self._deep(self.likely, path)
        except OutOfSteps:
            self.incomplete["the package is larger than the analysis follows: what was found is not all"] = None

    def _deep(self, follow: Callable[[str], bool | None], what: str) -> bool:
        """Follow; code that is nested more deeply than this can be is a gap of its own."""
        try:
            return bool(follow(what))
        except RecursionError:
            self.incomplete[f"code reached from {what} is nested too deeply to be followed"] = None
            return True

    def follow_rest(self) -> dict[ApiCall, None]:
        """The calls of SDKs in functions that nothing was seen to reach, in files that name an SDK."""
        seen = {name: getattr(self, name) for name in _NOTED}
        for name in _NOTED:
            setattr(self, name, {})
        try:
            for path, module in list(self.loaded.items()):
                if module is not None and uses_sdk(self.files[path]):
                    self._enter_rest(module)
        except OutOfSteps:
            self.chosen["the package is larger than the analysis follows"] = None
        found = {one: None for one in self.api_calls if one not in seen["api_calls"]}
        for name in _NOTED:
            setattr(self, name, seen[name])
        return found

    def _enter_rest(self, module: ModuleRef) -> None:
        for closure in self._functions(module):
            if closure.scope.file == module.path and id(closure.function) not in self.invoked:
                try:
                    self.enter(closure, (), "", html=False)
                except RecursionError:
                    self.chosen[f"code of {module.path} is nested too deeply to be followed"] = None

    def _functions(self, module: ModuleRef) -> Iterator[Closure]:
        """The functions of a module, those in its records, and the methods of its classes with an instance."""
        things = [one for value in list(module.scope.variables.values()) for one in value.objs]
        for thing in things:
            if isinstance(thing, Closure):
                yield thing
            elif isinstance(thing, Shape):
                things.extend(one for value in thing.members.values() for one in value.objs if isinstance(one, Closure))
            elif isinstance(thing, ClassRef) and thing.scope.file == module.path:
                made = self._instance(thing)
                methods = [one for value in thing.members.values() for one in value.objs]
                yield from (one.bound(made) for one in methods if isinstance(one, Closure))

    def _instance(self, cls: ClassRef) -> Value:
        """An instance; nothing where none can be made, and what its methods call is then of a client not known."""
        try:
            return self.apply(Value(objs=(cls,)), NOTHING, "", Arguments(), _MADE)
        except (Unreachable, RecursionError):
            return NOTHING

    def _may_enter(self, path: str) -> bool:
        """Whether a file may hold an entry, by the words in it: others are read when they are imported."""
        text, python = self.files[path], path.endswith(PYTHON)
        words, patterns = (_PYTHON_WORDS, _PYTHON_ENTRY) if python else (_SCRIPT_WORDS, _SCRIPT_ENTRY)
        return (
            len(text) > LARGEST
            or any(word in text for word in words)
            or any(pattern.search(text) is not None for pattern in patterns)
        )


def analyse(files: Mapping[str, bytes], handler: str | None = None) -> TaintResult:
    """Follow events from the handler to sinks. Pure; bounded; runs nothing."""
    engine = Engine(files)
    engine.follow(handler)
    engine.finish()
    found = [finding(engine, one) for one in engine.hits.values()]
    found += [weakness(engine, one) for one in engine.weaknesses.values()]
    ordered = sorted(found, key=lambda one: (one.file, one.line, one.rule))
    others = engine.follow_rest()
    unknown = unknown_permissions((*engine.api_calls, *others))
    facts = CodeFacts(
        api_uses=tuple(dict.fromkeys(use_of(one) for one in engine.api_calls)),
        other_uses=tuple(dict.fromkeys(use_of(one) for one in others)),
        more_calls=(*engine.chosen, *unknown, *_unknown_clients(engine), *unseen_calls(files, engine.loaded)),
        dynamic=tuple(
            CodeStep(file=one.file, line=one.line, text="service decided at run time") for one in engine.dynamic_calls
        ),
        entries=tuple(engine.entered),
        validators=tuple(engine.validators),
    )
    return TaintResult(findings=tuple(ordered), facts=facts, incomplete=tuple(engine.incomplete))


def _unknown_clients(engine: Engine) -> tuple[str, ...]:
    """Calls that may be of an SDK, where the package uses one."""
    uses = engine.unknown_clients and any(uses_sdk(engine.files[path]) for path in engine.loaded)
    return tuple(engine.unknown_clients) if uses else ()


def finding(engine: Engine, hit: Hit) -> CodeFinding:
    """What is told of a hit: places and names, never the code."""
    rule, cwe = RULES[hit.cls]
    source = hit.taint.source
    steps = [CodeStep(file=one.file, line=one.line, text="value passes here") for one in hit.taint.steps]
    steps.append(CodeStep(file=hit.file, line=hit.line, text=f"reaches {hit.sink}"))
    steps[0] = (
        CodeStep(file=steps[0].file, line=steps[0].line, text=f"reads {_field(source.path, event=source.event)}")
        if len(steps) > 1
        else steps[0]
    )
    kinds = tuple(one for one in source.kinds if one != "direct")
    return CodeFinding(
        rule=rule,
        cwe=cwe,
        language=engine_language(hit.file),
        file=hit.file,
        line=hit.line,
        handler=engine.reached.get((hit.cls, hit.file, hit.line), ""),
        source=_field(source.path, event=source.event),
        sink=hit.sink,
        triggers=kinds,
        steps=tuple(steps),
        confidence=_CONFIDENCE[min(hit.doubt, 2)],
        digest=line_digest(engine.files, hit.file, hit.line),
    )


def weakness(engine: Engine, found: Weakness) -> CodeFinding:
    """What is told of a weakness."""
    return CodeFinding(
        rule=found.rule,
        cwe=found.cwe,
        language=engine_language(found.file),
        file=found.file,
        line=found.line,
        handler="",
        source="",
        sink=found.what,
        triggers=(),
        steps=(CodeStep(file=found.file, line=found.line, text=found.what),),
        confidence=_CONFIDENCE[min(found.doubt, 2)],
        digest=line_digest(engine.files, found.file, found.line),
    )


def _field(path: str, *, event: bool) -> str:
    return (f"event.{path}" if path else "event") if event else path


def prepare() -> None:
    """Load the catalogues and parsers, which a confined process cannot."""
    sdk_actions.prepare()
    for language in ("python", "javascript"):
        catalogue(language)
    sources()
    analyse({"a.py": b"def handler(event, context): return event"})
    for name in ("a.js", "a.ts", "a.tsx"):
        analyse({name: b"exports.handler = (event) => event;"})


def engine_language(path: str) -> str:
    """The language of a file, by its ending."""
    if path.endswith(PYTHON):
        return "python"
    return "typescript" if path.endswith((".ts", ".mts", ".cts", ".tsx")) else "javascript"


def lines_of(files: Mapping[str, bytes], path: str) -> list[bytes]:
    """The lines of a file."""
    return files[path].splitlines() if path in files else []


def line_digest(files: Mapping[str, bytes], path: str, line: int) -> str:
    """SHA-256 of a line without its indentation."""
    lines = lines_of(files, path)
    text = lines[line - 1].strip() if 0 < line <= len(lines) else b""
    return hashlib.sha256(text).hexdigest()
