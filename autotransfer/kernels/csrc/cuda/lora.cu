// The low-rank parts of the LoRA layer on GPUs. Each kernel reads or writes a wide matrix once; its narrow operands
// stay in the caches. Sums run in an order that depends on the shapes alone: no atomics.
#if !defined(__CUDACC__)
#include "emulated_cuda.h"  // a C++ compiler: the tests run the kernels' threads on the CPU
#else
#include <cuda_runtime.h>

template <typename... P, typename... A>
static int launch(void (*kernel)(P...), dim3 grid, int threads, void* stream, A... arguments) {
  // clang-format off
  kernel<<<grid, threads, 0, static_cast<cudaStream_t>(stream)>>>(arguments...);
  // clang-format on
  return static_cast<int>(cudaGetLastError());
}
#endif

#include "lora.h"
#include "lora_tile.cuh"

namespace {

constexpr int STRIPS = 4;  // of 16 rows in a block: shrink and expand
template <int TILES>
constexpr int SPLITS =
    TILES > 4 ? 2 : 4;  // shrink: warps that share rows and divide the columns; more have no registers
constexpr int BLOCK_ROWS = 16 * STRIPS;
constexpr int EXPAND_COLUMNS = 256;
constexpr int OUTER_WARPS = 4;
constexpr int OUTER_COLUMNS = 64;
constexpr int MAX_SPLITS = 4;

// TILES: of 8 ranks. The 16 columns of a product are four neighbours of each place, so that a lane reads 16 bytes at
// once and draws whole counters; the order of columns within a sum is free.
template <int TILES>
__global__ void __launch_bounds__(32 * STRIPS * SPLITS<TILES>)
    shrink(LoraRows x, bool aligned, LoraFactor a, int rank, float factor, LoraDropout dropout, float* out) {
  __shared__ float parts[SPLITS<TILES> - 1][BLOCK_ROWS][8 * TILES];
  const Lane lane = this_lane();
  const int strip = lane.warp % STRIPS, part = lane.warp / STRIPS, local = 16 * strip + lane.group;
  const int64_t row = static_cast<int64_t>(blockIdx.x) * BLOCK_ROWS + local;
  float sums[TILES][4] = {};
  for (int64_t first = 32 * part; first < x.columns; first += 32 * SPLITS<TILES>) {
    const int64_t column = first + 8 * lane.place;
    const Eight upper = read_kept(x, row, column, aligned, dropout);
    const Eight lower = read_kept(x, row + 8, column, aligned, dropout);
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const Left left = {
          {upper.pairs[2 * half], lower.pairs[2 * half], upper.pairs[2 * half + 1], lower.pairs[2 * half + 1]}};
#pragma unroll
      for (int tile = 0; tile < TILES; ++tile) {
        float values[4];
#pragma unroll
        for (int i = 0; i < 4; ++i)
          values[i] = element(a, 8 * tile + lane.group, rank, column + 4 * half + i, x.columns);
        const Pair one = split(values[0], values[1]), two = split(values[2], values[3]);
        multiply_add(sums[tile], left, one.high, two.high);
        multiply_add(sums[tile], left, one.low, two.low);
      }
    }
  }
#pragma unroll
  for (int tile = 0; tile < TILES; ++tile)
#pragma unroll
    for (int i = 0; i < 4; ++i)
      if (part > 0) parts[part - 1][local + 8 * (i / 2)][8 * tile + 2 * lane.place + i % 2] = sums[tile][i];
  __syncthreads();
  if (part > 0) return;
#pragma unroll
  for (int tile = 0; tile < TILES; ++tile)
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int r = 8 * tile + 2 * lane.place + i % 2, below = 8 * (i / 2);
      float sum = sums[tile][i];
#pragma unroll
      for (int other = 0; other < SPLITS<TILES> - 1; ++other) sum += parts[other][local + below][r];
      if (r < rank && row + below < x.rows) out[(row + below) * rank + r] = factor * sum;
    }
}

// Eight results of a row, to be stored as bfloat16.
__device__ void store_eight(uint16_t* out, int64_t columns, int64_t row, int64_t column, const float (&values)[8]) {
  uint16_t* to = out + row * columns + column;
  if (columns % 8 == 0) {
    uint4 four;
    four.x = bfloat16_of(values[0]) | (bfloat16_of(values[1]) << 16);
    four.y = bfloat16_of(values[2]) | (bfloat16_of(values[3]) << 16);
    four.z = bfloat16_of(values[4]) | (bfloat16_of(values[5]) << 16);
    four.w = bfloat16_of(values[6]) | (bfloat16_of(values[7]) << 16);
    *reinterpret_cast<uint4*>(to) = four;
    return;
  }
#pragma unroll
  for (int i = 0; i < 8; ++i)
    if (column + i < columns) to[i] = static_cast<uint16_t>(bfloat16_of(values[i]));
}

// SLABS: of 16 ranks. Four products cover 32 columns such that a lane ends with eight neighbours.
template <int SLABS>
__global__ void __launch_bounds__(32 * STRIPS)
    expand(const float* t, LoraFactor b, int rank, int64_t rows, int64_t columns, const uint16_t* bias,
           LoraDropout dropout, uint16_t* out) {
  const Lane lane = this_lane();
  const int64_t row = static_cast<int64_t>(blockIdx.x) * BLOCK_ROWS + 16 * lane.warp + lane.group;
  const LoraFactor left = {t, rank, 1};
  Left high[SLABS], low[SLABS];
#pragma unroll
  for (int slab = 0; slab < SLABS; ++slab)
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int64_t m = row + 8 * (i % 2), r = 16 * slab + 2 * lane.place + 8 * (i / 2);
      const Pair pair = split(element(left, m, rows, r, rank), element(left, m, rows, r + 1, rank));
      high[slab].at[i] = pair.high;
      low[slab].at[i] = pair.low;
    }
  const int64_t begin = static_cast<int64_t>(blockIdx.y) * EXPAND_COLUMNS;
  for (int64_t first = begin; first < begin + EXPAND_COLUMNS && first < columns; first += 32) {
    float upper[8], lower[8];
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      float sums[4] = {};
      const int64_t n = first + 8 * (lane.group / 2) + 2 * j + lane.group % 2;
#pragma unroll
      for (int slab = 0; slab < SLABS; ++slab) {
        const int r = 16 * slab + 2 * lane.place;
        const Pair one = split(element(b, n, columns, r, rank), element(b, n, columns, r + 1, rank));
        const Pair two = split(element(b, n, columns, r + 8, rank), element(b, n, columns, r + 9, rank));
        multiply_add(sums, high[slab], one.high, two.high);
        multiply_add(sums, high[slab], one.low, two.low);
        multiply_add(sums, low[slab], one.high, two.high);
      }
      upper[2 * j] = sums[0];
      upper[2 * j + 1] = sums[1];
      lower[2 * j] = sums[2];
      lower[2 * j + 1] = sums[3];
    }
    const int64_t column = first + 8 * lane.place;
    if (column >= columns) continue;
    uint32_t kept_upper = 0xFFu, kept_lower = 0xFFu;
    if (dropout.seed != nullptr) {
      kept_upper = keep_eight(static_cast<uint64_t>(*dropout.seed), dropout.cutoff, row, column);
      kept_lower = keep_eight(static_cast<uint64_t>(*dropout.seed), dropout.cutoff, row + 8, column);
    }
#pragma unroll
    for (int i = 0; i < 8; ++i) {
      const float start = bias != nullptr && column + i < columns ? float_of(bias[column + i]) : 0.0f;
      upper[i] = start + ((kept_upper >> i) & 1u ? upper[i] : 0.0f);
      lower[i] = start + ((kept_lower >> i) & 1u ? lower[i] : 0.0f);
    }
    if (row < rows) store_eight(out, columns, row, column, upper);
    if (row + 8 < rows) store_eight(out, columns, row + 8, column, lower);
  }
}

// SLABS: of 16 ranks, the rows of the products; their depth is 16 rows of x. A lane reads eight neighbours of four
// rows, and product j takes the neighbours number j. Every warp leaves a sum over its own rows.
template <int SLABS>
__global__ void __launch_bounds__(32 * OUTER_WARPS)
    outer(LoraRows x, bool aligned, const float* t, int rank, LoraDropout dropout, float* partial) {
  const Lane lane = this_lane();
  const int64_t column = static_cast<int64_t>(blockIdx.x) * OUTER_COLUMNS + 8 * lane.group;
  const int64_t steps = (x.rows + 15) / 16, parts = static_cast<int64_t>(gridDim.y) * OUTER_WARPS;
  const int64_t part = static_cast<int64_t>(blockIdx.y) * OUTER_WARPS + lane.warp;
  const LoraFactor left = {t, rank, 1};
  float sums[SLABS][8][4] = {};
  for (int64_t step = part * steps / parts; step < (part + 1) * steps / parts; ++step) {
    const int64_t row = 16 * step + 2 * lane.place;
    Eight rows[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) rows[i] = read_kept(x, row + i % 2 + 8 * (i / 2), column, aligned, dropout);
    uint32_t one[8], two[8];
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      const int shift = 16 * (j % 2);
      one[j] = ((rows[0].pairs[j / 2] >> shift) & 0xFFFFu) | (((rows[1].pairs[j / 2] >> shift) & 0xFFFFu) << 16);
      two[j] = ((rows[2].pairs[j / 2] >> shift) & 0xFFFFu) | (((rows[3].pairs[j / 2] >> shift) & 0xFFFFu) << 16);
    }
#pragma unroll
    for (int slab = 0; slab < SLABS; ++slab) {
      Left high, low;
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int64_t r = 16 * slab + lane.group + 8 * (i % 2), m = row + 8 * (i / 2);
        const Pair pair = split(element(left, m, x.rows, r, rank), element(left, m + 1, x.rows, r, rank));
        high.at[i] = pair.high;
        low.at[i] = pair.low;
      }
#pragma unroll
      for (int j = 0; j < 8; ++j) {
        multiply_add(sums[slab][j], high, one[j], two[j]);
        multiply_add(sums[slab][j], low, one[j], two[j]);
      }
    }
  }
  const int64_t start = static_cast<int64_t>(blockIdx.x) * OUTER_COLUMNS;
#pragma unroll
  for (int slab = 0; slab < SLABS; ++slab)
#pragma unroll
    for (int j = 0; j < 8; ++j)
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int64_t r = 16 * slab + lane.group + 8 * (i / 2), c = start + 8 * (2 * lane.place + i % 2) + j;
        if (r < rank && c < x.columns) partial[(part * rank + r) * x.columns + c] = sums[slab][j][i];
      }
}

__global__ void __launch_bounds__(256) add_parts(const float* partial, int parts, int rank, int64_t columns, float* out,
                                                 int64_t out_row, int64_t out_column) {
  const int64_t n = rank * columns, at = static_cast<int64_t>(blockIdx.x) * 256 + threadIdx.x;
  if (at >= n) return;
  float sum = 0.0f;
  for (int part = 0; part < parts; ++part) sum += partial[part * n + at];
  out[at / columns * out_row + at % columns * out_column] = sum;
}

bool is_aligned(LoraRows x) {
  return reinterpret_cast<uintptr_t>(x.data) % 16 == 0 && x.stride % 8 == 0;
}

unsigned blocks(int64_t n, int64_t size) {
  return static_cast<unsigned>((n + size - 1) / size);
}

int outer_splits(int64_t rows) {
  const int64_t wanted = rows / 256;
  return static_cast<int>(wanted < 1 ? 1 : wanted > MAX_SPLITS ? MAX_SPLITS : wanted);
}

template <int TILES>
int shrink_by(LoraRows x, LoraFactor a, int rank, float factor, LoraDropout dropout, float* out, void* stream) {
  return launch(shrink<TILES>, dim3(blocks(x.rows, BLOCK_ROWS)), 32 * STRIPS * SPLITS<TILES>, stream, x, is_aligned(x),
                a, rank, factor, dropout, out);
}

template <int SLABS>
int expand_by(const float* t, LoraFactor b, int rank, int64_t rows, int64_t columns, const void* bias,
              LoraDropout dropout, void* out, void* stream) {
  const dim3 grid(blocks(rows, BLOCK_ROWS), blocks(columns, EXPAND_COLUMNS));
  return launch(expand<SLABS>, grid, 32 * STRIPS, stream, t, b, rank, rows, columns, static_cast<const uint16_t*>(bias),
                dropout, static_cast<uint16_t*>(out));
}

template <int SLABS>
int outer_by(LoraRows x, const float* t, int rank, LoraDropout dropout, float* partial, void* stream) {
  const dim3 grid(blocks(x.columns, OUTER_COLUMNS), outer_splits(x.rows));
  return launch(outer<SLABS>, grid, 32 * OUTER_WARPS, stream, x, is_aligned(x), t, rank, dropout, partial);
}

}  // namespace

extern "C" int at_lora_shrink(LoraRows x, LoraFactor a, int rank, float factor, LoraDropout dropout, float* out,
                              void* stream) {
  if (x.rows == 0 || rank == 0) return 0;
  if (rank <= 8) return shrink_by<1>(x, a, rank, factor, dropout, out, stream);
  if (rank <= 16) return shrink_by<2>(x, a, rank, factor, dropout, out, stream);
  if (rank <= 32) return shrink_by<4>(x, a, rank, factor, dropout, out, stream);
  return shrink_by<8>(x, a, rank, factor, dropout, out, stream);
}

extern "C" int at_lora_expand(const float* t, LoraFactor b, int rank, int64_t rows, int64_t columns, const void* bias,
                              LoraDropout dropout, void* out, void* stream) {
  if (rows == 0 || columns == 0) return 0;
  if (rank <= 16) return expand_by<1>(t, b, rank, rows, columns, bias, dropout, out, stream);
  if (rank <= 32) return expand_by<2>(t, b, rank, rows, columns, bias, dropout, out, stream);
  return expand_by<4>(t, b, rank, rows, columns, bias, dropout, out, stream);
}

extern "C" int at_lora_parts(int64_t rows) {
  return outer_splits(rows) * OUTER_WARPS;
}

extern "C" int at_lora_outer(LoraRows x, const float* t, int rank, LoraDropout dropout, float* partial, float* out,
                             int64_t out_row, int64_t out_column, void* stream) {
  if (x.columns == 0 || rank == 0) return 0;
  int error = 0;
  if (rank <= 16) {
    error = outer_by<1>(x, t, rank, dropout, partial, stream);
  } else if (rank <= 32) {
    error = outer_by<2>(x, t, rank, dropout, partial, stream);
  } else {
    error = outer_by<4>(x, t, rank, dropout, partial, stream);
  }
  if (error != 0) return error;
  return launch(add_parts, dim3(blocks(rank * x.columns, 256)), 256, stream, partial, at_lora_parts(x.rows), rank,
                x.columns, out, out_row, out_column);
}
