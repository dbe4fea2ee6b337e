#include "lora.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,prefer-vector-width=512")
namespace autotransfer {
namespace lora {
namespace avx512 {

#define VECTOR_BYTES 64
constexpr int64_t TILE_VECTORS = 4;
#include "simd.h"
#include "philox.h"
#include "lora_products.h"
#include "lora_body.h"

}  // namespace avx512

template <>
const Kernels<float>& kernels_avx512() {
  return avx512::table<float>();
}
template <>
const Kernels<double>& kernels_avx512() {
  return avx512::table<double>();
}
template <>
const Kernels<Bf16>& kernels_avx512() {
  return avx512::table<Bf16>();
}
}  // namespace lora
}  // namespace autotransfer
#pragma GCC pop_options
#endif
