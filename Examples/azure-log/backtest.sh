#!/bin/bash
# Prices a log of Azure's by a public price list, and once more after a price of the imported card has
# changed: who would pay what, as text, or as a page where REPORT is given.
#
#   Examples/azure-log/backtest.sh LIST.json LOG.csv [REPORT.html]
#
# RATECARD is the program, Scripts/ratecard unless given.
set -euo pipefail
program="${RATECARD:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../Scripts/ratecard}"
cards="$(mktemp -d)"
trap 'rm -rf "$cards"' EXIT

"$program" import genai-prices "$1" --output "$cards/before" >"$cards/import.log" 2>&1 || {
  cat "$cards/import.log" >&2
  exit 3
}
cp -r "$cards/before" "$cards/after"
# What a million tokens out of gpt-4o cost goes from 10 to 12 dollars.
python3 - "$cards/after/openai.yaml" <<'PYTHON'
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
rule = re.compile(r"(when: \{model: openai/gpt-4o\}\n(?: .*\n)*?\s+output_tokens: )10( USD per 1M\n)")
changed, count = rule.subn(r"\g<1>12\2", text)
if count != 1:
    sys.exit("the list has another price of gpt-4o by now: change this script")
open(sys.argv[1], "w", encoding="utf-8").write(changed)
PYTHON

format=text
[ $# -lt 3 ] || { format=html; exec >"$3"; }
"$program" backtest "$cards/after" --against "$cards/before" --usage "$2" \
  --map TIMESTAMP=at --map ContextTokens=input_tokens --map GeneratedTokens=output_tokens \
  --zone UTC --set model=openai/gpt-4o --format "$format"
