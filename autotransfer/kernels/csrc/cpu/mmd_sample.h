// The pooled sample as the tile kernels want it, and the blocks that it is cut into.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <vector>

#include "mmd.h"

namespace autotransfer {

template <typename T>
const Kernels<T>& kernels() {
  switch (isa()) {
#if defined(__x86_64__)
    case Isa::avx512: return kernels_avx512<T>();
    case Isa::avx2: return kernels_avx2<T>();
#endif
    default: return kernels_baseline<T>();
  }
}

// Memory on a cache line's boundary, zero at first.
template <typename T>
class Buffer {
 public:
  explicit Buffer(int64_t size)
      : data_(static_cast<T*>(::operator new(sizeof(T) * std::max<int64_t>(size, 1), std::align_val_t{64}))) {
    std::fill(data_.get(), data_.get() + size, T{});
  }
  T* get() { return data_.get(); }
  const T* get() const { return data_.get(); }
  T& operator[](int64_t at) { return data_.get()[at]; }

 private:
  struct Free {
    void operator()(T* data) const { ::operator delete(data, std::align_val_t{64}); }
  };
  std::unique_ptr<T, Free> data_;
};

inline int64_t rounded_up(int64_t value, int64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// Where a sample's rows are among the padded rows of both.
struct Part {
  int64_t first, count, padded;
};

struct Block {
  int64_t first, padded, valid;
  bool second;  // of y
};

// Bandwidths b, the kernel being exp(-s / b), in the order in which the tile kernels take them.
template <typename T>
struct Bandwidths {
  explicit Bandwidths(const at::Tensor& given);
  double scale;                  // log2(e) / the largest
  std::vector<int64_t> order;    // positions in the given list
  std::vector<double> rates;     // 1 / b, ascending
  std::vector<T> ratios;
  std::vector<int> squarings;    // empty: not a list of powers of two
};

// Centred, packed, padded.
template <typename T>
class Sample {
 public:
  // rows: keep the rows themselves too, which gradients need.
  Sample(const at::Tensor& x, const at::Tensor& y, double scale, bool rows);
  Pairs<T> pairs(const Bandwidths<T>& bandwidths) const;
  std::vector<Block> blocks() const;

  const Kernels<T>& table;
  int64_t depth, stride, total;
  Part x, y;
  Buffer<T> packed, norms, rows;

 private:
  void fill(const at::Tensor& from, const Part& part, const std::vector<double>& center, double scale, bool keep);
};

// Weights (n, C) and (m, C) of the pairs; empty where all rows of a sample count the same.
template <typename T>
class Weights {
 public:
  Weights(const Sample<T>& sample, const c10::optional<at::Tensor>& x, const c10::optional<at::Tensor>& y,
          bool unbiased);
  void use(Pairs<T>& pairs) const;
  // What multiplies the sums over ordered pairs of a block with another.
  double factor(const Block& a, const Block& b) const;
  // Every kernel's part of pairs of a point with itself.
  double self_pairs;

 private:
  void fill(const Sample<T>& sample, const at::Tensor& from, const Part& part, bool unbiased);
  int64_t classes_;
  double within_x_, within_y_, across_;
  Buffer<T> plain_, scaled_;
};

}  // namespace autotransfer
