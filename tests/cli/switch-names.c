/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the software card's switches: plxdma(1) has to list them all. */
#include <stdio.h>

#include "model/model.h"

int main(void)
{
	const struct model_switch *row;

	for (row = model_switches(); row->name; row++)
		(void)puts(row->name);
	return 0;
}
