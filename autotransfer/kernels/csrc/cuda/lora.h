// Launchers of the low-rank parts of the LoRA layer for bfloat16: what is not a plain matrix product. Each returns a
// cudaError_t as int, 0 for success. All matrices of T are row-major bfloat16 of any row stride; factors, t and u are
// float. rank is at most LORA_MAX_RANK, that of all groups together.
#pragma once

#include <stdint.h>

#define LORA_MAX_RANK 64

// A mask that is drawn where it is needed: nothing is dropped where seed is null. cutoff: see csrc/cpu/lora_problem.h.
struct LoraDropout {
  const int64_t* seed;  // on the device, so that the host never waits for it
  uint32_t cutoff;
};

// A matrix of floats, element (i, j) at data[i * row + j * column].
struct LoraFactor {
  const float* data;
  int64_t row, column;
};

struct LoraRows {
  const void* data;
  int64_t stride, rows, columns;
};

extern "C" {

// out (rows x rank, contiguous) = factor (mask o x) a^T; a (rank x columns). t with a = A, and u of grad with a = B^T.
int at_lora_shrink(LoraRows x, LoraFactor a, int rank, float factor, LoraDropout dropout, float* out, void* stream);

// out (rows x columns, contiguous bfloat16) = mask o (t b^T) + bias; t (rows x rank), b (columns x rank). y with b = B,
// and the gradient of x with t = u, b = A^T. bias: bfloat16 or null.
int at_lora_expand(const float* t, LoraFactor b, int rank, int64_t rows, int64_t columns, const void* bias,
                   LoraDropout dropout, void* out, void* stream);

// How many partial sums at_lora_outer makes: of the number of rows alone, so that sums are the same on every device.
int at_lora_parts(int64_t rows);

// out element (r, c) at out[r * out_row + c * out_column] = sum_m t[m, r] (mask o x)[m, c]; t (rows x rank,
// contiguous). dA with t = u, and dB^T with x = grad. partial: room for parts x rank x columns floats.
int at_lora_outer(LoraRows x, const float* t, int rank, LoraDropout dropout, float* partial, float* out,
                  int64_t out_row, int64_t out_column, void* stream);
}
