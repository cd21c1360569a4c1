# Tests in a guest with a real kernel; run by hand: tests/vm/run.
EXTRA_DIST += tests/vm/enumerate tests/vm/init tests/vm/interrupts \
	tests/vm/root tests/vm/run tests/vm/touch.c
