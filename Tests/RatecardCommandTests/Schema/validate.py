"""Validates YAML texts against a JSON Schema with the package jsonschema.

    validate.py SCHEMA < cases.json

Standard input is a JSON list of [name, yaml]; standard output a JSON map from each name to the list
of what the validator finds. YAML is read by the 1.2 core schema, as editors read it.
"""
import json
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """PyYAML with the types of YAML 1.2's core schema instead of 1.1's."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
     "-+0123456789."),
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
]:
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile("^(?:" + pattern + ")$"), list(first))


def number(loader, node):
    text = loader.construct_scalar(node)
    try:
        return int(text)
    except ValueError:
        return float(text)


Core.add_constructor("tag:yaml.org,2002:int", number)
Core.add_constructor("tag:yaml.org,2002:float", number)

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
found = {}
for name, text in json.load(sys.stdin):
    document = yaml.load(text, Loader=Core)
    found[name] = [
        "/".join(map(str, error.absolute_path)) + ": " + error.message[:300]
        for error in validator.iter_errors(document)
    ]
json.dump(found, sys.stdout)
