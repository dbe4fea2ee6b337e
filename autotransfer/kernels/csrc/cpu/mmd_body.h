// The tile kernels of MMD, for the instruction set of the file that includes this. No header may be included below it.
// Everything is in registers between the inner products and the sums: no pair of rows leaves the tile.

constexpr long VECTORS = 3;  // vectors across a panel
template <typename T>
constexpr long PANEL = VECTORS * lanes<T>;
template <typename T>
constexpr long BLOCK = PANEL<T> * (192 / PANEL<T>);
template <typename T>
constexpr long STRIDE = BLOCK<T> + 64 / sizeof(T);  // not a power of two, which would map rows on one another in the cache

constexpr long GROUP = 2;  // rows of a micro-tile that the epilogue takes at once
static_assert(ROWS % GROUP == 0 && PANEL<float> % ROWS == 0 && PANEL<double> % ROWS == 0, "micro-tiles fill panels");

// out (ROWS x panel) = sum_k a[k][r] b[k][.]; both are parts of packed panels.
// A call of its own: inlined, it would share registers with the epilogue's constants, and its sums would not fit.
template <typename T>
__attribute__((noinline)) void inner_products(const T* a, const T* b, long depth, T* out) {
  Vec<T> sum[ROWS][VECTORS] = {};
  for (long k = 0; k < depth; ++k, a += PANEL<T>, b += PANEL<T>) {
    Vec<T> row[VECTORS];
    for (long v = 0; v < VECTORS; ++v) row[v] = load<T>(b + v * lanes<T>);
#pragma GCC unroll 8
    for (long r = 0; r < ROWS; ++r)
#pragma GCC unroll 3
      for (long v = 0; v < VECTORS; ++v) sum[r][v] += all(a[r]) * row[v];
  }
#pragma GCC unroll 8
  for (long r = 0; r < ROWS; ++r)
#pragma GCC unroll 3
    for (long v = 0; v < VECTORS; ++v) store<T>(out + r * PANEL<T> + v * lanes<T>, sum[r][v]);
}

// A micro-tile: ROWS rows from p on, a panel's columns from q on, both counted within the tile.
template <typename T>
struct Micro {
  const T* products;
  const T* pair_weights;  // null: all 1
  const T* row_norms;
  const T* column_norms;
  T* stored;
};

// A sum of positive numbers that keeps what rounding takes from it: differences of such sums are the result.
template <typename T>
struct Sum {
  Vec<T> value = {}, lost = {};
  void add(Vec<T> more) {
    const Vec<T> next = value + more;
    lost += more - (next - value);
    value = next;
  }
  double total() const { return sum_of<T>(value) + sum_of<T>(lost); }
};

template <typename T>
inline Int<T> lane_numbers() {
  Int<T> numbers = {};
  for (long i = 0; i < lanes<T>; ++i) numbers[i] = i;
  return numbers;
}

// 1 for pairs that count, else 0: not for padding, nor for a point with itself. UPPER: nor for pairs that a tile on the
// diagonal has a second time, the other way round.
template <typename T, bool UPPER>
inline Vec<T> counting(const Tile& tile, long row, long column) {
  const Int<T> q = lane_numbers<T>() + static_cast<decltype(Int<T>{}[0] + 0)>(column);
  const Int<T> last = Int<T>{} + static_cast<decltype(Int<T>{}[0] + 0)>(row < tile.valid_rows ? tile.valid_columns : 0);
  const Int<T> self = Int<T>{} + static_cast<decltype(Int<T>{}[0] + 0)>(tile.diagonal() ? row : -1);
  const auto counts = (q < last) & (UPPER ? q > self : q != self);
  return counts ? all(T{1}) : all(T{0});
}

// Kernels of a micro-tile, summed into totals (terms); with STORE their weighted sum goes out, and into row and column
// sums. PARTIAL: some pairs do not count.
template <typename T, bool WEIGHTED, bool STORE, bool PARTIAL>
inline void epilogue(const Pairs<T>& pairs, const Tile& tile, const Micro<T>& micro, long row, long column,
                     Sum<T>* totals, Vec<T>* row_sums, Vec<T>* column_sums) {
  Vec<T> sums[MAX_TERMS];
  for (long b = 0; b < pairs.terms; ++b) sums[b] = Vec<T>{};
  constexpr long N = GROUP * VECTORS;
  for (long first = 0; first < ROWS; first += GROUP) {
    Vec<T> t[N], e[N], mixed[N], weight[N];
#pragma GCC unroll 6
    for (long i = 0; i < N; ++i) {
      const long r = first + i / VECTORS, at = (i % VECTORS) * lanes<T>;
      const Vec<T> norms = load<T>(micro.column_norms + at) + micro.row_norms[r];
      t[i] = at_most_zero<T>(load<T>(micro.products + r * PANEL<T> + at) * pairs.scale - norms);
      e[i] = exp2_of(t[i]);
      weight[i] = WEIGHTED ? load<T>(micro.pair_weights + r * PANEL<T> + at) : all(T{1});
      if (PARTIAL) {
        const Vec<T> counts = counting<T, !STORE>(tile, row + r, column + at);
        const Vec<T> nothing = {};
        weight[i] = counts > nothing ? weight[i] : nothing;
      }
      if (STORE) mixed[i] = e[i] * pairs.coefficients[0];
    }
    for (long b = 0;; ++b) {
      Vec<T> total = {};
#pragma GCC unroll 6
      for (long i = 0; i < N; ++i) total += WEIGHTED || PARTIAL ? weight[i] * e[i] : e[i];
      sums[b] += total;
      if (b + 1 == pairs.terms) break;
      if (pairs.squarings != nullptr) {
        for (int s = 0; s < pairs.squarings[b + 1]; ++s)
#pragma GCC unroll 6
          for (long i = 0; i < N; ++i) e[i] *= e[i];
      } else {
#pragma GCC unroll 6
        for (long i = 0; i < N; ++i) e[i] = exp2_of(t[i] * pairs.ratios[b + 1]);
      }
      if (STORE)
#pragma GCC unroll 6
        for (long i = 0; i < N; ++i) mixed[i] += e[i] * pairs.coefficients[b + 1];
    }
    if (STORE)
#pragma GCC unroll 6
      for (long i = 0; i < N; ++i) {
        const long r = first + i / VECTORS, v = i % VECTORS;
        if (WEIGHTED || PARTIAL) mixed[i] *= weight[i];
        store<T>(micro.stored + r * STRIDE<T> + v * lanes<T>, mixed[i]);
        row_sums[r] += mixed[i];
        column_sums[v] += mixed[i];
      }
  }
  for (long b = 0; b < pairs.terms; ++b) totals[b].add(sums[b]);
}

template <typename T, bool WEIGHTED, bool STORE>
void run(const Pairs<T>& pairs, const Tile& tile, double* sums, T* stored, T* row_sums, T* column_sums) {
  constexpr long P = PANEL<T>;
  alignas(64) T products[ROWS * P], pair_weights[ROWS * P];
  alignas(64) Vec<T> along_rows[STORE ? BLOCK<T> : ROWS] = {};
  Sum<T> totals[MAX_TERMS];
  for (long column = 0; column < tile.columns; column += P) {
    const T* b = pairs.packed + (tile.q + column) * pairs.depth;
    Vec<T> along_columns[VECTORS] = {};
    for (long i = 0; i < pairs.terms; ++i) totals[i] = Sum<T>{};
    // On the diagonal sums are taken above it alone; what is stored is the whole tile.
    const long rows = !STORE && tile.diagonal() ? column + P : tile.rows;
    for (long row = 0; row < rows; row += ROWS) {
      const long panel = (tile.p + row) / P * P, inside = (tile.p + row) % P;
      inner_products<T>(pairs.packed + panel * pairs.depth + inside, b, pairs.depth, products);
      if (WEIGHTED) {
        const T* left = tile.within ? pairs.self_weights : pairs.weights;
        inner_products<T>(left + panel * pairs.classes + inside, pairs.weights + (tile.q + column) * pairs.classes,
                          pairs.classes, pair_weights);
      }
      const Micro<T> micro{products, pair_weights, pairs.norms + tile.p + row, pairs.norms + tile.q + column,
                           STORE ? stored + row * STRIDE<T> + column : nullptr};
      Vec<T>* const own = along_rows + (STORE ? row : 0);
      const bool partial = row + ROWS > tile.valid_rows || column + P > tile.valid_columns ||
                           (tile.diagonal() && row < column + P && column < row + ROWS);
      if (partial)
        epilogue<T, WEIGHTED, STORE, true>(pairs, tile, micro, row, column, totals, own, along_columns);
      else
        epilogue<T, WEIGHTED, STORE, false>(pairs, tile, micro, row, column, totals, own, along_columns);
    }
    for (long i = 0; i < pairs.terms; ++i) sums[i] += totals[i].total();
    if (STORE)
      for (long v = 0; v < VECTORS; ++v) {
        T* const at = column_sums + column + v * lanes<T>;
        store<T>(at, load<T>(at) + along_columns[v]);
      }
  }
  if (STORE)
    for (long row = 0; row < tile.rows; ++row) row_sums[row] += static_cast<T>(sum_of<T>(along_rows[row]));
}

template <typename T>
void sums_of_tile(const Pairs<T>& pairs, const Tile& tile, double* sums) {
  const FlushDenormals flush;
  if (pairs.weights != nullptr)
    run<T, true, false>(pairs, tile, sums, nullptr, nullptr, nullptr);
  else
    run<T, false, false>(pairs, tile, sums, nullptr, nullptr, nullptr);
}

template <typename T>
void stored_tile(const Pairs<T>& pairs, const Tile& tile, double* sums, T* stored, T* row_sums, T* column_sums) {
  const FlushDenormals flush;
  if (pairs.weights != nullptr)
    run<T, true, true>(pairs, tile, sums, stored, row_sums, column_sums);
  else
    run<T, false, true>(pairs, tile, sums, stored, row_sums, column_sums);
}

// ROWS rows of the product, N vectors wide. a is a stored tile, read along its rows, or along its columns.
template <typename T, long N, bool TRANSPOSED>
__attribute__((noinline)) void product(const T* a, long depth, const T* b, long b_stride, T* out, long out_stride) {
  Vec<T> sum[ROWS][N] = {};
  for (long k = 0; k < depth; ++k, b += b_stride, a += TRANSPOSED ? STRIDE<T> : 1) {
    Vec<T> row[N];
#pragma GCC unroll 3
    for (long v = 0; v < N; ++v) row[v] = load<T>(b + v * lanes<T>);
#pragma GCC unroll 8
    for (long r = 0; r < ROWS; ++r)
#pragma GCC unroll 3
      for (long v = 0; v < N; ++v) sum[r][v] += all(a[TRANSPOSED ? r : r * STRIDE<T>]) * row[v];
  }
#pragma GCC unroll 8
  for (long r = 0; r < ROWS; ++r)
#pragma GCC unroll 3
    for (long v = 0; v < N; ++v) {
      T* const at = out + r * out_stride + v * lanes<T>;
      store<T>(at, load<T>(at) + sum[r][v]);
    }
}

template <typename T, bool TRANSPOSED>
void multiply(const T* a, long rows, long depth, const T* b, long b_stride, long columns, T* out, long out_stride) {
  long left = columns / lanes<T>;
  while (left > 0) {
    // Two and two is faster than three and one, which would wait for its own sums.
    const long width = left == 1 ? 1 : left == 2 || left == 4 ? 2 : 3;
    for (long row = 0; row < rows; row += ROWS) {
      const T* const from = a + (TRANSPOSED ? row : row * STRIDE<T>);
      T* const to = out + row * out_stride;
      if (width == 3) product<T, 3, TRANSPOSED>(from, depth, b, b_stride, to, out_stride);
      if (width == 2) product<T, 2, TRANSPOSED>(from, depth, b, b_stride, to, out_stride);
      if (width == 1) product<T, 1, TRANSPOSED>(from, depth, b, b_stride, to, out_stride);
    }
    b += width * lanes<T>;
    out += width * lanes<T>;
    left -= width;
  }
}

template <typename T>
const Kernels<T>& table() {
  static const Kernels<T> kernels{PANEL<T>,  BLOCK<T>, sums_of_tile<T>, stored_tile<T>,
                                  STRIDE<T>, multiply<T, false>,        multiply<T, true>};
  return kernels;
}
