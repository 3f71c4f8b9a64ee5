"""Coefficients of the likeness to copying out (copying.py).

Written by `python -m keytrail.evaluation.fitting`.

The card is docs/copying-model.md. The first four have one value for each input.
"""

from typing import Final

LOWEST: Final = (
    -3.233693,
    5.917354,
    4.855356,
    1.967609,
    -4.739425,
    -5.298317,
)
HIGHEST: Final = (
    1.572029,
    8.384194,
    10.814369,
    4.094389,
    -0.852775,
    -0.179423,
)
CENTRES: Final = (
    -0.266749,
    6.925112,
    7.804201,
    3.135399,
    -2.556631,
    -3.774217,
)
SCALES: Final = (
    0.836412,
    0.459007,
    1.131295,
    0.449593,
    0.672761,
    1.640770,
)
INTERCEPT: Final = -4.180446
WEIGHTS: Final = (
    -1.953918,
    -0.195572,
    -0.219345,
    -2.256867,
    -1.574637,
    -1.295348,
    0.960311,
    0.031604,
    -0.657998,
    1.534115,
    0.154249,
    0.183995,
    0.919573,
    0.402901,
    0.132109,
    0.112098,
    0.503515,
    -0.337440,
    0.987681,
    -0.020922,
    -0.249334,
)
"""For each input, then for each product of two of the first five (combinations_with_replacement)."""
