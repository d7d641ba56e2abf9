"""Turns a usage log into JSON Lines that `ratecard eval --jsonl` reads.

    python3 make_requests.py LOG.csv > requests.jsonl

The log is the Azure LLM inference trace of 2023: TIMESTAMP, ContextTokens, GeneratedTokens. It does
not say what was asked for or which model answered, so the row's number decides, always alike.
"""

import csv
import json
import sys

TYPES = ["chat", "chat", "agent", "composer", "chat", "tab_completion", "composer"]
MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet", "o1", "gpt-4o-2024-08-06", "in-house"]


def requests(path):
    """Yields one request, a dictionary of attributes, for each row of the log."""
    with open(path, newline="", encoding="utf-8") as log:
        for number, row in enumerate(csv.DictReader(log)):
            yield {
                "customer": f"customer-{number % 101}",
                "request_type": TYPES[number % len(TYPES)],
                "model": MODELS[number // len(TYPES) % len(MODELS)],
                "input_tokens": int(row["ContextTokens"]),
                "output_tokens": int(row["GeneratedTokens"]),
                "batch": number % 4 == 3,
                "at": row["TIMESTAMP"].replace(" ", "T") + "Z",
            }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: make_requests.py LOG.csv")
    for request in requests(sys.argv[1]):
        print(json.dumps(request, separators=(",", ":")))
