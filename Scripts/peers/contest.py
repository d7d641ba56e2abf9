"""Serves a contest to `ratecard-bench peers`: reads it, answers its requests once a line."""

import functools
import json
import sys
import time

# A lap of a slow engine is kept about this short.
SECONDS_A_LAP = 0.15


def serve(build):
    """Takes part in the contest whose file is the first argument.

    `build(contest)` returns the requests as the engine likes them best, a function from one of them
    to its answer, a function from one of them to a constant by the same way (or None), and a note.
    It raises something where the engine cannot express the contest.
    """
    with open(sys.argv[1], encoding="utf-8") as file:
        contest = json.load(file)
    try:
        requests, answer, constant, note = build(contest)
        requests = requests[: affordable(requests, answer)]
    except Exception as error:  # noqa: BLE001  Whatever an engine has against it is an answer.
        print(json.dumps({"cannot": str(error).splitlines()[0].rstrip()[:120]}), flush=True)
        return
    print(json.dumps({"count": len(requests), "note": note}), flush=True)
    for _ in sys.stdin:
        nanoseconds, answers = lap(requests, answer)
        result = {"ns": nanoseconds, "check": check(answers)}
        if constant:
            result["binding_ns"], _ = lap(requests, constant)
        print(json.dumps(result), flush=True)


class CannotError(Exception):
    """The engine cannot express a contest; says why."""


def affordable(requests, answer):
    """How many requests are answered in the time of a lap."""
    sample = min(len(requests), 16)
    nanoseconds, _ = lap(requests[:sample], answer)
    return min(len(requests), max(sample, int(SECONDS_A_LAP * 1e9 / nanoseconds)))


def lap(requests, answer):
    """The nanoseconds that an answer took, and all answers."""
    start = time.perf_counter_ns()
    answers = [answer(request) for request in requests]
    return (time.perf_counter_ns() - start) / len(requests), answers


def check(answers):
    """What the answers in their order come to."""
    return functools.reduce(lambda total, answer: (total * 31 + answer) & 0x7FFFFFFF, answers, 0)
