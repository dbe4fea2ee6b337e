// Launchers of the tiles of MMD for float. Each returns a cudaError_t as int, 0 for success.
//
// z (rows x depth, contiguous): centred. norms: squared norms of its rows. Kernel b of a pair at squared distance s is
// 2^(-s * rates[b]); rates ascend. steps[b] >= 0: kernel b is kernel b - 1 squared so often; -1: an exponential.
#pragma once

#include <stdint.h>

struct MmdKernels {
  const float* rates;
  const int32_t* steps;
  int terms;
};

extern "C" {

// How many tiles at_mmd_sums has: of pairs of x, then of y, then of x with y.
int64_t at_mmd_tiles(int64_t n, int64_t m);

// partial (tiles x terms) = sums of each kernel over ordered pairs of different rows (x with y: each pair once), where
// the first n rows of z are x and the other m are y.
int at_mmd_sums(const float* z, const float* norms, int64_t n, int64_t m, int64_t depth, MmdKernels kernels,
                double* partial, void* stream);

// out (count x rows) = sum_b coefficients[b] kernel b of rows first ... first + count - 1 with all rows; 0 for a row with
// itself.
int at_mmd_mixed(const float* z, const float* norms, int64_t rows, int64_t depth, int64_t first, int64_t count,
                 MmdKernels kernels, const float* coefficients, float* out, void* stream);
}
