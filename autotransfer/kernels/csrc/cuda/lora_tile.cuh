// Pieces of bfloat16 tensor core products whose narrow side is float: a float is split into two bfloat16, high and low,
// which together keep 16 bits of it; what is read as bfloat16 is exact. Sums are in float.
#pragma once

#include <stdint.h>

#include "lora.h"
#include "philox.cuh"

// In a warp: group = lane / 4, place = lane % 4, as in the layout of mma.m16n8k16's operands.
struct Lane {
  int warp, group, place;
};

__device__ inline Lane this_lane() {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  return {static_cast<int>(threadIdx.x) / 32, lane / 4, lane % 4};
}

__device__ inline uint32_t bits_of(float value) {
  return __float_as_uint(value);
}

__device__ inline float float_of(uint32_t bfloat16) {
  return __uint_as_float(bfloat16 << 16);
}

// To nearest, ties to even; NaN stays NaN.
__device__ inline uint32_t bfloat16_of(float value) {
  const uint32_t bits = bits_of(value);
  const uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  return (bits & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : rounded & 0xFFFFu;
}

struct Pair {  // two bfloat16 each, the first in the low half
  uint32_t high, low;
};

__device__ inline Pair split(float first, float second) {
  const uint32_t f = bits_of(first), s = bits_of(second);
  // What is not finite is all in the high part: inf - inf would make a NaN of it.
  const float f_rest = (f & 0x7F800000u) == 0x7F800000u ? 0.0f : first - __uint_as_float(f & 0xFFFF0000u);
  const float s_rest = (s & 0x7F800000u) == 0x7F800000u ? 0.0f : second - __uint_as_float(s & 0xFFFF0000u);
  // A NaN whose payload is in the low half must not become an infinity.
  const uint32_t f_high = first != first ? 0x7FC0u : f >> 16, s_high = second != second ? 0x7FC0u : s >> 16;
  return {f_high | (s_high << 16), bfloat16_of(f_rest) | (bfloat16_of(s_rest) << 16)};
}

__device__ inline float element(LoraFactor of, int64_t i, int64_t rows, int64_t j, int64_t columns) {
  return i < rows && j < columns ? of.data[i * of.row + j * of.column] : 0.0f;
}

// Eight neighbours of a row, zero outside of the matrix; column is a multiple of 8.
struct Eight {
  uint32_t pairs[4];
};

__device__ inline Eight read_eight(LoraRows x, int64_t row, int64_t column, bool aligned) {
  Eight found = {{0, 0, 0, 0}};
  if (row >= x.rows || column >= x.columns) return found;
  const uint16_t* from = static_cast<const uint16_t*>(x.data) + row * x.stride + column;
  if (aligned && column + 8 <= x.columns) {
    const uint4 four = *reinterpret_cast<const uint4*>(from);
    return {{four.x, four.y, four.z, four.w}};
  }
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const uint32_t value = column + i < x.columns ? from[i] : 0u;
    found.pairs[i / 2] |= value << (16 * (i % 2));
  }
  return found;
}

// Bit i of the result: whether element (row, column + i) is kept.
__device__ inline uint32_t keep_eight(uint64_t seed, uint32_t cutoff, int64_t row, int64_t column) {
  uint32_t kept = 0;
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const Words words = philox(seed, static_cast<uint64_t>(row), static_cast<uint32_t>(column / 4) + half);
#pragma unroll
    for (int i = 0; i < 4; ++i) kept |= (words.at[i] > cutoff ? 1u : 0u) << (4 * half + i);
  }
  return kept;
}

__device__ inline Eight drop(Eight value, uint32_t kept) {
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const uint32_t low = (kept >> (2 * i)) & 1u ? 0x0000FFFFu : 0u,
                   high = (kept >> (2 * i + 1)) & 1u ? 0xFFFF0000u : 0u;
    value.pairs[i] &= low | high;
  }
  return value;
}

__device__ inline Eight read_kept(LoraRows x, int64_t row, int64_t column, bool aligned, LoraDropout dropout) {
  const Eight all = read_eight(x, row, column, aligned);
  if (dropout.seed == nullptr) return all;
  return drop(all, keep_eight(static_cast<uint64_t>(*dropout.seed), dropout.cutoff, row, column));
}

struct Left {  // a 16 x 16 operand: rows group and group + 8, by columns 2 place and 2 place + 8
  uint32_t at[4];
};

// sum (16 x 8) += left (16 x 16) right (16 x 8). Of the sum a lane holds rows group and group + 8, columns 2 place and
// the next; of the right operand rows 2 place and 2 place + 8 with the next, column group.
__device__ inline void multiply_add(float (&sum)[4], Left left, uint32_t right_first, uint32_t right_second) {
#if defined(__CUDACC__)
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(left.at[0]), "r"(left.at[1]), "r"(left.at[2]), "r"(left.at[3]), "r"(right_first), "r"(right_second));
#else
  emulated_multiply_add(sum, left.at, right_first, right_second);
#endif
}
