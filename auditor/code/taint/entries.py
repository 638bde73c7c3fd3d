"""Finds where events enter: the configured handler, what frameworks are told to call, and likely handlers."""

import re
from contextlib import suppress
from typing import Final

from auditor.code.own_files import JAVASCRIPT, PYTHON
from auditor.code.taint import ir
from auditor.code.taint.catalogue import EntrySpec
from auditor.code.taint.memory import Arguments, OutOfSteps, Unreachable
from auditor.code.taint.sdk_notes import SdkNotes
from auditor.code.taint.sinks import authority_open
from auditor.code.taint.values import NOTHING, ClassRef, Closure, ModuleRef, Scope, Shape, Source, Value, merged

_EVENT: Final = re.compile(
    r"_?(?:event|evt|e|ev|payload|input|input_event|lambda_event|record|message|msg)", re.IGNORECASE
)
_REQUEST: Final = re.compile(r"_?(?:req|request|httprequest)", re.IGNORECASE)
_CONTEXT: Final = re.compile(r"_{0,2}(?:context|ctx|lambda_?context|aws_?context)", re.IGNORECASE)
_HANDLER: Final = re.compile(r"(?:lambda_)?handler|main|handle|lambdaHandler|entry_?point|default|index", re.IGNORECASE)
_ROUTE: Final = ("@express.Request()", "@express.Response()")
_TYPED_PART: Final = re.compile(r"<(?:int|float|uuid|any\([^)]*\)):(\w+)>|[<{](\w+):(?:int|float|uuid)[>}]")
_NEST: Final = {"Query": "query", "Param": "params", "Body": "body", "Headers": "headers", "UploadedFile": "file"}
"""Decorators of `@nestjs/common` for parameters that come from outside, with what they are taken from."""
_DEPENDS: Final = frozenset({"fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"})
_DJANGO: Final = re.compile(rb"^\s*(?:from|import)\s+(?:django|rest_framework)\b", re.MULTILINE)
_ERROR_HANDLER: Final = 4
"""Parameters by which Express tells a function that handles errors: the error comes first."""


class Entries(SdkNotes):
    """Entry points."""

    def decorated(self, function: ir.Function, value: Value, scope: Scope) -> Value:
        found = value
        for decorator in reversed(function.decorators):
            made = self.evaluate(decorator, scope)
            name = made.name.removesuffix("()")
            for spec in self.sources.entries.find(self.sources.canonical(name)):
                made_of = spec._replace(rest=f"{spec.rest}{self._typed_parts(decorator)}") if spec.rest else spec
                self._queue(value, made_of._replace(html=True) if self._pages(decorator, scope) else made_of)
            closures = [one for one in made.objs if isinstance(one, Closure)]
            if closures and self.language == "python" and not made.name.startswith("\0"):
                try:
                    got = self.invoke(closures[0], Arguments((found,)), decorator)
                except Unreachable:
                    continue
                found = got if got.objs else found
        return found

    @staticmethod
    def _typed_parts(decorator: ir.Expr) -> str:
        """The parts of a route that are numbers or identifiers: Flask's `<int:x>`, bottle's `<x:int>`, `{x:int}`."""
        first = decorator.args[0].value if isinstance(decorator, ir.Call) and decorator.args else None
        route = first.value if isinstance(first, ir.Const) and isinstance(first.value, str) else ""
        return "".join(f" {one or other}" for one, other in _TYPED_PART.findall(route))

    def _pages(self, decorator: ir.Expr, scope: Scope) -> bool:
        """Whether a route says that it answers with a page: FastAPI's `response_class`."""
        if not isinstance(decorator, ir.Call):
            return False
        kinds = [one.value for one in decorator.args if one.keyword == "response_class"]
        return any(self.evaluate(one, scope).name.endswith("HTMLResponse") for one in kinds)

    def registered(self, called: str, given: Arguments) -> None:
        for spec in self.sources.entries.find(called):
            for value in given.all():
                self._queue(value, spec)
                for thing in value.objs:
                    if isinstance(thing, Shape):
                        for member in (*thing.members.values(), *((thing.elem,) if thing.elem else ())):
                            self._queue(member, spec)

    def _queue(self, value: Value, spec: EntrySpec) -> None:
        for thing in value.objs:
            if isinstance(thing, Closure) and id(thing.function) not in self.queued:
                self.queued.add(id(thing.function))
                self.queue.append((thing, spec.params, spec.rest, spec.html))

    def handler(self, handler: str) -> bool:
        """Follow the configured handler; whether it was found."""
        path, _, name = handler.replace("::", ".").rpartition(".")
        found = next((one for one in self._candidates(path or handler) if one in self.names), None)
        if found is None:
            return False
        module = self.module(found)
        value = self._exported_value(module, name) if module is not None else None
        self.drain()
        if value is None:
            return bool(self.queued)
        closures = self._callable(value)
        for one in closures:
            self.enter(one, (), "", html=False)
        return bool(closures) or bool(self.queued)

    @staticmethod
    def _callable(value: Value) -> list[Closure]:
        """The functions of a value, and what Python calls of an instance."""
        found = [one for one in value.objs if isinstance(one, Closure)]
        for thing in value.objs:
            made = thing.cls.member("__call__") if isinstance(thing, Shape) and thing.cls is not None else None
            of = Value(objs=(thing,))
            found += [one.bound(of) for one in (made.objs if made is not None else ()) if isinstance(one, Closure)]
        return found

    @staticmethod
    def _candidates(path: str) -> list[str]:
        dotted = path.replace(".", "/").strip("/")
        bases = dict.fromkeys((path.strip("/"), dotted, f"src/{path}", f"{path}/__init__", f"{path}/index"))
        return [base + end for base in bases for end in ("", *PYTHON, *JAVASCRIPT)]

    def _exported_value(self, module: ModuleRef, name: str) -> Value | None:
        variables = module.scope.variables
        if module.scope.language == "javascript":
            found = self.load(Value(objs=(module,)), name, ir.Name(name, 0)) if name else NOTHING
            return found if found.objs else self._of_exports(variables["exports"], name)
        return variables.get(name)

    @staticmethod
    def _of_exports(exports: Value, name: str) -> Value | None:
        for thing in exports.objs:
            if isinstance(thing, Shape):
                return thing.members.get(name) or thing.members.get("default")
            if isinstance(thing, Closure):
                return exports
        return None

    def likely(self, path: str) -> None:
        """Follow a file, and every function in it that looks like a handler."""
        module = self.module(path)
        self.drain()
        if module is None:
            return
        values = list(module.scope.variables.items())
        if module.scope.language == "javascript":
            exports = module.scope.variables["exports"]
            values = [("default", exports)]
            for thing in exports.objs:
                if isinstance(thing, Shape):
                    values = list(thing.members.items())
        for name, value in values:
            for thing in self._callable(value):
                own = thing.scope.file == path and (thing.owner is None or thing.receiver is not None)
                if own and self._looks_like_entry(name, thing):
                    self.enter(thing, (), "", html=False)
        self.drain()

    def _looks_like_entry(self, name: str, closure: Closure) -> bool:
        parameters = closure.function.parameters
        if not parameters or id(closure.function) < 0:
            return False
        if closure.function.method and closure.scope.language == "python" and not closure.function.static:
            parameters = parameters[1:]
        names = [_name(one) for one in parameters] or [""]
        if _HANDLER.fullmatch(name):
            return True
        first = names[0]
        second = names[1] if len(names) > 1 else ""
        if closure.scope.language == "python":
            typed = parameters[0].annotation is not None and "httprequest" in str(parameters[0].annotation).lower()
            pair = bool(_CONTEXT.fullmatch(second)) or (bool(_EVENT.fullmatch(first)) and "context" in second.lower())
            return (
                typed
                or pair
                or first in {"cloud_event", "cloudevent"}
                or (first in {"req", "request"} and (len(names) == 1 or self.says(closure.scope.file, _DJANGO)))
            )
        return bool(
            _EVENT.fullmatch(first)
            or _REQUEST.fullmatch(first)
            or first in {"ctx", "context", "cloudEvent"}
            or _CONTEXT.fullmatch(second)
            or not first
        )

    def drain(self) -> None:
        """Follow what frameworks were told to call."""
        while self.queue:
            closure, params, rest, html = self.queue.pop(0)
            self.enter(closure, params, rest, html=html)

    def enter(self, closure: Closure, params: tuple[str, ...], rest: str, *, html: bool) -> None:
        """Follow an entry with what its trigger hands in."""
        given = self._handed(closure, params, rest)
        self.file, self.language = closure.scope.file, closure.scope.language
        self.cleared, self.level, self.frames, self.loops, self.stack = {}, 0, [], [], []
        self.entry_returns, self.items, self.downloads = [], {}, []
        self.entry_function = id(closure.function)
        before = self.entry
        self.entry = f"{closure.scope.file}:{closure.function.name or closure.function.line}"
        self.entered[self.entry] = None
        schema = self.event_schemas.get(self.entry_function)
        if schema is not None and given:
            self.assume(self.document_facts(given[0], schema))
        with suppress(Unreachable):
            self.invoke(closure, Arguments(given), ir.Name("", closure.function.line))
        for value, held in self.entry_returns:
            self.cleared = dict(held)
            line = value.taints[0].steps[-1].line if value.taints and value.taints[0].steps else closure.function.line
            self.returned(value, line, html=html)
        self.entry = before

    def _handed(self, closure: Closure, params: tuple[str, ...], rest: str) -> tuple[Value, ...]:
        parameters = closure.function.parameters
        if closure.function.method and closure.scope.language == "python" and not closure.function.static:
            parameters = parameters[1:]
        found = []
        if params[:2] == _ROUTE and len(parameters) == _ERROR_HANDLER:
            found, parameters = [self.caught()], parameters[1:]
        guessed = params or (() if rest else self._guessed(closure))
        for place, parameter in enumerate(parameters):
            kind = guessed[place] if place < len(guessed) else rest.split(" ", maxsplit=1)[0]
            if place >= len(guessed) and _name(parameter) in rest.split(" ")[1:]:
                kind = ""
            found.append(self._parameter(kind, parameter, closure.scope))
        return tuple(found)

    def _guessed(self, closure: Closure) -> tuple[str, ...]:
        """What an entry that no framework names is called with, by the names of its parameters."""
        names = [_name(one) for one in closure.function.parameters]
        first, second = (*names, "", "")[:2]
        if closure.scope.language == "python":
            if first in {"cloud_event", "cloudevent"}:
                return ("@functions.CloudEvent()",)
            if _REQUEST.fullmatch(first) and self.says(closure.scope.file, _DJANGO):
                return ("@django.http.HttpRequest()", *["http"] * (len(names) - 1))
            return ("@flask.request",) if _REQUEST.fullmatch(first) and not second else ("event", "@aws.Context()")
        if _REQUEST.fullmatch(first) and (not second or re.fullmatch(r"_?(?:res|resp|response|reply)", second)):
            return ("@express.Request()", "@express.Response()")
        if _REQUEST.fullmatch(first) and re.fullmatch(r"_?(?:context|ctx)", second):
            return ("@azure.Request()", "@azure.Context()")
        if re.fullmatch(r"_?(?:context|ctx)", first):
            return ("@azure.Context()", "@azure.Request()" if _REQUEST.fullmatch(second) else "queue")
        return ("@functions.CloudEvent()",) if first == "cloudEvent" else ("event", "")

    def _parameter(self, kind: str, parameter: ir.Parameter, scope: Scope) -> Value:
        declared = self.evaluate(parameter.annotation, scope) if parameter.annotation is not None else NOTHING
        name = self.sources.canonical(f"{declared.name}()") if declared.name else ""
        if name in self.sources.types:
            return Value(name=name)
        if kind.startswith("@"):
            return Value(name=kind[1:])
        if kind == "event":
            event = self.outside(Source("", ("direct",), event=True))
            model = any(isinstance(one, ClassRef) and one.model() for one in declared.objs)
            return self.converted(event, declared) if model else event
        if kind == "record":
            return self.outside(Source("Records[]", ("sqs",), event=True))
        if kind == "nest":
            return self._nest(parameter, declared)
        if not kind:
            return NOTHING
        if isinstance(parameter.target, ir.DefaultTarget) and self.language == "python":
            handed = self._depended(parameter.target.default, declared, scope)
            if handed is not None:
                return handed
        value = self.outside(Source(f"{kind}.{_name(parameter)}", ("http",) if kind == "http" else (kind,)))
        classes = any(isinstance(one, ClassRef) for one in declared.objs)
        return self.converted(value, declared) if declared.name or classes else value

    def _nest(self, parameter: ir.Parameter, declared: Value) -> Value:
        """A parameter of a NestJS controller: its decorator says what it is."""
        decorator = declared.name.removeprefix("@nestjs/common.")
        if decorator in {"Req", "Request", "Res", "Response"}:
            return Value(name="express.Request()" if decorator.startswith("Req") else "express.Response()")
        if decorator not in _NEST:
            return NOTHING
        text = decorator in {"Query", "Param", "Headers"}
        return self.outside(Source(f"request.{_NEST[decorator]}.{_name(parameter)}", ("http",)), text=text)

    def _depended(self, default: ir.Expr, declared: Value, scope: Scope) -> Value | None:
        """What FastAPI's `Depends(f)` hands in: what `f` gives, whose own parameters come from the request."""
        if not isinstance(default, ir.Call) or self.evaluate(default.callee, scope).name not in _DEPENDS:
            return None
        found = NOTHING
        for one in self.evaluate(default.args[0].value, scope).objs if default.args else ():
            if isinstance(one, Closure):
                with suppress(Unreachable):
                    found = self.invoke(one, Arguments(self._handed(one, (), "http")), default)
        lists = [one for one in found.objs if isinstance(one, Shape) and one.kind == "list" and not one.members]
        found = self.element(found, default) if lists and not found.taints else found
        named = declared.name and not found.taints and not found.objs
        return Value(name=f"{declared.name}()") if named else found

    def returned(self, value: Value, line: int, *, html: bool = False) -> None:
        if html and value.taints and value.text:
            self.hit("xss", "returned page", line, self.living(value, "xss"))
        for thing in value.objs:
            if not isinstance(thing, Shape):
                continue
            headers = thing.members.get("headers", thing.members.get("multiValueHeaders", NOTHING))
            if html and thing.kind == "list" and "0" in thing.members:
                self.returned(thing.members["0"], line, html=True)
            if "text/html" in self._header(headers, "content-type") or "text/html" in str(
                thing.members.get("contentType", NOTHING).const
            ):
                self._page(thing, line)
            self._headers(headers, line)

    def _page(self, thing: Shape, line: int) -> None:
        for name in ("body", "jsonBody"):
            body = thing.members.get(name)
            if body is not None and body.taints:
                place = thing.lines.get(name)
                file, self.file = self.file, place.file if place is not None else self.file
                taints = tuple(one for one in body.taints if self.alive(one, "xss"))
                self.hit("xss", "returned body (text/html)", place.line if place is not None else line, taints)
                self.file = file

    @staticmethod
    def _header(headers: Value, wanted: str) -> str:
        for thing in headers.objs:
            if isinstance(thing, Shape):
                for name, value in thing.members.items():
                    if name.lower() == wanted:
                        return str(value.const).lower()
        return ""

    def _headers(self, headers: Value, line: int) -> None:
        for thing in headers.objs:
            for name, value in thing.members.items() if isinstance(thing, Shape) else ():
                if isinstance(thing, Shape):
                    place = thing.lines.get(name)
                    at = place.line if place is not None else line
                    file, self.file = self.file, place.file if place is not None else self.file
                    if name.lower() == "location":
                        self.hit(
                            "redirect", "Location header", at, authority_open(value, self.living(value, "redirect"))
                        )
                    else:
                        self.hit("header", "response header", at, self.living(value, "header"), 2)
                    self.file = file


def _name(parameter: ir.Parameter) -> str:
    target = parameter.target
    while isinstance(target, ir.DefaultTarget | ir.RestTarget):
        target = target.target
    return target.name if isinstance(target, ir.Name) else ""


__all__ = ["Entries", "OutOfSteps", "merged"]
