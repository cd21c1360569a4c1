/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See tally.h. */
#include "tally.h"

#include <errno.h>

enum tally_refusal tally_refusal(int error)
{
	switch (error) {
	case -EAGAIN:
		return TALLY_AGAIN;
	case -EDQUOT:
		return TALLY_QUOTA;
	case -EBUSY:
		return TALLY_CLAIMED;
	case -EACCES:
	case -EPERM:
		return TALLY_POLICY;
	case -ESHUTDOWN:
	case -ENODEV:
		return TALLY_SERVICE;
	default:
		return TALLY_NONSENSE;
	}
}
