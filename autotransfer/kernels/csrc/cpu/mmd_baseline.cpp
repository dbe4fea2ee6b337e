// What every 64-bit processor has: SSE2, or NEON.
#include "mmd_setup.h"

namespace autotransfer {
namespace baseline {

#define VECTOR_BYTES 16
#if defined(__aarch64__)
constexpr long ROWS = 6;
#else
constexpr long ROWS = 2;  // sums of 6 vectors in 16 registers
#endif
#include "simd.h"
#include "mmd_body.h"

}  // namespace baseline

template <>
const Kernels<float>& kernels_baseline() {
  return baseline::table<float>();
}
template <>
const Kernels<double>& kernels_baseline() {
  return baseline::table<double>();
}
}  // namespace autotransfer
