"""json-logic-qubit: JsonLogic in Python."""

import sys
from importlib.metadata import version

from contest import serve
from json_logic import jsonLogic
from spelling import COMPARISONS, bands, infix, prefix, records


def table(contest):
    """A path into the table, which every request carries."""
    path = {"cat": ["cells.", {"var": "request_type"}, ".", {"var": "model"}]}
    is_free = {"==": [{"var": "request_type"}, contest["free"]]}
    return {"if": [is_free, 0, {"var": [path, 1]}]}


def mixed(contest):
    parts = []
    for rule in contest["rules"]:
        parts += [condition(rule), rule["answer"]]
    return {"if": parts + [-1]}


def condition(rule):
    tests = []
    for test in rule["tests"]:
        value = {"var": test["attribute"]}
        choices = [{"in": [value, test["texts"]]}] if test.get("texts") else []
        for glob in test.get("globs", []):
            if start := prefix(glob):
                choices.append({"==": [{"substr": [value, 0, len(start)]}, start]})
            else:
                choices.append({"in": [infix(glob), value]})
        if choices:
            tests.append(choices[0] if len(choices) == 1 else {"or": choices})
        tests += [
            {sign: [value, int(test[key])]} for key, sign in COMPARISONS.items() if key in test
        ]
    return {"and": tests} if tests else True


def ladder(steps):
    if len(steps) == 1:
        return steps[0][1]
    half = len(steps) // 2
    test = {"<": [{"var": "input_tokens"}, steps[half][0]]}
    return {"if": [test, ladder(steps[:half]), ladder(steps[half:])]}


def build(contest):
    sys.setrecursionlimit(100_000)
    requests = records(contest)
    if contest["kind"] == "table":
        logic = table(contest)
        requests = [request | {"cells": contest["cells"]} for request in requests]
    elif contest["kind"] == "bands":
        logic = ladder(bands(contest))
    else:
        logic = mixed(contest)
    return (
        requests,
        lambda request: jsonLogic(logic, request),
        lambda request: jsonLogic({"+": [1]}, request),
        f"json-logic-qubit {version('json-logic-qubit')}",
    )


serve(build)
