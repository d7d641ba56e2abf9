"""celine-regorus: Rego in Rust. A table is data; rules are a chain of `else`."""

from importlib.metadata import version

import regorus
from contest import CannotError, serve
from spelling import COMPARISONS, infix, prefix, records

TABLE = """package card
import rego.v1
default cost := 1
cost := 0 if input.request_type == data.free
else := data.cells[input.request_type][input.model]
one := 1
"""


def chain(contest):
    rules = (f"{rule['answer']} if {{ {condition(rule)} }}" for rule in contest["rules"])
    return "package card\nimport rego.v1\none := 1\ncost := " + "\nelse := ".join(rules) + "\n"


def condition(rule):
    tests = []
    for test in rule["tests"]:
        name = f"input.{test['attribute']}"
        texts = ", ".join(f'"{text}"' for text in test.get("texts", []))
        globs = [
            f'startswith({name}, "{prefix(glob)}")'
            if prefix(glob)
            else f'contains({name}, "{infix(glob)}")'
            for glob in test.get("globs", [])
        ]
        if texts and globs or len(globs) > 1:
            raise CannotError("its rules have no `or`")
        if texts:
            tests.append(f"{name} in {{{texts}}}" if "," in texts else f"{name} == {texts}")
        tests += globs
        tests += [f"{name} {sign} {test[key]}" for key, sign in COMPARISONS.items() if key in test]
    return "; ".join(tests) or "true"


def build(contest):
    engine = regorus.Engine()
    if contest["kind"] == "table":
        engine.add_data({"cells": contest["cells"], "free": contest["free"]})
        engine.add_policy("card.rego", TABLE)
    else:
        engine.add_policy("card.rego", chain(contest))

    def answer(request, rule="data.card.cost"):
        engine.set_input(request)
        return int(engine.eval_rule(rule))

    return (
        records(contest),
        answer,
        lambda request: answer(request, "data.card.one"),
        f"celine-regorus {version('celine-regorus')}",
    )


serve(build)
