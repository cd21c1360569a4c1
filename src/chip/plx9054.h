/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PCI 9054 and its family as a specification: register offsets, bits and
 * fields, with the data book's names, and no logic.
 *
 * Offsets are those of the PCI side: BAR0 (memory) and BAR1 (I/O) show the
 * same registers; the local side finds them LOCAL_OFFSET higher.  All are
 * 32 bits wide unless a comment says so; bytes, words and Lwords may be
 * accessed alike (chip ref. 2.1).  A field is NAME_MASK with its lowest bit at
 * NAME_SHIFT; a single bit is plain NAME.  What only part of the family has is
 * marked 9054+ (not the 9080) or 9056+ (9056, 9656, PEX 8311).
 *
 * Driver and software card share this file and nothing else.
 */
#ifndef PLX9054_H
#define PLX9054_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define PLX_BIT(n) (UINT32_C(1) << (n))

/* ---- PCI configuration space (chip ref. 1.3, 1.4) ---- */

#define PLX_CFG_ID 0x00			/* device in the upper half */
#define PLX_CFG_COMMAND 0x04		/* 16 bits */
#define PLX_CFG_STATUS 0x06		/* 16 bits */
#define PLX_CFG_REVISION 0x08		/* 8 bits */
#define PLX_CFG_CLASS 0x09		/* 24 bits */
#define PLX_CFG_CACHE_LINE 0x0c		/* 8 bits, Lwords */
#define PLX_CFG_LATENCY 0x0d		/* 8 bits, PCI clocks */
#define PLX_CFG_HEADER_TYPE 0x0e	/* 8 bits */
#define PLX_CFG_BIST 0x0f		/* 8 bits */
#define PLX_CFG_BAR0 0x10
#define PLX_CFG_BAR1 0x14
#define PLX_CFG_BAR2 0x18
#define PLX_CFG_BAR3 0x1c
#define PLX_CFG_BAR4 0x20
#define PLX_CFG_BAR5 0x24
#define PLX_CFG_CIS 0x28
#define PLX_CFG_SUBSYSTEM 0x2c		/* device in the upper half */
#define PLX_CFG_ROM 0x30
#define PLX_CFG_CAPABILITIES 0x34	/* 8 bits; 9054+ */
#define PLX_CFG_INT_LINE 0x3c		/* 8 bits; lost by an EEPROM reload */
#define PLX_CFG_INT_PIN 0x3d		/* 8 bits */
#define PLX_CFG_MIN_GNT 0x3e		/* 8 bits, 1/4 us */
#define PLX_CFG_MAX_LAT 0x3f		/* 8 bits, 1/4 us */
#define PLX_CFG_PM 0x40			/* power management; 9054+ */
#define PLX_CFG_PMCSR 0x44		/* 9054+ */
#define PLX_CFG_HOT_SWAP 0x48		/* 9054+ */
#define PLX_CFG_VPD 0x4c		/* 9054+ */
#define PLX_CFG_VPD_ADDRESS 0x4e	/* 16 bits; 9054+ */
#define PLX_CFG_VPD_DATA 0x50		/* 9054+ */
#define PLX_CFG_SIZE 0x100

#define PLX_COMMAND_IO 0x0001
#define PLX_COMMAND_MEMORY 0x0002
#define PLX_COMMAND_MASTER 0x0004	/* without it DMA never runs */
#define PLX_COMMAND_SPECIAL 0x0008	/* reads 0 */
#define PLX_COMMAND_MWI 0x0010
#define PLX_COMMAND_PARITY 0x0040
#define PLX_COMMAND_SERR 0x0100
#define PLX_COMMAND_FAST_BACK 0x0200	/* reads 0 */
#define PLX_COMMAND_WRITABLE \
	(PLX_COMMAND_IO | PLX_COMMAND_MEMORY | PLX_COMMAND_MASTER | \
	 PLX_COMMAND_MWI | PLX_COMMAND_PARITY | PLX_COMMAND_SERR)

#define PLX_STATUS_CAPABILITIES 0x0010	/* 9054+ */
#define PLX_STATUS_66MHZ 0x0020		/* 9056+ */
#define PLX_STATUS_USER 0x0040
#define PLX_STATUS_FAST_BACK 0x0080
#define PLX_STATUS_MASTER_PARITY 0x0100		/* write 1 to clear */
#define PLX_STATUS_DEVSEL_MASK 0x0600
#define PLX_STATUS_DEVSEL_MEDIUM 0x0200
#define PLX_STATUS_SIGNALED_TARGET_ABORT 0x0800	/* write 1 to clear */
#define PLX_STATUS_RECEIVED_TARGET_ABORT 0x1000	/* write 1 to clear */
#define PLX_STATUS_RECEIVED_MASTER_ABORT 0x2000	/* write 1 to clear */
#define PLX_STATUS_SIGNALED_SERR 0x4000		/* write 1 to clear */
#define PLX_STATUS_PARITY 0x8000		/* write 1 to clear */
#define PLX_STATUS_ABORTS \
	(PLX_STATUS_SIGNALED_TARGET_ABORT | PLX_STATUS_RECEIVED_TARGET_ABORT | \
	 PLX_STATUS_RECEIVED_MASTER_ABORT)
#define PLX_STATUS_W1C \
	(PLX_STATUS_ABORTS | PLX_STATUS_MASTER_PARITY | \
	 PLX_STATUS_SIGNALED_SERR | PLX_STATUS_PARITY)

#define PLX_CAP_ID_PM 0x01
#define PLX_CAP_ID_VPD 0x03
#define PLX_CAP_ID_HOT_SWAP 0x06

#define PLX_PMCSR_POWER_STATE 0x0003
#define PLX_PMCSR_PME_STATUS 0x8000		/* write 1 to clear */
#define PLX_HOT_SWAP_WRITE_ONE \
	(PLX_BIT(23) | PLX_BIT(22) | PLX_BIT(17)) /* INS, EXT and bit 17 */
#define PLX_VPD_FLAG 0x8000	/* of PLX_CFG_VPD_ADDRESS (chip ref. 6.4) */
#define PLX_VPD_ADDRESS_MASK 0x7fff

#define PLX_VENDOR 0x10b5

/* ---- Register map (chip ref. 2.2) ---- */

#define PLX_LAS0RR 0x00
#define PLX_LAS0BA 0x04
#define PLX_MARBR 0x08		/* alias: PLX_DMAARB */
#define PLX_BIGEND 0x0c		/* 8 bits */
#define PLX_LMISC 0x0d		/* 8 bits; 9054+ */
#define PLX_PROT_AREA 0x0e	/* 8 bits; 9054+ */
#define PLX_LMISC2 0x0f		/* 8 bits; 9656 */
#define PLX_EROMRR 0x10
#define PLX_EROMBA 0x14
#define PLX_LBRD0 0x18
#define PLX_DMRR 0x1c
#define PLX_DMLBAM 0x20
#define PLX_DMLBAI 0x24
#define PLX_DMPBAM 0x28
#define PLX_DMCFGA 0x2c
#define PLX_OPQIS 0x30
#define PLX_OPQIM 0x34
#define PLX_MBOX0 0x40		/* hidden while QSR[0] = 1, see the alias */
#define PLX_MBOX1 0x44		/* likewise */
#define PLX_MBOX2 0x48
#define PLX_MBOX3 0x4c
#define PLX_MBOX4 0x50
#define PLX_MBOX5 0x54
#define PLX_MBOX6 0x58
#define PLX_MBOX7 0x5c
#define PLX_P2LDBELL 0x60
#define PLX_L2PDBELL 0x64
#define PLX_INTCSR 0x68
#define PLX_CNTRL 0x6c
#define PLX_PCIHIDR 0x70
#define PLX_PCIHREV 0x74	/* 8 bits */
#define PLX_MBOX0_ALIAS 0x78
#define PLX_MBOX1_ALIAS 0x7c
#define PLX_DMAMODE0 0x80
#define PLX_DMAPADR0 0x84
#define PLX_DMALADR0 0x88
#define PLX_DMASIZ0 0x8c
#define PLX_DMADPR0 0x90
#define PLX_DMAMODE1 0x94
#define PLX_DMAPADR1 0x98
#define PLX_DMALADR1 0x9c
#define PLX_DMASIZ1 0xa0
#define PLX_DMADPR1 0xa4
#define PLX_DMACSR0 0xa8	/* 8 bits */
#define PLX_DMACSR1 0xa9	/* 8 bits */
#define PLX_DMAARB 0xac
#define PLX_DMATHR 0xb0
#define PLX_DMADAC0 0xb4	/* 9054+ */
#define PLX_DMADAC1 0xb8	/* 9054+ */
#define PLX_MQCR 0xc0
#define PLX_QBAR 0xc4
#define PLX_IFHPR 0xc8
#define PLX_IFTPR 0xcc
#define PLX_IPHPR 0xd0
#define PLX_IPTPR 0xd4
#define PLX_OFHPR 0xd8
#define PLX_OFTPR 0xdc
#define PLX_OPHPR 0xe0
#define PLX_OPTPR 0xe4
#define PLX_QSR 0xe8
#define PLX_LAS1RR 0xf0
#define PLX_LAS1BA 0xf4
#define PLX_LBRD1 0xf8
#define PLX_DMDAC 0xfc		/* 9054+ */
#define PLX_PCIARB 0x100	/* 9056+ */
#define PLX_PABTADR 0x104	/* 9056+ */

#define PLX_REGS_SIZE 0x100		/* 9080, 9054 */
#define PLX_REGS_SIZE_9056 0x200	/* 9056+ */

/* Where the local side finds what the PCI side has at 0 (chip ref. 2.1). */
#define PLX_LOCAL_OFFSET 0x80
#define PLX_LOCAL_MBOX0 0xc0
#define PLX_LOCAL_MBOX1 0xc4
#define PLX_LOCAL_CAPABILITIES 0x180

/* Registers of channel n, from those of channel 0. */
#define PLX_CHANNELS 2
#define PLX_DMA_STRIDE 0x14
#define PLX_DMAMODE(n) (PLX_DMAMODE0 + PLX_DMA_STRIDE * (n))
#define PLX_DMAPADR(n) (PLX_DMAPADR0 + PLX_DMA_STRIDE * (n))
#define PLX_DMALADR(n) (PLX_DMALADR0 + PLX_DMA_STRIDE * (n))
#define PLX_DMASIZ(n) (PLX_DMASIZ0 + PLX_DMA_STRIDE * (n))
#define PLX_DMADPR(n) (PLX_DMADPR0 + PLX_DMA_STRIDE * (n))
#define PLX_DMACSR(n) (PLX_DMACSR0 + (n))
#define PLX_DMADAC(n) (PLX_DMADAC0 + 4 * (n))

/* ---- Identity (chip ref. 1.1) ---- */

#define PLX_PCIHIDR_9054 0x905410b5u
#define PLX_PCIHIDR_9056 0x905610b5u	/* and PEX 8311 */
#define PLX_PCIHIDR_9060 0x906010b5u
#define PLX_PCIHIDR_9060SD 0x906d10b5u
#define PLX_PCIHIDR_9060ES 0x906e10b5u
#define PLX_PCIHIDR_9080 0x908010b5u
#define PLX_PCIHIDR_9656 0x965610b5u
#define PLX_PCIHREV_9054_AA_AB 0x0a	/* AA and AB can't be told apart */
#define PLX_PCIHREV_9054_AC 0x0c
#define PLX_REVISION_9054_AB 0x0b	/* config 08h, by convention */
#define PLX_SUBSYSTEM_8311 0x86e110b5u	/* its RDK: 9056 core behind PCIe */

/* ---- Bits and fields (chip ref. 2.3) ---- */

/* LAS0RR, LAS1RR */
#define PLX_LASRR_IO PLX_BIT(0)
#define PLX_LASRR_LOCATE_MASK 0x00000006u
#define PLX_LASRR_LOCATE_SHIFT 1
#define PLX_LASRR_PREFETCHABLE PLX_BIT(3)
#define PLX_LASRR_RANGE_MASK 0xfffffff0u
#define PLX_LASRR_IO_RANGE_MASK 0xfffffffcu	/* I/O: 3:2 are range, too */
#define PLX_LASRR_RESET 0xfff00000u		/* 1 MB */

/* LAS0BA, LAS1BA */
#define PLX_LASBA_ENABLE PLX_BIT(0)
#define PLX_LASBA_REMAP_MASK 0xfffffff0u
#define PLX_LASBA_IO_REMAP_MASK 0xfffffffcu

/* MARBR, DMAARB */
#define PLX_MARBR_LATENCY_MASK 0x000000ffu
#define PLX_MARBR_LATENCY_SHIFT 0
#define PLX_MARBR_PAUSE_MASK 0x0000ff00u
#define PLX_MARBR_PAUSE_SHIFT 8
#define PLX_MARBR_LATENCY_ENABLE PLX_BIT(16)
#define PLX_MARBR_PAUSE_ENABLE PLX_BIT(17)
#define PLX_MARBR_BREQ_ENABLE PLX_BIT(18)
#define PLX_MARBR_PRIORITY_MASK 0x00180000u
#define PLX_MARBR_PRIORITY_SHIFT 19
#define PLX_MARBR_PRIORITY_ROTATING 0
#define PLX_MARBR_PRIORITY_CHANNEL0 1
#define PLX_MARBR_PRIORITY_CHANNEL1 2
#define PLX_MARBR_GIVE_UP PLX_BIT(21)
#define PLX_MARBR_LLOCK PLX_BIT(22)
#define PLX_MARBR_REQUEST_MODE PLX_BIT(23)
#define PLX_MARBR_DELAYED_READ PLX_BIT(24)
#define PLX_MARBR_READ_NO_WRITE PLX_BIT(25)
#define PLX_MARBR_READ_WRITE_FLUSH PLX_BIT(26)
#define PLX_MARBR_GATE_LATENCY PLX_BIT(27)
#define PLX_MARBR_READ_NO_FLUSH PLX_BIT(28)
#define PLX_MARBR_SUBSYSTEM_IDS PLX_BIT(29)
#define PLX_MARBR_FIFO_FULL PLX_BIT(30)		/* 9054+ */
#define PLX_MARBR_BIGEND_WAIT PLX_BIT(31)	/* 9054+ */
#define PLX_MARBR_RESET 0x00200000u

/* BIGEND, 8 bits */
#define PLX_BIGEND_CONFIG 0x01u
#define PLX_BIGEND_DIRECT_MASTER 0x02u
#define PLX_BIGEND_SPACE0 0x04u
#define PLX_BIGEND_ROM 0x08u
#define PLX_BIGEND_BYTE_LANE 0x10u
#define PLX_BIGEND_SPACE1 0x20u
#define PLX_BIGEND_DMA1 0x40u
#define PLX_BIGEND_DMA0 0x80u
#define PLX_BIGEND_DMA(n) (0x80u >> (n))
#define PLX_BIGEND_RESET 0x00u

/* LMISC, 8 bits; 9054+ */
#define PLX_LMISC_IO_BAR1 0x01u
#define PLX_LMISC_SHIFT_BARS 0x02u
#define PLX_LMISC_LOCAL_INIT 0x04u
#define PLX_LMISC_DM_WRITE_FLUSH 0x08u
#define PLX_LMISC_DELAYED_READ 0x10u
#define PLX_LMISC_TEA_MASK 0x20u
#define PLX_LMISC_RETRY_ALMOST_FULL 0x40u
#define PLX_LMISC_DISCONNECT_FLUSH 0x80u

/* PROT_AREA, 8 bits; 9054+: Lwords below it are write protected */
#define PLX_PROT_AREA_MASK 0x7fu
#define PLX_PROT_AREA_RESET 0x30u

/* EROMRR, EROMBA */
#define PLX_EROMRR_ENABLE PLX_BIT(0)	/* 9054+ */
#define PLX_EROMRR_RANGE_MASK 0xfffff800u
#define PLX_EROMRR_RESET 0xffff0000u
#define PLX_EROMBA_BREQO_DELAY_MASK 0x0000000fu
#define PLX_EROMBA_BREQO_ENABLE PLX_BIT(4)
#define PLX_EROMBA_BREQO_RESOLUTION PLX_BIT(5)
#define PLX_EROMBA_REMAP_MASK 0xfffff800u

/* LBRD0; widths 0, 1 and 2 or 3 are 8, 16 and 32 bits everywhere */
#define PLX_WIDTH_8 0
#define PLX_WIDTH_16 1
#define PLX_WIDTH_32 3
#define PLX_LBRD0_WIDTH_MASK 0x00000003u
#define PLX_LBRD0_WAIT_MASK 0x0000003cu
#define PLX_LBRD0_WAIT_SHIFT 2
#define PLX_LBRD0_READY PLX_BIT(6)
#define PLX_LBRD0_BTERM PLX_BIT(7)
#define PLX_LBRD0_PREFETCH_DISABLE PLX_BIT(8)
#define PLX_LBRD0_ROM_PREFETCH_DISABLE PLX_BIT(9)
#define PLX_LBRD0_COUNT_ENABLE PLX_BIT(10)
#define PLX_LBRD0_COUNT_MASK 0x00007800u
#define PLX_LBRD0_COUNT_SHIFT 11
#define PLX_LBRD0_ROM_WIDTH_MASK 0x00030000u
#define PLX_LBRD0_ROM_WIDTH_SHIFT 16
#define PLX_LBRD0_ROM_WAIT_MASK 0x003c0000u
#define PLX_LBRD0_ROM_WAIT_SHIFT 18
#define PLX_LBRD0_ROM_READY PLX_BIT(22)
#define PLX_LBRD0_ROM_BTERM PLX_BIT(23)
#define PLX_LBRD0_BURST PLX_BIT(24)
#define PLX_LBRD0_EXTRA_LONG PLX_BIT(25)
#define PLX_LBRD0_ROM_BURST PLX_BIT(26)
#define PLX_LBRD0_HOLD_TRDY PLX_BIT(27)
#define PLX_LBRD0_RETRY_MASK 0xf0000000u
#define PLX_LBRD0_RETRY_SHIFT 28
#define PLX_LBRD0_RESET_9080 0x40030003u
#define PLX_LBRD0_RESET 0x40430043u		/* 9054+ */

/* LBRD1: burst enable and prefetch disable sit elsewhere than in LBRD0 */
#define PLX_LBRD1_WIDTH_MASK 0x00000003u
#define PLX_LBRD1_WAIT_MASK 0x0000003cu
#define PLX_LBRD1_WAIT_SHIFT 2
#define PLX_LBRD1_READY PLX_BIT(6)
#define PLX_LBRD1_BTERM PLX_BIT(7)
#define PLX_LBRD1_BURST PLX_BIT(8)
#define PLX_LBRD1_PREFETCH_DISABLE PLX_BIT(9)
#define PLX_LBRD1_COUNT_ENABLE PLX_BIT(10)
#define PLX_LBRD1_COUNT_MASK 0x00007800u
#define PLX_LBRD1_COUNT_SHIFT 11
#define PLX_LBRD1_RESET_9080 0x00000003u
#define PLX_LBRD1_RESET 0x00000043u		/* 9054+ */

/* DMRR, DMLBAM, DMLBAI: bits 31:16 */
#define PLX_DM_RANGE_MASK 0xffff0000u

/* DMPBAM */
#define PLX_DMPBAM_MEMORY_ENABLE PLX_BIT(0)
#define PLX_DMPBAM_IO_ENABLE PLX_BIT(1)
#define PLX_DMPBAM_LLOCK PLX_BIT(2)
#define PLX_DMPBAM_PREFETCH_LOW PLX_BIT(3)	/* size is {12,3} */
#define PLX_DMPBAM_READ_MODE PLX_BIT(4)
#define PLX_DMPBAM_ALMOST_FULL_MASK 0x000005e0u	/* {10,8:5} */
#define PLX_DMPBAM_MWI PLX_BIT(9)
#define PLX_DMPBAM_PREFETCH_LIMIT PLX_BIT(11)
#define PLX_DMPBAM_PREFETCH_HIGH PLX_BIT(12)
#define PLX_DMPBAM_IO_REMAP PLX_BIT(13)
#define PLX_DMPBAM_WRITE_DELAY_MASK 0x0000c000u
#define PLX_DMPBAM_WRITE_DELAY_SHIFT 14
#define PLX_DMPBAM_REMAP_MASK 0xffff0000u

/* DMCFGA */
#define PLX_DMCFGA_TYPE_MASK 0x00000003u
#define PLX_DMCFGA_REGISTER_MASK 0x000000fcu
#define PLX_DMCFGA_FUNCTION_MASK 0x00000700u
#define PLX_DMCFGA_FUNCTION_SHIFT 8
#define PLX_DMCFGA_DEVICE_MASK 0x0000f800u
#define PLX_DMCFGA_DEVICE_SHIFT 11
#define PLX_DMCFGA_BUS_MASK 0x00ff0000u
#define PLX_DMCFGA_BUS_SHIFT 16
#define PLX_DMCFGA_ENABLE PLX_BIT(31)
#define PLX_DMCFGA_WRITABLE 0x80ffffffu

/* OPQIS, OPQIM */
#define PLX_OPQIS_NOT_EMPTY PLX_BIT(3)
#define PLX_OPQIM_MASK PLX_BIT(3)
#define PLX_OPQIM_RESET 0x00000008u

/* INTCSR */
#define PLX_INTCSR_LSERR_ABORT PLX_BIT(0)
#define PLX_INTCSR_LSERR_PARITY PLX_BIT(1)
#define PLX_INTCSR_SERR PLX_BIT(2)		/* 0 to 1: SERR# */
#define PLX_INTCSR_MAILBOX_ENABLE PLX_BIT(3)	/* to the local side */
#define PLX_INTCSR_PM_ENABLE PLX_BIT(4)		/* 9054+; local side */
#define PLX_INTCSR_PM PLX_BIT(5)		/* 9054+; write 1 to clear */
#define PLX_INTCSR_PARITY_ENABLE PLX_BIT(6)	/* 9054+ */
#define PLX_INTCSR_PARITY PLX_BIT(7)		/* 9054+; write 1 to clear */
#define PLX_INTCSR_PCI_ENABLE PLX_BIT(8)	/* gate of INTA# */
#define PLX_INTCSR_DOORBELL_ENABLE PLX_BIT(9)
#define PLX_INTCSR_ABORT_ENABLE PLX_BIT(10)
#define PLX_INTCSR_LINT_ENABLE PLX_BIT(11)
#define PLX_INTCSR_RETRY_ABORT PLX_BIT(12)	/* 256 retries: target abort */
#define PLX_INTCSR_DOORBELL PLX_BIT(13)
#define PLX_INTCSR_ABORT PLX_BIT(14)
#define PLX_INTCSR_LINT PLX_BIT(15)
#define PLX_INTCSR_LOCAL_ENABLE PLX_BIT(16)	/* gate of LINTo# */
#define PLX_INTCSR_LOCAL_DOORBELL_ENABLE PLX_BIT(17)
#define PLX_INTCSR_DMA0_ENABLE PLX_BIT(18)
#define PLX_INTCSR_DMA1_ENABLE PLX_BIT(19)
#define PLX_INTCSR_LOCAL_DOORBELL PLX_BIT(20)
#define PLX_INTCSR_DMA0 PLX_BIT(21)
#define PLX_INTCSR_DMA1 PLX_BIT(22)
#define PLX_INTCSR_BIST PLX_BIT(23)
/* 0: this was the bus master at the last abort */
#define PLX_INTCSR_NOT_DIRECT_MASTER PLX_BIT(24)
#define PLX_INTCSR_NOT_DMA0 PLX_BIT(25)
#define PLX_INTCSR_NOT_DMA1 PLX_BIT(26)
#define PLX_INTCSR_NOT_RETRY PLX_BIT(27)	/* 0: abort by 256 retries */
#define PLX_INTCSR_MAILBOX_MASK 0xf0000000u
#define PLX_INTCSR_MAILBOX_SHIFT 28
#define PLX_INTCSR_DMA_ENABLE(n) (PLX_INTCSR_DMA0_ENABLE << (n))
#define PLX_INTCSR_DMA(n) (PLX_INTCSR_DMA0 << (n))
#define PLX_INTCSR_NOT_DMA(n) (PLX_INTCSR_NOT_DMA0 << (n))
#define PLX_INTCSR_W1C (PLX_INTCSR_PM | PLX_INTCSR_PARITY)
#define PLX_INTCSR_WRITABLE_9080 0x000f1f0fu
#define PLX_INTCSR_WRITABLE 0x000f1f5fu		/* 9054+, without W1C */
#define PLX_INTCSR_RESET 0x0f010100u

/* CNTRL */
#define PLX_CNTRL_DMA_READ_MASK 0x0000000fu
#define PLX_CNTRL_DMA_WRITE_MASK 0x000000f0u
#define PLX_CNTRL_DMA_WRITE_SHIFT 4
#define PLX_CNTRL_DM_READ_MASK 0x00000f00u
#define PLX_CNTRL_DM_READ_SHIFT 8
#define PLX_CNTRL_DM_WRITE_MASK 0x0000f000u
#define PLX_CNTRL_DM_WRITE_SHIFT 12
#define PLX_CNTRL_COMMANDS_MASK 0x0000ffffu
#define PLX_CNTRL_USERO PLX_BIT(16)
#define PLX_CNTRL_USERI PLX_BIT(17)
#define PLX_CNTRL_USERI_SELECT PLX_BIT(18)	/* 9054+ */
#define PLX_CNTRL_USERO_SELECT PLX_BIT(19)	/* 9054+ */
#define PLX_CNTRL_LINTO_STATUS PLX_BIT(20)	/* 9054+; write 1 to clear */
#define PLX_CNTRL_LSERR_STATUS PLX_BIT(21)	/* 9054+; write 1 to clear */
#define PLX_CNTRL_EESK PLX_BIT(24)
#define PLX_CNTRL_EECS PLX_BIT(25)
#define PLX_CNTRL_EEDI PLX_BIT(26)
#define PLX_CNTRL_EEDO PLX_BIT(27)
#define PLX_CNTRL_EEPROM_PRESENT PLX_BIT(28)
#define PLX_CNTRL_RELOAD PLX_BIT(29)
#define PLX_CNTRL_RESET PLX_BIT(30)
#define PLX_CNTRL_LOCAL_INIT PLX_BIT(31)	/* 9080 */
#define PLX_CNTRL_EEDO_ENABLE PLX_BIT(31)	/* 9056+ */
#define PLX_CNTRL_W1C (PLX_CNTRL_LINTO_STATUS | PLX_CNTRL_LSERR_STATUS)
#define PLX_CNTRL_RESET_VALUE_9080 0x0001767eu
#define PLX_CNTRL_RESET_VALUE 0x000f767eu	/* 9054+ */
#define PLX_PCI_READ 0x6u		/* PCI commands in CNTRL[15:0] */
#define PLX_PCI_WRITE 0x7u
#define PLX_PCI_READ_MULTIPLE 0xcu
#define PLX_PCI_READ_LINE 0xeu
#define PLX_PCI_WRITE_INVALIDATE 0xfu

/* DMAMODEx */
#define PLX_DMAMODE_WIDTH_MASK 0x00000003u
#define PLX_DMAMODE_WAIT_MASK 0x0000003cu
#define PLX_DMAMODE_WAIT_SHIFT 2
#define PLX_DMAMODE_READY PLX_BIT(6)
#define PLX_DMAMODE_BTERM PLX_BIT(7)
#define PLX_DMAMODE_BURST PLX_BIT(8)
#define PLX_DMAMODE_CHAIN PLX_BIT(9)
#define PLX_DMAMODE_DONE_INTERRUPT PLX_BIT(10)
#define PLX_DMAMODE_CONSTANT PLX_BIT(11)
#define PLX_DMAMODE_DEMAND PLX_BIT(12)
#define PLX_DMAMODE_MWI PLX_BIT(13)
#define PLX_DMAMODE_EOT PLX_BIT(14)
#define PLX_DMAMODE_FAST_TERMINATE PLX_BIT(15)
#define PLX_DMAMODE_CLEAR_COUNT PLX_BIT(16)
#define PLX_DMAMODE_PCI_INTERRUPT PLX_BIT(17)
#define PLX_DMAMODE_DAC_CHAIN PLX_BIT(18)	/* 9054+ */
#define PLX_DMAMODE_EOT_ENDS_LINK PLX_BIT(19)	/* 9056+ */
#define PLX_DMAMODE_VALID_MODE PLX_BIT(20)	/* 9056+ */
#define PLX_DMAMODE_VALID_STOP PLX_BIT(21)	/* 9056+ */
#define PLX_DMAMODE_WRITABLE_9080 0x0003ffffu
#define PLX_DMAMODE_WRITABLE 0x0007ffffu	/* 9054 */
#define PLX_DMAMODE_WRITABLE_9056 0x003fffffu	/* 9056+ */
#define PLX_DMAMODE_RESET_9080 0x00000003u
#define PLX_DMAMODE_RESET 0x00000043u	/* 9054+; bit 6 open, chip ref. 12 */

/* DMASIZx */
#define PLX_DMASIZ_COUNT_MASK 0x007fffffu
#define PLX_DMASIZ_VALID PLX_BIT(31)		/* 9056+, ring mode */
#define PLX_DMA_MAX 0x007fffffu			/* bytes of one descriptor */

/* DMADPRx, and the fourth Lword of a descriptor (chip ref. 3.3) */
#define PLX_DMADPR_PCI PLX_BIT(0)	/* the *next* one lies in PCI memory */
#define PLX_DMADPR_END PLX_BIT(1)	/* of chain */
#define PLX_DMADPR_INTERRUPT PLX_BIT(2)	/* after terminal count */
#define PLX_DMADPR_TO_HOST PLX_BIT(3)	/* local to PCI */
#define PLX_DMADPR_FLAGS_MASK 0x0000000fu
#define PLX_DMADPR_NEXT_MASK 0xfffffff0u
#define PLX_DMADPR_NEXT_MASK_DAC 0xffffffe0u

/* DMACSRx, 8 bits.  Both channels: one 32-bit read of DMACSR0. */
#define PLX_DMACSR_ENABLE 0x01u
#define PLX_DMACSR_START 0x02u		/* reads 0 */
#define PLX_DMACSR_ABORT 0x04u		/* reads 0 */
#define PLX_DMACSR_CLEAR 0x08u		/* interrupt; reads 0 */
#define PLX_DMACSR_DONE 0x10u
#define PLX_DMACSR_RESERVED 0xe0u
#define PLX_DMACSR_RESET 0x10u
#define PLX_DMACSR_SHIFT(n) (8 * (n))	/* in that 32-bit read */

/* DMATHR: nibbles of channel 0, then the same of channel 1 */
#define PLX_DMATHR_PLAF_SHIFT(n) (16 * (n))
#define PLX_DMATHR_LPAE_SHIFT(n) (16 * (n) + 4)
#define PLX_DMATHR_LPAF_SHIFT(n) (16 * (n) + 8)
#define PLX_DMATHR_PLAE_SHIFT(n) (16 * (n) + 12)
#define PLX_DMATHR_FIELD 0xfu

/* MQCR, QBAR, pointers, QSR */
#define PLX_MQCR_ENABLE PLX_BIT(0)
#define PLX_MQCR_SIZE_MASK 0x0000003eu
#define PLX_MQCR_SIZE_SHIFT 1
#define PLX_MQCR_RESET 0x00000002u
#define PLX_QBAR_MASK 0xfff00000u
#define PLX_QUEUE_POINTER_MASK 0x000ffffcu
#define PLX_QSR_I2O_ENABLE PLX_BIT(0)
#define PLX_QSR_LOCAL_SPACE PLX_BIT(1)
#define PLX_QSR_OUTBOUND_PREFETCH PLX_BIT(2)
#define PLX_QSR_INBOUND_PREFETCH PLX_BIT(3)
#define PLX_QSR_INBOUND_MASK PLX_BIT(4)
#define PLX_QSR_INBOUND_NOT_EMPTY PLX_BIT(5)
#define PLX_QSR_OVERFLOW_MASK PLX_BIT(6)
#define PLX_QSR_OVERFLOW PLX_BIT(7)		/* write 1 to clear */
#define PLX_QSR_WRITABLE 0x0000005fu		/* without W1C */
#define PLX_QSR_RESET 0x00000050u

/* ---- Descriptors, little-endian (chip ref. 3.3) ---- */

struct plx_descriptor {
	uint32_t pci_low;
	uint32_t local;
	uint32_t size;
	uint32_t next;
};

struct plx_descriptor_dac {
	uint32_t pci_low;
	uint32_t local;
	uint32_t size;
	uint32_t next;
	uint32_t pci_high;
	uint32_t unused[3];
};

#define PLX_DESCRIPTOR_SIZE 16
#define PLX_DESCRIPTOR_DAC_SIZE 32

static_assert(sizeof(struct plx_descriptor) == PLX_DESCRIPTOR_SIZE,
	      "four Lwords");
static_assert(sizeof(struct plx_descriptor_dac) == PLX_DESCRIPTOR_DAC_SIZE,
	      "eight Lwords");
static_assert(offsetof(struct plx_descriptor, local) == 4, "Lword 1");
static_assert(offsetof(struct plx_descriptor, size) == 8, "Lword 2");
static_assert(offsetof(struct plx_descriptor, next) == 12, "Lword 3");
static_assert(offsetof(struct plx_descriptor_dac, local) == 4, "Lword 1");
static_assert(offsetof(struct plx_descriptor_dac, size) == 8, "Lword 2");
static_assert(offsetof(struct plx_descriptor_dac, next) == 12, "Lword 3");
static_assert(offsetof(struct plx_descriptor_dac, pci_high) == 16, "Lword 4");

static_assert(PLX_DMAMODE(1) == PLX_DMAMODE1, "stride");
static_assert(PLX_DMADPR(1) == PLX_DMADPR1, "stride");
static_assert(PLX_DMACSR(1) == PLX_DMACSR1, "stride");
static_assert(PLX_DMADAC(1) == PLX_DMADAC1, "stride");
static_assert(PLX_INTCSR_DMA_ENABLE(1) == PLX_INTCSR_DMA1_ENABLE, "bits");
static_assert(PLX_INTCSR_DMA(1) == PLX_INTCSR_DMA1, "bits");
static_assert(PLX_BIGEND_DMA(1) == PLX_BIGEND_DMA1, "bits");
static_assert((PLX_INTCSR_WRITABLE & PLX_INTCSR_W1C) == 0, "W1C apart");
static_assert((PLX_INTCSR_RESET & PLX_INTCSR_WRITABLE) == 0x00010100u,
	      "both gates open at reset");
static_assert(PLX_DMA_MAX == PLX_DMASIZ_COUNT_MASK, "a full count");

/* ---- Serial EEPROM (chip ref. 6) ---- */

/* Byte offsets; each Lword is two 16-bit words, the high one first. */
#define PLX_EE_ID 0x00
#define PLX_EE_CLASS_REVISION 0x04
#define PLX_EE_LATENCY_INT 0x08
#define PLX_EE_MBOX0 0x0c
#define PLX_EE_MBOX1 0x10
#define PLX_EE_LAS0RR 0x14
#define PLX_EE_LAS0BA 0x18
#define PLX_EE_MARBR 0x1c
#define PLX_EE_BIGEND 0x20	/* PROT_AREA, LMISC, BIGEND as dword 0Ch */
#define PLX_EE_EROMRR 0x24
#define PLX_EE_EROMBA 0x28
#define PLX_EE_LBRD0 0x2c
#define PLX_EE_DMRR 0x30
#define PLX_EE_DMLBAM 0x34
#define PLX_EE_DMLBAI 0x38
#define PLX_EE_DMPBAM 0x3c
#define PLX_EE_DMCFGA 0x40
#define PLX_EE_LONG_SIZE 0x44	/* what follows: if LBRD0[25] is set */
#define PLX_EE_SUBSYSTEM 0x44
#define PLX_EE_LAS1RR 0x48
#define PLX_EE_LAS1BA 0x4c
#define PLX_EE_LBRD1 0x50
#define PLX_EE_HOT_SWAP 0x54	/* 9054+; 9080: PCI base for ROM */
#define PLX_EE_SIZE 0x58	/* 9080, 9054 */
#define PLX_EE_PCIARB 0x58	/* 9056+ */
#define PLX_EE_PMC 0x5c		/* 9056+ */
#define PLX_EE_PMCSR 0x60	/* 9056+ */
#define PLX_EE_SIZE_9056 0x64

/* Commands of 9 bits (93CS46); start bit, opcode, address.  Longer addresses
 * shift them up by (command bits - 9). */
#define PLX_EE_CMD_READ 0x180u
#define PLX_EE_CMD_WRITE 0x140u
#define PLX_EE_CMD_EWEN 0x130u
#define PLX_EE_CMD_EWDS 0x100u
#define PLX_EE_CMD_BITS_9080 9
#define PLX_EE_CMD_BITS 11		/* 93CS56, 93CS66 */

#endif
