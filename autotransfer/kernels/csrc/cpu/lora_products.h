// The two products of a few rows with a narrow matrix, held in registers. Sums run in one fixed order. Included like
// simd.h, after it.

constexpr int64_t TILE_ROWS = 4;

template <typename T>
struct Matrix {  // row-major, `stride` elements from row to row
  T* data;
  int64_t stride;

  Matrix from(int64_t row, int64_t column) const {
    return {data + row * stride + column, stride};
  }
  T* at(int64_t row, int64_t column) const {
    return data + row * stride + column;
  }
};

template <typename T>
struct Factors {  // read as data[i * row + p * column]
  const T* data;
  int64_t row, column;

  T at(int64_t i, int64_t p) const {
    return data[i * row + p * column];
  }
};

// By halves: one fixed order.
template <typename T>
inline T lanes_sum(Vec<T> value) {
  T parts[lanes<T>];
  store<T>(parts, value);
  for (int64_t half = lanes<T> / 2; half > 0; half /= 2)
    for (int64_t i = 0; i < half; ++i) parts[i] += parts[i + half];
  return parts[0];
}

template <int I, int J, typename T>
inline void dots_tile(Matrix<const T> x, Matrix<const T> a, int64_t n, T scale, Matrix<T> out) {
  Vec<T> sums[I][J] = {};
  int64_t k = 0;
  for (; k + lanes<T> <= n; k += lanes<T>) {
    Vec<T> columns[J];
#pragma GCC unroll 4
    for (int j = 0; j < J; ++j) columns[j] = load<T>(a.at(j, k));
#pragma GCC unroll 4
    for (int i = 0; i < I; ++i) {
      const Vec<T> value = load<T>(x.at(i, k));
#pragma GCC unroll 4
      for (int j = 0; j < J; ++j) sums[i][j] += value * columns[j];
    }
  }
  for (int i = 0; i < I; ++i) {
    for (int j = 0; j < J; ++j) {
      T sum = lanes_sum<T>(sums[i][j]);
      for (int64_t rest = k; rest < n; ++rest) sum += *x.at(i, rest) * *a.at(j, rest);
      *out.at(i, j) = scale * sum;
    }
  }
}

template <int I, typename T>
inline void dots_rows(Matrix<const T> x, Matrix<const T> a, int64_t r, int64_t n, T scale, Matrix<T> out) {
  int64_t j = 0;
  for (; j + TILE_VECTORS <= r; j += TILE_VECTORS)
    dots_tile<I, TILE_VECTORS, T>(x, a.from(j, 0), n, scale, out.from(0, j));
  for (; j < r; ++j) dots_tile<I, 1, T>(x, a.from(j, 0), n, scale, out.from(0, j));
}

// out (rows x r) = scale * x (rows x n) a^T, a (r x n).
template <typename T>
inline void dots(Matrix<const T> x, int64_t rows, Matrix<const T> a, int64_t r, int64_t n, T scale, Matrix<T> out) {
  int64_t i = 0;
  for (; i + TILE_ROWS <= rows; i += TILE_ROWS) dots_rows<TILE_ROWS, T>(x.from(i, 0), a, r, n, scale, out.from(i, 0));
  for (; i < rows; ++i) dots_rows<1, T>(x.from(i, 0), a, r, n, scale, out.from(i, 0));
}

template <int I, int J, typename T>
inline void combine_tile(Matrix<T> out, Factors<T> left, int64_t depth, Matrix<const T> right) {
  Vec<T> sums[I][J];
#pragma GCC unroll 4
  for (int i = 0; i < I; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < J; ++j) sums[i][j] = load<T>(out.at(i, j * lanes<T>));
  for (int64_t p = 0; p < depth; ++p) {
    Vec<T> columns[J];
#pragma GCC unroll 4
    for (int j = 0; j < J; ++j) columns[j] = load<T>(right.at(p, j * lanes<T>));
#pragma GCC unroll 4
    for (int i = 0; i < I; ++i) {
      const T factor = left.at(i, p);
#pragma GCC unroll 4
      for (int j = 0; j < J; ++j) sums[i][j] += factor * columns[j];
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < I; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < J; ++j) store<T>(out.at(i, j * lanes<T>), sums[i][j]);
}

template <int I, typename T>
inline void combine_rows(Matrix<T> out, Factors<T> left, int64_t depth, Matrix<const T> right, int64_t n) {
  int64_t k = 0;
  for (; k + TILE_VECTORS * lanes<T> <= n; k += TILE_VECTORS * lanes<T>)
    combine_tile<I, TILE_VECTORS, T>(out.from(0, k), left, depth, right.from(0, k));
  for (; k + lanes<T> <= n; k += lanes<T>) combine_tile<I, 1, T>(out.from(0, k), left, depth, right.from(0, k));
  for (; k < n; ++k) {
    for (int i = 0; i < I; ++i) {
      T sum = *out.at(i, k);
      for (int64_t p = 0; p < depth; ++p) sum += left.at(i, p) * *right.at(p, k);
      *out.at(i, k) = sum;
    }
  }
}

// out (rows x n) += left (rows x depth) right (depth x n).
template <typename T>
inline void combine(Matrix<T> out, int64_t rows, Factors<T> left, int64_t depth, Matrix<const T> right, int64_t n) {
  int64_t i = 0;
  for (; i + TILE_ROWS <= rows; i += TILE_ROWS)
    combine_rows<TILE_ROWS, T>(out.from(i, 0), {left.data + i * left.row, left.row, left.column}, depth, right, n);
  for (; i < rows; ++i)
    combine_rows<1, T>(out.from(i, 0), {left.data + i * left.row, left.row, left.column}, depth, right, n);
}
