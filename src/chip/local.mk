# The chip as a specification, and pure functions over it.
libcore_la_SOURCES += \
	src/chip/descriptor.c \
	src/chip/descriptor.h \
	src/chip/eeprom.c \
	src/chip/eeprom.h \
	src/chip/family.c \
	src/chip/family.h \
	src/chip/intcsr.c \
	src/chip/intcsr.h \
	src/chip/mode.c \
	src/chip/mode.h \
	src/chip/mode_object.c \
	src/chip/plx9054.h \
	src/chip/recipe.c \
	src/chip/recipe.h \
	src/chip/tuning.c \
	src/chip/tuning.h \
	src/chip/tuning_fields.c
