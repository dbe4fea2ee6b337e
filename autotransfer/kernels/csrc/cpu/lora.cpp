// LoRA layer (Hu et al., LoRA: Low-Rank Adaptation of Large Language Models, ICLR 2022, arXiv:2106.09685) on CPUs:
// y = x W^T + bias + t B^T with t = c (mask o x) A^T, c = scale / (1 - p).
//
// What is narrow is done here, a few rows at a time, and written first; the wide product is then added to it by one
// matrix product. For bfloat16, where oneDNN adds slowly, it comes first. The backward reads grad and x once. Sums over
// rows are taken chunk by chunk, where chunks depend on the number of rows alone, and added up in their order: the
// result is the same for any number of threads.

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "isa.h"
#include "lora_problem.h"

namespace autotransfer {
namespace lora {
namespace {

using at::Tensor;

template <typename T>
const Kernels<T>& kernels() {
#if defined(__x86_64__)
  if (isa() == Isa::avx512) return kernels_avx512<T>();
  if (isa() == Isa::avx2) return kernels_avx2<T>();
#endif
  return kernels_baseline<T>();
}

// Rows whose elements are neighbours, in a type that the row kernels know.
Tensor as_rows(const Tensor& matrix) {
  const Tensor known = matrix.scalar_type() == at::kHalf ? matrix.to(at::kFloat) : matrix;
  return known.size(1) < 2 || known.stride(1) == 1 ? known : known.contiguous();
}

template <typename T>
const T* read(const Tensor& tensor) {
  return static_cast<const T*>(tensor.const_data_ptr());
}

template <typename T>
T* write(const Tensor& tensor) {
  return static_cast<T*>(tensor.mutable_data_ptr());
}

// Room for one thread.
template <typename W>
class Room {
 public:
  explicit Room(const Layer& layer)
      : words_(layer.drops ? ROWS * layer.words() : 0),
        wide_(ROWS * (layer.inputs + layer.outputs + std::max(layer.inputs, layer.outputs) + layer.total)) {
    W* at = wide_.data();
    scratch_ = {words_.data(), at, at + ROWS * layer.inputs, nullptr, nullptr};
    scratch_.u = scratch_.grad + ROWS * layer.outputs;
    scratch_.out = scratch_.u + ROWS * layer.total;
  }
  const Scratch<W>& scratch() const {
    return scratch_;
  }

 private:
  std::vector<uint32_t> words_;
  std::vector<W> wide_;
  Scratch<W> scratch_;
};

// Calls work with a number of the type that the row kernels take for these rows.
template <typename Work>
void with_type(const Tensor& rows, Work work) {
  switch (rows.scalar_type()) {
    case at::kFloat:
      return work(float{});
    case at::kDouble:
      return work(double{});
    case at::kBFloat16:
      return work(Bf16{});
    default:
      TORCH_INTERNAL_ASSERT(false, "lora_linear: a type that was not checked");
  }
}

template <typename T>
void run_forward(const Problem& problem, const Forward<T>& on) {
  const int64_t blocks = (problem.rows + ROWS - 1) / ROWS;
  at::parallel_for(0, blocks, 4, [&](int64_t begin, int64_t end) {
    const Room<Wide<T>> room(problem.layer);
    for (int64_t first = begin * ROWS; first < std::min(end * ROWS, problem.rows); first += ROWS)
      kernels<T>().forward(problem.layer, on, room.scratch(), first, std::min(ROWS, problem.rows - first));
  });
}

std::tuple<Tensor, Tensor> lora_linear(const Tensor& x, const Tensor& weight, const Tensor& a, const Tensor& b,
                                       const std::optional<Tensor>& bias, const std::optional<Tensor>& seed,
                                       double scale, double dropout_p, at::IntArrayRef starts, at::IntArrayRef sizes) {
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  Problem problem = describe(x, weight, a, b, seed, scale, dropout_p, starts, sizes);
  Layer& layer = problem.layer;
  layer.groups = problem.groups.data();
  check(!bias.has_value() || (bias->dim() == 1 && bias->size(0) == layer.outputs),
        "bias has an element for each output");
  check_type(!bias.has_value() || bias->scalar_type() == x.scalar_type(), "bias has the type of x");
  const Tensor rows = as_rows(x);
  const auto wide = wide_type(x);
  const bool product_first = x.scalar_type() == at::kBFloat16;
  Tensor y = product_first ? at::mm(x, weight.t()) : at::empty({problem.rows, layer.outputs}, rows.options());
  Tensor t = at::empty({problem.rows, layer.total}, rows.options().dtype(wide));
  const Tensor start = bias.has_value() ? bias->to(wide).contiguous() : at::zeros({layer.outputs}, t.options());
  const Tensor wide_a = a.to(wide).contiguous(), wide_bt = b.t().to(wide).contiguous();
  with_type(rows, [&](auto type) {
    using T = decltype(type);
    using W = Wide<T>;
    run_forward<T>(problem, {read<T>(rows), rows.stride(0), read<W>(wide_a), read<W>(wide_bt), read<W>(start),
                             write<T>(y), write<W>(t)});
  });
  if (product_first) return {y, t};
  y = y.to(x.scalar_type());
  return {y.addmm_(x, weight.t()), t};
}

// Partial sums (chunks x n), added up chunk by chunk.
template <typename W>
Tensor add_chunks(const Tensor& partial) {
  const int64_t chunks = partial.size(0), n = partial.size(1);
  Tensor sum = at::zeros({n}, partial.options());
  const W* from = read<W>(partial);
  W* to = write<W>(sum);
  at::parallel_for(0, n, 4096, [&](int64_t begin, int64_t end) {
    for (int64_t chunk = 0; chunk < chunks; ++chunk)
      for (int64_t k = begin; k < end; ++k) to[k] += from[chunk * n + k];
  });
  return sum;
}

struct Wanted {
  bool input, adapter, bias;
};

// dx without the part of the weight, and the sums over rows one behind the other: dA, dB^T, dbias.
template <typename T>
Tensor run_backward(const Problem& problem, Backward<T> on, const Wanted& wanted, const at::TensorOptions& wide) {
  using W = Wide<T>;
  const Layer& layer = problem.layer;
  const int64_t n_a = wanted.adapter ? layer.total * layer.inputs : 0,
                n_b = wanted.adapter ? layer.rank * layer.width : 0;
  const Tensor partial = at::zeros({problem.chunks(), n_a + n_b + (wanted.bias ? layer.outputs : 0)}, wide);
  at::parallel_for(0, problem.chunks(), 1, [&](int64_t begin, int64_t end) {
    const Room<W> room(layer);
    for (int64_t chunk = begin; chunk < end; ++chunk) {
      Backward<T> part = on;
      W* sums = write<W>(partial) + chunk * partial.size(1);
      part.sum_a = wanted.adapter ? sums : nullptr;
      part.sum_b = wanted.adapter ? sums + n_a : nullptr;
      part.sum_bias = wanted.bias ? sums + n_a + n_b : nullptr;
      const int64_t last = std::min(problem.rows, (chunk + 1) * problem.chunk_rows());
      for (int64_t first = chunk * problem.chunk_rows(); first < last; first += ROWS)
        kernels<T>().backward(layer, part, room.scratch(), first, std::min(ROWS, last - first));
    }
  });
  return add_chunks<W>(partial);
}

std::tuple<Tensor, Tensor, Tensor, Tensor> lora_linear_backward(const Tensor& grad, const Tensor& x,
                                                                const Tensor& weight, const Tensor& a, const Tensor& b,
                                                                const Tensor& t, const std::optional<Tensor>& seed,
                                                                double scale, double dropout_p, at::IntArrayRef starts,
                                                                at::IntArrayRef sizes, bool need_input,
                                                                bool need_adapter, bool need_bias) {
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  Problem problem = describe(x, weight, a, b, seed, scale, dropout_p, starts, sizes);
  Layer& layer = problem.layer;
  layer.groups = problem.groups.data();
  const auto wide = wide_type(x);
  check(grad.dim() == 2 && grad.size(0) == problem.rows && grad.size(1) == layer.outputs &&
            grad.scalar_type() == x.scalar_type(),
        "the gradient is like the result");
  check(t.dim() == 2 && t.size(0) == problem.rows && t.size(1) == layer.total && t.scalar_type() == wide,
        "t is the forward's second result");
  const Tensor grads = as_rows(grad), rows = as_rows(x), wide_a = a.to(wide).contiguous();
  const Tensor wide_bt = b.t().to(wide).contiguous(), wide_t = t.contiguous();
  const bool product_first = need_input && x.scalar_type() == at::kBFloat16;
  Tensor dx =
      product_first ? at::mm(grads, weight) : at::empty({need_input ? problem.rows : 0, layer.inputs}, rows.options());
  Tensor sum;
  with_type(rows, [&](auto type) {
    using T = decltype(type);
    using W = Wide<T>;
    const Backward<T> on{read<T>(grads),  read<T>(rows),    grads.stride(0), rows.stride(0),
                         read<W>(wide_a), read<W>(wide_bt), read<W>(wide_t), need_input ? write<T>(dx) : nullptr,
                         nullptr,         nullptr,          nullptr};
    sum = run_backward<T>(problem, on, {need_input, need_adapter, need_bias}, t.options());
  });
  dx = dx.to(x.scalar_type());
  if (need_input && !product_first) dx.addmm_(grads.to(x.scalar_type()), weight);
  const auto own = [&](int64_t first, int64_t rows, int64_t columns) {
    return sum.narrow(0, first, rows * columns).view({rows, columns});
  };
  const auto like = [](const Tensor& part, const Tensor& other) {  // a copy: results share no memory
    return part.to(other.scalar_type(), false, true, at::MemoryFormat::Contiguous);
  };
  const int64_t n_a = need_adapter ? layer.total * layer.inputs : 0, n_b = need_adapter ? layer.rank * layer.width : 0;
  const Tensor db = need_adapter ? own(n_a, layer.rank, layer.width).t() : at::empty({0, layer.rank}, t.options());
  return {dx, like(own(0, need_adapter ? layer.total : 0, layer.inputs), a), like(db, b),
          like(sum.narrow(0, n_a + n_b, need_bias ? layer.outputs : 0), x)};
}

Tensor lora_keep_mask(const Tensor& seed, int64_t rows, int64_t columns, double dropout_p) {
  check(dropout_p > 0.0 && dropout_p <= 1.0, "the mask's dropout_p is in (0, 1]");
  check(rows >= 0 && columns >= 0, "a mask has no fewer than 0 rows and columns");
  Tensor mask = at::empty({rows, columns}, at::kBool);
  const uint32_t cutoff = dropout_cutoff(dropout_p);
  const auto key = static_cast<uint64_t>(seed.item<int64_t>());
  std::vector<uint32_t> words((columns + WORD_PADDING - 1) / WORD_PADDING * WORD_PADDING);
  for (int64_t row = 0; row < rows; ++row) {
    kernels<float>().words(key, static_cast<uint64_t>(row), static_cast<int64_t>(words.size()), words.data());
    std::transform(words.begin(), words.begin() + columns, write<bool>(mask) + row * columns,
                   [cutoff](uint32_t word) { return word > cutoff; });
  }
  return mask;
}

}  // namespace
}  // namespace lora

TORCH_LIBRARY_IMPL(autotransfer, CPU, m) {
  m.impl("lora_linear", lora::lora_linear);
  m.impl("lora_linear_backward", lora::lora_linear_backward);
  m.impl("lora_keep_mask", lora::lora_keep_mask);
}

}  // namespace autotransfer
