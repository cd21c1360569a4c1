/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything of the library in one include. */
#ifndef PLXDMA_PLXDMA_H
#define PLXDMA_PLXDMA_H

#include <plxdma/board_file.h>
#include <plxdma/card.h>
#include <plxdma/claim.h>
#include <plxdma/irq.h>
#include <plxdma/memory.h>
#include <plxdma/mode.h>
#include <plxdma/observer.h>
#include <plxdma/recipe.h>
#include <plxdma/registers.h>
#include <plxdma/stream.h>
#include <plxdma/transfer.h>
#include <plxdma/tuning.h>

#endif
