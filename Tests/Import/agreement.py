"""What imported cards and the lists' own packages answer to the same questions, held against each other.

A case is a request to the card and the amount that the package charges for the same usage. Cases are
asked in one go, `ratecard eval --price --jsonl`. A disagreement must stand in disagreements.tsv, with
the number of models that it concerns and the reason; one that stands there and is gone fails too.
"""

import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 60
HERE = pathlib.Path(__file__).parent
# A dollar is 10^18 credits in the copy of the card that is asked, so that nothing is rounded away but
# thirds of an amount by the hour, at the 28th decimal.
UNIT = Decimal(10) ** 18
FINEST = Decimal(10) ** -28


class Case:
    """A question to the card, what the package answers, and what kind of case it is."""

    __slots__ = ("model", "kind", "request", "expected")

    def __init__(self, model, kind, request, expected):
        self.model, self.kind, self.request, self.expected = model, kind, request, expected


def imported(ratecard, name, path, folder):
    """Imports a list into a folder and returns the report."""
    run = subprocess.run(
        [ratecard, "import", name, path, "--output", folder, "--format", "json"],
        capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"the import of {path} failed: {run.stderr or run.stdout[-2000:]}")
    lint = subprocess.run([ratecard, "lint", folder, "--strict"], capture_output=True, text=True)
    if lint.returncode != 0:
        sys.exit(f"the imported card has findings:\n{lint.stdout[-2000:]}")
    header = pathlib.Path(folder) / "card.yaml"
    text = header.read_text()
    changed = text.replace("worth: 1 USD", "worth: 0.000000000000000001 USD")
    assert changed != text
    header.write_text(changed)
    return json.loads(run.stdout)


def answers(ratecard, folder, requests):
    """The card's answers to requests, in order."""
    with tempfile.TemporaryFile("w+") as questions:
        for request in requests:
            questions.write(json.dumps(request) + "\n")
        questions.seek(0)
        run = subprocess.run(
            [ratecard, "eval", folder, "--price", "--jsonl"], stdin=questions, capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if len(lines) != len(requests):
        sys.exit(f"{len(requests)} requests have {len(lines)} answers: {run.stderr[-2000:]}")
    return [json.loads(line) for line in lines]


def dollars(answer):
    """The amount of an answer in dollars; None: it has no price."""
    if "credits" in answer:
        return Decimal(answer["credits"]) / UNIT
    code = answer["error"]["code"]
    if code != "unpriced":
        raise SystemExit(f"a case is no valid request: {answer}")
    return None


def is_same(mine, expected):
    """Whether two amounts are the same: decimals exactly, floats within 1e-9 of each other."""
    if mine is None or expected is None:
        return mine is expected
    if isinstance(expected, float):
        exact = Decimal(expected)
        return abs(mine - exact) <= abs(exact) * Decimal("1e-9")
    return mine == expected.quantize(FINEST, ROUND_HALF_UP)


class Explained:
    """The disagreements that are known, with why."""

    def __init__(self, name):
        self.name = name
        self.entries = []
        for number, line in enumerate((HERE / "disagreements.tsv").read_text().splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) != 5 or not fields[4]:
                sys.exit(f"disagreements.tsv:{number}: list, case, models, count and reason are wanted")
            if fields[0] == name:
                self.entries.append((number, fields[1], fields[2], int(fields[3])))

    def failures(self, found):
        """What is not as the file says; `found` are (model, kind, text) of disagreements."""
        failures = []
        models = {entry: set() for entry in self.entries}
        unexplained = {}
        for model, kind, text in found:
            for entry in self.entries:
                if fnmatch.fnmatchcase(kind, entry[1]) and fnmatch.fnmatchcase(model, entry[2]):
                    models[entry].add(model)
                    break
            else:
                unexplained.setdefault((model, kind), text)
        for (model, kind), text in sorted(unexplained.items()):
            failures.append(f"{self.name}: {model}, {kind}: {text}")
        for (number, kind, glob, count), seen in models.items():
            if len(seen) != count:
                failures.append(
                    f"disagreements.tsv:{number}: {glob}, {kind}: {count} models, but now {len(seen)}")
        return failures


def compare(ratecard, name, folder, cases):
    """Asks the card all cases; answers how many there were, and what is wrong."""
    found = []
    kinds = {}
    for case, answer in zip(cases, answers(ratecard, folder, [case.request for case in cases])):
        mine = dollars(answer)
        kind = kinds.setdefault(case.kind, [0, 0])
        kind[0] += 1
        if not is_same(mine, case.expected):
            kind[1] += 1
            found.append((case.model, case.kind, f"{mine} here, {case.expected} there, for {case.request}"))
    for kind, (count, different) in sorted(kinds.items()):
        print(f"  {count:8} {kind}" + (f", {different} differ" if different else ""))
    return len(cases), Explained(name).failures(found)
