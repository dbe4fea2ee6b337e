// Tiles of Gaussian kernels on GPUs: inner products in registers, kernels from them at once. No pair of rows reaches
// memory but where it is asked for. Sums run in an order that depends on the shapes alone: no atomics.
#if !defined(__CUDACC__)
#include "emulated_cuda.h"  // a C++ compiler: the tests run the kernels' threads on the CPU

#include <math.h>
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

#include "mmd.h"

namespace {

constexpr int TILE = 128;    // rows and columns of a tile
constexpr int DEPTH = 16;    // features in shared memory at a time
constexpr int THREADS = 256; // 16 x 16, each with 8 x 8 pairs
constexpr int SIDE = 16;
constexpr int OWN = TILE / SIDE;
constexpr int TERMS = 8;     // kernels that are summed in one pass over a thread's pairs
constexpr int PAD = 4;

struct Samples {
  const float* z;
  const float* norms;
  int64_t depth;
};

struct Shared {
  float left[DEPTH][TILE + PAD];
  float right[DEPTH][TILE + PAD];
};

__device__ inline float power(float exponent) {
  return exp2f(exponent);
}

// DEPTH features of TILE rows, feature by feature; zeros beyond the last row and feature.
__device__ inline void fetch(const Samples& s, int64_t first, int64_t end, int64_t feature, float (*to)[TILE + PAD]) {
  const int row = static_cast<int>(threadIdx.x) / 2, from = static_cast<int>(threadIdx.x) % 2 * (DEPTH / 2);
  const bool inside = first + row < end;
  const float* const source = s.z + (first + row) * s.depth + feature + from;
  for (int k = 0; k < DEPTH / 2; ++k)
    to[from + k][row] = inside && feature + from + k < s.depth ? source[k] : 0.0f;
}

// sum[i][j] = exponent of 2, per unit of rate, of row p = first_p + row + 16 i with column q = first_q + column + 16 j.
__device__ inline void exponents(const Samples& s, int64_t first_p, int64_t end_p, int64_t first_q, int64_t end_q,
                                 Shared& shared, float (&sum)[OWN][OWN]) {
  const int row = static_cast<int>(threadIdx.x) / SIDE, column = static_cast<int>(threadIdx.x) % SIDE;
#pragma unroll
  for (int i = 0; i < OWN; ++i)
#pragma unroll
    for (int j = 0; j < OWN; ++j) sum[i][j] = 0.0f;
  for (int64_t feature = 0; feature < s.depth; feature += DEPTH) {
    fetch(s, first_p, end_p, feature, shared.left);
    fetch(s, first_q, end_q, feature, shared.right);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < DEPTH; ++k) {
      float left[OWN], right[OWN];
#pragma unroll
      for (int i = 0; i < OWN; ++i) {
        left[i] = shared.left[k][row + SIDE * i];
        right[i] = shared.right[k][column + SIDE * i];
      }
#pragma unroll
      for (int i = 0; i < OWN; ++i)
#pragma unroll
        for (int j = 0; j < OWN; ++j) sum[i][j] += left[i] * right[j];
    }
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < OWN; ++i) {
    const int64_t p = first_p + row + SIDE * i;
    const float own = p < end_p ? s.norms[p] : 0.0f;
#pragma unroll
    for (int j = 0; j < OWN; ++j) {
      const int64_t q = first_q + column + SIDE * j;
      const float exponent = 2.0f * sum[i][j] - own - (q < end_q ? s.norms[q] : 0.0f);
      sum[i][j] = exponent > 0.0f ? 0.0f : exponent;  // keeps NaN
    }
  }
}

__device__ inline float next(float value, float exponent, const MmdKernels& kernels, int term) {
  const int32_t steps = kernels.steps[term];
  if (steps < 0) return power(exponent * kernels.rates[term]);
  for (int32_t i = 0; i < steps; ++i) value *= value;
  return value;
}

// Tile number -> where it is. Tiles of one sample are those on and above its diagonal, row by row.
struct Place {
  int64_t first_p, end_p, first_q, end_q;
  bool within, diagonal;
};

__device__ inline int64_t blocks_of(int64_t rows) {
  return (rows + TILE - 1) / TILE;
}

__device__ inline Place place_of(int64_t tile, int64_t n, int64_t m) {
  const int64_t a = blocks_of(n), b = blocks_of(m), of_x = a * (a + 1) / 2, of_y = b * (b + 1) / 2;
  if (tile >= of_x + of_y) {
    const int64_t at = tile - of_x - of_y;
    return {at / b * TILE, n, n + at % b * TILE, n + m, false, false};
  }
  const bool second = tile >= of_x;
  const int64_t count = second ? b : a, start = second ? n : 0, end = second ? n + m : n;
  int64_t at = second ? tile - of_x : tile, row = 0;
  while (at >= count - row) at -= count - row++;
  return {start + row * TILE, end, start + (row + at) * TILE, end, true, at == 0};
}

__global__ void __launch_bounds__(THREADS, 1)
    sums(Samples s, int64_t n, int64_t m, MmdKernels kernels, double* partial) {
  __shared__ Shared shared;
  __shared__ float found[TERMS][THREADS];
  __shared__ double folded[TERMS][32];
  const int self = static_cast<int>(threadIdx.x), row = self / SIDE, column = self % SIDE;
  const Place place = place_of(blockIdx.x, n, m);
  float exponent[OWN][OWN];
  exponents(s, place.first_p, place.end_p, place.first_q, place.end_q, shared, exponent);
  for (int base = 0; base < kernels.terms; base += TERMS) {
    float total[TERMS];
#pragma unroll
    for (int t = 0; t < TERMS; ++t) total[t] = 0.0f;
#pragma unroll
    for (int i = 0; i < OWN; ++i) {
      const int64_t p = place.first_p + row + SIDE * i;
#pragma unroll
      for (int j = 0; j < OWN; ++j) {
        const int64_t q = place.first_q + column + SIDE * j;
        const bool counts = p < place.end_p && q < place.end_q && p != q;
        float value = power(exponent[i][j] * kernels.rates[base]);
        if (counts) total[0] += value;
#pragma unroll
        for (int t = 1; t < TERMS; ++t) {
          if (base + t < kernels.terms) {
            value = next(value, exponent[i][j], kernels, base + t);
            if (counts) total[t] += value;
          }
        }
      }
    }
#pragma unroll
    for (int t = 0; t < TERMS; ++t) found[t][self] = total[t];
    __syncthreads();
    // Warp t adds up kernel t.
    const int warp = self / 32, lane = self % 32;
    double sum = 0;
    for (int k = lane; k < THREADS; k += 32) sum += static_cast<double>(found[warp][k]);
    folded[warp][lane] = sum;
    __syncthreads();
    if (lane == 0 && base + warp < kernels.terms) {
      double all = 0;
      for (int k = 0; k < 32; ++k) all += folded[warp][k];
      // A tile off the diagonal stands for its mirror image too.
      partial[blockIdx.x * static_cast<int64_t>(kernels.terms) + base + warp] =
          place.within && !place.diagonal ? 2 * all : all;
    }
    __syncthreads();
  }
}

__global__ void __launch_bounds__(THREADS, 1) mixed(Samples s, int64_t rows, int64_t first, int64_t count,
                                                 MmdKernels kernels, const float* coefficients, float* out) {
  __shared__ Shared shared;
  const int self = static_cast<int>(threadIdx.x), row = self / SIDE, column = self % SIDE;
  const int64_t first_p = first + blockIdx.y * static_cast<int64_t>(TILE);
  const int64_t first_q = blockIdx.x * static_cast<int64_t>(TILE);
  float exponent[OWN][OWN];
  exponents(s, first_p, first + count, first_q, rows, shared, exponent);
#pragma unroll
  for (int i = 0; i < OWN; ++i) {
    const int64_t p = first_p + row + SIDE * i;
#pragma unroll
    for (int j = 0; j < OWN; ++j) {
      const int64_t q = first_q + column + SIDE * j;
      if (p >= first + count || q >= rows) continue;
      float value = power(exponent[i][j] * kernels.rates[0]), total = coefficients[0] * value;
      for (int t = 1; t < kernels.terms; ++t) {
        value = next(value, exponent[i][j], kernels, t);
        total += coefficients[t] * value;
      }
      out[(p - first) * rows + q] = p == q ? 0.0f : total;
    }
  }
}

int64_t host_blocks(int64_t rows) {
  return (rows + TILE - 1) / TILE;
}

}  // namespace

extern "C" int64_t at_mmd_tiles(int64_t n, int64_t m) {
  const int64_t a = host_blocks(n), b = host_blocks(m);
  return a * (a + 1) / 2 + b * (b + 1) / 2 + a * b;
}

extern "C" int at_mmd_sums(const float* z, const float* norms, int64_t n, int64_t m, int64_t depth, MmdKernels kernels,
                           double* partial, void* stream) {
  const dim3 grid(static_cast<unsigned>(at_mmd_tiles(n, m)));
  return launch(sums, grid, THREADS, stream, Samples{z, norms, depth}, n, m, kernels, partial);
}

extern "C" int at_mmd_mixed(const float* z, const float* norms, int64_t rows, int64_t depth, int64_t first,
                            int64_t count, MmdKernels kernels, const float* coefficients, float* out, void* stream) {
  const dim3 grid(static_cast<unsigned>(host_blocks(rows)), static_cast<unsigned>(host_blocks(count)));
  return launch(mixed, grid, THREADS, stream, Samples{z, norms, depth}, rows, first, count, kernels, coefficients, out);
}
