#include "mmd_setup.h"

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace autotransfer {
namespace avx2 {

#define VECTOR_BYTES 32
constexpr long ROWS = 4;
#include "simd.h"
#include "mmd_body.h"

}  // namespace avx2

template <>
const Kernels<float>& kernels_avx2() {
  return avx2::table<float>();
}
template <>
const Kernels<double>& kernels_avx2() {
  return avx2::table<double>();
}
}  // namespace autotransfer
#pragma GCC pop_options
#endif
