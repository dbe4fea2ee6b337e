// Included by the file of each instruction set before its own part.
#pragma once

#include <cstdint>

#include "mmd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace autotransfer {

constexpr long MAX_TERMS = 64;

// Kernels far from the sample underflow. To zero, at once: numbers in between cost some processors 100 cycles each.
class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
};

}  // namespace autotransfer
