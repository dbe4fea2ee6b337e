// The operators of autotransfer/kernels/mmd/tiles.py on GPUs. Stable ABI: one build serves every PyTorch from 2.11 on.
#include <torch/csrc/stable/accelerator.h>
#include <torch/csrc/stable/library.h>
#include <torch/csrc/stable/tensor.h>
#include <torch/headeronly/core/ScalarType.h>
#include <torch/headeronly/util/Exception.h>

#include "mmd.h"

// In PyTorch's CUDA library. Weak, so that this one can be loaded, and looked at, without it.
extern "C" __attribute__((weak)) AOTITorchError aoti_torch_get_current_cuda_stream(int32_t device, void** stream);

namespace {

using torch::headeronly::ScalarType;
using torch::stable::Tensor;

// Kernels run on the tensors' device, in PyTorch's stream of it.
class Place {
 public:
  explicit Place(const Tensor& tensor) : guard_(tensor.get_device_index()) {
    STD_TORCH_CHECK(aoti_torch_get_current_cuda_stream != nullptr, "mmd2: this PyTorch has no CUDA");
    TORCH_ERROR_CODE_CHECK(aoti_torch_get_current_cuda_stream(tensor.get_device_index(), &stream_));
  }
  void* stream() const {
    return stream_;
  }

 private:
  torch::stable::accelerator::DeviceGuard guard_;
  void* stream_ = nullptr;
};

void check(const Tensor& tensor, const Tensor& beside, ScalarType type, int64_t numbers) {
  STD_TORCH_CHECK(tensor.scalar_type() == type && tensor.is_contiguous() && tensor.numel() == numbers,
                  "mmd2: a part has another size, type or layout than its kernel takes");
  STD_TORCH_CHECK(tensor.is_cuda() && tensor.get_device_index() == beside.get_device_index(),
                  "mmd2: all tensors must be on one GPU");
}

const float* floats(const Tensor& tensor) {
  return static_cast<const float*>(tensor.data_ptr());
}

MmdKernels kernels_of(const Tensor& z, const Tensor& norms, const Tensor& rates, const Tensor& steps) {
  STD_TORCH_CHECK(z.dim() == 2, "mmd2: the samples are a matrix");
  check(z, z, ScalarType::Float, z.size(0) * z.size(1));
  check(norms, z, ScalarType::Float, z.size(0));
  check(rates, z, ScalarType::Float, rates.numel());
  check(steps, z, ScalarType::Int, rates.numel());
  return {floats(rates), static_cast<const int32_t*>(steps.data_ptr()), static_cast<int>(rates.numel())};
}

void check_launch(int error) {
  STD_TORCH_CHECK(error == 0, "mmd2: a kernel could not be started, CUDA error ", error);
}

void tile_sums(const Tensor& z, const Tensor& norms, const Tensor& rates, const Tensor& steps, int64_t n,
               Tensor partial) {
  const MmdKernels kernels = kernels_of(z, norms, rates, steps);
  const int64_t m = z.size(0) - n;
  STD_TORCH_CHECK(n >= 1 && m >= 1, "mmd2: each sample needs a row");
  check(partial, z, ScalarType::Double, at_mmd_tiles(n, m) * kernels.terms);
  const Place place(z);
  check_launch(at_mmd_sums(floats(z), floats(norms), n, m, z.size(1), kernels,
                           static_cast<double*>(partial.data_ptr()), place.stream()));
}

void tile_mixed(const Tensor& z, const Tensor& norms, const Tensor& rates, const Tensor& steps,
                const Tensor& coefficients, int64_t first, Tensor out) {
  const MmdKernels kernels = kernels_of(z, norms, rates, steps);
  check(coefficients, z, ScalarType::Float, kernels.terms);
  STD_TORCH_CHECK(out.dim() == 2 && out.size(0) >= 1 && first >= 0 && first + out.size(0) <= z.size(0),
                  "mmd2: these rows are not there");
  check(out, z, ScalarType::Float, out.size(0) * z.size(0));
  const Place place(z);
  check_launch(at_mmd_mixed(floats(z), floats(norms), z.size(0), z.size(1), first, out.size(0), kernels,
                            floats(coefficients), static_cast<float*>(out.data_ptr()), place.stream()));
}

}  // namespace

STABLE_TORCH_LIBRARY_IMPL(autotransfer, CUDA, m) {
  m.impl("mmd_tile_sums", TORCH_BOX(&tile_sums));
  m.impl("mmd_tile_mixed", TORCH_BOX(&tile_mixed));
}
