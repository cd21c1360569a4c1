# The Python package: pure ctypes, nothing is compiled. `make install` puts it
# where Python looks; pip takes this folder (pyproject.toml).
EXTRA_DIST += src/python/pyproject.toml
if HAVE_PYTHON
pkgpython_PYTHON = \
	src/python/plxdma/__init__.py \
	src/python/plxdma/_native.py \
	src/python/plxdma/_structures.py \
	src/python/plxdma/card.py \
	src/python/plxdma/channel.py \
	src/python/plxdma/claim.py \
	src/python/plxdma/errors.py \
	src/python/plxdma/info.py \
	src/python/plxdma/lifetime.py \
	src/python/plxdma/memory.py \
	src/python/plxdma/mode.py \
	src/python/plxdma/observer.py \
	src/python/plxdma/recipe.py \
	src/python/plxdma/registers.py \
	src/python/plxdma/step.py \
	src/python/plxdma/stream.py \
	src/python/plxdma/transfer.py
dist_pkgpython_DATA = src/python/plxdma/py.typed
endif
