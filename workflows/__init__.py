"""The core: cases, tasks, legal clocks, the engine that moves them, the registers they act on."""
