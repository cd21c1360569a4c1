dist_check_SCRIPTS += \
	tests/headers/check-headers \
	tests/headers/check-pkgconfig \
	tests/headers/check-symbols
EXTRA_DIST += tests/headers/symbols
TESTS += \
	tests/headers/check-headers \
	tests/headers/check-pkgconfig \
	tests/headers/check-symbols
AM_TESTS_ENVIRONMENT = \
	CC='$(CC)'; CXX='$(CXX)'; NM='$(NM)'; MAKE='$(MAKE)'; \
	PKG_CONFIG='$(PKG_CONFIG)'; INSTRUMENT_CFLAGS='$(INSTRUMENT_CFLAGS)'; \
	PLXDMA_BOARDS='$(abs_top_builddir)/src/boards/.libs'; \
	export CC CXX NM MAKE PKG_CONFIG INSTRUMENT_CFLAGS PLXDMA_BOARDS;
