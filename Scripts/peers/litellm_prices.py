"""litellm, with the price list that it ships."""

import os
from importlib.metadata import version

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

from contest import serve  # noqa: E402
from litellm import cost_per_token  # noqa: E402
from usage_records import usage  # noqa: E402


def build(contest):
    def price(record):
        prompt, completion = cost_per_token(
            model=contest["model"],
            custom_llm_provider="anthropic",
            prompt_tokens=record["input_tokens"],
            cache_read_input_tokens=record["cache_read_tokens"],
            cache_creation_input_tokens=record["cache_write_tokens"],
            completion_tokens=record["output_tokens"],
        )
        return prompt + completion

    requests, answer = usage(contest, price)
    return requests, answer, None, f"litellm {version('litellm')}, then two multiplications"


serve(build)
