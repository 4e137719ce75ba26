// The constants of the contract, shared by the vector kernels and their naive twins.
#ifndef KS_CONSTANTS_H
#define KS_CONSTANTS_H

#define KS_SMALLEST_NORMAL 0x1p-126f  // smaller magnitudes become zero in gradients and moments

// exp(x) = 2^n · exp(r), n = round(x / ln 2), r = x - n ln 2 in two parts, |r| <= ln(2) / 2;
// exp(r) = 1 + (r + r² Q(r)), Q of degree 5 (coefficients of Cephes' expf, Moshier 1992).
#define KS_LOG2_E 0x1.715476p+0f
#define KS_LN2_HIGH 0x1.62e400p-1f  // 11 trailing zeros: n · KS_LN2_HIGH is exact for |n| < 2^11
#define KS_LN2_LOW 0x1.7f7d1cp-20f
#define KS_ROUND_MAGIC 0x1.8p+23f  // x + magic - magic rounds to an integer, which then stands in x + magic's low bits
#define KS_EXP_MIN -104.0f         // below, exp rounds to 0
#define KS_EXP_MAX 89.0f           // above, exp rounds to infinity
#define KS_EXP_5 1.9875691500e-4f
#define KS_EXP_4 1.3981999507e-3f
#define KS_EXP_3 8.3334519073e-3f
#define KS_EXP_2 4.1665795894e-2f
#define KS_EXP_1 1.6666665459e-1f
#define KS_EXP_0 5.0000001201e-1f

// tanh(x) = x + x³ P(x²) where |x| < 0.625 (coefficients of Cephes' tanhf), else ±(1 - 2 / (exp(2|x|) + 1)).
#define KS_TANH_SMALL 0.625f
#define KS_TANH_ONE 10.0f  // above, tanh rounds to 1
#define KS_TANH_4 -5.70498872745e-3f
#define KS_TANH_3 2.06390887954e-2f
#define KS_TANH_2 -5.37397155531e-2f
#define KS_TANH_1 1.33314422036e-1f
#define KS_TANH_0 -3.33332819422e-1f

// sigmoid(x) = n / (1 + e), e = exp(-|x|), n = e where x < 0, else 1; then one step of division by 1 + e with the part
// that its rounding lost, for which 1 / (1 + e) is wanted to a tenth only: a line over 1 <= 1 + e <= 2.
#define KS_RECIPROCAL_1 -0.5f
#define KS_RECIPROCAL_0 1.457f

// log(x) = k ln 2 + log m in doubles, x = 2^k · m, m in [√½, √2); ln 2 in two parts.
#define KS_ROOT_HALF 0x1.6a09e667f3bcdp-1
#define KS_BITS_OF_ROOT_HALF 0x3fe6a09e667f3bcdu
#define KS_LN2_HIGH_DOUBLE 0x1.62e42feep-1  // 21 trailing zeros: k · KS_LN2_HIGH_DOUBLE is exact
#define KS_LN2_LOW_DOUBLE 0x1.a39ef35793c76p-33

// A gradient whose square is absorbed by any float.
#define KS_ABSORBED 0x1p-76f

// Where a root without the instruction for it is exact, as bit patterns of floats.
#define KS_BITS_OF_ROOT_MIN 0x0d800000  // 2^-100
#define KS_BITS_OF_ROOT_MAX 0x71800000  // 2^100

#endif
