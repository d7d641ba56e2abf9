"""Spells the conditions of a contest's rules for languages whose expressions look much alike."""

from contest import CannotError

COMPARISONS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


def condition(rule, *, both, either, starts, contains, always):
    """The tests of a rule as one expression.

    `starts` and `contains` are formats of a name and a text; `both` and `either` join expressions.
    """
    parts = []
    for test in rule["tests"]:
        name = test["attribute"]
        choices = [f"{name} == '{text}'" for text in test.get("texts", [])]
        if len(choices) > 1:
            choices = [f"{name} in {test['texts']!r}"]
        for glob in test.get("globs", []):
            form, text = (starts, prefix(glob)) if prefix(glob) else (contains, infix(glob))
            choices.append(form.format(name, text))
        if choices:
            parts.append(choices[0] if len(choices) == 1 else f"({either.join(choices)})")
        parts += [f"{name} {sign} {test[key]}" for key, sign in COMPARISONS.items() if key in test]
    return both.join(parts) or always


def prefix(glob):
    """The text that a glob begins with and that is all it asks for; None: it asks for something else."""
    return glob[:-1] if glob.endswith("*") and "*" not in glob[:-1] else None


def infix(glob):
    """The text that a glob asks for somewhere."""
    text = glob[1:-1]
    if glob != f"*{text}*" or "*" in text:
        raise CannotError(f"it has no way to ask for {glob}")
    return text


def tree(name, steps, quote):
    """Nested `?:` that find the last of some ascending `(bound, expression)` not above `name`.

    As deep as a binary search; the first bound is not looked at.
    """
    if len(steps) == 1:
        return steps[0][1]
    half = len(steps) // 2
    below, above = tree(name, steps[:half], quote), tree(name, steps[half:], quote)
    return f"({name} < {quote(steps[half][0])} ? {below} : {above})"


def bands(contest):
    """The lower bounds and the answers of a ladder, ascending."""
    return sorted((int(rule["tests"][0]["at_least"]), rule["answer"]) for rule in contest["rules"])


def table_tree(contest):
    """A table as nested `?:`, for languages whose texts compare: a binary search among the models."""
    text = "1"
    for kind, row in contest["cells"].items():
        leaves = [(model, f"(model == '{model}' ? {cost} : 1)") for model, cost in sorted(row.items())]
        text = f"request_type == '{kind}' ? {tree('model', leaves, repr)} : ({text})"
    return f"request_type == '{contest['free']}' ? 0 : ({text})"


def records(contest):
    """The requests as dicts."""
    return [dict(zip(contest["attributes"], request)) for request in contest["requests"]]
