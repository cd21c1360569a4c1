# Figures, for scripts/bench.
noinst_PROGRAMS += tests/bench/crate tests/bench/figures tests/bench/steps
tests_bench_crate_SOURCES = tests/bench/crate.c tests/bench/digitizer.c \
	tests/bench/digitizer.h tests/bench/report.c tests/bench/report.h
tests_bench_crate_LDADD = libplxdma.la
tests_bench_figures_SOURCES = tests/bench/figures.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_figures_LDADD = libplxdma.la
tests_bench_steps_SOURCES = tests/bench/report.c tests/bench/report.h \
	tests/bench/steps.c
tests_bench_steps_LDADD = libplxdma.la
noinst_PROGRAMS += tests/bench/death
tests_bench_death_SOURCES = tests/bench/death.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_death_LDADD = libplxdma.la
noinst_PROGRAMS += tests/bench/observers tests/bench/neighbour
tests_bench_observers_SOURCES = tests/bench/digitizer.c \
	tests/bench/digitizer.h tests/bench/observers.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_observers_LDADD = libplxdma.la
tests_bench_neighbour_SOURCES = tests/bench/neighbour.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_neighbour_LDADD = libplxdma.la
noinst_PROGRAMS += tests/bench/overhead
tests_bench_overhead_SOURCES = tests/bench/overhead.c tests/bench/report.c \
	tests/bench/report.h
tests_bench_overhead_LDADD = libplxdma.la
noinst_PROGRAMS += tests/bench/roundtrip
tests_bench_roundtrip_SOURCES = tests/bench/echo.c tests/bench/echo.h \
	tests/bench/report.c tests/bench/report.h tests/bench/roundtrip.c
tests_bench_roundtrip_LDADD = libplxdma.la
noinst_PROGRAMS += tests/bench/stream
tests_bench_stream_SOURCES = tests/bench/report.c tests/bench/report.h \
	tests/bench/stream.c
tests_bench_stream_LDADD = libplxdma.la
EXTRA_DIST += tests/bench/calls
