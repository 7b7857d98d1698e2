"""What every training's process needs, loaded once: trainings are forked from a process with it."""

import gc
from contextlib import suppress

import demo.job_process  # noqa: F401
from demo.job_process import be_modest
from models.data import load_mnist
from models.errors import LabError

be_modest()
with suppress(LabError):  # each training says for itself what is wrong with the data
    load_mnist()
gc.freeze()  # a collection in a forked process would copy all that they share
