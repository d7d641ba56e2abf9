"""Our schema against the published description, where that is at hand, and against our handlers."""

import re
import unittest

from dodo import routes
from dodo.exact import Number
from dodo.shape import SCHEMA, SHAPES, Misfit, alternatives, check, fields, parsed
from fixture import needs, published

try:
    import yaml
except ImportError:
    yaml = None

DESCRIPTION = published("dodo-openapi.yml")
PRIMITIVES = {
    "string": "string", "date-time": "string", "decimal": "string", "integer": "integer", "int32": "integer",
    "int64": "integer", "number": "number", "boolean": "boolean", "null": "null", "[": "array", "{": "object",
}  # fmt: skip
# What the description calls otherwise, or spells out on the spot.
ELSEWHERE = {"FilterClause", "CartCreditEntitlement", "MeterFilter"}


class NotationTests(unittest.TestCase):
    def refuses(self, value, shape_name):
        with self.assertRaises(Misfit):
            check(value, shape_name)

    def test_every_name_is_known(self):
        for name, definition in SHAPES.items():
            if isinstance(definition, dict) and "union" not in definition:
                for kind, _ in fields(name).values():
                    self.check_expression(kind)
            elif isinstance(definition, str):
                self.check_expression(definition)
        for route in routes.ROUTES:
            self.assertIn(route.takes, {None, *SHAPES})
            self.assertIn(route.answers, {None, *SHAPES})
        self.assertEqual({route.name for route in routes.ROUTES}, set(routes.HANDLERS))

    def check_expression(self, expression):
        for choice in alternatives(expression):
            kind, inner, _ = parsed(choice)
            if inner is not None:
                self.check_expression(inner)
            else:
                self.assertTrue(kind in SHAPES or kind in PRIMITIVES or kind == "any", kind)

    def test_bounds(self):
        check([1, 2], "[int32](..2)")
        self.refuses([1, 2, 3], "[int32](..2)")
        check("ab", "string(1..2)|null")
        check(None, "string(1..2)|null")
        self.refuses("", "string(1..2)|null")
        check(2**31 - 1, "int32")
        self.refuses(2**31, "int32")
        self.refuses(True, "int64")
        self.refuses(Number("1.0"), "int64")
        check(Number("1.5"), "number")
        for text in ("5", "-0.25"):
            check(text, "decimal")
        for text in ("", "5.", ".5", "1e3", " 5", "5\n"):
            self.refuses(text, "decimal")
        check({"a": "b"}, "{string(..1)}(..1)")
        self.refuses({"a": "bc"}, "{string(..1)}(..1)")

    def test_unions_and_fields(self):
        self.refuses({"type": "one_time_price"}, "Price")
        self.refuses({"type": ["one_time_price"]}, "Price")
        self.refuses({"email": "a", "customer_id": "b"}, "CustomerRequest")
        check({"email": "a"}, "CustomerRequest")
        check({"email": "a", "other": 1}, "NewCustomer", lenient=True)


@needs(yaml and DESCRIPTION, "dodo-openapi.yml or PyYAML")
class PublishedTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        cls.description = yaml.load(DESCRIPTION.read_text(), loader)
        cls.schemas = cls.description["components"]["schemas"]

    def test_every_path_and_status(self):
        for method, path, takes, status, answers in SCHEMA["routes"]:
            with self.subTest(f"{method} {path}"):
                operation = self.description["paths"][path][method.lower()]
                self.assertIn(str(status), operation["responses"])
                self.assertEqual(takes, self.named(operation.get("requestBody")))
                self.assertEqual(answers, self.named(operation["responses"][str(status)]))

    def named(self, part):
        content = (part or {}).get("content", {}).get("application/json")
        return content["schema"]["$ref"].split("/")[-1] if content else None

    def test_every_field(self):
        compared = 0
        for name, definition in SHAPES.items():
            if name in ELSEWHERE:
                continue
            with self.subTest(name):
                schema = self.schemas[name]
                if isinstance(definition, list):
                    newer = set(SCHEMA["newer"].get(name, []))
                    self.assertEqual(set(definition) - newer, set(schema["enum"]))
                    compared += 1
                elif isinstance(definition, dict) and "union" not in definition:
                    self.compare_fields(name, schema)
                    compared += 1
        self.assertGreater(compared, 60)

    def compare_fields(self, name, schema):
        ours, theirs = dict(fields(name)), schema["properties"]
        if name in SHAPES["Price"]["members"].values():
            # The description adds the member's name where it makes the union.
            ours.pop("type")
        newer, left_out = (set(SCHEMA[part].get(name, [])) for part in ("newer", "left_out"))
        self.assertEqual(set(ours) - newer, set(theirs) - left_out)
        self.assertFalse(newer & set(theirs), "no longer newer")
        for field, (kind, required) in ours.items():
            if field in newer:
                self.assertFalse(required, f"{field} is newer and cannot be required")
                continue
            self.assertEqual(
                required, field in schema.get("required", []), f"whether {field} is required"
            )
            mine = self.types(kind)
            if "any" not in mine:
                self.assertEqual(mine, self.published_types(theirs[field]), f"the type of {field}")

    def types(self, expression):
        """The JSON types that an expression of ours admits."""
        found = set()
        for choice in alternatives(expression):
            kind, _, _ = parsed(choice)
            definition = SHAPES.get(kind)
            if kind == "any":
                found.add("any")
            elif definition is None:
                found.add(PRIMITIVES[kind])
            elif isinstance(definition, list):
                found.add("string")
            elif isinstance(definition, str):
                found |= self.types(definition)
            else:
                found.add("object")
        return found

    def published_types(self, schema):
        """The JSON types that a part of the description admits."""
        if "$ref" in schema:
            return self.published_types(self.schemas[schema["$ref"].split("/")[-1]])
        if "type" in schema:
            kind = schema["type"]
            return set(kind) if isinstance(kind, list) else {kind}
        return set().union(
            *(self.published_types(part) for part in schema.get("oneOf", schema.get("allOf")))
        )

    def test_parameters(self):
        """Our lists know the published filters: none is refused as unknown."""
        sources = {route.name: route.handler for route in routes.ROUTES if route.method == "GET"}
        for name, handler in sources.items():
            _, path = name.split(" ")
            wanted = {
                parameter["name"]
                for parameter in self.description["paths"][path]["get"].get("parameters", [])
                if parameter["in"] == "query"
            }
            with self.subTest(name):
                self.assertEqual(wanted, known_parameters(handler))


def known_parameters(handler):
    """The names that a handler passes to `known_only`, read from its source."""
    import inspect

    found = re.search(r"known_only\(\s*(?:call\.)?query,\s*\{([^}]*)\}", inspect.getsource(handler))
    return set(re.findall(r'"(\w+)"', found[1])) if found else set()


if __name__ == "__main__":
    unittest.main()
