"""Whether a reader is as sure as it is right: python -m bench.confidence [--model NAME].

On the MNIST test set, which neither weights nor temperature were fitted on: the expected
calibration error (15 bins; Guo et al. 2017) before and after the temperature, and the share of
digits that the default care keeps.
"""

import argparse
import json

import torch
from torchmetrics.functional.classification import multiclass_calibration_error

from models.calibrate import DEFAULT_CARE, caution_of
from models.checkpoint import load
from models.data import load_mnist
from models.measure import logits
from models.nets import CLASSES


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--model", default="digits")
    chosen = options.parse_args()
    torch.set_num_threads(1)
    reader, mnist = load(chosen.model), load_mnist()
    caution = caution_of(reader.figures)
    answers, labels = logits(reader.network, mnist.test_images), mnist.test_labels.long()
    before, after = (
        float(multiclass_calibration_error(chances, labels, CLASSES, n_bins=15))
        for chances in (answers.softmax(1), (answers / caution.temperature).softmax(1))
    )
    kept = (answers.softmax(1).amax(1) >= caution.threshold).double().mean()
    print(
        json.dumps(
            {
                "model": chosen.model,
                "temperature": round(caution.temperature, 4),
                "calibration_error_without": round(before, 4),
                "calibration_error": round(after, 4),
                "care": DEFAULT_CARE,
                "digits_kept": round(float(kept), 4),
            }
        )
    )


if __name__ == "__main__":
    main()
