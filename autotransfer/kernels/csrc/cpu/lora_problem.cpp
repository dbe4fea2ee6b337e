#include "lora_problem.h"

#include <ATen/OpMathType.h>

#include <cmath>

namespace autotransfer {
namespace lora {

using at::Tensor;

uint32_t dropout_cutoff(double p) {
  const double words = std::min(std::max(std::nearbyint(p * 4294967296.0), 1.0), 4294967296.0);
  return static_cast<uint32_t>(words - 1.0);
}

void check(bool fits, const char* what) {
  TORCH_CHECK_VALUE(fits, "lora_linear: ", what);
}

void check_type(bool fits, const char* what) {
  TORCH_CHECK_TYPE(fits, "lora_linear: ", what);
}

at::ScalarType wide_type(const Tensor& x) {
  const auto type = x.scalar_type();
  check_type(type == at::kDouble || type == at::kFloat || type == at::kBFloat16 || type == at::kHalf,
             "x is float64, float32, bfloat16 or float16");
  return at::toOpMathType(type);
}

static void check_types(const Tensor& x, const Tensor& weight, const Tensor& a, const Tensor& b) {
  const auto narrow = x.scalar_type(), wide = wide_type(x);
  const auto fits = [&](const Tensor& factor) {
    return factor.scalar_type() == narrow || factor.scalar_type() == wide;
  };
  check_type(weight.scalar_type() == narrow, "weight has the type of x");
  check_type(fits(a) && fits(b), "a and b have the type of x or, where that is narrower, float32");
}

Problem describe(const Tensor& x, const Tensor& weight, const Tensor& a, const Tensor& b,
                 const std::optional<Tensor>& seed, double scale, double p, at::IntArrayRef starts,
                 at::IntArrayRef sizes) {
  check(x.dim() == 2 && weight.dim() == 2 && a.dim() == 2 && b.dim() == 2, "x, weight, a and b are matrices");
  check(!starts.empty() && starts.size() == sizes.size(), "a group has a start and a size");
  check(p >= 0.0 && p <= 1.0, "dropout_p is in [0, 1]");
  check(p == 0.0 || seed.has_value(), "dropout needs a seed");
  Problem problem{{}, {}, x.size(0)};
  Layer& layer = problem.layer;
  layer.inputs = x.size(1);
  layer.outputs = weight.size(0);
  layer.rank = b.size(1);
  layer.total = a.size(0);
  for (size_t g = 0; g < starts.size(); ++g) {
    check(starts[g] >= 0 && sizes[g] >= 0 && starts[g] + sizes[g] <= layer.outputs,
          "a group is outside of the outputs");
    problem.groups.push_back({starts[g], sizes[g], layer.width});
    layer.width += sizes[g];
  }
  layer.n_groups = static_cast<int64_t>(problem.groups.size());
  check(weight.size(1) == layer.inputs && a.size(1) == layer.inputs, "x, weight and a have as many columns");
  check(b.size(0) == layer.width, "b has a row for each output of the groups");
  check(layer.total == layer.rank * layer.n_groups, "a has a row for each column of b in each group");
  check_types(x, weight, a, b);
  layer.factor = p < 1.0 ? scale / (1.0 - p) : 0.0;
  layer.drops = p > 0.0;
  layer.cutoff = layer.drops ? dropout_cutoff(p) : 0;
  layer.seed = layer.drops ? static_cast<uint64_t>(seed->item<int64_t>()) : 0;
  return problem;
}

}  // namespace lora
}  // namespace autotransfer
