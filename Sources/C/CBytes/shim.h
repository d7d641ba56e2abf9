// Looks at many bytes at once, which Swift has no cheap instruction for.
#pragma once
#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// A bit for each of 64 bytes that is one of two.
static inline uint64_t ratecard_either64(const uint8_t *bytes, uint8_t first, uint8_t second) {
  uint64_t mask = 0;
#if defined(__SSE2__)
  const __m128i a = _mm_set1_epi8((char)first), b = _mm_set1_epi8((char)second);
  for (int part = 0; part < 4; part++) {
    __m128i v = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, a), _mm_cmpeq_epi8(v, b));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * part);
  }
#else
  for (int place = 0; place < 64; place++)
    mask |= (uint64_t)(bytes[place] == first || bytes[place] == second) << place;
#endif
  return mask;
}

// What a stretch of CSV has in it.
struct ratecard_survey {
  size_t newlines;
  size_t returns;
  uint8_t quotes;    // not 0: there are quotes
  uint8_t foreign;   // not 0: there are bytes beyond ASCII
};

static inline struct ratecard_survey ratecard_survey(const uint8_t *bytes, size_t count) {
  struct ratecard_survey found = {0, 0, 0, 0};
  size_t place = 0;
#if defined(__SSE2__)
  const __m128i newline = _mm_set1_epi8('\n'), carriage = _mm_set1_epi8('\r'),
                quote = _mm_set1_epi8('"'), zero = _mm_setzero_si128();
  __m128i quotes = zero, foreign = zero;
  while (count - place >= 16) {
    // Each lane counts up to 255 hits before they are added up.
    size_t rounds = (count - place) / 16;
    if (rounds > 255) rounds = 255;
    __m128i lines = zero, returns = zero;
    for (size_t round = 0; round < rounds; round++, place += 16) {
      __m128i v = _mm_loadu_si128((const __m128i *)(bytes + place));
      lines = _mm_sub_epi8(lines, _mm_cmpeq_epi8(v, newline));
      returns = _mm_sub_epi8(returns, _mm_cmpeq_epi8(v, carriage));
      quotes = _mm_or_si128(quotes, _mm_cmpeq_epi8(v, quote));
      foreign = _mm_or_si128(foreign, v);
    }
    lines = _mm_sad_epu8(lines, zero);
    returns = _mm_sad_epu8(returns, zero);
    found.newlines += (size_t)_mm_cvtsi128_si64(lines) +
                      (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(lines, lines));
    found.returns += (size_t)_mm_cvtsi128_si64(returns) +
                     (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(returns, returns));
  }
  found.quotes = _mm_movemask_epi8(quotes) != 0;
  found.foreign = _mm_movemask_epi8(foreign) != 0;
#endif
  for (; place < count; place++) {
    found.newlines += bytes[place] == '\n';
    found.returns += bytes[place] == '\r';
    found.quotes |= bytes[place] == '"';
    found.foreign |= bytes[place] >> 7;
  }
  return found;
}
