// Sums of kernels within and across the two halves of many splits of one sample: the tiles of the kernel matrix are
// computed once, and multiplied by all splits while they are in the cache.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <vector>

#include "mmd_sample.h"
#include "tiles.h"

namespace autotransfer {
namespace {

constexpr int64_t CHUNK = 128;  // splits at a time
constexpr long FEW = 8;         // rows that are added up before the sums become double

template <typename T>
struct Scratch {
  explicit Scratch(const Kernels<T>& table)
      : stored(table.block * table.stored_stride),
        row_sums(table.block),
        column_sums(table.block),
        left(table.block * CHUNK),
        right(table.block * CHUNK),
        product(table.block * CHUNK) {}
  Buffer<T> stored, row_sums, column_sums, left, right, product;
};

// Members (0 or 1) of a block in the splits from first on, padded with 0.
template <typename T>
void expand(const uint8_t* members, int64_t splits, const Block& block, int64_t first, int64_t width, T* to) {
  for (int64_t i = 0; i < block.padded; ++i) {
    const uint8_t* const from = members + (block.first + i) * splits + first;
    T* const row = to + i * CHUNK;
    const int64_t filled = i < block.valid ? width : 0;
    for (int64_t c = 0; c < filled; ++c) row[c] = static_cast<T>(from[c]);
    for (int64_t c = filled; c < CHUNK; ++c) row[c] = T{0};
  }
}

template <typename T>
class Splits {
 public:
  Splits(const Sample<T>& sample, const Pairs<T>& pairs, const at::Tensor& members)
      : sample_(sample), pairs_(pairs), members_(members.const_data_ptr<uint8_t>()), splits_(members.size(1)) {}

  // Rows: sum of kernels between two members, between a member and another row, between two others. A point is no pair
  // with itself; pairs are ordered, but those of a member with another count once.
  std::vector<double> run() const {
    const std::vector<Block> blocks = sample_.blocks();
    const int64_t tasks = task_count(blocks.size()), width = 2 * splits_ + 1;
    std::vector<double> partial(tasks * width, 0.0);
    for_tiles(
        blocks, [&] { return Scratch<T>(sample_.table); },
        [&](Scratch<T>& scratch, int64_t task, const Block& a, const Block& b) {
          visit(scratch, a, b, partial.data() + task * width);
        });
    std::vector<double> sums(width, 0.0), found(3 * splits_);
    for (int64_t task = 0; task < tasks; ++task)
      for (int64_t i = 0; i < width; ++i) sums[i] += partial[task * width + i];
    for (int64_t c = 0; c < splits_; ++c) {
      const double within = sums[c], touched = sums[splits_ + c], all = sums[2 * splits_];
      found[c] = within;
      found[splits_ + c] = touched - within;
      found[2 * splits_ + c] = all - 2 * touched + within;
    }
    return found;
  }

 private:
  // out: u'Ku for each split u, then 1'Ku, then 1'K1.
  void visit(Scratch<T>& scratch, const Block& a, const Block& b, double* out) const {
    const Tile tile = tile_of(a, b);
    const Kernels<T>& table = sample_.table;
    std::fill(scratch.row_sums.get(), scratch.row_sums.get() + table.block, T{0});
    std::vector<double> sums(pairs_.terms, 0.0);
    table.stored(pairs_, tile, sums.data(), scratch.stored.get(), scratch.row_sums.get(), scratch.column_sums.get());
    const double times = multiplicity(tile);
    for (const double sum : sums) out[2 * splits_] += times * sum;
    for (int64_t first = 0; first < splits_; first += CHUNK) {
      const int64_t width = std::min(CHUNK, splits_ - first);
      expand(members_, splits_, a, first, width, scratch.left.get());
      expand(members_, splits_, b, first, width, scratch.right.get());
      std::fill(scratch.product.get(), scratch.product.get() + tile.rows * CHUNK, T{0});
      table.multiply(scratch.stored.get(), tile.rows, tile.columns, scratch.right.get(), CHUNK, CHUNK,
                     scratch.product.get(), CHUNK);
      collect(scratch, tile, width, times, out + first);
    }
  }

  void collect(Scratch<T>& scratch, const Tile& tile, int64_t width, double times, double* out) const {
    const T other = tile.diagonal() ? T{0} : T{1};  // K'u of the mirrored tile
    T within[CHUNK], across[CHUNK];
    for (long first = 0; first < tile.rows; first += FEW) {
      std::fill(within, within + CHUNK, T{0});
      std::fill(across, across + CHUNK, T{0});
      for (long row = first; row < std::min(first + FEW, tile.rows); ++row) {
        const T *const u = scratch.left.get() + row * CHUNK, *const product = scratch.product.get() + row * CHUNK;
        const T sum = other * scratch.row_sums[row];
        for (int64_t c = 0; c < CHUNK; ++c) {
          within[c] += u[c] * product[c];
          across[c] += product[c] + u[c] * sum;
        }
      }
      for (int64_t c = 0; c < width; ++c) {
        out[c] += times * static_cast<double>(within[c]);
        out[splits_ + c] += static_cast<double>(across[c]);
      }
    }
  }

  const Sample<T>& sample_;
  const Pairs<T>& pairs_;
  const uint8_t* members_;
  int64_t splits_;
};

template <typename T>
at::Tensor permutations_of(const at::Tensor& z, const at::Tensor& members, const at::Tensor& bandwidths) {
  const Bandwidths<T> widths(bandwidths);
  const Sample<T> sample(z, z.narrow(0, 0, 0), widths.scale, false);
  Pairs<T> pairs = sample.pairs(widths);
  const std::vector<T> ones(pairs.terms, T{1});
  pairs.coefficients = ones.data();
  const at::Tensor list = members.contiguous();
  const std::vector<double> found = Splits<T>(sample, pairs, list).run();
  const at::Tensor out = at::empty({3, members.size(1)}, z.options().dtype(at::kDouble));
  std::copy(found.begin(), found.end(), out.data_ptr<double>());
  return out;
}

at::Tensor mmd_permutations(const at::Tensor& z, const at::Tensor& members, const at::Tensor& bandwidths) {
  TORCH_CHECK(z.dim() == 2 && z.size(0) >= 1 && at::isFloatingType(z.scalar_type()),
              "mmd_permutations: z must be (N, d) floating point numbers");
  TORCH_CHECK(members.dim() == 2 && members.size(0) == z.size(0) && members.scalar_type() == at::kByte,
              "mmd_permutations: members must be (N, B) bytes");
  TORCH_CHECK(bandwidths.dim() == 1 && bandwidths.numel() >= 1 && bandwidths.numel() <= 64,
              "mmd_permutations: bandwidths must be a list of 1 to 64 numbers");
  if (z.scalar_type() == at::kDouble) return permutations_of<double>(z, members, bandwidths);
  return permutations_of<float>(z, members, bandwidths);
}

}  // namespace
}  // namespace autotransfer

TORCH_LIBRARY_IMPL(autotransfer, CPU, m) { m.impl("mmd_permutations", &autotransfer::mmd_permutations); }
