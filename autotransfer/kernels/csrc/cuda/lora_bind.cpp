// The operators of autotransfer/kernels/lora/tails.py on GPUs. Stable ABI: one build serves every PyTorch from 2.11 on.
#include <torch/csrc/stable/accelerator.h>
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include <cmath>
#include <optional>

#include "lora.h"

// In PyTorch's CUDA library. Weak, so that this one can be loaded, and looked at, without it.
extern "C" __attribute__((weak)) AOTITorchError aoti_torch_get_current_cuda_stream(int32_t device, void** stream);

namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

// Kernels run on the tensors' device, in PyTorch's stream of it.
class Place {
 public:
  explicit Place(const Tensor& tensor) : guard_(tensor.get_device_index()) {
    STD_TORCH_CHECK(aoti_torch_get_current_cuda_stream != nullptr, "lora_linear: this PyTorch has no CUDA");
    TORCH_ERROR_CODE_CHECK(aoti_torch_get_current_cuda_stream(tensor.get_device_index(), &stream_));
  }
  void* stream() const {
    return stream_;
  }

 private:
  torch::stable::accelerator::DeviceGuard guard_;
  void* stream_ = nullptr;
};

void check_matrix(const Tensor& tensor, const Tensor& beside, ScalarType type, int64_t rows, int64_t columns) {
  STD_TORCH_CHECK(
      tensor.dim() == 2 && tensor.size(0) == rows && tensor.size(1) == columns && tensor.scalar_type() == type,
      "lora_linear: a part has another shape or type than its kernel takes");
  STD_TORCH_CHECK(tensor.is_cuda() && tensor.get_device_index() == beside.get_device_index(),
                  "lora_linear: all tensors must be on one GPU");
}

void check_contiguous(const Tensor& tensor) {
  STD_TORCH_CHECK(tensor.is_contiguous(), "lora_linear: a part is not contiguous");
}

LoraRows rows_of(const Tensor& x) {
  STD_TORCH_CHECK(x.dim() == 2 && x.scalar_type() == ScalarType::BFloat16 && x.is_cuda(),
                  "lora_linear: x is a bfloat16 matrix on a GPU");
  STD_TORCH_CHECK(x.size(1) < 2 || x.stride(1) == 1, "lora_linear: elements of a row are neighbours");
  return {x.data_ptr(), x.stride(0), x.size(0), x.size(1)};
}

LoraFactor factor_of(const Tensor& a) {
  return {static_cast<const float*>(a.data_ptr()), a.stride(0), a.stride(1)};
}

int rank_of(int64_t rank) {
  STD_TORCH_CHECK(rank <= LORA_MAX_RANK, "lora_linear: the rank is above what the kernels take");
  return static_cast<int>(rank);
}

LoraDropout dropout_of(const std::optional<Tensor>& seed, double p, const Tensor& beside) {
  if (!seed.has_value() || p == 0.0) return {nullptr, 0};
  STD_TORCH_CHECK(seed->numel() == 1 && seed->scalar_type() == ScalarType::Long && seed->is_cuda() &&
                      seed->get_device_index() == beside.get_device_index(),
                  "lora_linear: the seed is one int64 number on the GPU of x");
  const double words = std::fmin(std::fmax(std::nearbyint(p * 4294967296.0), 1.0), 4294967296.0);
  return {static_cast<const int64_t*>(seed->data_ptr()), static_cast<uint32_t>(words - 1.0)};
}

void check_launch(int error) {
  STD_TORCH_CHECK(error == 0, "lora_linear: a kernel could not be started, CUDA error ", error);
}

void shrink(const Tensor& x, const Tensor& a, std::optional<Tensor> seed, double factor, double p, Tensor out) {
  const LoraRows rows = rows_of(x);
  check_matrix(a, x, ScalarType::Float, a.size(0), rows.columns);
  check_matrix(out, x, ScalarType::Float, rows.rows, a.size(0));
  check_contiguous(out);
  const Place place(x);
  check_launch(at_lora_shrink(rows, factor_of(a), rank_of(a.size(0)), static_cast<float>(factor),
                              dropout_of(seed, p, x), static_cast<float*>(out.data_ptr()), place.stream()));
}

void expand(const Tensor& t, const Tensor& b, std::optional<Tensor> bias, std::optional<Tensor> seed, double p,
            Tensor out) {
  const int64_t rows = t.size(0), rank = t.size(1), columns = b.size(0);
  check_matrix(t, out, ScalarType::Float, rows, rank);
  check_matrix(b, out, ScalarType::Float, columns, rank);
  check_matrix(out, t, ScalarType::BFloat16, rows, columns);
  check_contiguous(t);
  check_contiguous(out);
  STD_TORCH_CHECK(!bias.has_value() || (bias->dim() == 1 && bias->size(0) == columns && bias->is_contiguous() &&
                                        bias->scalar_type() == ScalarType::BFloat16 && bias->is_cuda() &&
                                        bias->get_device_index() == out.get_device_index()),
                  "lora_linear: bias is a contiguous bfloat16 row on the GPU of x");
  const Place place(out);
  check_launch(at_lora_expand(static_cast<const float*>(t.data_ptr()), factor_of(b), rank_of(rank), rows, columns,
                              bias.has_value() ? bias->data_ptr() : nullptr, dropout_of(seed, p, out), out.data_ptr(),
                              place.stream()));
}

void outer(const Tensor& x, const Tensor& t, std::optional<Tensor> seed, double p, Tensor partial, Tensor out) {
  const LoraRows rows = rows_of(x);
  const int64_t rank = t.size(1);
  check_matrix(t, x, ScalarType::Float, rows.rows, rank);
  check_matrix(out, x, ScalarType::Float, rank, rows.columns);
  check_contiguous(t);
  check_contiguous(partial);
  STD_TORCH_CHECK(partial.scalar_type() == ScalarType::Float && partial.is_cuda() &&
                      partial.get_device_index() == x.get_device_index() &&
                      partial.numel() >= at_lora_parts(rows.rows) * rank * rows.columns,
                  "lora_linear: there is no room for the partial sums");
  const Place place(x);
  check_launch(at_lora_outer(rows, static_cast<const float*>(t.data_ptr()), rank_of(rank), dropout_of(seed, p, x),
                             static_cast<float*>(partial.data_ptr()), static_cast<float*>(out.data_ptr()),
                             out.stride(0), out.stride(1), place.stream()));
}

}  // namespace

STABLE_TORCH_LIBRARY_IMPL(autotransfer, CUDA, m) {
  m.impl("lora_shrink", TORCH_BOX(&shrink));
  m.impl("lora_expand", TORCH_BOX(&expand));
  m.impl("lora_outer", TORCH_BOX(&outer));
}
