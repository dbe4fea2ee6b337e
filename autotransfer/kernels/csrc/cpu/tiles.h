// All pairs of blocks, cut into a fixed number of tasks, so that sums are added in one order on any number of threads.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

#include "mmd_sample.h"

namespace autotransfer {

constexpr int64_t MOST_TASKS = 256;

inline int64_t tile_count(int64_t blocks) { return blocks * (blocks + 1) / 2; }

inline int64_t task_count(int64_t blocks) { return std::min(MOST_TASKS, tile_count(blocks)); }

inline Tile tile_of(const Block& a, const Block& b) {
  return {static_cast<long>(a.first),  static_cast<long>(b.first), static_cast<long>(a.padded),
          static_cast<long>(b.padded), static_cast<long>(a.valid), static_cast<long>(b.valid),
          a.second == b.second};
}

// Sums over ordered pairs: an unordered pair of different blocks stands for two.
inline double multiplicity(const Tile& tile) { return tile.diagonal() ? 1 : 2; }

// visit(scratch, task, a, b) for all blocks a <= b. make_scratch: once for each stretch of tasks of a thread.
template <typename MakeScratch, typename Visit>
void for_tiles(const std::vector<Block>& blocks, const MakeScratch& make_scratch, const Visit& visit) {
  const int64_t count = blocks.size(), tiles = tile_count(count), tasks = task_count(count);
  at::parallel_for(0, tasks, 1, [&](int64_t begin, int64_t end) {
    auto scratch = make_scratch();
    int64_t at = tiles * begin / tasks, i = 0, row_end = count;
    while (at >= row_end) row_end += count - ++i;
    int64_t j = count - (row_end - at);
    for (int64_t task = begin; task < end; ++task)
      for (; at < tiles * (task + 1) / tasks; ++at) {
        visit(scratch, task, blocks[i], blocks[j]);
        if (++j == count) j = ++i;
      }
  });
}

}  // namespace autotransfer
