#include "lora.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace autotransfer {
namespace lora {
namespace avx2 {

#define VECTOR_BYTES 32
constexpr int64_t TILE_VECTORS = 2;
#include "simd.h"
#include "philox.h"
#include "lora_products.h"
#include "lora_body.h"

}  // namespace avx2

template <>
const Kernels<float>& kernels_avx2() {
  return avx2::table<float>();
}
template <>
const Kernels<double>& kernels_avx2() {
  return avx2::table<double>();
}
template <>
const Kernels<Bf16>& kernels_avx2() {
  return avx2::table<Bf16>();
}
}  // namespace lora
}  // namespace autotransfer
#pragma GCC pop_options
#endif
