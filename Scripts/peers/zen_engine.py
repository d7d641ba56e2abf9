"""zen-engine: compiled expressions; a decision table through its graphs takes many times as long."""

from importlib.metadata import version

import zen
from contest import serve
from spelling import bands, condition, records, tree


def table(contest):
    """A chain of models for each request type: texts cannot be compared but for equality."""
    text = "1"
    for kind, row in contest["cells"].items():
        chain = "".join(f"model == '{model}' ? {cost} : " for model, cost in row.items()) + "1"
        text = f"request_type == '{kind}' ? ({chain}) : ({text})"
    return f"request_type == '{contest['free']}' ? 0 : ({text})"


def mixed(contest):
    text = ""
    for rule in contest["rules"]:
        test = condition(
            rule,
            both=" and ",
            either=" or ",
            starts="startsWith({}, '{}')",
            contains="contains({}, '{}')",
            always="true",
        )
        text += f"({test}) ? {rule['answer']} : "
    return text + "-1"


def ladder(contest):
    return tree("input_tokens", [(bound, str(answer)) for bound, answer in bands(contest)], str)


def build(contest):
    source = {"table": table, "mixed": mixed, "bands": ladder}[contest["kind"]](contest)
    answer = zen.compile_expression(source).evaluate
    constant = zen.compile_expression("1").evaluate
    return (
        records(contest),
        lambda request: int(answer(request)),
        lambda request: int(constant(request)),
        f"zen-engine {version('zen-engine')}, one expression",
    )


serve(build)
