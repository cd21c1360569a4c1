/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a request to what the chip is told: pieces, block or chain, format.
 *
 * Two passes over the same pieces: the first checks and counts and touches
 * nothing, so that a bad request leaves the old chain standing; the second
 * writes.  Plain lists are done in one, by lists.c.  (Chip ref. 3.1, 3.3.)
 */
#include "dma/card.h"

#include <errno.h>
#include <string.h>

#include "dma/lists.h"
#include "dma/pieces.h"
#include "dma/runs.h"

static int mode_of_request(struct dma_channel *channel,
			   const struct dma_request *request,
			   const struct plxdma_mode **mode, struct error *error)
{
	*mode = request->mode ? request->mode : &channel->mode;
	if (!request->mode)
		return 0;
	return dma_channel_check_mode(channel, *mode, error);
}

static int request_check(const struct dma_request *request,
			 struct dma_channel *channel, struct error *error)
{
	if (request->direction > PLXDMA_TO_CARD)
		return error_set(error, -EINVAL, "transfer: direction %u is "
				 "neither to-host nor to-card",
				 request->direction);
	if (request->form > PLXDMA_FORM_LINKED)
		return error_set(error, -EINVAL, "transfer: form %u is none of "
				 "auto, block, chain, linked", request->form);
	if (!request->map || request->map->card != channel->card)
		return error_set(error, -EINVAL,
				 "transfer: its memory isn't attached to this "
				 "card");
	return 0;
}

static void survey_take(struct pieces *pieces, struct survey *survey)
{
	struct piece piece;

	*survey = (struct survey){0};
	if (runs_survey(pieces, survey)) {
		survey->runs = 1;
		return;
	}
	while (pieces_next(pieces, &piece)) {
		survey->last = piece;
		survey->count++;
		survey->high |= (uint32_t)(piece.bus >> 32);
	}
}

static int reach_check(const struct dma_card *card, const struct survey *survey,
		       struct error *error)
{
	if (!survey->high || card->dac)
		return 0;
	return error_set(error, -ENXIO,
			 "transfer: memory above 4 GiB can't be reached: %s; "
			 "%s",
			 !card->family->dac
				 ? "the chip has no dual-address cycles"
			 : card->options.no_dac
				 ? "dac=no says that the path drops "
				   "dual-address cycles"
				 : "the path drops dual-address cycles",
			 card->transport->info.iommu
				 ? "have the IOMMU map it below 4 GiB"
				 : "use an IOMMU, or memory below 4 GiB");
}

static uint32_t direction_bit(const struct dma_request *request)
{
	return request->direction == PLXDMA_TO_HOST ? PLX_DMADPR_TO_HOST : 0;
}

static void program_block(struct program *program,
			  const struct dma_request *request,
			  const struct survey *survey)
{
	program->count = 1;
	program->padr = (uint32_t)survey->last.bus;
	program->dac = (uint32_t)(survey->last.bus >> 32);
	program->left_dac = program->dac;
	program->ladr = survey->last.local;
	program->siz = survey->last.size;
	program->dpr = direction_bit(request);
}

static void pieces_write(struct pieces *pieces, enum descriptor_format format,
			 void *memory, uint32_t next, uint32_t flags)
{
	const uint32_t stride = descriptor_size(format);
	char *at = memory;
	struct piece piece;

	pieces_rewind(pieces);
	while (pieces_next(pieces, &piece)) {
		next += stride;
		descriptor_encode(format, at, piece.bus, piece.local,
				  piece.size, next | flags);
		at += stride;
	}
}

/* A chain of one descriptor of no bytes is an open question of the chip (12,
 * question 15), a block of none is known to end. */
static int wants_chain(const struct dma_request *request,
		       const struct survey *survey)
{
	return survey->count > 1 ||
	       (request->form >= PLXDMA_FORM_CHAIN && survey->count);
}

struct plx_descriptor *chain_last(const struct program *program,
				  const struct pool_block *block)
{
	const uint32_t stride =
		descriptor_size((enum descriptor_format)program->format);

	return (struct plx_descriptor *)((char *)block->cpu +
					 (program->count - 1) * stride);
}

/* The last one ends the chain; its pointer, which leads nowhere, says whose end
 * it is. */
static void chain_end(const struct program *program,
		      const struct pool_block *block, uint32_t flags)
{
	chain_last(program, block)->next = htole32(block->bus | PLX_DMADPR_END | flags);
}

static uint32_t chain_flags(const struct dma_request *request)
{
	return PLX_DMADPR_PCI | direction_bit(request);
}

static void program_chain(struct program *program,
			  enum descriptor_format format,
			  const struct survey *survey,
			  const struct pool_block *block)
{
	program->chain = 1;
	program->format = (uint8_t)format;
	program->count = (uint32_t)survey->count;
	program->mode |= PLX_DMAMODE_CHAIN;
	program->mode |= format == DESCRIPTOR_DAC ? PLX_DMAMODE_DAC_CHAIN : 0;
	program->left_dac = format == DESCRIPTOR_DAC
				    ? (uint32_t)(survey->last.bus >> 32)
				    : 0;
	program->dpr = block->bus | PLX_DMADPR_PCI;
}

static int chain_write(struct dma_channel *channel, struct program *program,
		       const struct dma_request *request,
		       const struct survey *survey, struct pieces *pieces,
		       struct pool_block **block, struct error *error)
{
	const enum descriptor_format format =
		survey->high ? DESCRIPTOR_DAC : DESCRIPTOR_PLAIN;
	const uint64_t size = survey->count * descriptor_size(format);
	const uint32_t flags = chain_flags(request);
	struct pool *pool = &channel->card->pool;
	struct pool_block *larger;
	int result;

	if (!*block || (*block)->size < size) {
		result = pool_take(pool, size, &larger, error);
		if (result)
			return result;
		pool_give(pool, *block);
		*block = larger;
	}
	program_chain(program, format, survey, *block);
	if (survey->runs)
		runs_write(pieces, format, (*block)->cpu, (*block)->bus, flags);
	else
		pieces_write(pieces, format, (*block)->cpu, (*block)->bus,
			     flags);
	chain_end(program, *block, flags);
	return 0;
}

/* 1 if it was such a list, else 0. */
static int chain_of_list(struct dma_channel *channel, struct program *program,
			 const struct dma_request *request,
			 const struct plxdma_mode *mode,
			 struct pool_block **block, uint64_t *length)
{
	const uint32_t flags = chain_flags(request);
	struct list list;

	if (!list_write(channel, request, mode, flags, &list))
		return 0;
	if (!wants_chain(request, &list.survey)) {
		pool_give(&channel->card->pool, list.block);
		return 0;
	}
	program_chain(program, list.format, &list.survey, list.block);
	chain_end(program, list.block, flags);
	pool_give(&channel->card->pool, *block);
	*block = list.block;
	*length = list.total;
	return 1;
}

/* Would the chip's reset values move other bytes than this mode? */
static int mode_strict(const struct plxdma_mode *mode)
{
	return mode->width != 32 || mode->constant || mode->demand ||
	       mode->eot || mode->big_endian;
}

static void program_mode(struct program *program,
			 const struct plxdma_mode *mode)
{
	*program = (struct program){
		.mode = mode_word(mode),
		.big_endian = mode->big_endian,
		.eot = mode->eot,
		.strict = (uint8_t)mode_strict(mode),
	};
}

/* Any request. */
static int program_build(struct dma_channel *channel, struct program *program,
			 const struct dma_request *request,
			 const struct plxdma_mode *mode,
			 struct pool_block **block, uint64_t *length,
			 struct error *error)
{
	struct survey survey;
	struct pieces pieces;
	int result;

	result = pieces_init(&pieces, request, mode, channel->card->family,
			     error);
	if (result)
		return result;
	survey_take(&pieces, &survey);
	result = reach_check(channel->card, &survey, error);
	if (result)
		return result;
	*length = pieces.total;
	if (wants_chain(request, &survey) &&
	    request->form == PLXDMA_FORM_BLOCK)
		return error_set(error, -EMSGSIZE,
				 "transfer: %llu bytes are %llu pieces, a "
				 "block transfer takes one of at most 8 MiB - "
				 "1; use a chain",
				 (unsigned long long)pieces.total,
				 (unsigned long long)survey.count);
	if (wants_chain(request, &survey))
		return chain_write(channel, program, request, &survey, &pieces,
				   block, error);
	program_block(program, request, &survey);
	return 0;
}

int chain_build(struct dma_channel *channel, const struct dma_request *request,
		struct program *program, struct pool_block **block,
		uint64_t *length, struct error *error)
{
	const struct plxdma_mode *mode;
	struct program made;
	uint64_t bytes;
	int result;

	result = request_check(request, channel, error);
	if (!result)
		result = mode_of_request(channel, request, &mode, error);
	if (result)
		return result;
	program_mode(&made, mode);
	if (!chain_of_list(channel, &made, request, mode, block, &bytes))
		result = program_build(channel, &made, request, mode, block,
				       &bytes, error);
	if (result)
		return result;
	*program = made;
	*length = bytes;
	return 0;
}

uint64_t chain_position(const struct program *program,
			const struct pool_block *block, uint32_t dpr,
			uint32_t *size)
{
	const enum descriptor_format format =
		(enum descriptor_format)program->format;
	const uint32_t stride = descriptor_size(format);
	const uint32_t next = (dpr & PLX_DMADPR_NEXT_MASK) - block->bus;
	const char *at = block->cpu;
	struct descriptor descriptor;
	uint32_t i, loaded;
	uint64_t before = 0;

	*size = 0;
	/* The last one leads to its own list's end, or to another's. */
	loaded = dpr & PLX_DMADPR_END || dpr == le32toh(chain_last(program, block)->next)
			 ? program->count
			 : next / stride;
	/* Nothing loaded yet, or a register that nobody of us wrote. */
	if (!loaded || loaded > program->count)
		return 0;
	for (i = 0; i < loaded; i++) {
		before += *size;
		descriptor_decode(format, at + (size_t)i * stride, &descriptor);
		*size = descriptor.size;
	}
	return before;
}
