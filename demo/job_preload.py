"""What every training's process needs, loaded once: trainings are forked from a process with it."""

import gc
from contextlib import suppress

import torch

import demo.compare_process
import demo.job_process  # noqa: F401
from models.data import load_mnist
from models.errors import LabError

torch.set_num_threads(1)
torch.optim.SGD([torch.zeros(1)], lr=0.1)  # the first optimiser of a process takes a second
with suppress(LabError):  # each training says for itself what is wrong with the data
    load_mnist()
gc.freeze()  # a collection in a forked process would copy all that they share
