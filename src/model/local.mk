libcore_la_SOURCES += src/model/model.h
