"""Arrays on disk, read where they lie."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_HEADER = 128  # bytes of a file that holds an empty array


def read_array(path: Path) -> npt.NDArray[Any]:
    """The array of a file, read from disk where it is used; an empty one can't be. Raises: OSError, ValueError."""
    found: npt.NDArray[Any] = np.load(path, mmap_mode="r" if path.stat().st_size > _HEADER else None)
    return np.asarray(found)  # a view: numpy's own class for it takes ten times as long to be cut
