#include "mmd_setup.h"

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,prefer-vector-width=512")
namespace autotransfer {
namespace avx512 {

#define VECTOR_BYTES 64
constexpr long ROWS = 8;
#include "simd.h"
#include "mmd_body.h"

}  // namespace avx512

template <>
const Kernels<float>& kernels_avx512() {
  return avx512::table<float>();
}
template <>
const Kernels<double>& kernels_avx512() {
  return avx512::table<double>();
}
}  // namespace autotransfer
#pragma GCC pop_options
#endif
