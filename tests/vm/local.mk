# Tests in a guest with a real kernel; run by hand: tests/vm/run.
EXTRA_DIST += tests/vm/driver.c tests/vm/enumerate tests/vm/guest.sh \
	tests/vm/init tests/vm/interrupts tests/vm/machine.sh \
	tests/vm/modules tests/vm/root tests/vm/run
