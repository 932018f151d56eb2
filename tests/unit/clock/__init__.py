"""The legal clock, tested against published calendars, vectors and the four scenes."""
