# Boards of the software card, as plug-ins; plxdma-boards(7) is their manual.
# Built by -module like any board of a user, and shipped beside the library.
BOARD_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
	-export-symbols-regex '^plxdma_board$$'
board_sources = \
	src/boards/clock.c \
	src/boards/clock.h \
	src/boards/lwords.c \
	src/boards/lwords.h \
	src/boards/options.c \
	src/boards/options.h
dist_man_MANS += src/boards/plxdma-boards.7
boards_LTLIBRARIES += src/boards/digitizer.la src/boards/sequencer.la
src_boards_digitizer_la_SOURCES = $(board_sources) \
	src/boards/digitizer.c \
	src/boards/digitizer.h \
	src/boards/digitizer_fifo.c \
	src/boards/digitizer_fifo.h \
	src/boards/digitizer_line.c \
	src/boards/digitizer_line.h \
	src/boards/digitizer_memory.c \
	src/boards/digitizer_memory.h \
	src/boards/digitizer_ports.c \
	src/boards/digitizer_registers.c
src_boards_digitizer_la_LDFLAGS = $(BOARD_LDFLAGS)
src_boards_sequencer_la_SOURCES = $(board_sources) \
	src/boards/sequencer.c \
	src/boards/sequencer.h \
	src/boards/sequencer_block.c \
	src/boards/sequencer_registers.c
src_boards_sequencer_la_LDFLAGS = $(BOARD_LDFLAGS)
