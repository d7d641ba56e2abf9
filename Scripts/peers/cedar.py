"""cedarpy: Cedar in Rust. It names all policies that permit; the first in order is the answer.

A table's type is the action and its model the resource, so that a policy is told by its head.
"""

from importlib.metadata import version

import cedarpy
from contest import serve
from spelling import COMPARISONS


def policy(head, conditions):
    when = f" when {{ {' && '.join(conditions)} }}" if conditions else ""
    return f"permit({head}){when};\n"


def table(contest):
    """Policies and their costs."""
    cells = [
        (f'principal, action == Action::"{kind}", resource == Model::"{model}"', cost)
        for kind, row in contest["cells"].items()
        for model, cost in row.items()
    ]
    cells.append((f'principal, action == Action::"{contest["free"]}", resource', 0))
    return "".join(policy(head, []) for head, _ in cells), [cost for _, cost in cells]


def rules(contest):
    text = "".join(
        policy("principal, action, resource", list(conditions(rule))) for rule in contest["rules"]
    )
    return text, [rule["answer"] for rule in contest["rules"]]


def conditions(rule):
    for test in rule["tests"]:
        value = f"context.{test['attribute']}"
        texts = ", ".join(f'"{text}"' for text in test.get("texts", []))
        choices = [f"[{texts}].contains({value})" if "," in texts else f"{value} == {texts}"]
        choices = (choices if texts else []) + [
            f'{value} like "{glob}"' for glob in test.get("globs", [])
        ]
        if choices:
            yield f"({' || '.join(choices)})"
        for key, sign in COMPARISONS.items():
            if key in test:
                yield f"{value} {sign} {test[key]}"


def asked(contest, request):
    values = dict(zip(contest["attributes"], request))
    is_table = contest["kind"] == "table"
    kind, model = (values["request_type"], values["model"]) if is_table else ("any", "any")
    return {
        "principal": {"type": "Caller", "id": "any"},
        "action": {"type": "Action", "id": kind},
        "resource": {"type": "Model", "id": model},
        "context": {} if is_table else values,
    }


def build(contest):
    is_table = contest["kind"] == "table"
    text, answers = table(contest) if is_table else rules(contest)
    policies = cedarpy.PolicySet.from_str(text)
    nothing = cedarpy.PolicySet.from_str("permit(principal, action, resource);")
    entities = cedarpy.Entities.from_json_str("[]")
    otherwise = 1 if is_table else -1

    def answer(request):
        reasons = cedarpy.is_authorized(request, policies, entities).diagnostics.reasons
        # Policies are called policy0, policy1 and so on.
        return answers[min(int(name[6:]) for name in reasons)] if reasons else otherwise

    return (
        [asked(contest, request) for request in contest["requests"]],
        answer,
        lambda request: len(cedarpy.is_authorized(request, nothing, entities).diagnostics.reasons),
        f"cedarpy {version('cedarpy')}",
    )


serve(build)
