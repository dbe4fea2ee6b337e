// Every pair of blocks once, in an order that many threads can follow without adding to one block at the same time.
#pragma once

#include <ATen/Parallel.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace autotransfer {

struct Match {
  int64_t a, b;  // a <= b
  int64_t turn_a, turn_b;  // how many matches each of them has had before
};

// Each block with itself, then the circle method of round-robin tournaments: within a round no block meets twice.
inline std::vector<Match> matches(int64_t count) {
  std::vector<Match> found;
  std::vector<int64_t> turns(count, 0);
  const auto add = [&](int64_t a, int64_t b) {
    if (a > b) std::swap(a, b);
    found.push_back({a, b, turns[a], turns[b]});
    ++turns[a];
    if (a != b) ++turns[b];
  };
  for (int64_t i = 0; i < count; ++i) add(i, i);
  const int64_t even = count + count % 2;
  for (int64_t round = 0; round + 1 < even; ++round) {
    for (int64_t k = 0; k < even / 2; ++k) {
      // One place stays, the others turn; the place beyond the last block means a pause.
      const int64_t a = k == 0 ? even - 1 : (round + k) % (even - 1);
      const int64_t b = k == 0 ? round : (round + even - 1 - k) % (even - 1);
      if (a < count && b < count) add(a, b);
    }
  }
  return found;
}

// play(scratch, match) for all matches. Each block has its matches in one order, so that sums come out the same
// whatever the number of threads; a thread waits where a block's earlier match is not over. make_scratch: per thread.
template <typename MakeScratch, typename Play>
void play_all(int64_t count, const MakeScratch& make_scratch, const Play& play) {
  const std::vector<Match> order = matches(count);
  const std::unique_ptr<std::atomic<int64_t>[]> turns(new std::atomic<int64_t>[count]);
  for (int64_t i = 0; i < count; ++i) turns[i] = 0;
  std::atomic<size_t> next{0};
  at::parallel_for(0, at::get_num_threads(), 1, [&](int64_t begin, int64_t end) {
    (void)begin;
    (void)end;
    auto scratch = make_scratch();
    // Matches are taken in order, so the earliest that is not over never waits: there is no deadlock.
    for (size_t at = next++; at < order.size(); at = next++) {
      const Match& match = order[at];
      while (turns[match.a].load(std::memory_order_acquire) != match.turn_a ||
             turns[match.b].load(std::memory_order_acquire) != match.turn_b)
        std::this_thread::yield();
      play(scratch, match, at);
      turns[match.a].fetch_add(1, std::memory_order_release);
      if (match.a != match.b) turns[match.b].fetch_add(1, std::memory_order_release);
    }
  });
}

}  // namespace autotransfer
