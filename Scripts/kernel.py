#!/usr/bin/env python3
"""Holds the code that answers requests to what it may cost, on a machine however noisy.

    Scripts/kernel.py PROGRAM [--record]

PROGRAM is ratecard-bench from a release build, with ratecard beside it. Its machine code must not
count references, check accesses or allocate on the way of a decision; a decision must not allocate, nor
must a line of `eval --jsonl`; and the instructions that one takes, counted by callgrind, must be within
5 % of Scripts/kernel.tsv, which --record writes.
"""
import os
import re
import subprocess
import sys

REQUESTS = 65_536
LINES = 20_000
FORBIDDEN = re.compile(r"swift_(retain|release|beginAccess|bridgeObject|allocObject|slowAlloc)|\bmalloc")
# Parts of mangled names: what a decision runs through unless something is wrong with the request.
KERNEL = [
    "RatecardEngine9EvaluatorV6decide",
    "RatecardEngine7RequestV3set_5named",
    "RatecardEngine7RequestV3set_7quickly",
    "RatecardEngine7RequestV3setyySi_AC9KnownText",
    "RatecardEngine7RequestV6finish3for",
    "RatecardEngine7RequestV5clear",
    "Ratecard13RequestBufferV3set_4text",
    "Ratecard13RequestBufferV3setyyAA15AttributeHandleV_AA04Text",
    "Ratecard12PreparedCardV5judge__2at",
    "RatecardEngine12PreparedRowsV6answer",
    "8RowFrameVRszrlE",
    "8Ratecard8RateCardV5judge",
    "8Ratecard8RateCardV9judgeCost",
    "RatecardEngine9EvaluatorV9judgeCost",
    "winnerByRows",
]
WAYS = ["handles", "strings", "handles-batch", "strings-batch", "buffer"]
CASES = [(rules, way, form) for rules in (10, 1_000) for way in WAYS
         for form in ("fastest", "rows")]
# Lines of `eval --jsonl` with eight attributes.
LINE_CASES = [(1_000, "lines", "decisions"), (1_000, "lines", "prices")]


def calls(program):
    """The functions that each function of the kernel calls."""
    text = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", program], check=True, capture_output=True,
        text=True).stdout
    found, current = {}, None
    for line in text.splitlines():
        head = re.match(r"[0-9a-f]+ <(.*)>:", line)
        if head:
            current = head[1] if any(part in head[1] for part in KERNEL) else None
            if current:
                found[current] = set()
        elif current and (call := re.search(r"\bcall\s+[0-9a-f]+ <([^>+]*)", line)):
            found[current].add(call[1])
    return found


def count(command, text=None):
    """Instructions and allocations of a run."""
    path = f".build/kernel-{os.getpid()}.out"
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={path}", *command],
        capture_output=True, input=text,
        env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"})
    # Lines may be refused, which has a code of its own.
    if run.returncode not in ((0,) if text is None else (0, 1)):
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr.decode()}")
    total, allocations, names, callee = 0, 0, {}, None
    with open(path) as lines:
        for line in lines:
            if line.startswith("totals:"):
                total = int(line.split()[1])
            elif line.startswith(("fn=", "cfn=")):
                number, name = re.match(r"c?fn=\((\d+)\)(?: (.*))?", line).groups()
                names.setdefault(number, name)
                callee = names[number] if line[0] == "c" else None
            elif line.startswith("calls=") and callee in ("malloc", "posix_memalign", "calloc"):
                allocations += int(line[6:].split()[0])
    os.remove(path)
    return total, allocations


def once_and_twice(program, case):
    """What asking everything once and twice takes: the first round may allocate what later ones use."""
    rules, way, form = map(str, case)
    if way != "lines":
        return [count([program, "ask", rules, way, form, times]) for times in ("1", "2")]
    folder = f".build/kernel-{rules}"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/card.yaml", "wb") as card:
        subprocess.run([program, "card", "decisions", rules], check=True, stdout=card)
    lines = subprocess.run(
        [program, "requests", rules, str(LINES)], check=True, capture_output=True).stdout
    command = [os.path.join(os.path.dirname(program), "ratecard"), "eval", folder, "--jsonl"]
    command += ["--price"] if form == "prices" else []
    return [count(command, lines * times) for times in (1, 2)]


def main(program, record):
    bad = False
    kernel = calls(program)
    for part in KERNEL:
        own = [name for name in kernel if part in name]
        if not own:
            print(f"nothing in the program is called {part}")
            bad = True
        for name in own:
            for call in sorted(filter(FORBIDDEN.search, kernel[name])):
                print(f"{name} calls {call}")
                bad = True
    table = "Scripts/kernel.tsv"
    known = {}
    if not record:
        with open(table) as lines:
            for line in lines:
                rules, way, form, number = line.split("\t")
                known[(int(rules), way, form)] = float(number)
    rows = []
    for case in CASES + LINE_CASES:
        once, twice = once_and_twice(program, case)
        requests = LINES if case in LINE_CASES else REQUESTS
        instructions = (twice[0] - once[0]) / requests
        # A buffer is made for each round.
        allocations = (twice[1] - once[1]) / requests
        rows.append("\t".join(map(str, case)) + f"\t{instructions:.0f}\n")
        note = ""
        if allocations > 0.01:
            note, bad = f"  {allocations:.2f} allocations", True
        if not record and instructions > known[case] * 1.05:
            note, bad = note + f"  more than {known[case]:.0f} + 5 %", True
        print(f"{case[0]:>7} rules, {case[1]:<14}{case[2]:<10}{instructions:>8.0f} instructions{note}")
    if record:
        with open(table, "w") as out:
            out.writelines(rows)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--record" in sys.argv[2:]))
