"""Validation libraries: what a value that passed a schema can no longer do."""

import re
from typing import Final

from auditor.code.taint import guards, ir
from auditor.code.taint.charset import cleared_by_match
from auditor.code.taint.library import EVENT_SCHEMA
from auditor.code.taint.members import constant_text
from auditor.code.taint.memory import EVERYTHING, Arguments
from auditor.code.taint.modules import Modules
from auditor.code.taint.sinks import member
from auditor.code.taint.values import ANY, NOTHING, ClassRef, Facts, Shape, Value, deep_taints, join

SCHEMA: Final = "\0schema"
_CLEARED: Final = "\0cleared:"
VALIDATOR: Final = "\0validator"
_LIBRARIES: Final = re.compile(r"(?:zod|joi|@hapi/joi|yup|superstruct|valibot|@sinclair/typebox)(?:\.|$)")
_EXACT: Final = re.compile(
    r"\.(?:number|int|integer|boolean|bool|enum|enums|literal|uuid|guid|date|nativeEnum|ip|cuid|cuid2|ulid|valid)\("
    r"|\.(?:oneOf|equal|bigint|alphanum|hex|positive|picklist)\("
)
_EXACT_TYPES: Final = frozenset(
    {
        "int",
        "float",
        "bool",
        "uuid.UUID",
        "decimal.Decimal",
        "datetime.datetime",
        "datetime.date",
        "ipaddress.IPv4Address",
        "ipaddress.IPv6Address",
        "pydantic.UUID4",
        "pydantic.UUID1",
        "pydantic.UUID5",
        "pydantic.PositiveInt",
        "pydantic.NonNegativeInt",
        "pydantic.StrictInt",
        "pydantic.StrictBool",
        "pydantic.IPvAnyAddress",
        "pydantic.conint()",
        "number",
        "boolean",
        "bigint",
        "typing.Literal[]",
        "typing_extensions.Literal[]",
    }
)
_PARSING: Final = frozenset({"parse", "parseAsync", "validateSync", "cast", "attempt", "assert", "create", "mask"})
_RESULT: Final = frozenset({"safeParse", "safeParseAsync", "validate", "validateAsync", "spa"})
_VALIDATING: Final = re.compile(
    r"(?:jsonschema|fastjsonschema|aws_lambda_powertools\.utilities\.validation|cerberus)\.(?:.*\.)?validate(?:_json)?"
)
_PARSED: Final = frozenset(
    {"aws_lambda_powertools.utilities.parser.parse", "pydantic.parse_obj_as", "pydantic.tools.parse_obj_as"}
)


class Schemas(Modules):
    """Schemas of both languages."""

    def schema_call(self, called: str, receiver: Value, given: Arguments) -> Value | None:
        last = called.rsplit(".", 1)[-1]
        if (
            receiver.name in {SCHEMA, VALIDATOR}
            or receiver.name.startswith(_CLEARED)
            or _LIBRARIES.match(receiver.name)
        ):
            return self._schema_method(last, called, receiver, given)
        if _VALIDATING.fullmatch(called):
            instance = given.named.get("instance", given.named.get("event", given.at(0)))
            self.validators[called] = None
            self.assume(self.document_facts(instance, given.named.get("schema", given.at(1))))
            return instance
        if called in _PARSED:
            self.validators[called] = None
            kind = given.named.get("model", given.at(1))
            return self.converted(given.named.get("event", given.at(0)), kind)
        if (last == "compile" and receiver.name.lower().endswith("ajv()")) or called in {
            "ajv().compile",
            "ajv.default().compile",
        }:
            return Value(name=VALIDATOR, objs=given.at(0).objs)
        if "@middy/validator" in called:
            self.validators[called] = None
            schema = member(given, "eventSchema")
            return Value(name=EVENT_SCHEMA, objs=schema.objs) if schema is not None else None
        return self._pydantic(called, given) if called.startswith("pydantic.") else None

    @staticmethod
    def _pydantic(called: str, given: Arguments) -> Value | None:
        """A field that says which texts it takes."""
        for keyword, how in (("pattern", "search"), ("regex", "match")):
            text = constant_text(given.named.get(keyword, NOTHING))
            if text is not None and called.endswith((".Field", ".constr", ".StringConstraints")):
                return Value(name=_CLEARED + ",".join(sorted(cleared_by_match(text, "", how))))
        return None

    def _special(self, target: Value, given: Arguments, node: ir.Call) -> Value:
        if target.name == VALIDATOR:
            self.validators["ajv"] = None
            return Value(true=self.document_facts(given.at(0), target))
        return super()._special(target, given, node)

    def _schema_method(self, last: str, called: str, receiver: Value, given: Arguments) -> Value | None:
        if last in _PARSING or last in _RESULT:
            subject = given.at(0)
            if called.endswith(("joi.attempt", "joi.assert")) or (
                last in {"assert", "create", "mask"} and len(given.items) > 1
            ):
                receiver = given.at(1)
            library = _LIBRARIES.match(called)
            self.validators[library.group(0).strip(".") if library is not None else "schema"] = None
            parsed = self.converted(subject, receiver)
            return parsed if last in _PARSING else self._outcome(parsed)
        if last in {"object", "strictObject", "Object", "interface"} and given.items:
            return Value(name=SCHEMA, objs=given.at(0).objs)
        if last in {"array", "of"} and given.items:
            made = Shape("list", self.level)
            made.elem = given.at(0)
            return Value(name=SCHEMA, objs=(made,))
        if last in {"regex", "pattern", "matches"} and given.at(0).name.startswith(guards.PATTERN):
            flags, _, text = given.at(0).name.removeprefix(guards.PATTERN).rpartition("\0")
            how = "search" if flags.startswith("js") else "match"
            return Value(name=_CLEARED + ",".join(sorted(cleared_by_match(text, flags.removeprefix("js"), how))))
        if receiver.name == SCHEMA or receiver.name.startswith(_CLEARED):
            return receiver
        return None

    def _outcome(self, parsed: Value) -> Value:
        made = Shape("record", self.level)
        made.members = {"data": parsed, "value": parsed, "success": NOTHING, "error": NOTHING}
        return Value(objs=(made,))

    def converted(self, value: Value, kind: Value | None) -> Value:
        if kind is None or (not value.taints and not value.objs):
            return value
        if kind.name.startswith(_CLEARED):
            return self._without(value, frozenset(kind.name.removeprefix(_CLEARED).split(",")) | {"nosql"})
        if kind.name == SCHEMA:
            return self._shaped(value, kind)
        for thing in kind.objs:
            if isinstance(thing, ClassRef):
                return self.modelled(thing, value)
        if kind.name in _EXACT_TYPES or (_LIBRARIES.match(kind.name) and _EXACT.search(kind.name)):
            return self._without(value, EVERYTHING)
        if kind.name in {"str", "string"} or (_LIBRARIES.match(kind.name) and ".string(" in kind.name):
            return self._without(value, frozenset({"nosql"}))._replace(text=True)
        return value

    @staticmethod
    def _without(value: Value, classes: frozenset[str]) -> Value:
        taints = tuple(one._replace(cleared=one.cleared | classes) for one in deep_taints(value))
        return value._replace(taints=taints, objs=())

    def _shaped(self, value: Value, kind: Value) -> Value:
        for thing in kind.objs:
            if not isinstance(thing, Shape):
                continue
            made = Shape(thing.kind, self.level)
            if thing.kind == "list":
                made.elem = self.converted(self.element(value, thing), thing.elem)
            for name, inner in thing.members.items() if thing.kind != "list" else ():
                made.members[name] = self.converted(self.load(value, name, ir.Name(name, 0)), inner)
            return Value(objs=(made,))
        return value

    def modelled(self, cls: ClassRef, value: Value) -> Value:
        """A value parsed into a class of the package: an enumeration, or fields of declared types."""
        if any(
            name.startswith("enum.") or name.endswith("Enum")
            for name in (*cls.outside, *(one for base in cls.bases for one in base.outside))
        ):
            return self._without(value, EVERYTHING)
        fields = self._fields(cls)
        if not fields:
            return value
        self.validators[cls.outside[0] if cls.outside else cls.name] = None
        made = Shape("instance", self.level)
        made.cls = cls
        for name, kind in fields.items():
            part = self.converted(self.load(value, name, ir.Name(name, 0)), kind)
            declared = cls.member(name)
            if declared is not None and declared.name.startswith(_CLEARED):
                part = self.converted(part, declared)
            made.members[name] = part
        return Value(objs=(made,))

    def document_facts(self, value: Value, schema: Value, depth: int = 0) -> Facts:
        """What JSON Schema proves of a value and of its members."""
        keys = [key for taint in value.taints for key in taint.own]
        return frozenset(fact for key in keys for fact in self._schema_facts(str(key), key, schema, depth))

    def _schema_facts(self, key: str, own: str | int, schema: Value, depth: int) -> Facts:
        found: set[tuple[str | int, str]] = set()
        for thing in schema.objs:
            if not isinstance(thing, Shape) or depth > 5:
                continue
            found.update((own, cls) for cls in self._schema_classes(thing))
            for part in thing.members.get("properties", NOTHING).objs:
                for name, inner in part.members.items() if isinstance(part, Shape) else ():
                    child = f"{key}.{name}"
                    found |= self._schema_facts(child, child, inner, depth + 1)
            items = thing.members.get("items")
            if items is not None:
                found |= self._schema_facts(f"{key}[]", f"{key}[]", items, depth + 1)
        return frozenset(found)

    @staticmethod
    def _schema_classes(schema: Shape) -> frozenset[str]:
        if "enum" in schema.members or "const" in schema.members:
            return frozenset({ANY})
        kind = constant_text(schema.members.get("type", NOTHING))
        if kind in {"integer", "number", "boolean"} or constant_text(schema.members.get("format", NOTHING)) in {
            "uuid",
            "date",
            "ipv4",
        }:
            return frozenset({ANY})
        pattern = constant_text(schema.members.get("pattern", NOTHING))
        cleared = cleared_by_match(pattern, "js", "search") if pattern is not None else frozenset()
        return cleared | ({"nosql"} if kind == "string" else frozenset())


__all__ = ["Schemas", "join"]
