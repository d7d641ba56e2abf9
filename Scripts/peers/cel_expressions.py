"""A contest as expressions of CEL: nested `?:`, which it evaluates as far as they are needed."""

from spelling import bands, condition, table_tree, tree


def chunks(contest, size):
    """Expressions of which the first to answer 0 or more is right.

    Rules of all kinds are cut into so many an expression, since CEL bounds how deep these may be.
    """
    if contest["kind"] == "table":
        return [table_tree(contest)]
    if contest["kind"] == "bands":
        return [
            tree("input_tokens", [(bound, str(answer)) for bound, answer in bands(contest)], str)
        ]
    rules = contest["rules"]
    return [
        "".join(f"({spelled(rule)}) ? {rule['answer']} : " for rule in rules[start : start + size])
        + "-1"
        for start in range(0, len(rules), size)
    ]


def spelled(rule):
    return condition(
        rule,
        both=" && ",
        either=" || ",
        starts="{}.startsWith('{}')",
        contains="{}.contains('{}')",
        always="true",
    )
