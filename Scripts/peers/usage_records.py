"""Usage records, which price libraries price and two adjustments then change."""

from spelling import records

MARKUP = 1.05
DISCOUNT = 0.9
UNIT = 1e-8


def adjusted(dollars):
    """A price after both adjustments, in hundred-millionths of a dollar.

    Prices of the contest are whole numbers of these, so that rounding only takes away what binary
    floating point adds.
    """
    return round(float(dollars) * MARKUP * DISCOUNT / UNIT)


def usage(contest, price):
    """The requests, and what answers one with `price` of its four numbers by name."""
    return records(contest), lambda record: adjusted(price(record))
