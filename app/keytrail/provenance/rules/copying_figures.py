"""Coefficients of the likeness to copying out (copying.py).

Written by `python -m keytrail.evaluation.fitting`.

The card is docs/copying-model.md. The first four have one value for each input.
"""

from typing import Final

LOWEST: Final = (
    -4.871511,
    5.736572,
    4.110874,
    0.845940,
    -5.298317,
    -5.298317,
)
HIGHEST: Final = (
    1.753201,
    8.789355,
    12.130843,
    5.067838,
    -0.499886,
    -0.000500,
)
CENTRES: Final = (
    -0.270059,
    6.925176,
    7.804768,
    3.135601,
    -2.557681,
    -3.773883,
)
SCALES: Final = (
    0.852581,
    0.461782,
    1.140960,
    0.459817,
    0.680391,
    1.641514,
)
INTERCEPT: Final = -4.392101
WEIGHTS: Final = (
    -1.350147,
    -0.798562,
    -0.073951,
    -1.965729,
    -1.151183,
    -1.075941,
    0.668497,
    0.365382,
    -0.186781,
    0.923656,
    -0.050989,
    0.447582,
    0.873880,
    0.231837,
    0.721602,
    0.953370,
)
"""For each input, then for each product of two of the first four (combinations_with_replacement)."""
