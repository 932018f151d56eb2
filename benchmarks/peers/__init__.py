"""The same process on engines that a user might pick instead, on one machine in one run."""
