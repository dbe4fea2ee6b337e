// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3, SC 2011): random words
// that are a pure function of (seed, row, column). Column c takes word c % 4 of the counter (c / 4, row), so neither
// tile shape nor vector width nor the number of threads can change a mask. Included like simd.h, after it.

typedef uint64_t Wide64 __attribute__((vector_size(VECTOR_BYTES)));
typedef uint64_t Loose64 __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
constexpr int64_t COUNTERS = VECTOR_BYTES / 8;  // side by side

// The low half of each lane, multiplied by a number of 32 bits.
inline Wide64 multiply_low(Wide64 value, uint64_t constant) {
#if VECTOR_BYTES == 64
  const __m512i factor = _mm512_set1_epi64(static_cast<long long>(constant));
  return (Wide64)_mm512_maskz_mul_epu32(0xFF, (__m512i)value, factor);  // the plain one makes GCC 12 warn
#elif VECTOR_BYTES == 32
  return (Wide64)_mm256_mul_epu32((__m256i)value, _mm256_set1_epi64x(static_cast<long long>(constant)));
#else
  return (value & 0xFFFFFFFFull) * constant;
#endif
}

// Lanes of two vectors by turns: a0 b0 a1 b1 ..., the first half of that and the second.
inline void interleave(Wide64 a, Wide64 b, uint32_t* to) {
  Wide64 first, second;
  for (int64_t i = 0; i < COUNTERS; ++i) {
    first[i] = i % 2 ? b[i / 2] : a[i / 2];
    second[i] = i % 2 ? b[COUNTERS / 2 + i / 2] : a[COUNTERS / 2 + i / 2];
  }
  *reinterpret_cast<Loose64*>(to) = first;
  *reinterpret_cast<Loose64*>(to + 2 * COUNTERS) = second;
}

// The words of columns 0 ... n of one row; n is a multiple of 4 COUNTERS. Each of a counter's four words stands in the
// low half of a lane of 64 bits; what is above it does not count.
inline void philox_row(uint64_t seed, uint64_t row, int64_t n, uint32_t* words) {
  Wide64 lane;
  for (int64_t i = 0; i < COUNTERS; ++i) lane[i] = static_cast<uint64_t>(i);
  for (int64_t column = 0; column < n; column += 4 * COUNTERS) {
    Wide64 c0 = lane + static_cast<uint64_t>(column / 4), c1 = Wide64{} + row, c2 = Wide64{} + (row >> 32), c3 = {};
    uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      const Wide64 left = multiply_low(c0, 0xD2511F53ull), right = multiply_low(c2, 0xCD9E8D57ull);
      c0 = (right >> 32) ^ c1 ^ static_cast<uint64_t>(k0);
      c2 = (left >> 32) ^ c3 ^ static_cast<uint64_t>(k1);
      c1 = right;
      c3 = left;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    interleave((c0 & 0xFFFFFFFFull) | (c1 << 32), (c2 & 0xFFFFFFFFull) | (c3 << 32), words + column);
  }
}
