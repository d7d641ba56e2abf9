"""Cases for the card that is made of LiteLLM's list: every entry, asked of the library's functions."""

import datetime
import functools
import os
import re

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from litellm.cost_calculator import (
    batch_cost_calculator, cost_per_token, default_image_cost_calculator, default_video_cost_calculator, ocr_cost)
from litellm.litellm_core_utils.llm_cost_calc import utils
from litellm.litellm_core_utils.llm_cost_calc.tool_call_cost_tracking import StandardBuiltInToolCostTracking
from litellm.llms import get_cost_for_google_maps_grounding_request, get_cost_for_web_search_request
from litellm.llms.base_llm.ocr.transformation import OCRResponse, OCRUsageInfo
from litellm.llms.base_llm.rerank.transformation import BaseRerankConfig
from litellm.search import search_provider_cost_per_query
from litellm.types.utils import (
    CacheCreationTokenDetails, CompletionTokensDetailsWrapper, PromptTokensDetailsWrapper, Usage)

from agreement import Case

litellm.suppress_debug_info = True
UTC = datetime.timezone.utc
# A Thursday, in no off-peak window.
USUAL = datetime.datetime(2026, 11, 26, 2, tzinfo=UTC)
LEVELS = ["flex", "priority", "fast", "balanced", "ultrafast"]
IMAGES = ("image_generation", "image_edit")
# Providers for which the library counts images by functions of their own.
OWN_IMAGES = ("vertex_ai", "bedrock", "recraft", "aiml", "cometapi", "gemini", "azure_ai", "fal_ai", "runwayml")


def priced_keys(entry):
    return [key for key, value in entry.items()
            if ("cost_per" in key or "token_cost" in key or key.endswith("_pricing")) and value is not None]


def usage(tokens):
    """The library's usage for tokens as the card counts them."""
    read = tokens.get("cache_read_tokens", 0)
    written = tokens.get("cache_write_tokens", 0)
    hour = tokens.get("cache_write_1h_tokens", 0)
    prompt = PromptTokensDetailsWrapper(
        cached_tokens=read, audio_tokens=tokens.get("input_audio_tokens", 0),
        image_tokens=tokens.get("input_image_tokens", 0), video_tokens=tokens.get("input_video_tokens", 0))
    if written:
        prompt.cache_creation_tokens = written
        prompt.cache_creation_token_details = CacheCreationTokenDetails(
            ephemeral_5m_input_tokens=written - hour, ephemeral_1h_input_tokens=hour)
    completion = CompletionTokensDetailsWrapper(
        reasoning_tokens=tokens.get("output_reasoning_tokens", 0), audio_tokens=tokens.get("output_audio_tokens", 0),
        image_tokens=tokens.get("output_image_tokens", 0), video_tokens=tokens.get("output_video_tokens", 0))
    inputs, outputs = tokens.get("input_tokens", 0), tokens.get("output_tokens", 0)
    return Usage(
        prompt_tokens=inputs, completion_tokens=outputs, total_tokens=inputs + outputs,
        prompt_tokens_details=prompt, completion_tokens_details=completion)


def provider(entry):
    """The provider as the library's functions call it."""
    name = entry.get("litellm_provider", "")
    for prefix in ("vertex_ai", "bedrock_converse", "fireworks_ai"):
        if name.startswith(prefix):
            return "bedrock" if prefix.startswith("bedrock") else prefix
    return name


class At:
    """Makes the library take some time for now."""

    def __init__(self, time):
        self.time = time

    def __enter__(self):
        self.saved = utils.current_billing_time
        utils.current_billing_time = lambda: self.time

    def __exit__(self, *_):
        utils.current_billing_time = self.saved


def tokens_price(key, entry, tokens, level, time):
    with At(time):
        if finds(key, provider(entry)):
            parts = cost_per_token(
                model=key, custom_llm_provider=provider(entry), usage_object=usage(tokens), service_tier=level)
        else:
            parts = utils.generic_cost_per_token(
                model=key, usage=usage(tokens), custom_llm_provider=provider(entry), service_tier=level,
                model_info=entry)
        return float(sum(parts))


@functools.cache
def finds(key, name):
    """Whether the library, asked for an entry by its key and provider, takes that entry."""
    try:
        return f"{name}/{key}" not in litellm.model_cost and litellm.get_model_info(
            model=key, custom_llm_provider=name)["key"] == key
    except Exception:  # the library finds no entry
        return False


def bounds(entry):
    found = {int(match[1]) * 1000 for key in entry if (match := re.search(r"_above_(\d+)k_tokens", key))}
    found |= {int(tier["range"][0]) for tier in entry.get("tiered_pricing", []) if "range" in tier} - {0}
    return sorted(found)


def token_usages(entry):
    yield "no tokens", {"input_tokens": 0, "output_tokens": 0}
    yield "one token", {"input_tokens": 1, "output_tokens": 0}
    yield "one token of output", {"input_tokens": 1, "output_tokens": 1}
    yield "many tokens", {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
    yield "cache reads", {"input_tokens": 30_011, "cache_read_tokens": 20_003, "output_tokens": 307}
    yield "cache writes", {"input_tokens": 30_011, "cache_write_tokens": 1_009, "output_tokens": 307}
    if "cache_creation_input_token_cost_above_1hr" in entry:
        yield "cache writes for an hour", {
            "input_tokens": 30_011, "cache_read_tokens": 20_003, "cache_write_tokens": 1_009,
            "cache_write_1h_tokens": 511, "output_tokens": 307}
    for unit in ("audio", "image", "video"):
        if f"input_cost_per_{unit}_token" in entry:
            yield f"{unit} tokens", {
                "input_tokens": 3_011, f"input_{unit}_tokens": 1_003, "output_tokens": 307}
    for unit in ("audio", "image", "video", "reasoning"):
        if f"output_cost_per_{unit}_token" in entry or unit == "reasoning" and "tiered_pricing" in entry:
            yield f"{unit} tokens of output", {
                "input_tokens": 3_011, "output_tokens": 2_003, f"output_{unit}_tokens": 1_009}
    for bound in bounds(entry):
        for count in (bound - 1, bound, bound + 1):
            yield "at a bound", {"input_tokens": count, "output_tokens": 1_001}
            yield "at a bound, cached", {
                "input_tokens": count, "cache_read_tokens": 1_500, "output_tokens": 77}


def windows(entry):
    """Instants on both sides of the changes of off-peak pricing, on every day of a week."""
    if "off_peak_pricing" not in entry:
        return [USUAL]
    clocks = [(0, 0), (1, 0), (4, 0), (6, 0), (10, 0), (16, 0)]
    start = datetime.datetime(2026, 11, 23, tzinfo=UTC)
    times = []
    for day in range(7):
        for hour, minute in clocks:
            time = start + datetime.timedelta(days=day, hours=hour, minutes=minute)
            times += [time - datetime.timedelta(seconds=1), time]
    return times


def token_cases(key, name, entry):
    levels = [level for level in LEVELS if any(
        k.endswith("_priority" if level == "fast" else f"_{level}") for k in entry)]
    for time in windows(entry):
        for kind, tokens in token_usages(entry):
            if len(tokens) < 2 and time != USUAL:
                continue
            for level in [None, "other"] + levels:
                request = {"model": name, "at": time.isoformat(), **tokens}
                if level:
                    request["service_tier"] = level
                yield Case(key, kind + (", by level" if level in levels else ""), request,
                           tokens_price(key, entry, tokens, level, time))
    if "input_cost_per_token_batches" in entry:
        for kind, tokens in token_usages(entry):
            if "hour" in kind or "reasoning" in kind:
                continue
            parts = batch_cost_calculator(
                usage=usage(tokens), model=key, custom_llm_provider=provider(entry), model_info=entry)
            yield Case(key, kind + ", batch",
                       {"model": name, "processing": "batch", "at": USUAL.isoformat(), **tokens}, float(sum(parts)))


def media_cases(key, name, entry):
    mode = entry.get("mode")
    at = {"model": name, "at": USUAL.isoformat()}
    if mode in IMAGES and "output_cost_per_image" in entry and not entry.get("input_cost_per_image"):
        for n in (1, 3):
            yield Case(key, "images", {**at, "output_images": n}, entry["output_cost_per_image"] * n)
    if mode in IMAGES and not provider(entry).startswith(OWN_IMAGES):
        for n in (1, 3):
            try:
                cost = default_image_cost_calculator(model=key, n=n, size="7x11")
            except Exception:
                break
            yield Case(key, "images by the default calculator",
                       {**at, "output_images": n, "input_pixels": 77 * n}, float(cost))
    for size in [key_.rsplit("_", 1)[1] for key_ in entry if re.match(r"output_cost_per_image_\d", key_)]:
        yield Case(key, "images of a size", {**at, "output_images": 2, "image_size": size},
                   entry[f"output_cost_per_image_{size}"] * 2)
    if mode == "video_generation":
        sizes = [k.rsplit("_", 1)[1] for k in entry if re.match(r"output_cost_per_second_\w", k)]
        for size in [None, "other"] + sizes:
            for seconds in (0.0, 1.0, 7.5):
                cost = default_video_cost_calculator(
                    model=key, duration_seconds=seconds, model_info=entry, video_resolution=size)
                yield Case(key, "video", {**at, "output_video_seconds": seconds,
                                          **({"resolution": size} if size else {})}, float(cost))
    if mode == "audio_transcription" and ("input_cost_per_second" in entry or "output_cost_per_second" in entry):
        for seconds in (0.0, 1.0, 61.5):
            yield Case(key, "seconds of audio", {**at, "audio_seconds": seconds},
                       float(entry.get("output_cost_per_second") or entry.get("input_cost_per_second") or 0) * seconds)
    if mode == "audio_speech" and "input_cost_per_character" in entry:
        for count in (0, 1, 1_000_003):
            yield Case(key, "characters", {**at, "input_characters": count}, entry["input_cost_per_character"] * count)


def service_cases(key, name, entry):
    mode = entry.get("mode")
    at = {"model": name, "at": USUAL.isoformat()}
    if mode == "rerank" and "input_cost_per_query" in entry:
        for count in (0, 1, 1003):
            cost = BaseRerankConfig.calculate_rerank_cost(
                None, model=key, billed_units={"search_units": count}, model_info=entry)
            yield Case(key, "searches of a reranker", {**at, "rerank_searches": count}, float(sum(cost)))
    if mode == "search" and entry["litellm_provider"] != "parallel_ai":
        for results in (None, 25, 26, 100, 101):
            cost = search_provider_cost_per_query(
                model=key, custom_llm_provider=entry["litellm_provider"], number_of_queries=3,
                optional_params={"max_results": results} if results else None)
            yield Case(key, "queries", {**at, "queries": 3, **({"max_results": results} if results else {})},
                       float(sum(cost)))
    if mode == "ocr":
        for pages, annotated in ((1, 0), (1003, 0), (10, 4)):
            if "annotation_cost_per_page" not in entry and annotated:
                continue
            response = OCRResponse(pages=[], model=key, usage_info=OCRUsageInfo(
                pages_processed=pages, pages_processed_annotation=annotated, credits=pages))
            cost = ocr_cost(model=key, custom_llm_provider=entry["litellm_provider"], response=response)
            counts = ({"read_credits": pages} if "ocr_cost_per_credit" in entry
                      else {"read_pages": pages, "annotated_pages": annotated})
            yield Case(key, "pages", {**at, **counts}, float(sum(cost)))
    if entry.get("search_context_cost_per_query"):
        yield from search_cases(key, entry, at)
    if "google_maps_grounding_cost_per_query" in entry:
        for count in (1, 4):
            details = PromptTokensDetailsWrapper()
            details.google_maps_grounding_requests = count
            cost = get_cost_for_google_maps_grounding_request(
                custom_llm_provider=provider(entry), model_info=entry,
                usage=Usage(prompt_tokens=0, completion_tokens=0, prompt_tokens_details=details))
            yield Case(key, "searches of maps", {**at, "map_searches": count}, float(cost))
    if "cost_per_second" in entry or mode in (None, "chat", "completion", "embedding", "responses") and (
            "input_cost_per_second" in entry or "output_cost_per_second" in entry):
        for seconds in (0.0, 1.0, 7.5):
            rate = next(entry[k] for k in ("cost_per_second", "input_cost_per_second", "output_cost_per_second")
                        if entry.get(k) is not None)
            if not (entry.get("input_cost_per_token") or entry.get("output_cost_per_token")):
                yield Case(key, "seconds of an answer", {**at, "response_seconds": seconds}, float(rate * seconds))


def search_cases(key, entry, at):
    for size, extra in ((None, None), ("low", "web_searches_low"), ("high", "web_searches_high")):
        for count in (1, 3):
            details = PromptTokensDetailsWrapper(web_search_requests=count)
            used = Usage(prompt_tokens=0, completion_tokens=0, prompt_tokens_details=details,
                         server_tool_use={"web_search_requests": count})
            used.server_side_tool_usage_details = {"web_search_calls": count}
            name = provider(entry)
            cost = None
            if name in ("gemini", "anthropic") or name.startswith("vertex_ai"):
                cost = get_cost_for_web_search_request(custom_llm_provider=name, usage=used, model_info={**entry, "key": key})
            if cost is None:
                cost = count * StandardBuiltInToolCostTracking.get_cost_for_web_search(
                    web_search_options={"search_context_size": size} if size else None, model_info=entry)
            prices = entry["search_context_cost_per_query"]
            split = extra and len(set(prices.values())) > 1
            yield Case(key, "searches of the web",
                       {**at, "web_searches": count, **({extra: count} if split else {})}, float(cost))


def cases():
    """All cases, and how many entries have prices."""
    result = []
    models = 0
    for key, entry in litellm.model_cost.items():
        if key in ("sample_spec", "fallback_generalizations") or not priced_keys(entry):
            continue
        models += 1
        name = key
        if key == "bedrock/guardrails":
            continue
        has_tokens = "tiered_pricing" in entry and entry.get("mode") != "search" or any(
            "cost_per_token" in k for k in entry)
        if has_tokens:
            result += token_cases(key, name, entry)
        result += media_cases(key, name, entry)
        result += service_cases(key, name, entry)
    return result, models
