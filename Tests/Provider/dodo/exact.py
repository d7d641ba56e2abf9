"""JSON and decimals without binary floating point, so that sums can be compared to the last digit."""

import decimal
import json
import re
import secrets
from decimal import Decimal

# Enough digits for any sum of numbers in the range of a double; anything that would still round
# is a mistake of ours and raises.
# Every thread that starts later copies the default context.
decimal.DefaultContext.prec = 720
decimal.DefaultContext.traps[decimal.Inexact] = True
decimal.setcontext(decimal.DefaultContext.copy())

# Amounts are kept as the provider's database keeps them: NUMERIC(38,28).
QUANTUM = Decimal(1).scaleb(-28)
BOUND = Decimal(10) ** 10


_MARK = secrets.token_hex(16)
_MARKED = re.compile(f'"{_MARK}([^"]*)"')


class Number(Decimal):
    """A number of a JSON text that is not an integer, as it was written."""


class Malformed(ValueError):
    """The text is not JSON."""


def _no_constant(name):
    raise Malformed(f"{name} is not JSON")


def parse(text):
    """The value of a JSON text, its fractions as exact decimals."""
    try:
        return json.loads(text, parse_float=Number, parse_constant=_no_constant)
    except (
        UnicodeDecodeError,
        json.JSONDecodeError,
        RecursionError,
        decimal.InvalidOperation,
        ValueError,
    ) as error:
        raise Malformed(str(error)) from None


def render(value):
    """JSON text, decimals written as numbers with every digit and keys in their given order."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_marked)
    return _MARKED.sub(r"\1", text)


def _marked(value):
    """A decimal as a text that nobody else can have written, for `render` to take the quotes off."""
    if isinstance(value, Decimal):
        return _MARK + plain(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


def plain(amount):
    """Decimal notation without exponent or closing zeros: 5, 0.25, -3."""
    if not amount:
        return "0"
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def divide(amount, divisor):
    """A quotient at the 28 decimals the provider stores."""
    with decimal.localcontext() as context:
        context.traps[decimal.Inexact] = False
        return (amount / divisor).quantize(QUANTUM, rounding=decimal.ROUND_HALF_EVEN).normalize()


def round_down(amount, places):
    """The largest amount of so many decimals that is not more than `amount`, which is not negative."""
    with decimal.localcontext() as context:
        context.traps[decimal.Inexact] = False
        return amount.quantize(Decimal(1).scaleb(-places), rounding=decimal.ROUND_DOWN)


def survives_double(number):
    """Whether a reader who uses binary floating point gets back every digit that was written."""
    return Decimal(repr(float(number))) == number
