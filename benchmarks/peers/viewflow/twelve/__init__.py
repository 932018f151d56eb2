"""The Django application that the flow belongs to; the library asks for one."""
