if PLXAPI
endif
