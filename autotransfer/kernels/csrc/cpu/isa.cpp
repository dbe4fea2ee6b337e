#include "isa.h"

#include <cstdlib>
#include <cstring>

namespace autotransfer {
namespace {

Isa best() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    return Isa::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Isa::avx2;
#endif
  return Isa::baseline;
}

// AUTOTRANSFER_KERNELS_ISA takes a lower one, so that every variant can be tried on one machine.
Isa chosen() {
  const Isa found = best();
  const char* wanted = std::getenv("AUTOTRANSFER_KERNELS_ISA");
  if (wanted == nullptr) return found;
  Isa limit = found;
  if (std::strcmp(wanted, "baseline") == 0) limit = Isa::baseline;
  if (std::strcmp(wanted, "avx2") == 0) limit = Isa::avx2;
  return static_cast<int>(limit) < static_cast<int>(found) ? limit : found;
}

}  // namespace

Isa isa() {
  static const Isa value = chosen();
  return value;
}

}  // namespace autotransfer

// For `autotransfer kernels info`.
extern "C" const char* autotransfer_isa() {
  switch (autotransfer::isa()) {
    case autotransfer::Isa::avx512: return "avx512";
    case autotransfer::Isa::avx2: return "avx2";
    default: return "baseline";
  }
}
