"""The demo: a small detection data set of real pixels, and a training on it that is read back from its run."""
