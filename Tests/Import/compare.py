"""Compares imported cards with the lists' own packages, for every model.

    compare.py RATECARD genai-prices|litellm FILE

Prints how many cases of each kind there were, and every disagreement that disagreements.tsv does
not explain, or explains no longer. Exits with 1 where there is one.
"""

import sys
import tempfile
import time

from agreement import answers, compare, dollars, imported, is_same


def genai_prices(ratecard, folder, report):
    import genai_prices_cases

    cases, models = genai_prices_cases.cases()
    if models != report["models"]["imported"]:
        return 0, [f"{models} models have prices, but {report['models']['imported']} are imported"]
    count, failures = compare(ratecard, "genai-prices", folder, cases)
    # A text that the card does not know is no disagreement: the report counts those. One that it
    # takes for another model is.
    names = list(genai_prices_cases.names())
    known = 0
    for case, answer in zip(names, answers(ratecard, folder, [case.request for case in names])):
        mine = dollars(answer)
        if mine is None:
            continue
        known += 1
        if not is_same(mine, case.expected):
            failures.append(f"{case.model} costs {mine} here, {case.expected} there")
    listed = sum(case.expected is not None for case in names)
    print(f"  {known:8} names of models, of {listed} that the package knows")
    return count + len(names), failures


def litellm(ratecard, folder, report):
    import litellm_cases

    cases, models = litellm_cases.cases()
    print(f"  {models} models with prices, {report['models']['imported']} imported")
    if report["models"]["imported"] < models * 0.95:
        return 0, ["fewer than 95 % of the priced models are imported"]
    return compare(ratecard, "litellm", folder, cases)


def main():
    ratecard, name, path = sys.argv[1:]
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as parent:
        folder = f"{parent}/card"
        report = imported(ratecard, name, path, folder)
        print(f"{name}: {report['models']['imported']} models, {report['prices']['imported']} prices, "
              f"{report['rules']} rules")
        compared = {"genai-prices": genai_prices, "litellm": litellm}[name]
        count, failures = compared(ratecard, folder, report)
    for failure in failures[:100]:
        print(failure)
    if len(failures) > 100:
        print(f"and {len(failures) - 100} more")
    print(f"{name}: {count} cases, {len(failures)} failures, {time.monotonic() - start:.0f} s")
    sys.exit(1 if failures or not count else 0)


if __name__ == "__main__":
    main()
