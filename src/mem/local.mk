libcore_la_SOURCES += \
	src/mem/arena.h \
	src/mem/heap.h \
	src/mem/translate.h
