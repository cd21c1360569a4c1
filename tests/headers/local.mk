dist_check_SCRIPTS += \
	tests/headers/check-headers \
	tests/headers/check-pkgconfig \
	tests/headers/check-symbols
EXTRA_DIST += tests/headers/symbols
TESTS += \
	tests/headers/check-headers \
	tests/headers/check-pkgconfig \
	tests/headers/check-symbols
# A test that hangs is ended, after minutes: Check's own bound of four seconds
# is for machines without anything else to do.
AM_TESTS_ENVIRONMENT = \
	CK_DEFAULT_TIMEOUT=60; CK_TIMEOUT_MULTIPLIER=3; \
	export CK_DEFAULT_TIMEOUT CK_TIMEOUT_MULTIPLIER; \
	CC='$(CC)'; CXX='$(CXX)'; NM='$(NM)'; MAKE='$(MAKE)'; \
	PKG_CONFIG='$(PKG_CONFIG)'; INSTRUMENT_CFLAGS='$(INSTRUMENT_CFLAGS)'; \
	PLXDMA_BOARDS='$(abs_top_builddir)/src/boards/.libs'; \
	export CC CXX NM MAKE PKG_CONFIG INSTRUMENT_CFLAGS PLXDMA_BOARDS;
