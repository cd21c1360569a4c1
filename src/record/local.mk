# plxdma record and plxdma verify: part of the tool.
RECORD_FILES = \
	src/record/data_file.c \
	src/record/data_file.h \
	src/record/entry.c \
	src/record/entry.h \
	src/record/journal.c \
	src/record/meta.c \
	src/record/recording.c \
	src/record/recording.h \
	src/record/verify.c \
	src/record/verify.h
plxdma_SOURCES += $(RECORD_FILES)
dist_man_MANS += src/record/plxdma-record.1
