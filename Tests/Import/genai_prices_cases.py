"""Cases for the card that is made of genai-prices' list: every model at the bounds of its prices."""

import datetime
import itertools
import re
from decimal import Decimal

from genai_prices import data_snapshot, types

from agreement import Case

UTC = datetime.timezone.utc
DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)
USUAL = datetime.datetime(2026, 11, 26, 12, tzinfo=UTC)
# How the card splits what the package counts together: a part is not in the parts beside it.
WHOLE = {
    "cache_read_tokens": "input_tokens", "cache_write_tokens": "input_tokens",
    "cache_write_1h_tokens": "cache_write_tokens", "input_audio_tokens": "input_tokens",
    "input_image_tokens": "input_tokens", "input_video_tokens": "input_tokens",
    "cache_audio_read_tokens": "cache_read_tokens", "cache_image_read_tokens": "cache_read_tokens",
    "output_reasoning_tokens": "output_tokens", "output_citation_tokens": "output_tokens",
    "output_audio_tokens": "output_tokens", "output_image_tokens": "output_tokens",
    "output_video_tokens": "output_tokens", "input_audio_seconds": "audio_seconds",
    "input_annotated_document_pages": "input_document_pages",
}
OVERLAPS = {"cache_audio_read_tokens": "input_audio_tokens", "cache_image_read_tokens": "input_image_tokens"}
KEYS = {
    "input_mtok": "input_tokens", "output_mtok": "output_tokens", "cache_read_mtok": "cache_read_tokens",
    "cache_write_mtok": "cache_write_tokens", "cache_write_1h_mtok": "cache_write_1h_tokens",
    "cache_audio_read_mtok": "cache_audio_read_tokens", "cache_image_read_mtok": "cache_image_read_tokens",
    "input_audio_mtok": "input_audio_tokens", "input_image_mtok": "input_image_tokens",
    "input_video_mtok": "input_video_tokens", "output_audio_mtok": "output_audio_tokens",
    "output_image_mtok": "output_image_tokens", "output_video_mtok": "output_video_tokens",
    "output_reasoning_mtok": "output_reasoning_tokens", "output_citation_mtok": "output_citation_tokens",
    "input_mchars": "input_characters", "input_text_messages_kcount": "input_text_messages",
    "audio_hours": "audio_seconds", "input_audio_hours": "input_audio_seconds",
    "input_document_kpages": "input_document_pages",
    "input_annotated_document_kpages": "input_annotated_document_pages",
    "web_searches_kcount": "web_searches", "storage_searches_kcount": "storage_searches",
}


def leaf(unit, count):
    """So many of a unit and of nothing else, as the card counts."""
    usage = {}
    while unit:
        usage[unit] = count
        unit = WHOLE.get(unit)
    return usage


def joined(*usages):
    total = {}
    for usage in usages:
        for unit, count in usage.items():
            total[unit] = total.get(unit, 0) + count
    return total


def in_package(usage):
    """The same usage as the package counts it: cached audio is audio too."""
    counts = dict(usage)
    for part, other in OVERLAPS.items():
        if part in counts:
            counts[other] = counts.get(other, 0) + counts[part]
    return types.Usage(**counts)


def conditions(model):
    prices = model.prices if isinstance(model.prices, list) else []
    return [price.constraint for price in prices + (model.price_variants or []) if price.constraint]


def instants(model):
    """Instants on both sides of every change of a price."""
    times = {USUAL}
    dates = set()
    clocks = set()
    for constraint in conditions(model):
        if isinstance(constraint, types.StartDateConstraint):
            start = datetime.datetime.combine(constraint.start_date, datetime.time(), UTC)
            times |= {start - SECOND, start, start + 12 * 3600 * SECOND}
            dates.add(start)
        else:
            for clock in (constraint.start_time, constraint.end_time):
                clocks.add((clock.hour, clock.minute))
    for day in {USUAL} | {date + DAY for date in dates} | {date - DAY for date in dates}:
        for hour, minute in clocks:
            start = day.replace(hour=hour, minute=minute, second=0)
            times |= {start - SECOND, start}
    return sorted(times)


def contexts(model):
    """Every way to fulfil the variants' conditions, and values that fulfil none."""
    values = {}
    for variant in model.price_variants or []:
        for key, value in variant.when.items():
            values.setdefault(key, {None, "other"}).add(value)
    keys = sorted(values)
    for choice in itertools.product(*(sorted(values[key], key=str) for key in keys)):
        yield {key: value for key, value in zip(keys, choice) if value is not None}


def usages(model):
    """Usages at the bounds of a model's prices, each with what kind of case it is."""
    prices = model.prices if isinstance(model.prices, list) else [model]
    sets = [price.prices for price in prices] + [v.prices for v in model.price_variants or []]
    keys = sorted({key for price in sets for key, value in vars(price).items() if value is not None})
    units = [KEYS[key] for key in keys if key in KEYS]
    bounds = sorted({
        tier.start for price in sets for value in vars(price).values()
        if isinstance(value, types.TieredPrices) for tier in value.tiers})
    yield "nothing", {}
    for unit in units:
        yield "one unit", leaf(unit, 1)
        yield "a million units", leaf(unit, 1_000_000)
    yield "cached parts", joined(
        leaf("input_tokens", 700), leaf("cache_read_tokens", 20_003), leaf("cache_write_tokens", 1_009),
        leaf("cache_write_1h_tokens", 511), leaf("output_tokens", 307))
    yield "every unit", joined(*(leaf(unit, 1_003 + 7 * index) for index, unit in enumerate(units)))
    if any(unit.endswith("seconds") for unit in units):
        yield "few seconds", {unit: 3 for unit in ("audio_seconds", "input_audio_seconds")}
        yield "a part of a second", {unit: 12.5 for unit in ("audio_seconds", "input_audio_seconds")}
        yield "seconds of output", {"audio_seconds": 30}
    for bound in bounds:
        for count in (bound - 1, bound, bound + 1):
            yield "at a bound", joined(leaf("input_tokens", count), leaf("output_tokens", 1_001))
            yield "at a bound, cached", joined(
                leaf("input_tokens", count - 3_000), leaf("cache_read_tokens", 1_500),
                leaf("cache_write_tokens", 1_000), leaf("cache_write_1h_tokens", 500),
                leaf("output_tokens", 77))


def price(model, provider, usage, time, context):
    """What the package charges; Decimal, but rounded to 28 digits where it divides by 3600."""
    try:
        return model.calc_price(
            in_package(usage), provider, genai_request_timestamp=time, price_context=context or None
        ).total_price
    except ValueError as error:
        raise SystemExit(f"{provider.id}/{model.id} has no price for {usage}: {error}")


def is_priced(model):
    prices = model.prices if isinstance(model.prices, list) else [model]
    return any(vars(p.prices) for p in prices) or any(vars(v.prices) for v in model.price_variants or [])


def cases():
    """All cases, and how many models they are of."""
    result = []
    models = 0
    for provider in data_snapshot.get_snapshot().providers:
        for model in provider.models:
            if not is_priced(model):
                continue
            models += 1
            name = f"{provider.id}/{model.id}"
            for time in instants(model):
                for context in contexts(model):
                    for kind, usage in usages(model):
                        if context:
                            kind += ", " + "batch" * ("processing" in context) or ", in a context"
                        request = {"model": name, "at": time.isoformat(), **context, **usage}
                        result.append(Case(name, kind, request, price(model, provider, usage, time, context)))
    return result, models


def texts(match, found):
    """Texts that a model's match is about, and some around them."""
    if isinstance(match, (types.ClauseOr, types.ClauseAnd)):
        for clause in match.or_ if isinstance(match, types.ClauseOr) else match.and_:
            texts(clause, found)
    elif isinstance(match, types.ClauseEquals):
        found.add(match.equals)
    elif isinstance(match, types.ClauseStartsWith):
        found |= {match.starts_with, match.starts_with + "-2026-01-01", match.starts_with + "-x"}
    elif isinstance(match, types.ClauseEndsWith):
        found |= {match.ends_with, "x-" + match.ends_with}
    elif isinstance(match, types.ClauseContains):
        found |= {match.contains, "us." + match.contains, match.contains + "-v1:0"}
    elif isinstance(match, types.ClauseRegex):
        found.add(re.sub(r"\\d\{(\d+)\}", lambda m: "1" * int(m[1]), match.regex).strip("^$").replace("\\", ""))


def names():
    """Every text of the list, asked of every provider: (request, expected or None, provider/text)."""
    snapshot = data_snapshot.get_snapshot()
    known = set()
    for provider in snapshot.providers:
        for model in provider.models:
            known.add(model.id)
            texts(model.match, known)
    usage = joined(leaf("input_tokens", 1_003), leaf("cache_read_tokens", 101), leaf("output_tokens", 1_013))
    for provider in snapshot.providers:
        ids = {model.id: model for model in provider.models}
        for text in sorted(known):
            own = ids.get(text)
            model = own if own and is_priced(own) else provider._match_model(text.lower())
            expected = price(model, provider, usage, USUAL, {}) if model and is_priced(model) else None
            request = {"model": f"{provider.id}/{text}", "at": USUAL.isoformat(), **usage}
            yield Case(f"{provider.id}/{text}", "name", request, expected)
