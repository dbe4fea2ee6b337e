// What every 64-bit processor has: SSE2, or NEON.
#include "lora.h"

namespace autotransfer {
namespace lora {
namespace baseline {

#define VECTOR_BYTES 16
constexpr int64_t TILE_VECTORS = 2;
#include "simd.h"
#include "philox.h"
#include "lora_products.h"
#include "lora_body.h"

}  // namespace baseline

template <>
const Kernels<float>& kernels_baseline() {
  return baseline::table<float>();
}
template <>
const Kernels<double>& kernels_baseline() {
  return baseline::table<double>();
}
template <>
const Kernels<Bf16>& kernels_baseline() {
  return baseline::table<Bf16>();
}
}  // namespace lora
}  // namespace autotransfer
