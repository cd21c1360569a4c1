/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the interrupt handler and the reset touch (chip ref. 1.4, 2.3). */
#ifndef TRANSPORT_REGISTERS_H
#define TRANSPORT_REGISTERS_H

#define REG_LAS0RR 0x00
#define REG_LAS0BA 0x04
#define REG_MARBR 0x08
#define REG_BIGEND 0x0c		/* with LMISC and PROT_AREA */
#define REG_EROMRR 0x10
#define REG_EROMBA 0x14
#define REG_LBRD0 0x18
#define REG_DMRR 0x1c
#define REG_DMLBAM 0x20
#define REG_DMLBAI 0x24
#define REG_DMPBAM 0x28
#define REG_DMCFGA 0x2c
#define REG_OPQIM 0x34
#define REG_L2PDBELL 0x64
#define REG_INTCSR 0x68
#define REG_CNTRL 0x6c
#define REG_PCIHIDR 0x70
#define REG_DMAMODE0 0x80
#define REG_DMAMODE1 0x94
#define REG_DMACSR0 0xa8
#define REG_DMATHR 0xb0
#define REG_DMADAC0 0xb4
#define REG_DMADAC1 0xb8
#define REG_QSR 0xe8
#define REG_LAS1RR 0xf0
#define REG_LAS1BA 0xf4
#define REG_LBRD1 0xf8
#define REG_DMDAC 0xfc

#define PCIHIDR_9080 0x908010b5u
/* Bit 5 is read-only, bit 7 cleared by writing one. */
#define QSR_KEPT 0x5fu

#define INTCSR_PCI_ENABLE (1u << 8)
#define INTCSR_DOORBELL_ENABLE (1u << 9)
#define INTCSR_ABORT_ENABLE (1u << 10)
#define INTCSR_LINT_ENABLE (1u << 11)
#define INTCSR_DOORBELL_ACTIVE (1u << 13)
#define INTCSR_ABORT_ACTIVE (1u << 14)
#define INTCSR_LINT_ACTIVE (1u << 15)
#define INTCSR_DMA0_ENABLE (1u << 18)
#define INTCSR_DMA1_ENABLE (1u << 19)
#define INTCSR_DMA0_ACTIVE (1u << 21)
#define INTCSR_DMA1_ACTIVE (1u << 22)
/* What may be written in bytes 1 and 2. */
#define INTCSR_PCI_ENABLES 0x000f1f00u

#define DMACSR_ENABLE 0x01
#define DMACSR_START 0x02
#define DMACSR_ABORT 0x04
#define DMACSR_CLEAR 0x08
#define DMACSR_DONE 0x10

#define CONFIG_COMMAND 0x04
#define COMMAND_MEMORY 0x0002
#define COMMAND_MASTER 0x0004
#define CONFIG_STATUS 0x06
#define STATUS_ABORTS 0x3800
#define STATUS_ERRORS 0xf800
#define CONFIG_CACHE_LINE 0x0c	/* with the latency timer */
#define CONFIG_BAR0 0x10
#define CONFIG_ROM 0x30
#define CONFIG_INT_LINE 0x3c
#define CONFIG_PMCSR 0x44
#define PMCSR_STATUS 0x8000u
#define CONFIG_HOT_SWAP 0x48
#define HOT_SWAP_W1 0x00c20000u

#endif
