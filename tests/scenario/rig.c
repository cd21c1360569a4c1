/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory is 2 MiB of small pages: no privilege, and quick to set up for
 * each of many tests.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rig.h"
#include "witness.h"

#define ARENA_SIZE ((size_t)2 << 20)
#define PIECE (RIG_SIZE / RIG_PIECES)
/* Enough to see that the card works again, however slow it is. */
#define SHORT_PIECE 512u
/* Of a transfer in both memories; gaps keep the pieces from merging. */
#define SLOT (2 * RIG_SIZE)
#define SLOTS (ARENA_SIZE / SLOT - 1)

void rig_open(struct rig *rig, const char *options)
{
	char board[256], spec[600], text[400];
	struct shared_board *memory;
	int error;

	memset(rig, 0, sizeof(*rig));
	rig->piece = PIECE;
	memory = stage_board_new(board, sizeof(board));
	ck_assert_ptr_nonnull(memory);
	snprintf(spec, sizeof(spec), "model:%s%s%s,arena=2M,pages=small",
		 options, options[0] ? "," : "", board);
	error = stage_open(&rig->stage, spec, ARENA_SIZE, memory, text,
			   sizeof(text));
	ck_assert_msg(error == 0, "%s: %s", spec, text);
}

void rig_close(struct rig *rig)
{
	ck_assert_uint_eq(stage_violations(&rig->stage), 0);
	stage_close(&rig->stage);
	stage_board_free(rig->stage.board);
}

static char *piece_host(const struct rig *rig, unsigned int i)
{
	return rig->stage.host +
	       (rig->pieces[i].handle - rig->stage.handle);
}

static char *piece_local(const struct rig *rig, unsigned int i)
{
	return (char *)rig->stage.board->sram +
	       (rig->pieces[i].local - SHARED_BOARD_SRAM);
}

static void make_pieces(struct rig *rig, enum plxdma_form form,
			unsigned int slot)
{
	size_t gap = form == PLXDMA_FORM_CHAIN ? 64 : 0;

	ck_assert_uint_lt(slot, SLOTS);
	for (unsigned int i = 0; i < RIG_PIECES; i++)
		rig->pieces[i] = (struct plxdma_segment){
			.handle = rig->stage.handle + slot * SLOT +
				  i * (rig->piece + gap),
			.local = SHARED_BOARD_SRAM +
				 (uint32_t)(slot * SLOT + i * (rig->piece + gap)),
			.length = rig->piece,
		};
}

static void fill_pieces(struct rig *rig, enum plxdma_direction direction)
{
	rig->nonce = rig->stage.nonce + 1;
	rig->stage.nonce += RIG_PIECES;
	for (unsigned int i = 0; i < RIG_PIECES; i++) {
		char *host = piece_host(rig, i), *local = piece_local(rig, i);
		int to_host = direction == PLXDMA_TO_HOST;

		witness_fill(to_host ? local : host, rig->piece, rig->nonce + i);
		witness_complement(to_host ? host : local, rig->piece,
				   rig->nonce + i);
	}
}

void rig_request(struct rig *rig, enum plxdma_direction direction,
		 enum plxdma_form form, unsigned int slot)
{
	make_pieces(rig, form, slot);
	fill_pieces(rig, direction);
	rig->request = (struct plxdma_request){
		.size = sizeof(rig->request),
		.direction = direction,
		.form = form,
	};
	if (form == PLXDMA_FORM_CHAIN) {
		rig->request.segments = rig->pieces;
		rig->request.segment_count = RIG_PIECES;
	} else {
		rig->request.handle = rig->pieces[0].handle;
		rig->request.local = rig->pieces[0].local;
		rig->request.length = RIG_PIECES * rig->piece;
	}
}

struct plxdma_transfer *rig_transfer(struct rig *rig, unsigned int channel)
{
	struct plxdma_transfer *transfer = NULL;
	int error;

	error = plxdma_transfer_new(rig->stage.channels[channel],
				    &rig->request, &transfer);
	ck_assert_msg(error == 0, "%s", plxdma_error(rig->stage.card));
	return transfer;
}

void rig_check(const struct rig *rig, uint64_t size)
{
	for (unsigned int i = 0; i < RIG_PIECES && size > 0; i++) {
		size_t length = size < rig->piece ? (size_t)size : rig->piece;

		ck_assert_uint_eq(witness_check(piece_host(rig, i), length,
						rig->nonce + i), length);
		ck_assert_uint_eq(witness_check(piece_local(rig, i), length,
						rig->nonce + i), length);
		size -= length;
	}
}

void rig_pass_ms(struct rig *rig, unsigned int ms)
{
	uint32_t value;

	for (unsigned int i = 0; i < ms; i++) {
		rig_sleep_ms(1);
		plxdma_mailbox_read(rig->stage.card, 2, &value);
	}
}

void rig_check_given_back(struct rig *rig)
{
	struct stage *stage = &rig->stage;
	uint64_t host, local;

	witness_fill(stage->host, ARENA_SIZE - SLOT, ++stage->nonce);
	host = witness_hash(stage->host, stage->host_size);
	local = witness_hash(stage->board->sram, ARENA_SIZE);
	rig_pass_ms(rig, 6);
	ck_assert_msg(host == witness_hash(stage->host, stage->host_size),
		      "the card wrote to memory that was given back");
	ck_assert_msg(local == witness_hash(stage->board->sram, ARENA_SIZE),
		      "the card went on reading memory that was given back");
}

void rig_check_works(struct rig *rig)
{
	rig->piece = SHORT_PIECE;
	for (unsigned int i = 0; i < 8; i++) {
		struct plxdma_result result = { .size = sizeof(result) };
		int error;

		rig_request(rig, i & 1 ? PLXDMA_TO_CARD : PLXDMA_TO_HOST,
			    i & 2 ? PLXDMA_FORM_CHAIN : PLXDMA_FORM_BLOCK,
			    i);
		error = plxdma_transfer_once(rig->stage.channels[i / 4],
					     &rig->request, RIG_SOON,
					     &result);
		ck_assert_msg(error == 0 && result.status == PLXDMA_DONE,
			      "the next transfer (%u): %s, status %u: %s", i,
			      strerror(-error), result.status,
			      plxdma_error(rig->stage.card));
		ck_assert_uint_eq(result.bytes, RIG_PIECES * SHORT_PIECE);
		rig_check(rig, result.bytes);
	}
	rig->piece = PIECE;
}

void rig_set_waiting(struct rig *rig, enum plxdma_waiting waiting)
{
	for (unsigned int i = 0; i < PLXDMA_CHANNELS; i++)
		ck_assert_int_eq(plxdma_channel_set_waiting(
					 rig->stage.channels[i], waiting), 0);
}

void rig_sleep_ms(unsigned int ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = (long)ms * 1000000 }, NULL);
}

int64_t rig_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * RIG_SECOND + now.tv_nsec;
}
