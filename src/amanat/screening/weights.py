"""The table of weights on disk: which features the model knows, sorted, and a row of whole numbers for each.

`features.npy` holds the hashes (32 bits, ascending), `weights.npy` a row for each and one of zeros for all the model
never met. Both are memory-mapped; a binary search finds a row, so no two features share one.
"""

from __future__ import annotations

from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Features = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.int8]


class Table:
    """Features and their weights, (features + 1, heads + 1) in eight bits; the last row is zeros."""

    def __init__(self, features: Features, weights: Weights) -> None:
        self.features = features
        self.weights = weights

    def rows(self, features: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
        """The row of each feature; the row of zeros for one that is not known."""
        wanted = features.astype(np.uint32)
        found = np.empty(len(wanted), np.intp)
        order = wanted.argsort()  # neighbours lie near each other in the table too
        found[order] = np.searchsorted(self.features, wanted[order])
        found[self.features.take(found, mode="clip") != wanted] = len(self.features)
        return found

    def take(self, features: npt.NDArray[np.int64]) -> Weights:
        """The weights of each feature, (features, heads + 1)."""
        return self.weights.take(self.rows(features), axis=0)


def load(folder: Traversable) -> Table:
    """The table in `folder`, memory-mapped."""
    return Table(_mapped(folder / "features.npy"), _mapped(folder / "weights.npy"))


def save(folder: Path, table: Table) -> None:
    """Write a table, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in (("features", table.features), ("weights", table.weights)):
        draft = folder / f"{name}.draft.npy"
        np.save(draft, array, allow_pickle=False)
        draft.replace(folder / f"{name}.npy")


def _mapped(file: Traversable) -> npt.NDArray[Any]:
    with as_file(file) as path:
        found: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        return found.view(np.ndarray)
