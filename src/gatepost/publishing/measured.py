"""What can be measured of a picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE = 1024  # pixels: pictures are measured at one size, so that figures can be compared
FLAT = 4.0  # standard deviation of the grey values below which a picture has no detail to be sharp or blurred


def sharpness(picture: Image.Image) -> float | None:
    """The variance of the Laplacian of the grey values (0-255); None for a picture without detail, such as a plain
    ground, of which it says nothing."""
    small = picture.convert("L")
    small.thumbnail((SIDE, SIDE))
    grey = np.asarray(small, dtype=np.float32)
    if min(grey.shape) < 3 or float(grey.std()) < FLAT:
        return None
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle
    return round(float(laplacian.var()), 2)
