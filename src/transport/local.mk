libcore_la_SOURCES += src/transport/transport.h
