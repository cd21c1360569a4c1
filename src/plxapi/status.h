/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From errno to PLX_STATUS, and a place for the words that a PLX_STATUS
 * can't carry: with PLXAPI_VERBOSE set in the environment every call that
 * fails says why on the standard error.
 */
#ifndef PLXAPI_STATUS_H
#define PLXAPI_STATUS_H

#include <plxapi/PlxApi.h>
#include <plxdma/plxdma.h>

/* The table.  @result: 0 or a negative errno. */
PLX_STATUS status_of(int result);

/* The table's code for a failed call of libplxdma, whose words are told. */
PLX_STATUS status_failed(const char *call, const struct plxdma_card *card,
			 int result);

/* A code of our own, with the words. */
PLX_STATUS status_refuse(const char *call, PLX_STATUS status,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* For calls that return a value and put their status aside. */
void status_give(PLX_STATUS *place, PLX_STATUS status);

#endif
