"""What happens at the edge of libraries: checks, sinks, and what comes back."""

import re
from abc import abstractmethod
from typing import Final

from auditor.code.taint import guards, ir
from auditor.code.taint.charset import banned_text, cleared_by_absence
from auditor.code.taint.effects import Effects
from auditor.code.taint.members import SAFE_PARSER, URL, constant_text
from auditor.code.taint.memory import EVERYTHING, Arguments, Unreachable
from auditor.code.taint.values import (
    NO_FACTS,
    NOTHING,
    Closure,
    Partial,
    Shape,
    Value,
    deep_taints,
    join,
    merged,
)

_PASSING: Final = frozenset(
    {"util.promisify", "functools.partial", "functools.wraps", "lodash.partial", "p-limit()", "asyncio.to_thread",
     "staticmethod", "classmethod", "property", "asyncio.coroutine", "bluebird.promisify", "es6-promisify.promisify",
     "es6-promisify", "pify", "util.promisify-all", "util-promisify", "@google-cloud/promisify.promisify",
     "@google-cloud/promisify.promisifyAll", "es6-promisify.promisifyAll", "bluebird.promisifyAll", "@gar/promisify",
     "util.promisify/shim", "thenify-all", "thenify", "express-async-handler", "contextlib.closing", "lodash.debounce",
     "@middy/validator/transpile.transpileSchema"}
)  # fmt: skip
EVENT_SCHEMA: Final = "\0event schema"
"""The name of what checks an event before the handler sees it."""
_ASSERTING: Final = frozenset({"assert", "assert.ok", "assert.default", "assert.strict", "tiny-invariant", "invariant"})
_BORROWED: Final = ("Object.prototype.", "Array.prototype.", "String.prototype.", "?")
_BOUND_ONLY: Final = 2
_LEADING_DOTS: Final = re.compile(r"\^\(\\\.\\\.(?:\(\\?/\|\\\\\|\$\)|\[\\?/\\\\\]|\\?/)\)\+")
"""`/^(\\.\\.(\\/|\\\\|$))+/`: what takes the way up out of the front of a normalised path."""
_REPLACING: Final = frozenset({"replace", "replaceAll"})


class Library(Effects):
    """Calls of what is outside the package."""

    def outside_call(self, target: Value, receiver: Value, name: str, given: Arguments, node: ir.Call) -> Value:
        if target.name.startswith("\0"):
            return self._special(target, given, node)
        called = target.name or (f"?.{name}" if name else "")
        found = self.collection_call(receiver, name, given, node, known=bool(target.name))
        if found is not None:
            return found
        found = self._language(called, receiver, given, node)
        if found is not None:
            return found
        self.registered(called, given)
        facts = guards.checking_call(called, receiver, given)
        struck = self.judge_sinks(called, receiver, given, node)
        self.note_api_call(called, given, node)
        found = self.effect(called, target, receiver, given, node, struck=struck)
        if facts is not None:
            found = found._replace(true=facts[0], false=facts[1])
        return found

    @abstractmethod
    def registered(self, called: str, given: Arguments) -> None:
        """Queue what a framework is told to call."""

    @abstractmethod
    def judge_sinks(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> bool:
        """Whether the call is a sink; what reaches it is noted."""

    @abstractmethod
    def note_api_call(self, called: str, given: Arguments, node: ir.Call) -> None:
        """Note a call of a cloud's SDK."""

    @abstractmethod
    def schema_call(self, called: str, receiver: Value, given: Arguments) -> Value | None:
        """A call of a validation library."""

    @abstractmethod
    def required(self, module: str) -> Value:
        """A module of the package, or the name of one outside."""

    def _special(self, target: Value, given: Arguments, node: ir.Call) -> Value:
        """What the lowering and the engine itself name."""
        first = given.at(0)
        if target.name == "\0typeof":
            return Value(name=guards.TYPEOF, taints=first.taints)
        if target.name == "\0yield":
            for value in given.all():
                self._yielded(value)
            return NOTHING
        if target.name == ir.ENTERED:
            return self._entered(first, node)
        if target.name == "\0divide":
            return self._divided(given, node)
        if target.name == "\0tag":
            taints = merged((), ())
            for value in given.items[1:]:
                taints = merged(taints, deep_taints(value))
            return Value(taints=self.derive(taints, node, cleared=EVERYTHING))
        if target.name in {"\0call", "\0apply", "\0bind"}:
            return self._rebound(target, given, node)
        if target.name == "\0resolve":
            self.put(Value(objs=target.objs), None, first, 0)
            return NOTHING
        if target.name == URL or target.name.startswith(guards.PATTERN):
            return NOTHING
        return Value(taints=self.derive(target.taints, node))

    def _yielded(self, value: Value) -> None:
        if self.frames:
            made = Shape("list", self.level)
            made.elem = value
            self.frames[-1].append((Value(objs=(made,)), dict(self.cleared)))

    def _called_with(self, called: str, given: Arguments, node: ir.Call) -> Value:
        """`f.call(this, a, b)` and `f.apply(this, [a, b])` of a library's function."""
        of, _, how = called.rpartition(".")
        items = given.items[1:]
        rest: Value | None = None
        if how == "apply":
            shape = next((one for one in given.at(1).objs if isinstance(one, Shape) and one.elem is None), None)
            items = tuple(shape.members.values()) if shape is not None else ()
            rest = self.element(given.at(1), node) if shape is None else None
        name = of.rsplit(".", 1)[-1]
        return self.outside_call(Value(name=of), given.at(0), name, Arguments(items, rest=rest), node)

    def _entered(self, value: Value, node: ir.Call) -> Value:
        """What a context manager hands to its block: what a generator yields, what `__enter__` gives, or itself."""
        for thing in value.objs:
            if isinstance(thing, Shape) and thing.kind == "list" and thing.elem is not None:
                return self.element(value, node)
            enter = thing.cls.member("__enter__") if isinstance(thing, Shape) and thing.cls is not None else None
            for one in enter.objs if enter is not None else ():
                if isinstance(one, Closure):
                    return self.invoke(one, Arguments(), node, Value(objs=(thing,)))
        return value

    def _divided(self, given: Arguments, node: ir.Call) -> Value:
        """`a / b`: paths put together, or a number."""
        taints = merged((), ())
        for value in given.all():
            taints = merged(taints, value.taints)
        name = next((value.name for value in given.all() if value.name), "")
        lead = given.at(0).lead if given.at(0).taints else str(constant_text(given.at(0)) or "\1") + "/"
        return Value(taints=self.derive(taints, node), name=name, lead=lead if taints else "")

    def _rebound(self, target: Value, given: Arguments, node: ir.Call) -> Value:
        receiver, rest = given.at(0), Arguments(given.items[1:], given.named, given.rest)
        closures = [one for one in target.objs if isinstance(one, Closure)]
        if target.name == "\0bind":
            made = tuple(
                Closure(
                    one.function,
                    one.scope,
                    receiver if receiver is not NOTHING else one.receiver,
                    one.owner,
                    rest.items,
                )
                for one in closures
            )
            return Value(objs=made)
        if target.name == "\0apply":
            rest = Arguments(rest=self.element(given.at(1), node))
        found = NOTHING
        for one in closures:
            found = join(found, self.invoke(one, rest, node, receiver))
        return found

    def _language(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> Value | None:
        """Calls with a meaning of their own."""
        first = given.at(0)
        text = constant_text(first)
        if called == "require" and text is not None:
            return self.required(text)
        if called in {"re.compile", "RegExp"} and text is not None:
            flags = constant_text(given.at(1)) or ""
            return guards.pattern_value(text, flags, javascript=called == "RegExp")
        if called in {"getattr", "Reflect.get"} and constant_text(given.at(1)) is not None:
            return self.load(first, str(given.at(1).const), node)
        if called in {"getattr", "Reflect.get"} and (given.at(1).taints or given.at(1).lead):
            named = self.named_methods(first, given.at(1))
            if named is not None:
                return named
        if called in _ASSERTING and given.items:
            self.assume(first.true)
            return NOTHING
        if called == "assert.match" and len(given.items) > 1:
            facts = guards.checking_call("re.test", given.at(1), Arguments((first,)))
            self.assume(facts[0] if facts is not None else NO_FACTS)
            return NOTHING
        if self.language == "javascript" and called.endswith(".bind") and len(given.items) < _BOUND_ONLY:
            return Value(name=called.removesuffix(".bind"))
        if self.language == "javascript" and called.endswith((".call", ".apply")) and not called.startswith(_BORROWED):
            return self._called_with(called, given, node)
        if called.startswith("@middy/core"):
            return self._wrapped(called, receiver, given)
        if called == "Promise" and given.items and node.new:
            return self._promised(given, node)
        if called.endswith(("etree.XMLParser", "sax.make_parser")):
            entities = given.named.get("resolve_entities")
            return Value(name=SAFE_PARSER if entities is not None and entities.const is False else f"{called}()")
        if called in _PASSING or called.endswith("().promisify"):
            return self._passed(called, given)
        if called.endswith(("boto3.client", "boto3.resource")) or (
            called.startswith(("boto3.", "aioboto3.", "botocore.", "aiobotocore."))
            and called.endswith((".client", ".resource", ".create_client"))
        ):
            self.judge_sinks(called, receiver, given, node)
            service = constant_text(first) or constant_text(given.named.get("service_name", NOTHING))
            return Value(name=f"aws.{service}" if service else "aws.?")
        replaced = self._replaced(called, receiver, given, node)
        return replaced if replaced is not None else self.schema_call(called, receiver, given)

    def _wrapped(self, called: str, receiver: Value, given: Arguments) -> Value:
        """middy: the handler stays, whatever is put around it."""
        made = [one for one in receiver.objs if isinstance(one, Closure)]
        schemas = [one for one in receiver.objs if isinstance(one, Shape)]
        if not called.rsplit(".", 1)[-1].startswith(("use", "before", "after", "onError")):
            made = [one for one in given.at(0).objs if isinstance(one, Closure)] or made
        schemas += [
            one for value in given.all() if value.name == EVENT_SCHEMA for one in value.objs if isinstance(one, Shape)
        ]
        for closure in made if schemas else ():
            self.event_schemas[id(closure.function)] = Value(objs=tuple(schemas))
        for value in given.all():
            if value.name:
                self.schema_call(value.name.removesuffix("()"), NOTHING, Arguments())
        return Value(name="@middy/core()", objs=(*made, *schemas))

    def _promised(self, given: Arguments, node: ir.Call) -> Value:
        """`new Promise((resolve, reject) => …)`: what it is resolved with."""
        held = Shape("list", self.level)
        resolve = Value(name="\0resolve", objs=(held,))
        for one in given.at(0).objs:
            if isinstance(one, Closure):
                try:
                    self.invoke(one, Arguments((resolve, Value(name="\0reject"))), node)
                except Unreachable:
                    continue
        return held.elem if held.elem is not None else NOTHING

    @staticmethod
    def _passed(called: str, given: Arguments) -> Value:
        """The function itself comes back, with the arguments it was given."""
        first = given.at(0)
        if called == "functools.wraps":
            return Value(name=f"{called}()")
        if not called.endswith("partial"):
            return first
        made = tuple(
            Closure(
                one.function,
                one.scope,
                one.receiver,
                one.owner,
                (*one.given, *given.items[1:]),
                {**one.named, **given.named},
            )
            if isinstance(one, Closure)
            else one
            for one in first.objs
        )
        if first.name and not made:
            return Value(objs=(Partial(first, given.items[1:], given.named),))
        return first._replace(objs=made)

    def _removed(self, last: str, receiver: Value, given: Arguments, node: ir.Call) -> Value | None:
        """`replace("/", "")`: a character is gone (in JavaScript only by `replaceAll`; a longer text may form anew)."""
        old, new = constant_text(given.at(0)), constant_text(given.at(1))
        every = last == "replaceAll" or (last == "replace" and self.language == "python" and len(given.items) == 2)
        if not every or not receiver.taints or old is None or new is None or len(old) != 1 or old in new:
            return None
        cleared = banned_text(old) | frozenset({"nosql"})
        return Value(taints=self.derive(receiver.taints, node, cleared=cleared), text=True)

    def _replaced(self, called: str, receiver: Value, given: Arguments, node: ir.Call) -> Value | None:
        """A replacement that takes the characters out which do harm."""
        last = called.rsplit(".", 1)[-1]
        if called in {"re.sub", "re.subn"}:
            self.judge_sinks(called, receiver, given, node)
            pattern, put, subject = given.at(0), given.at(1), given.at(2)
        elif last == "sub" and receiver.name.startswith(guards.PATTERN):
            pattern, put, subject = receiver, given.at(0), given.at(1)
        elif last in _REPLACING and given.at(0).name.startswith(guards.PATTERN):
            pattern, put, subject = given.at(0), given.at(1), receiver
        else:
            return self._removed(last, receiver, given, node)
        flags, _, text = pattern.name.removeprefix(guards.PATTERN).rpartition("\0")
        if not text and constant_text(pattern) is not None:
            text = str(pattern.const)
        every = not flags.startswith("js") or "g" in flags or last == "replaceAll"
        cleared = cleared_by_absence(text) if every else frozenset()
        if _LEADING_DOTS.fullmatch(text):
            cleared = cleared | {"path"}
        kept = deep_taints(subject)
        closures = [one for one in put.objs if isinstance(one, Closure)]
        for one in closures:
            self.invoke(one, Arguments((subject._replace(taints=self.derive(kept, put)),)), node)
        taints = merged(self.derive(kept, node, cleared=cleared), put.taints)
        return Value(taints=taints, text=True)
