"""Finds the rule that holds in a hand-written function: a chain of `if`, or a binary search."""

import platform
from bisect import bisect_right

from contest import serve
from spelling import bands, condition


def build(contest):
    note = f"Python {platform.python_version()}"
    if contest["kind"] == "bands":
        ladder = bands(contest)
        bounds, answers = [bound for bound, _ in ladder], [answer for _, answer in ladder]
        return (
            [request[0] for request in contest["requests"]],
            lambda number: answers[bisect_right(bounds, number) - 1],
            None,
            note,
        )
    names = ", ".join(contest["attributes"])
    lines = [f"def rule(request):\n    {names} = request"]
    for rule in contest["rules"]:
        test = condition(
            rule,
            both=" and ",
            either=" or ",
            starts="{}.startswith('{}')",
            contains="'{1}' in {0}",
            always="True",
        )
        lines.append(f"    if {test}: return {rule['answer']}")
    scope = {}
    exec("\n".join(lines), scope)
    return contest["requests"], scope["rule"], None, note


serve(build)
