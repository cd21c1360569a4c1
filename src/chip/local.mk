# The chip as a specification, and pure functions over it.
libcore_la_SOURCES += \
	src/chip/plx9054.h
