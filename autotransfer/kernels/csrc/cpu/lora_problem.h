// The arguments of the LoRA operators, checked.
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "lora.h"

namespace autotransfer {
namespace lora {

constexpr int64_t CHUNKS = 16;  // partial sums over rows, at most

struct Problem {
  Layer layer;
  std::vector<Group> groups;
  int64_t rows;

  int64_t chunk_rows() const {
    const int64_t even = (rows + CHUNKS - 1) / CHUNKS;
    return std::max<int64_t>(1, (even + ROWS - 1) / ROWS) * ROWS;
  }
  int64_t chunks() const {
    return (rows + chunk_rows() - 1) / chunk_rows();
  }
};

// ValueError and TypeError with one line, like the reference's.
void check(bool fits, const char* what);
void check_type(bool fits, const char* what);

// The type that sums are in. TypeError for an x of another type than the four.
at::ScalarType wide_type(const at::Tensor& x);

// P(drop) = (cutoff + 1) / 2^32, at least one word in 2^32; 0 < p <= 1.
uint32_t dropout_cutoff(double p);

// layer.groups is not set: it must point into the problem that is kept.
Problem describe(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& a, const at::Tensor& b,
                 const std::optional<at::Tensor>& seed, double scale, double p, at::IntArrayRef starts,
                 at::IntArrayRef sizes);

}  // namespace lora
}  // namespace autotransfer
