"""Decision trees as arrays, asked all at once.

Entry: `Forest` and its `total(numbers)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Forest:
    """Nodes of all trees in one row; a tree begins at each of `roots`."""

    roots: NDArray[np.int32]
    split: NDArray[np.int16]
    """The number that a node asks about; -1 at a leaf."""
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]

    @classmethod
    def of(cls, arrays: Mapping[str, Any], name: str) -> Self:
        """The forest that `arrays` hold under a name, taken out of many."""
        return cls(*(arrays[f"{name}_{f.name}"] for f in fields(cls)))

    def arrays(self, name: str) -> dict[str, Any]:
        """The same as `of` takes them."""
        return {f"{name}_{f.name}": getattr(self, f.name) for f in fields(self)}

    def total(self, numbers: NDArray[np.float32]) -> float:
        """What the leaves come to."""
        node = self.roots
        while (inside := self.split[node] >= 0).any():
            below = numbers[np.maximum(self.split[node], 0)] <= self.threshold[node]
            node = np.where(inside, np.where(below, self.left[node], self.right[node]), node)
        return float(self.value[node].sum(dtype=np.float64))
