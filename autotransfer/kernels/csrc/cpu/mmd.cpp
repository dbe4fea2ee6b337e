// Values and gradients of the squared MMD: schedules over the tiles of all pairs of rows.
#include <ATen/core/Tensor.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <tuple>
#include <vector>

#include "mmd_sample.h"
#include "tiles.h"
#include "tournament.h"

namespace autotransfer {
namespace {

using OptionalTensor = c10::optional<at::Tensor>;

void check(const at::Tensor& x, const at::Tensor& y, const at::Tensor& bandwidths, bool unbiased,
           const OptionalTensor& x_weights, const OptionalTensor& y_weights) {
  TORCH_CHECK(x.dim() == 2 && y.dim() == 2 && x.size(1) == y.size(1), "mmd2: x (n, d) and y (m, d) do not fit");
  TORCH_CHECK(x.scalar_type() == y.scalar_type() && at::isFloatingType(x.scalar_type()),
              "mmd2: x and y must have one floating point type");
  const int64_t least = unbiased ? 2 : 1;
  TORCH_CHECK(x.size(0) >= least && y.size(0) >= least, "mmd2: each sample needs ", least, " rows or more");
  TORCH_CHECK(bandwidths.dim() == 1 && bandwidths.numel() >= 1 && bandwidths.numel() <= 64,
              "mmd2: bandwidths must be a list of 1 to 64 numbers");
  TORCH_CHECK(x_weights.has_value() == y_weights.has_value(), "mmd2: give weights for both samples or for none");
  if (x_weights.has_value())
    TORCH_CHECK(x_weights->dim() == 2 && y_weights->dim() == 2 && x_weights->size(0) == x.size(0) &&
                    y_weights->size(0) == y.size(0) && x_weights->size(1) == y_weights->size(1),
                "mmd2: weights must be (n, C) and (m, C)");
}

template <typename T>
std::vector<double> values(const Sample<T>& sample, const Pairs<T>& pairs, const Weights<T>& weights) {
  const std::vector<Block> blocks = sample.blocks();
  const int64_t tasks = task_count(blocks.size());
  std::vector<double> partial(tasks * pairs.terms, 0.0);
  for_tiles(
      blocks, [&] { return std::vector<double>(pairs.terms); },
      [&](std::vector<double>& sums, int64_t task, const Block& a, const Block& b) {
        const Tile tile = tile_of(a, b);
        std::fill(sums.begin(), sums.end(), 0.0);
        sample.table.sums(pairs, tile, sums.data());
        const double factor = 2 * weights.factor(a, b);  // unordered pairs were summed, also on the diagonal
        for (long i = 0; i < pairs.terms; ++i) partial[task * pairs.terms + i] += factor * sums[i];
      });
  std::vector<double> total(pairs.terms, weights.self_pairs);
  for (int64_t task = 0; task < tasks; ++task)
    for (long i = 0; i < pairs.terms; ++i) total[i] += partial[task * pairs.terms + i];
  return total;
}

// float for half precision, whose 3 digits would not hold a difference of means.
at::ScalarType value_type(const at::Tensor& x) {
  return x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

template <typename T>
at::Tensor mmd2_of(const at::Tensor& x, const at::Tensor& y, const at::Tensor& bandwidths, bool unbiased,
                   const OptionalTensor& x_weights, const OptionalTensor& y_weights) {
  const Bandwidths<T> widths(bandwidths);
  const Sample<T> sample(x, y, widths.scale, false);
  const Weights<T> weights(sample, x_weights, y_weights, unbiased);
  Pairs<T> pairs = sample.pairs(widths);
  weights.use(pairs);
  const std::vector<double> found = values(sample, pairs, weights);
  const at::Tensor out = at::empty({bandwidths.numel()}, x.options().dtype(at::kDouble));
  for (size_t i = 0; i < found.size(); ++i) out.data_ptr<double>()[widths.order[i]] = found[i];
  return out.to(value_type(x));
}

at::Tensor mmd2(const at::Tensor& x, const at::Tensor& y, const at::Tensor& bandwidths, bool unbiased,
                const OptionalTensor& x_weights, const OptionalTensor& y_weights) {
  check(x, y, bandwidths, unbiased, x_weights, y_weights);
  if (x.scalar_type() == at::kDouble) return mmd2_of<double>(x, y, bandwidths, unbiased, x_weights, y_weights);
  return mmd2_of<float>(x, y, bandwidths, unbiased, x_weights, y_weights);
}

// Gradients of sum_b coefficients[b] MMD^2_b, with its value: one pass over the tiles.
template <typename T>
class Gradient {
 public:
  Gradient(const Sample<T>& sample, const Pairs<T>& pairs, const Weights<T>& weights, const Bandwidths<T>& widths,
           const double* coefficients)
      : sample_(sample),
        pairs_(pairs),
        weights_(weights),
        blocks_(sample.blocks()),
        mixed_(sample.total * sample.stride),
        sums_(sample.total) {
    for (const int64_t at : widths.order) ordered_.push_back(coefficients[at]);
    for (size_t b = 0; b < ordered_.size(); ++b) slopes_.push_back(ordered_[b] * widths.rates[b]);
  }

  double run() {
    const int64_t count = blocks_.size();
    std::vector<double> partial(count * (count + 1) / 2, 0.0);
    const int64_t block = sample_.table.block;
    play_all(
        count, [&] { return Scratch(block * sample_.table.stored_stride, block, pairs_.terms); },
        [&](Scratch& scratch, const Match& match, size_t at) { partial[at] = tile(scratch, match); });
    double total = 0;
    for (const double value : ordered_) total += value * weights_.self_pairs;
    for (const double value : partial) total += value;
    return total;
  }

  // d/dz_p of sum_pq P_pq k(|z_p - z_q|^2) is 4 sum_q P_pq k' (z_p - z_q), and -k' is what was stored.
  at::Tensor of(const Part& part, const at::Tensor& like) const {
    const auto options = like.options().dtype(c10::CppTypeToScalarType<T>::value);
    const at::Tensor out = at::empty({part.count, sample_.depth}, options);
    T* const to = out.data_ptr<T>();
    at::parallel_for(0, part.count, 256, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = part.first + i;
        const T* const mixed = mixed_.get() + row * sample_.stride;
        const T* const own = sample_.rows.get() + row * sample_.stride;
        const T sum = sums_.get()[row];
        for (int64_t k = 0; k < sample_.depth; ++k) to[i * sample_.depth + k] = 4 * (mixed[k] - sum * own[k]);
      }
    });
    return out.to(like.scalar_type());
  }

 private:
  struct Scratch {
    Scratch(int64_t tile, int64_t block, int64_t terms) : stored(tile), unused(block), slopes(terms), sums(terms) {}
    Buffer<T> stored, unused;
    std::vector<T> slopes;
    std::vector<double> sums;
  };

  double tile(Scratch& scratch, const Match& match) {
    const Block &a = blocks_[match.a], &b = blocks_[match.b];
    const Tile tile = tile_of(a, b);
    const double factor = weights_.factor(a, b);
    Pairs<T> pairs = pairs_;
    for (size_t i = 0; i < slopes_.size(); ++i) scratch.slopes[i] = static_cast<T>(factor * slopes_[i]);
    pairs.coefficients = scratch.slopes.data();
    std::fill(scratch.sums.begin(), scratch.sums.end(), 0.0);
    T* const columns = tile.diagonal() ? scratch.unused.get() : sums_.get() + tile.q;
    const Kernels<T>& table = sample_.table;
    table.stored(pairs, tile, scratch.sums.data(), scratch.stored.get(), sums_.get() + tile.p, columns);
    const int64_t stride = sample_.stride, width = rounded_up(sample_.depth, vector_lanes);
    const T *const rows_p = sample_.rows.get() + tile.p * stride, *const rows_q = sample_.rows.get() + tile.q * stride;
    table.multiply(scratch.stored.get(), tile.rows, tile.columns, rows_q, stride, width,
                   mixed_.get() + tile.p * stride, stride);
    if (!tile.diagonal())
      table.multiply_transposed(scratch.stored.get(), tile.columns, tile.rows, rows_p, stride, width,
                                mixed_.get() + tile.q * stride, stride);
    double value = 0;
    for (size_t i = 0; i < ordered_.size(); ++i) value += ordered_[i] * scratch.sums[i];
    return multiplicity(tile) * factor * value;
  }

  const Sample<T>& sample_;
  const Pairs<T>& pairs_;
  const Weights<T>& weights_;
  std::vector<Block> blocks_;
  std::vector<double> ordered_, slopes_;
  Buffer<T> mixed_, sums_;
};

using Three = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

template <typename T>
Three gradient_of(const at::Tensor& x, const at::Tensor& y, const at::Tensor& bandwidths,
                  const at::Tensor& coefficients, bool unbiased, const OptionalTensor& x_weights,
                  const OptionalTensor& y_weights) {
  const Bandwidths<T> widths(bandwidths);
  const Sample<T> sample(x, y, widths.scale, true);
  const Weights<T> weights(sample, x_weights, y_weights, unbiased);
  Pairs<T> pairs = sample.pairs(widths);
  weights.use(pairs);
  const at::Tensor list = coefficients.to(at::kCPU, at::kDouble).contiguous();
  Gradient<T> gradient(sample, pairs, weights, widths, list.const_data_ptr<double>());
  const at::Tensor total = at::empty({}, x.options().dtype(at::kDouble));
  *total.data_ptr<double>() = gradient.run();
  return {total.to(value_type(x)), gradient.of(sample.x, x), gradient.of(sample.y, y)};
}

Three mmd2_gradient(const at::Tensor& x, const at::Tensor& y, const at::Tensor& bandwidths,
                    const at::Tensor& coefficients, bool unbiased, const OptionalTensor& x_weights,
                    const OptionalTensor& y_weights) {
  check(x, y, bandwidths, unbiased, x_weights, y_weights);
  TORCH_CHECK(coefficients.dim() == 1 && coefficients.numel() == bandwidths.numel(),
              "mmd2_gradient: there must be one coefficient for each bandwidth");
  if (x.scalar_type() == at::kDouble)
    return gradient_of<double>(x, y, bandwidths, coefficients, unbiased, x_weights, y_weights);
  return gradient_of<float>(x, y, bandwidths, coefficients, unbiased, x_weights, y_weights);
}

}  // namespace
}  // namespace autotransfer

TORCH_LIBRARY_IMPL(autotransfer, CPU, m) {
  m.impl("mmd2", &autotransfer::mmd2);
  m.impl("mmd2_gradient", &autotransfer::mmd2_gradient);
}
