// Vectors of one instruction set, by the vector extension of GCC and Clang. Included by mmd_body.h alone, inside the
// namespace of that instruction set, after VECTOR_BYTES has been defined.

template <typename T>
struct Types;

template <>
struct Types<float> {
  typedef float V __attribute__((vector_size(VECTOR_BYTES)));
  typedef int32_t I __attribute__((vector_size(VECTOR_BYTES)));
  typedef float Loose __attribute__((vector_size(VECTOR_BYTES), aligned(4), may_alias));
};

template <>
struct Types<double> {
  typedef double V __attribute__((vector_size(VECTOR_BYTES)));
  typedef int64_t I __attribute__((vector_size(VECTOR_BYTES)));
  typedef double Loose __attribute__((vector_size(VECTOR_BYTES), aligned(8), may_alias));
};

template <typename T>
using Vec = typename Types<T>::V;

template <typename T>
using Int = typename Types<T>::I;

template <typename T>
constexpr long lanes = VECTOR_BYTES / sizeof(T);

template <typename T>
inline Vec<T> load(const T* from) {
  return *reinterpret_cast<const typename Types<T>::Loose*>(from);
}

template <typename T>
inline void store(T* to, Vec<T> value) {
  *reinterpret_cast<typename Types<T>::Loose*>(to) = value;
}

template <typename T>
inline Vec<T> all(T value) {
  return value - Vec<T>{};
}

template <typename T>
inline double sum_of(Vec<T> value) {
  double total = 0;
  for (long i = 0; i < lanes<T>; ++i) total += static_cast<double>(value[i]);
  return total;
}

// The smaller of t and 0; NaN stays.
template <typename T>
inline Vec<T> at_most_zero(Vec<T> t) {
#if VECTOR_BYTES == 64
  if constexpr (sizeof(T) == sizeof(float)) return (Vec<T>)_mm512_min_ps(_mm512_setzero_ps(), (__m512)t);
#endif
  const Vec<T> zero = {};
  return t > zero ? zero : t;
}

// 2^t for t <= 0, relative error about 1e-7 (float) and 1e-15 (double). 0 below the range of normal numbers; NaN stays.
// The float's polynomials are those of degree 6 with the least maximum of relative errors (2e-9) on their interval.
#if VECTOR_BYTES == 64
// On [0, 1], the part of t above its floor, which one instruction takes and another gives back to the exponent.
inline Vec<float> exp2_of(Vec<float> t) {
  constexpr int floor = 1;
  const Vec<float> f = (Vec<float>)_mm512_reduce_ps((__m512)t, floor);
  Vec<float> p = all(2.161291486e-4f);
  p = p * f + 1.246784697e-3f;
  p = p * f + 9.675451554e-3f;
  p = p * f + 5.548528209e-2f;
  p = p * f + 2.402293086e-1f;
  p = p * f + 6.931470633e-1f;
  p = p * f + 1.0f;
  return (Vec<float>)_mm512_scalef_ps((__m512)p, (__m512)t);
}
#else
// On [-1/2, 1/2], what is left of t beside the nearest integer.
inline Vec<float> exp2_of(Vec<float> t) {
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer that stands in the low bits
  const Vec<float> low = all(-127.0f);
  t = t < low ? low : t;
  const Vec<float> shifted = t + magic;
  const Vec<float> f = t - (shifted - magic);
  Vec<float> p = all(1.535335759e-4f);
  p = p * f + 1.339887851e-3f;
  p = p * f + 9.618437849e-3f;
  p = p * f + 5.550332367e-2f;
  p = p * f + 2.402264774e-1f;
  p = p * f + 6.931471825e-1f;
  p = p * f + 1.0f;
  const Int<float> bits = ((Int<float>)shifted << 23) + (127 << 23);
  return p * (Vec<float>)bits;
}
#endif

inline Vec<double> exp2_of(Vec<double> t) {
  const double magic = 6755399441055744.0;  // 1.5 * 2^52
  const Vec<double> low = all(-1023.0);
  t = t < low ? low : t;
  const Vec<double> shifted = t + magic;
  const Vec<double> f = t - (shifted - magic);
  // Taylor coefficients (ln 2)^k / k!, k = 13 ... 0: the remainder is below 1e-17 on this interval.
  static constexpr double taylor[] = {1.3691488853904128e-12, 2.5678435993488206e-11, 4.4455382718708116e-10,
                                      7.0549116208011233e-09, 1.0178086009239699e-07, 1.3215486790144309e-06,
                                      1.5252733804059840e-05, 1.5403530393381609e-04, 1.3333558146428443e-03,
                                      9.6181291076284771e-03, 5.5504108664821580e-02, 2.4022650695910071e-01,
                                      6.9314718055994531e-01, 1.0};
  Vec<double> p = all(taylor[0]);
  for (int k = 1; k < 14; ++k) p = p * f + taylor[k];
  const Int<double> bits = ((Int<double>)shifted << 52) + (int64_t{1023} << 52);
  return p * (Vec<double>)bits;
}
