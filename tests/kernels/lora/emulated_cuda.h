// Enough of CUDA to run kernels on the CPU, one block after the other. The threads of a block are coroutines that take
// turns at each point where they wait for each other, so an index, a mask or a barrier that is wrong shows as it would on
// a GPU; a race between two such points does not.
#pragma once

#include <stdint.h>
#include <ucontext.h>

#include <functional>
#include <vector>

#define __device__
#define __global__
#define __shared__ static
#define __launch_bounds__(...)

struct dim3 {
  unsigned x, y, z;
  dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};
struct uint4 {
  uint32_t x, y, z, w;
};

static dim3 threadIdx, blockIdx, gridDim;

namespace emulator {

constexpr int WARP = 32;

struct Meeting {  // of `size` threads
  int size, arrived = 0;
  long held = 0;
};

struct Fragments {
  uint32_t left[4], right[2];
};

struct Block {
  ucontext_t home;
  std::vector<ucontext_t> threads;
  std::vector<std::vector<char>> stacks;
  std::vector<bool> done;
  std::vector<Meeting> warps;
  Meeting all{0};
  std::vector<Fragments> fragments;
  std::function<void()> body;
  int current = 0;
};

static Block* block;

inline void yield() {
  const int self = block->current;
  swapcontext(&block->threads[self], &block->home);
}

inline void meet(Meeting& meeting) {
  const long held = meeting.held;
  if (++meeting.arrived == meeting.size) {
    meeting.arrived = 0;
    ++meeting.held;
  }
  while (meeting.held == held) yield();
}

inline void enter() {
  block->body();
  block->done[block->current] = true;
  yield();
}

inline void run(Block& one, int threads) {
  block = &one;
  one.threads.resize(threads);
  one.stacks.assign(threads, std::vector<char>(1 << 16));
  one.done.assign(threads, false);
  one.warps.assign(threads / WARP, Meeting{WARP});
  one.all = Meeting{threads};
  one.fragments.resize(threads);
  for (int i = 0; i < threads; ++i) {
    getcontext(&one.threads[i]);
    one.threads[i].uc_stack.ss_sp = one.stacks[i].data();
    one.threads[i].uc_stack.ss_size = one.stacks[i].size();
    one.threads[i].uc_link = nullptr;
    makecontext(&one.threads[i], enter, 0);
  }
  for (bool going = true; going;) {
    going = false;
    for (int i = 0; i < threads; ++i) {
      if (one.done[i]) continue;
      going = true;
      one.current = i;
      threadIdx = dim3(i, 0, 0);
      swapcontext(&one.home, &one.threads[i]);
    }
  }
}

inline float widened(uint32_t pair, int half) {
  const uint32_t bits = (half ? pair >> 16 : pair & 0xFFFFu) << 16;
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace emulator

inline void __syncthreads() {
  emulator::meet(emulator::block->all);
}

inline uint32_t __float_as_uint(float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float __uint_as_float(uint32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

// mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32, by the layout of its operands in NVIDIA's PTX manual.
inline void emulated_multiply_add(float (&sum)[4], const uint32_t (&left)[4], uint32_t right_first, uint32_t right_second) {
  using namespace emulator;
  const int self = block->current, warp = self / WARP, lane = self % WARP;
  Fragments& own = block->fragments[self];
  for (int i = 0; i < 4; ++i) own.left[i] = left[i];
  own.right[0] = right_first;
  own.right[1] = right_second;
  meet(block->warps[warp]);
  const Fragments* lanes = block->fragments.data() + warp * WARP;
  for (int i = 0; i < 4; ++i) {
    const int row = lane / 4 + 8 * (i / 2), column = 2 * (lane % 4) + i % 2;
    float total = sum[i];
    for (int k = 0; k < 16; ++k) {
      const Fragments& a = lanes[4 * (row % 8) + k % 8 / 2];
      const Fragments& b = lanes[4 * column + k % 8 / 2];
      total += widened(a.left[row / 8 + 2 * (k / 8)], k % 2) * widened(b.right[k / 8], k % 2);
    }
    sum[i] = total;
  }
  meet(block->warps[warp]);
}

template <typename... P, typename... A>
static int launch(void (*kernel)(P...), dim3 grid, int threads, void*, A... arguments) {
  gridDim = grid;
  emulator::Block one;
  one.body = [&] { kernel(arguments...); };
  for (unsigned y = 0; y < grid.y; ++y)
    for (unsigned x = 0; x < grid.x; ++x) {
      blockIdx = dim3(x, y);
      emulator::run(one, threads);
    }
  return 0;
}
