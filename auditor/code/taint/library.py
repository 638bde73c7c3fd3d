"""What happens at the edge of libraries: checks, sinks, and what comes back."""

from abc import abstractmethod
from typing import Final

from auditor.code.taint import guards, ir
from auditor.code.taint.charset import cleared_by_absence
from auditor.code.taint.effects import Effects
from auditor.code.taint.members import SAFE_PARSER, URL, constant_text
from auditor.code.taint.memory import EVERYTHING, Arguments, Unreachable
from auditor.code.taint.values import (
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
     "es6-promisify", "pify", "express-async-handler", "contextlib.closing", "lodash.debounce"}
)  # fmt: skip
_MAKES_TEXT: Final = frozenset({"str()", "String()", "repr()"})
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
            return self._yielded(first)
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

    def _yielded(self, value: Value) -> Value:
        if self.frames:
            made = Shape("list", self.level)
            made.elem = value
            self.frames[-1].append((Value(objs=(made,)), dict(self.cleared)))
        return NOTHING

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
        if not called.rsplit(".", 1)[-1].startswith(("use", "before", "after", "onError")):
            made = [one for one in given.at(0).objs if isinstance(one, Closure)] or made
        for value in given.all():
            if value.name:
                self.schema_call(value.name.removesuffix("()"), NOTHING, Arguments())
        return Value(name="@middy/core()", objs=tuple(made))

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
            return None
        flags, _, text = pattern.name.removeprefix(guards.PATTERN).rpartition("\0")
        if not text and constant_text(pattern) is not None:
            text = str(pattern.const)
        every = not flags.startswith("js") or "g" in flags or last == "replaceAll"
        cleared = cleared_by_absence(text) if every else frozenset()
        kept = deep_taints(subject)
        closures = [one for one in put.objs if isinstance(one, Closure)]
        for one in closures:
            self.invoke(one, Arguments((subject._replace(taints=self.derive(kept, put)),)), node)
        taints = merged(self.derive(kept, node, cleared=cleared), put.taints)
        return Value(taints=taints, text=True)
