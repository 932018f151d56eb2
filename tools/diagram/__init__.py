"""Drawing of processes: outlines read and written, and shapes and arrows given a place."""
