// What the row kernels of the LoRA layer work on, and the table of them for each instruction set.
#pragma once

#include <cstdint>

namespace autotransfer {
namespace lora {

constexpr int64_t ROWS = 8;           // rows that are hot together
constexpr int64_t WORD_PADDING = 32;  // random words of a row come in blocks of at most so many

struct Bf16 {
  uint16_t bits;
};

template <typename T>
struct Widened {
  using type = T;
};
template <>
struct Widened<Bf16> {
  using type = float;
};
template <typename T>
using Wide = typename Widened<T>::type;  // what products are summed in

// Output columns that share one pair of factors: rows g * rank ... of A, and rows first ... of B.
struct Group {
  int64_t start, size, first;
};

struct Layer {
  int64_t inputs, outputs;
  int64_t rank, total;  // of one group; of all of them, the rows of A
  int64_t width;        // the sizes of all groups, the rows of B
  const Group* groups;
  int64_t n_groups;
  double factor;  // scale / (1 - p), or 0 when everything is dropped
  bool drops;
  uint32_t cutoff;  // words up to this drop their element
  uint64_t seed;

  int64_t words() const {
    return (inputs + WORD_PADDING - 1) / WORD_PADDING * WORD_PADDING;
  }
};

// Room for ROWS rows each: random words, and rows in the wide type.
template <typename W>
struct Scratch {
  uint32_t* words;
  W *x, *grad, *out, *u;
};

// Rows may lie apart by any stride; within a row the elements are neighbours. a (total x inputs) and bt, the transposed
// B (rank x width), are contiguous, as are y, t (rows x total) and dx. What is computed for y and dx replaces what is
// there, or for Bf16, is added to it: the product with the weight comes first there, last for the wide types.
template <typename T>
struct Forward {
  const T* x;
  int64_t x_stride;
  const Wide<T>*a, *bt, *bias;  // bias (outputs), never null
  T* y;
  Wide<T>* t;
};

template <typename T>
struct Backward {
  const T *grad, *x;
  int64_t grad_stride, x_stride;
  const Wide<T>*a, *bt, *t;
  T* dx;                             // null: not wanted
  Wide<T>*sum_a, *sum_b, *sum_bias;  // added to; (total x inputs), (rank x width), (outputs); null: not wanted
};

template <typename T>
struct Kernels {
  // Rows [first, first + rows) of t = factor (mask o x) A^T and y = bias + t B^T; rows <= ROWS.
  void (*forward)(const Layer&, const Forward<T>&, const Scratch<Wide<T>>&, int64_t first, int64_t rows);
  // The same rows of u = factor grad B and dx = mask o (u A); their part of dA, dB^T and dbias.
  void (*backward)(const Layer&, const Backward<T>&, const Scratch<Wide<T>>&, int64_t first, int64_t rows);
  // Random words of columns 0 ... n of one row; n is a multiple of WORD_PADDING.
  void (*words)(uint64_t seed, uint64_t row, int64_t n, uint32_t* words);
};

template <typename T>
const Kernels<T>& kernels_baseline();
template <typename T>
const Kernels<T>& kernels_avx2();
template <typename T>
const Kernels<T>& kernels_avx512();

}  // namespace lora
}  // namespace autotransfer
