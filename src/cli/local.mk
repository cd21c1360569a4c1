# The tool. Of the library's inside it may use chip/names.h and chip/tuning.h,
# tables of names for people, and transport/sysfs.h, which finds cards that
# nobody has yet: it reaches cards by the public headers.
bin_PROGRAMS += plxdma
plxdma_SOURCES = \
	src/chip/names.c \
	src/chip/names.h \
	src/cli/arguments.c \
	src/cli/bench.h \
	src/cli/bind_rule.c \
	src/cli/bind_rule.h \
	src/cli/binding.c \
	src/cli/binding.h \
	src/cli/board.c \
	src/cli/board.h \
	src/cli/board_part.c \
	src/cli/board_part.h \
	src/cli/cli.h \
	src/cli/eeprom_image.c \
	src/cli/eeprom_image.h \
	src/cli/json.c \
	src/cli/main.c \
	src/cli/outcome.c \
	src/cli/progress.c \
	src/cli/progress.h \
	src/cli/recorder.c \
	src/cli/recorder.h \
	src/cli/selftest.h \
	src/cli/selftest_look.c \
	src/cli/selftest_registers.c \
	src/cli/selftest_transfers.c \
	src/cli/stream_file.c \
	src/cli/stream_file.h \
	src/cli/tap.c \
	src/cli/tap.h \
	src/cli/verb_bench.c \
	src/cli/verb_bind.c \
	src/cli/tuning.c \
	src/cli/tuning.h \
	src/cli/verb_claim.c \
	src/cli/verb_eeprom.c \
	src/cli/verb_info.c \
	src/cli/verb_irq.c \
	src/cli/verb_list.c \
	src/cli/told.c \
	src/cli/told.h \
	src/cli/verb_metrics.c \
	src/cli/verb_peek.c \
	src/cli/verb_pool.c \
	src/cli/verb_read.c \
	src/cli/verb_record.c \
	src/cli/verb_regs.c \
	src/cli/verb_report.c \
	src/cli/verb_selftest.c \
	src/cli/verb_status.c \
	src/cli/verb_trace.c \
	src/cli/verb_tune.c \
	src/cli/verb_verify.c \
	src/cli/watch.c \
	src/cli/watch.h \
	src/transport/sysfs.c \
	src/transport/sysfs.h
plxdma_CFLAGS = $(AM_CFLAGS) $(JSON_CFLAGS)
plxdma_LDADD = libplxdma.la $(JSON_LIBS)
dist_man_MANS += src/cli/plxdma.1
