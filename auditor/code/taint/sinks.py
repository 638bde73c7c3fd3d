"""Decides whether a value does harm where it arrives: the conditions that the sinks' catalogue names."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from auditor.code.taint import ir
from auditor.code.taint.catalogue import Sink
from auditor.code.taint.expressions import HOLE
from auditor.code.taint.library import Library
from auditor.code.taint.members import SAFE_PARSER, constant_text
from auditor.code.taint.memory import Arguments
from auditor.code.taint.values import NOTHING, Shape, Taint, Value, deep_taints, merged

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#\\]*[^/?#@\\:])?/", re.IGNORECASE)
_OPEN_ADDRESS: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?/?/?[^/]*", re.IGNORECASE)
_SHELLS: Final = frozenset({"sh", "bash", "/bin/sh", "/bin/bash", "cmd", "cmd.exe", "powershell", "zsh", "dash", "ash"})
_EVALUATED: Final[dict[str, tuple[str, ...]]] = {
    "$where": (),
    "$function": ("body",),
    "$accumulator": ("init", "accumulate", "merge", "finalize"),
}
"""Operators of MongoDB that run JavaScript, with the members that hold it."""
_SHELL_FLAGS: Final = frozenset({"-c", "-lc", "/c", "/C", "-Command"})
_SAFE_LOADERS: Final = ("SafeLoader", "BaseLoader")
RESPONSE: Final = "response"
Taints = tuple[Taint, ...]


def authority_open(value: Value, taints: Taints) -> Taints:
    """The origins, where they can choose the host of an address."""
    lead = value.lead
    if not value.taints or not lead:
        return taints
    if lead.startswith(HOLE) or _ADDRESS.match(lead.replace(HOLE, "x")):
        return ()
    return taints if "://" in lead or lead.startswith("//") else ()


def member(given: Arguments, name: str) -> Value | None:
    """A keyword argument, or the member of that name of an options object."""
    found = given.named.get(name)
    if found is not None:
        return found
    for value in given.items:
        for thing in value.objs:
            if isinstance(thing, Shape) and thing.kind == "record" and name in thing.members:
                return thing.members[name]
    return None


def is_true(value: Value | None) -> bool:
    """Whether an option is switched on, as far as it is known."""
    return value is not None and (bool(value.const) if isinstance(value.const, str | int | bool) else False)


class Sinks(Library):
    """Sinks and their conditions."""

    def judge_sinks(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> bool:
        found = self.known.sinks.find(called)
        for sink in found:
            taints: Taints = ()
            for value in self._values(sink, receiver, given):
                taints = merged(taints, self._struck(sink, value, (receiver, given), called))
            if taints:
                doubt = sink.doubt + (1 if called.startswith("?") and not sink.doubt and sink.cls == "path" else 0)
                self.hit(sink.cls, called.lstrip("?."), node.line, taints, doubt)
        self._content_type(called, given)
        return bool(found)

    def _values(self, sink: Sink, receiver: Value, given: Arguments) -> Iterator[Value]:
        for arg in sink.args:
            if arg == "receiver":
                yield receiver
            elif arg == "all":
                yield from given.all()
            elif arg == "**":
                if given.rest is not None and not given.items:
                    yield given.rest
            elif isinstance(arg, int):
                value = given.at(arg)
                if value is not NOTHING:
                    yield value
            elif arg.startswith("."):
                found = member(Arguments(given.items), arg[1:])
                if found is not None:
                    yield found
            elif arg in given.named:
                yield given.named[arg]

    def _struck(self, sink: Sink, value: Value, of: tuple[Value, Arguments], called: str) -> Taints:
        taints = self.living(value, sink.cls) if sink.cls != "nosql" else deep_taints(value, 7)
        if not taints or not sink.when:
            return taints
        return self._conditions[sink.when](self, value, taints, of, called)

    def _shell(self, value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        """A shell reads the text, or the program itself comes from outside."""
        given = of[1]
        if is_true(member(given, "shell")):
            return taints
        first = given.at(0) if given.items else given.named.get("args", NOTHING)
        if value is not first:
            return self._shell_arguments(constant_text(first), value)
        if value.taints:
            return () if value.lead else tuple(one for one in value.taints if self.alive(one, "command"))
        for thing in value.objs:
            if isinstance(thing, Shape):
                program = thing.members.get("0", thing.elem if thing.elem is not None else NOTHING)
                if program.taints and not program.lead:
                    return self.living(program, "command")
                return self._shell_arguments(constant_text(program), value)
        return ()

    def _shell_arguments(self, program: str | None, value: Value) -> Taints:
        if program not in _SHELLS:
            return ()
        for thing in value.objs:
            if isinstance(thing, Shape):
                items = list(thing.members.values())
                flags = [place for place, one in enumerate(items) if constant_text(one) in _SHELL_FLAGS]
                if flags and str(program).startswith("cmd"):
                    rest = [*items[flags[0] + 1 :], *([thing.elem] if thing.elem is not None else [])]
                    return tuple(taint for one in rest for taint in self.living(one, "command"))
                if flags and flags[0] + 1 < len(items):
                    return self.living(items[flags[0] + 1], "command")
        return ()

    def _argv(self, value: Value, _taints: Taints, of: tuple[Value, Arguments], called: str) -> Taints:
        """A program and its arguments, one by one or as a list: from outside, or a shell that reads them."""
        items = list(of[1].items)
        last = called.rsplit(".", 1)[-1]
        if last.startswith("spawn") or last == "subprocess_exec":
            items = items[1:]
        first = items[0] if items else of[1].rest or NOTHING
        if value is first and value.taints:
            return () if value.lead and not last.startswith("exec") else self._alive_direct(value, value.taints, of, "")
        if value.objs and not value.taints:
            words = next((list(one.members.values()) for one in value.objs if isinstance(one, Shape)), [])
            program = words[0] if value is first and words else first
            if value is first and words and words[0].taints and not words[0].lead:
                return self.living(words[0], "command")
            return self._shell_arguments(constant_text(program), value)
        place = next((at for at, one in enumerate(items) if one is value), 0)
        told = constant_text(items[place - 1]) in _SHELL_FLAGS if place > 1 else False
        return self.living(value, "command") if told and constant_text(first) in _SHELLS else ()

    def _direct(self, value: Value, _taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return value.taints

    def _alive_direct(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return tuple(one for one in value.taints if one in taints)

    def _query_text(self, value: Value, taints: Taints, of: tuple[Value, Arguments], called: str) -> Taints:
        """The text of a query; a client of DynamoDB takes none by these names."""
        ours = called.startswith(
            ("aws-sdk.DynamoDB", "@aws-sdk/lib-dynamodb", "@aws-sdk/client-dynamodb", "aws.dynamodb")
        )
        return () if ours else self._alive_direct(value, taints, of, called)

    def _request(self, value: Value, _taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        """A whole request of DynamoDB from outside: the sender chooses table, keys and expressions."""
        return tuple(one for one in value.taints if self.alive(one, "nosql") and not one.source.stored)

    def _composed(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return self._alive_direct(value, taints, _of, _called) if value.lead.strip(HOLE) and value.text else ()

    def _known_text(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return taints if value.taints and value.text else ()

    def _partiql(self, value: Value, _taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        """The statement's text, not its parameters; a string from outside is still a statement."""
        found = tuple(one for one in value.taints if self.alive(one, "sql"))
        for thing in value.objs:
            if isinstance(thing, Shape):
                for part in (*thing.members.values(), *((thing.elem,) if thing.elem else ())):
                    for inner in part.objs:
                        if isinstance(inner, Shape) and "Statement" in inner.members:
                            found = merged(found, self.living(inner.members["Statement"], "sql"))
        return found

    def _built(self, value: Value, _taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return tuple(one for one in value.taints if self.alive(one, "sql"))

    def _document(self, value: Value, _taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        """A query document into which whoever sends the event puts operators."""
        if value.taints:
            receiver = of[0]
            usable = not value.text and not receiver.text and not receiver.taints
            return tuple(one for one in value.taints if self._operator(one)) if usable else ()
        return self._document_parts(value, 0)

    def _operator(self, taint: Taint) -> bool:
        """Whether a value may hold operators: what was read from a store is what the store lets a field be."""
        return self.alive(taint, "nosql") and not taint.source.stored

    def _document_parts(self, value: Value, depth: int) -> Taints:
        found: Taints = ()
        for thing in value.objs:
            if not isinstance(thing, Shape) or depth > 4:
                continue
            for name, part in (*thing.members.items(), *((("", thing.elem),) if thing.elem is not None else ())):
                if name == "$eq":
                    continue
                if name in _EVALUATED:
                    found = merged(found, tuple(one for one in part.taints if self.alive(one, "code")))
                    for inner in part.objs:
                        if isinstance(inner, Shape) and name != "$where":
                            for body in _EVALUATED[name]:
                                found = merged(found, self.living(inner.members.get(body, NOTHING), "code"))
                elif part.taints and not part.text:
                    found = merged(found, tuple(one for one in part.taints if self._operator(one)))
                found = merged(found, self._document_parts(part, depth + 1))
        return found

    def _path_text(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return () if value.name.startswith("io.") else tuple(one for one in value.taints if one in taints)

    def _path_object(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return taints if value.name.startswith("pathlib.") else ()

    def _authority(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        if not value.taints:
            for thing in value.objs:
                if isinstance(thing, Shape) and thing.kind == "list" and "0" in thing.members:
                    return authority_open(thing.members["0"], self.living(thing.members["0"], "ssrf"))
        return authority_open(value, tuple(one for one in value.taints if one in taints))

    def _unsafe_loader(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        loader = of[1].named.get("Loader", of[1].at(1))
        return () if loader.name.endswith(_SAFE_LOADERS) else taints

    def _weights(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        return () if is_true(of[1].named.get("weights_only")) else taints

    def _allow_pickle(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        return taints if is_true(of[1].named.get("allow_pickle")) else ()

    def _entities(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        parser = of[1].named.get("parser", of[1].at(1))
        return () if parser.name == SAFE_PARSER else taints

    def _external(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], called: str) -> Taints:
        return taints if called.endswith("make_parser().parse") and of[0].name != SAFE_PARSER else ()

    def _full_schema(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        schema = member(of[1], "schema")
        return taints if schema is not None and "FULL" in schema.name else ()

    def _evaluating(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        return taints if is_true(member(of[1], "evalFunctions")) else ()

    def _noent(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        return taints if is_true(member(of[1], "noent")) or is_true(member(of[1], "replaceEntities")) else ()

    def _no_root(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        return () if member(of[1], "root") is not None else taints

    def _format(self, value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        return taints if value.taints and any(True for _ in of[1].all()) else ()

    def _structure(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        return tuple(one for one in value.taints if one in taints) if not value.text else ()

    def _html_response(self, value: Value, _taints: Taints, of: tuple[Value, Arguments], called: str) -> Taints:
        declared = [
            str(found.const).lower()
            for name in ("mimetype", "content_type", "media_type")
            if (found := of[1].named.get(name)) is not None
        ]
        headers = member(of[1], "headers")
        positional = [str(one.const) for one in of[1].items if isinstance(one.const, str)]
        declared += [one for one in positional if "/" in one and " " not in one and "<" not in one]
        declared += [self._declared_type(headers)] if headers is not None else []
        default = called.startswith(("flask.", "django.")) and not any(declared)
        html = default or any("text/html" in one for one in declared)
        return tuple(one for one in value.taints if self.alive(one, "xss")) if html else ()

    @staticmethod
    def _declared_type(headers: Value) -> str:
        for thing in headers.objs:
            if isinstance(thing, Shape):
                for name, value in thing.members.items():
                    if name.lower() == "content-type":
                        return str(value.const).lower()
        return ""

    def _html_sent(self, value: Value, taints: Taints, _of: tuple[Value, Arguments], _called: str) -> Taints:
        if "xss" in self.cleared.get(RESPONSE, frozenset()):
            return ()
        direct = tuple(one for one in value.taints if one in taints)
        plain = ("request.query", "request.params", "request.headers", "request.path", "request.url")
        text = value.text or "<" in value.lead or any(one.source.path.startswith(plain) for one in direct)
        return direct if text else ()

    def _location(self, value: Value, taints: Taints, of: tuple[Value, Arguments], called: str) -> Taints:
        name = constant_text(of[1].at(0))
        if not called.endswith(".location") and (name is None or name.lower() != "location"):
            return ()
        return authority_open(value, taints)

    def _other_header(self, _value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        name = constant_text(of[1].at(0))
        return taints if name is not None and name.lower() != "location" else ()

    def _archive(self, value: Value, taints: Taints, of: tuple[Value, Arguments], _called: str) -> Taints:
        names = of[1].named.get("filter", NOTHING)
        kept = constant_text(names) in {"data", "tar"} or names.name in {"tarfile.data_filter", "tarfile.tar_filter"}
        return taints if value.taints and not kept else ()

    def _content_type(self, called: str, given: Arguments) -> None:
        """`res.type("text/plain")`: what is sent after it is no page."""
        if not called.startswith("express.Response()."):
            return
        last = called.rsplit(".", 1)[-1]
        name, value = constant_text(given.at(0)) or "", constant_text(given.at(1)) or ""
        kind = name if last in {"type", "contentType"} else value if name.lower() == "content-type" else ""
        if kind and "html" not in kind.lower():
            self.assume(frozenset({(RESPONSE, "xss")}))

    _conditions: Final[dict[str, Callable[..., Taints]]] = {
        "shell": _shell,
        "argv": _argv,
        "query-text": _query_text,
        "request": _request,
        "built-text": _built,
        "composed-text": _composed,
        "code-text": _alive_direct,
        "known-text": _known_text,
        "partiql": _partiql,
        "document": _document,
        "path-text": _path_text,
        "path-object": _path_object,
        "archive": _archive,
        "authority": _authority,
        "unsafe-loader": _unsafe_loader,
        "no-weights-only": _weights,
        "allow-pickle": _allow_pickle,
        "entities": _entities,
        "external-entities": _external,
        "full-schema": _full_schema,
        "eval-functions": _evaluating,
        "noent": _noent,
        "no-root": _no_root,
        "format-of-objects": _format,
        "structure": _structure,
        "html-response": _html_response,
        "html-sent": _html_sent,
        "location-header": _location,
        "other-header": _other_header,
    }


__all__ = ["Sinks", "authority_open", "deep_taints"]
