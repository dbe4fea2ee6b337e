// Which instruction set the kernels of this library use: chosen once, when first asked for.
#pragma once

namespace autotransfer {

enum class Isa { baseline = 0, avx2 = 1, avx512 = 2 };

Isa isa();

}  // namespace autotransfer
