#include "mmd_sample.h"

#include <algorithm>
#include <numeric>

namespace autotransfer {

template <typename T>
Bandwidths<T>::Bandwidths(const at::Tensor& given) {
  const at::Tensor list = given.to(at::kCPU, at::kDouble).contiguous();
  const double* const values = list.const_data_ptr<double>();
  order.resize(list.numel());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return values[a] > values[b]; });
  for (const int64_t at : order) rates.push_back(1.0 / values[at]);
  scale = rates[0] * 1.4426950408889634;
  bool powers = true;
  squarings.push_back(0);
  for (size_t i = 0; i < rates.size(); ++i) {
    ratios.push_back(static_cast<T>(rates[i] / rates[0]));
    if (i == 0) continue;
    const double steps = std::log2(rates[i] / rates[i - 1]);
    const double whole = std::round(steps);
    powers = powers && std::abs(steps - whole) < 1e-12 && whole <= 8;
    squarings.push_back(powers ? static_cast<int>(whole) : 0);
  }
  if (!powers) squarings.clear();
}

namespace {

Part part_of(int64_t first, int64_t count, int64_t panel) { return {first, count, rounded_up(count, panel)}; }

// An odd number of cache lines from row to row, so that equal columns do not compete for one place in the cache.
template <typename T>
int64_t row_stride(int64_t depth) {
  const int64_t line = 64 / sizeof(T);
  const int64_t lines = rounded_up(rounded_up(depth, vector_lanes), line) / line;
  return (lines % 2 == 0 ? lines + 1 : lines) * line;
}

template <typename T>
void add_columns(const at::Tensor& from, std::vector<double>& sums) {
  const T* row = from.const_data_ptr<T>();
  for (int64_t i = 0; i < from.size(0); ++i, row += from.size(1))
    for (int64_t k = 0; k < from.size(1); ++k) sums[k] += static_cast<double>(row[k]);
}

}  // namespace

template <typename T>
Sample<T>::Sample(const at::Tensor& given_x, const at::Tensor& given_y, double scale, bool keep)
    : table(kernels<T>()),
      depth(given_x.size(1)),
      stride(row_stride<T>(depth)),
      total(rounded_up(given_x.size(0), table.panel) + rounded_up(given_y.size(0), table.panel)),
      x(part_of(0, given_x.size(0), table.panel)),
      y(part_of(x.padded, given_y.size(0), table.panel)),
      packed(total * depth),
      norms(total),
      rows(keep ? total * stride : 0) {
  const auto type = c10::CppTypeToScalarType<T>::value;
  const at::Tensor first = given_x.to(type).contiguous(), second = given_y.to(type).contiguous();
  // Inner products of rows far from the origin would lose the digits that tell the rows apart.
  std::vector<double> center(depth, 0.0);
  add_columns<T>(first, center);
  add_columns<T>(second, center);
  for (double& value : center) value /= static_cast<double>(x.count + y.count);
  fill(first, x, center, scale, keep);
  fill(second, y, center, scale, keep);
}

template <typename T>
void Sample<T>::fill(const at::Tensor& from, const Part& part, const std::vector<double>& center, double scale,
                     bool keep) {
  const T* const values = from.const_data_ptr<T>();
  const int64_t panel = table.panel;
  at::parallel_for(0, part.count, 256, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t row = part.first + i;
      T* const to = packed.get() + row / panel * panel * depth + row % panel;
      double norm = 0;
      for (int64_t k = 0; k < depth; ++k) {
        const T value = static_cast<T>(static_cast<double>(values[i * depth + k]) - center[k]);
        to[k * panel] = value;
        if (keep) rows[row * stride + k] = value;
        norm += static_cast<double>(value) * static_cast<double>(value);
      }
      norms[row] = static_cast<T>(scale * norm);
    }
  });
}

template <typename T>
Pairs<T> Sample<T>::pairs(const Bandwidths<T>& bandwidths) const {
  Pairs<T> pairs{};
  pairs.packed = packed.get();
  pairs.norms = norms.get();
  pairs.depth = depth;
  pairs.scale = static_cast<T>(2.0 * bandwidths.scale);
  pairs.terms = static_cast<long>(bandwidths.order.size());
  pairs.squarings = bandwidths.squarings.empty() ? nullptr : bandwidths.squarings.data();
  pairs.ratios = bandwidths.ratios.data();
  return pairs;
}

template <typename T>
std::vector<Block> Sample<T>::blocks() const {
  std::vector<Block> found;
  for (const Part* part : {&x, &y})
    for (int64_t first = 0; first < part->count; first += table.block)
      found.push_back({part->first + first, std::min<int64_t>(table.block, part->padded - first),
                       std::min<int64_t>(table.block, part->count - first), part == &y});
  return found;
}

template <typename T>
Weights<T>::Weights(const Sample<T>& sample, const c10::optional<at::Tensor>& x, const c10::optional<at::Tensor>& y,
                    bool unbiased)
    : self_pairs(0),
      classes_(x.has_value() ? x->size(1) : 0),
      within_x_(1),
      within_y_(1),
      across_(-1),
      plain_(sample.total * classes_),
      scaled_(sample.total * classes_) {
  if (x.has_value()) {
    fill(sample, *x, sample.x, unbiased);
    fill(sample, *y, sample.y, unbiased);
    return;
  }
  const double n = static_cast<double>(sample.x.count), m = static_cast<double>(sample.y.count);
  within_x_ = unbiased ? 1 / (n * (n - 1)) : 1 / (n * n);
  within_y_ = unbiased ? 1 / (m * (m - 1)) : 1 / (m * m);
  across_ = -1 / (n * m);
  if (!unbiased) self_pairs = 1 / n + 1 / m;
}

template <typename T>
void Weights<T>::fill(const Sample<T>& sample, const at::Tensor& from, const Part& part, bool unbiased) {
  const at::Tensor given = from.to(at::kDouble).contiguous();
  const double* const values = given.const_data_ptr<double>();
  const int64_t panel = sample.table.panel;
  for (int64_t c = 0; c < classes_; ++c) {
    double squares = 0, sum = 0;
    for (int64_t i = 0; i < part.count; ++i) {
      const double weight = values[i * classes_ + c];
      squares += weight * weight;
      sum += weight;
    }
    const double scale = unbiased && sum != 0 ? sum * sum / (sum * sum - squares) : 1.0;
    if (!unbiased) self_pairs += squares;
    for (int64_t i = 0; i < part.count; ++i) {
      const int64_t row = part.first + i, at = row / panel * panel * classes_ + c * panel + row % panel;
      plain_[at] = static_cast<T>(values[i * classes_ + c]);
      scaled_[at] = static_cast<T>(scale * values[i * classes_ + c]);
    }
  }
}

template <typename T>
void Weights<T>::use(Pairs<T>& pairs) const {
  pairs.classes = classes_;
  pairs.weights = classes_ == 0 ? nullptr : plain_.get();
  pairs.self_weights = classes_ == 0 ? nullptr : scaled_.get();
}

template <typename T>
double Weights<T>::factor(const Block& a, const Block& b) const {
  if (a.second != b.second) return across_;
  return a.second ? within_y_ : within_x_;
}

template struct Bandwidths<float>;
template struct Bandwidths<double>;
template class Sample<float>;
template class Sample<double>;
template class Weights<float>;
template class Weights<double>;

}  // namespace autotransfer
