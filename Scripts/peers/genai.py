"""genai-prices, with the price list that it ships."""

from importlib.metadata import version

from contest import serve
from genai_prices import Usage, calc_price
from usage_records import usage


def build(contest):
    def price(record):
        return calc_price(
            Usage(**record), model_ref=contest["model"], provider_id="anthropic"
        ).total_price

    requests, answer = usage(contest, price)
    return (
        requests,
        answer,
        None,
        f"genai-prices {version('genai-prices')}, then two multiplications",
    )


serve(build)
