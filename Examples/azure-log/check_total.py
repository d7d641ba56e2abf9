"""Checks the answers of `ratecard eval --jsonl` on standard input against a second computation.

    … | python3 check_total.py LOG.csv

The prices of card/card.yaml stand here once more, as fractions and by hand, and share nothing with
the program. Every answer is compared, then their sum is printed.
"""

import json
import sys
from fractions import Fraction

from make_requests import requests

CREDIT = Fraction("0.01")  # dollars
PER_MILLION = {  # dollars for a million input and output tokens
    "gpt-4o": ("2.50", "10"),
    "gpt-4o-2024-08-06": ("2.50", "10"),
    "gpt-4o-mini": ("0.15", "0.60"),
    "claude-sonnet": ("3", "15"),
    "o1": ("15", "60"),
}
MILLION = 10**6


def price(request):
    """The exact credits of a request, before they are rounded."""
    model, kind = request["model"], request["request_type"]
    tokens = (request["input_tokens"], request["output_tokens"])
    half = Fraction(1, 2) if request["batch"] else 1

    if kind == "tab_completion":
        return min(Fraction("0.01") + Fraction("0.001") * tokens[1] / 7 * half, Fraction("0.02"))
    if model not in PER_MILLION:
        credits = Fraction("0.25")
    else:
        rates = PER_MILLION[model]
        if model == "gpt-4o-mini" and request["at"] >= "2023-11-16T18:45:00":
            rates = ("0.07", "0.29")
        if model == "claude-sonnet" and tokens[0] > 4000:
            rates = ("6", "22.50")
        dollars = sum(Fraction(rate) * count / 10**6 for rate, count in zip(rates, tokens))
        credits = dollars / CREDIT * half
    if kind == "agent":
        credits = max(credits * Fraction("1.1"), Fraction("0.2"))
    return credits


def main(path):
    total, count = 0, 0
    for request, line in zip(requests(path), sys.stdin, strict=True):
        millionths = round(price(request) * MILLION)  # half to even, on fractions exactly
        answer = json.loads(line)
        if "credits" not in answer or Fraction(answer["credits"]) * MILLION != millionths:
            sys.exit(f"request {count + 1}: {line.strip()}, computed {millionths} millionths")
        total, count = total + millionths, count + 1
    credits = f"{total // MILLION}.{total % MILLION:06}"
    print(f"{count} requests, {credits} credits, each as computed here")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: … | check_total.py LOG.csv")
    main(sys.argv[1])
