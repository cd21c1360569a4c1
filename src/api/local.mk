libcore_la_SOURCES += src/api/front.h
