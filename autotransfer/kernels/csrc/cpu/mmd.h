// What the tile kernels of MMD work on, and the table of them for each instruction set.
#pragma once

#include "isa.h"

namespace autotransfer {

// Rows of x, then of y; each of the two padded with zero rows to a multiple of the panel width.
template <typename T>
struct Pairs {
  const T* packed;         // (rows / panel, depth, panel): the centred rows, feature by feature within a panel
  const T* norms;          // (rows): scaled squared norms
  long depth;
  T scale;                 // exponent of 2 of the widest kernel = scale * inner product - norm - norm
  long terms;              // bandwidths, the largest first
  const int* squarings;    // (terms): kernel b is kernel b - 1 squared so often; null: not such a list
  const T* ratios;         // (terms): exponents relative to the widest kernel's
  const T* coefficients;   // (terms): of the stored sum of kernels
  const T* weights;        // (rows / panel, classes, panel), or null: a pair's weight is sum_c w_pc w_qc
  const T* self_weights;   // the same, scaled for pairs within one sample
  long classes;
};

// Rows p of one block against rows q of another. Blocks start at multiples of the panel width.
struct Tile {
  long p, q;          // first rows
  long rows, columns; // padded sizes, multiples of the panel width
  long valid_rows, valid_columns;
  bool within;        // both blocks are of one sample
  bool diagonal() const { return p == q; }
};

template <typename T>
struct Kernels {
  long panel;  // rows in a packed panel
  long block;  // rows in a block, a multiple of it
  // sums[b] += sum over the tile's unordered pairs of weight * kernel b. A point is no pair with itself.
  void (*sums)(const Pairs<T>&, const Tile&, double* sums);
  // The same over ordered pairs (q after p, and p after q, on the diagonal), and stored[p * stored_stride + q] = weight * sum_b coefficients[b] * kernel b, with its sums along both
  // directions added to row_sums (rows) and column_sums (columns).
  void (*stored)(const Pairs<T>&, const Tile&, double* sums, T* stored, T* row_sums, T* column_sums);
  long stored_stride;
  // out (rows x columns) += a (rows x depth) b (depth x columns), and the same with a stored transposed. rows is a
  // multiple of the panel width, columns of the vector's lanes; the strides are in elements.
  void (*multiply)(const T* a, long rows, long depth, const T* b, long b_stride, long columns, T* out, long out_stride);
  void (*multiply_transposed)(const T* a, long rows, long depth, const T* b, long b_stride, long columns, T* out,
                              long out_stride);
};

template <typename T>
const Kernels<T>& kernels_baseline();
template <typename T>
const Kernels<T>& kernels_avx2();
template <typename T>
const Kernels<T>& kernels_avx512();

constexpr long vector_lanes = 16;  // columns of products are padded to this, which suits every instruction set

}  // namespace autotransfer
