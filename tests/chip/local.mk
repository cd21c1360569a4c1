check_PROGRAMS += tests/chip/check-chip
TESTS += tests/chip/check-chip
tests_chip_check_chip_SOURCES = \
	tests/chip/check-chip.c \
	tests/chip/suite-descriptor.c \
	tests/chip/suite-eeprom.c \
	tests/chip/suite-family.c \
	tests/chip/suite-intcsr.c \
	tests/chip/suite-mode.c \
	tests/chip/suite-recipe.c \
	tests/chip/suite-tuning.c \
	tests/chip/suites.h
tests_chip_check_chip_CFLAGS = $(UNIT_CFLAGS)
tests_chip_check_chip_LDADD = $(UNIT_LDADD)
