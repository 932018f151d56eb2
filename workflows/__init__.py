"""The core: cases, tasks, legal clocks, the engine that moves them and the registers they act on."""
