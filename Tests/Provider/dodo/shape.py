"""Checks values against the shapes of schema.json, whose notation that file explains."""

import json
import pathlib
import re
from decimal import Decimal
from functools import lru_cache

from dodo.clock import parse_time

SCHEMA = json.loads(pathlib.Path(__file__).with_name("schema.json").read_text())
SHAPES = SCHEMA["shapes"]

_RANGE = r"(?:\((?P<low>-?\d*)\.\.(?P<high>-?\d*)\))?"
_NAME = re.compile(r"(?P<name>[A-Za-z0-9-]+)" + _RANGE + "$")
_BRACKETED = re.compile(r"(?P<open>[\[{])(?P<inner>.*)[\]}]" + _RANGE + "$")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WIDTHS = {"integer": None, "int32": 31, "int64": 63}
LARGEST_DOUBLE = Decimal("1.7976931348623157e308")


class Misfit(Exception):
    """A value that does not have the shape it should; says where and why."""


def check(value, shape, place="body", lenient=False):
    """Raises `Misfit` unless the value has the shape. A lenient check passes fields nobody knows."""
    definition = SHAPES.get(shape)
    if definition is None:
        return _check_expression(value, shape, place, lenient)
    if isinstance(definition, str):
        return _check_expression(value, definition, place, lenient)
    if isinstance(definition, list):
        if not isinstance(value, str) or value not in definition:
            raise Misfit(f"{place}: expected one of {', '.join(definition)}")
        return None
    if not isinstance(value, dict):
        raise Misfit(f"{place}: expected an object")
    if "union" in definition:
        member = value.get(definition["union"])
        if not isinstance(member, str) or member not in definition["members"]:
            raise Misfit(
                f"{place}.{definition['union']}: expected one of {', '.join(definition['members'])}"
            )
        return check(value, definition["members"][member], place, lenient)
    return _check_fields(value, shape, place, lenient)


@lru_cache(maxsize=None)
def fields(shape):
    """The fields of an object's shape: name → (expression, whether it must be there)."""
    return {
        name.rstrip("?"): (kind, not name.endswith("?")) for name, kind in SHAPES[shape].items()
    }


@lru_cache(maxsize=None)
def alternatives(expression):
    """The members of `A|B`, leaving alone the bars inside brackets."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(expression):
        depth += (character in "[{(") - (character in "]})")
        if character == "|" and depth == 0:
            parts.append(expression[start:index])
            start = index + 1
    return tuple(parts + [expression[start:]])


@lru_cache(maxsize=None)
def parsed(expression):
    """One alternative taken apart: its kind (`[`, `{` or a name), what is inside, and its bounds."""
    match = _BRACKETED.match(expression) or _NAME.match(expression)
    if match is None:
        raise ValueError(f"{expression} is no type")
    groups = match.groupdict()
    bounds = tuple(int(groups[side]) if groups.get(side) else None for side in ("low", "high"))
    return groups.get("open") or groups["name"], groups.get("inner"), bounds


def _check_fields(value, shape, place, lenient):
    known = fields(shape)
    for name, (kind, required) in known.items():
        if name in value:
            check(value[name], kind, f"{place}.{name}", lenient)
        elif required:
            raise Misfit(f"{place}: missing field {name}")
    if not lenient:
        for name in value:
            if name not in known:
                raise Misfit(f"{place}: unknown field {name}")


def _check_expression(value, expression, place, lenient):
    choices = alternatives(expression)
    reasons = []
    for choice in choices:
        try:
            return _check_alternative(value, choice, place, lenient)
        except Misfit as misfit:
            if value is not None or choice != "null":
                reasons.append(str(misfit))
    raise Misfit(reasons[0])


def _check_alternative(value, expression, place, lenient):
    kind, inner, (low, high) = parsed(expression)
    if kind in SHAPES:
        return check(value, kind, place, lenient)
    if kind == "[":
        if not isinstance(value, list):
            raise Misfit(f"{place}: expected a list")
        _bounded(len(value), low, high, f"{place}: number of items")
        for index, item in enumerate(value):
            check(item, inner, f"{place}[{index}]", lenient)
        return None
    if kind == "{":
        if not isinstance(value, dict):
            raise Misfit(f"{place}: expected an object")
        _bounded(len(value), low, high, f"{place}: number of pairs")
        for name, item in value.items():
            check(item, inner, f"{place}.{name}", lenient)
        return None
    if not _is_primitive(value, kind):
        raise Misfit(f"{place}: expected {kind}")
    if low is not None or high is not None:
        _bounded(len(value) if isinstance(value, str) else value, low, high, place)
    return None


def _is_primitive(value, kind):
    if kind == "any":
        return True
    if kind == "null":
        return value is None
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in _WIDTHS:
        width = _WIDTHS[kind]
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and (width is None or -(2**width) <= value < 2**width)
    if kind == "number":
        number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        return number and abs(value) <= LARGEST_DOUBLE
    if not isinstance(value, str):
        return False
    if kind == "decimal":
        return _DECIMAL.fullmatch(value) is not None
    if kind == "date-time":
        return parse_time(value) is not None
    if kind == "string":
        return True
    raise ValueError(f"{kind} is no type")


def _bounded(size, low, high, what):
    if low is not None and size < low:
        raise Misfit(f"{what}: {size} is less than {low}")
    if high is not None and size > high:
        raise Misfit(f"{what}: {size} is more than {high}")
