"""Claims on trial: what the field guide says of structures, each as a small experiment that may fail."""
