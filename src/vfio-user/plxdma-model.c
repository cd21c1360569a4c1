/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plxdma-model: the software card in a process of its own, for QEMU.
 *
 * It is the model that the library embeds, and reaches a guest's memory only
 * through what the guest's QEMU maps for it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "error/guard.h"
#include "model/model.h"
#include "vfio-user/server.h"
#include "vfio-user/settings.h"

enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE };

static int serve(const struct settings *settings, struct error *error)
{
	struct model *model;
	int signals, ret;

	ret = guard_install();
	if (ret)
		return error_set(error, ret, "no SIGBUS handler: %s",
				 strerror(-ret));
	model_set_copy(guard_copy);
	signals = server_block_signals(error);
	if (signals < 0)
		return signals;
	ret = model_new(settings->card, &model, error);
	if (ret)
		goto out_signals;
	ret = server_run(model, settings, signals, error);
	model_free(model);
out_signals:
	close(signals);
	return ret;
}

int main(int argc, char **argv)
{
	struct error error = { "" };
	struct settings settings;
	int ret = settings_parse(&settings, argc, argv, &error);

	if (ret) {
		(void)fprintf(stderr, "plxdma-model: %s\n", error.text);
		return EXIT_USAGE;
	}
	if (settings.help)
		settings_help(stdout);
	else if (settings.version)
		(void)puts("plxdma-model " PACKAGE_VERSION);
	else
		ret = serve(&settings, &error);
	settings_free(&settings);
	if (ret)
		(void)fprintf(stderr, "plxdma-model: %s\n", error.text);
	return ret ? EXIT_FAILED : EXIT_OK;
}
