"""Array types that the engine's modules and its users share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Label = tuple[str, ...]
"""Key of one row or column within its block."""
