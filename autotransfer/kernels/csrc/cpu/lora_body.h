// The row kernels of the LoRA layer, for the instruction set of the file that includes this. No header may be included
// below it. A few rows are read, or drawn, once and used for all products while they are hot.

inline float widen(float value) {
  return value;
}
inline double widen(double value) {
  return value;
}
inline float widen(Bf16 value) {
  const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
  float wide;
  __builtin_memcpy(&wide, &bits, sizeof wide);
  return wide;
}

inline void narrow(float value, float& to) {
  to = value;
}
inline void narrow(double value, double& to) {
  to = value;
}
inline void narrow(float value, Bf16& to) {  // to nearest, ties to even; NaN stays NaN
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  const uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  to.bits = static_cast<uint16_t>((bits & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : rounded);
}

template <typename T>
constexpr bool is_wide = sizeof(T) == sizeof(Wide<T>);

inline void draw(const Layer& layer, int64_t first, int64_t rows, uint32_t* words) {
  for (int64_t i = 0; i < rows; ++i)
    philox_row(layer.seed, static_cast<uint64_t>(first + i), layer.words(), words + i * layer.words());
}

// Rows in the wide type: where they are, if they can be used as they are.
template <typename T>
inline Matrix<const Wide<T>> read(Matrix<const T> from, int64_t rows, int64_t n, Wide<T>* scratch) {
  if constexpr (is_wide<T>) {
    return from;
  } else {
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t k = 0; k < n; ++k) scratch[i * n + k] = widen(from.data[i * from.stride + k]);
    return {scratch, n};
  }
}

// The same with what is dropped set to zero, even where it is infinite.
template <typename T>
inline Matrix<const Wide<T>> read_kept(const Layer& layer, Matrix<const T> from, int64_t rows,
                                       const Scratch<Wide<T>>& scratch) {
  const int64_t n = layer.inputs;
  if (!layer.drops) return read<T>(from, rows, n, scratch.x);
  for (int64_t i = 0; i < rows; ++i) {
    const uint32_t* words = scratch.words + i * layer.words();
    const T* row = from.at(i, 0);
    Wide<T>* to = scratch.x + i * n;
    for (int64_t k = 0; k < n; ++k) {
      const Wide<T> value = widen(row[k]);
      to[k] = words[k] > layer.cutoff ? value : Wide<T>(0);
    }
  }
  return {scratch.x, n};
}

template <typename T>
void forward(const Layer& layer, const Forward<T>& on, const Scratch<Wide<T>>& scratch, int64_t first, int64_t rows) {
  using W = Wide<T>;
  if (layer.drops) draw(layer, first, rows, scratch.words);
  const Matrix<const W> x = read_kept<T>(layer, {on.x + first * on.x_stride, on.x_stride}, rows, scratch);
  W* t = on.t + first * layer.total;
  dots<W>(x, rows, {on.a, layer.inputs}, layer.total, layer.inputs, static_cast<W>(layer.factor), {t, layer.total});
  T* y = on.y + first * layer.outputs;
  W* sums = scratch.out;
  if constexpr (is_wide<T>) sums = y;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t k = 0; k < layer.outputs; ++k) sums[i * layer.outputs + k] = on.bias[k];
  for (int64_t g = 0; g < layer.n_groups; ++g) {
    const Group& group = layer.groups[g];
    combine<W>({sums + group.start, layer.outputs}, rows, {t + g * layer.rank, layer.total, 1}, layer.rank,
               {on.bt + group.first, layer.width}, group.size);
  }
  if constexpr (!is_wide<T>)
    for (int64_t k = 0; k < rows * layer.outputs; ++k) narrow(widen(y[k]) + sums[k], y[k]);
}

template <typename T>
inline void output_side(const Layer& layer, const Backward<T>& on, const Scratch<Wide<T>>& scratch, int64_t first,
                        int64_t rows) {
  using W = Wide<T>;
  const Matrix<const W> grad =
      read<T>({on.grad + first * on.grad_stride, on.grad_stride}, rows, layer.outputs, scratch.grad);
  const W one = 1;
  if (on.sum_bias) combine<W>({on.sum_bias, layer.outputs}, 1, {&one, 0, 0}, rows, grad, layer.outputs);
  for (int64_t g = 0; g < layer.n_groups; ++g) {
    const Group& group = layer.groups[g];
    dots<W>(grad.from(0, group.start), rows, {on.bt + group.first, layer.width}, layer.rank, group.size,
            static_cast<W>(layer.factor), {scratch.u + g * layer.rank, layer.total});
    if (on.sum_b)
      combine<W>({on.sum_b + group.first, layer.width}, layer.rank,
                 {on.t + first * layer.total + g * layer.rank, 1, layer.total}, rows, grad.from(0, group.start),
                 group.size);
  }
}

template <typename T>
inline void input_gradients(const Layer& layer, const Backward<T>& on, const Scratch<Wide<T>>& scratch, int64_t first,
                            int64_t rows) {
  using W = Wide<T>;
  const int64_t n = layer.inputs;
  T* dx = on.dx + first * n;
  W* sums = scratch.out;
  if constexpr (is_wide<T>) sums = dx;
  for (int64_t k = 0; k < rows * n; ++k) sums[k] = 0;
  combine<W>({sums, n}, rows, {scratch.u, layer.total, 1}, layer.total, {on.a, n}, n);
  if (layer.drops) {
    for (int64_t i = 0; i < rows; ++i) {
      const uint32_t* words = scratch.words + i * layer.words();
      for (int64_t k = 0; k < n; ++k) sums[i * n + k] = words[k] > layer.cutoff ? sums[i * n + k] : W(0);
    }
  }
  if constexpr (!is_wide<T>)
    for (int64_t k = 0; k < rows * n; ++k) narrow(widen(dx[k]) + sums[k], dx[k]);
}

template <typename T>
void backward(const Layer& layer, const Backward<T>& on, const Scratch<Wide<T>>& scratch, int64_t first, int64_t rows) {
  using W = Wide<T>;
  output_side<T>(layer, on, scratch, first, rows);
  if (layer.drops) draw(layer, first, rows, scratch.words);
  if (on.sum_a) {
    const Matrix<const W> x = read_kept<T>(layer, {on.x + first * on.x_stride, on.x_stride}, rows, scratch);
    combine<W>({on.sum_a, layer.inputs}, layer.total, {scratch.u, 1, layer.total}, rows, x, layer.inputs);
  }
  if (on.dx) input_gradients<T>(layer, on, scratch, first, rows);
}

template <typename T>
const Kernels<T>& table() {
  static const Kernels<T> kernels = {forward<T>, backward<T>, philox_row};
  return kernels;
}
