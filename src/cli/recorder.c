/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See recorder.h. */
#include "cli/recorder.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/progress.h"

#define SECOND_NS  INT64_C(1000000000)
#define TAKE_NS	   (SECOND_NS / 5)
#define NAME_PARTS 9999u

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void stop_by_signals(void)
{
	const struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A file that gets too long is a full disk, not our death. */
	signal(SIGXFSZ, SIG_IGN);
}

static int mode_set(struct recorder *recorder)
{
	struct plxdma_mode *mode;
	int code;

	if (recorder->mode.mode)
		return plxdma_channel_set_mode(recorder->channel,
					       recorder->mode.mode);
	mode = plxdma_mode_new();
	if (!mode)
		return -ENOMEM;
	code = plxdma_mode_set(mode, PLXDMA_MODE_CONSTANT, 1);
	if (!code)
		code = plxdma_channel_set_mode(recorder->channel, mode);
	plxdma_mode_free(mode);
	return code;
}

static int stream_open(struct recorder *recorder)
{
	int code = plxdma_claim(recorder->card,
				(enum plxdma_claimed)recorder->channel_index, 0,
				SECOND_NS);

	if (!code)
		code = plxdma_channel_open(recorder->card, recorder->channel_index,
					   &recorder->channel);
	if (!code)
		code = mode_set(recorder);
	if (!code)
		code = plxdma_stream_open(recorder->channel, &recorder->setup,
					  &recorder->stream);
	if (!code)
		code = plxdma_card_info(recorder->card, &recorder->info);
	return code ? cli_failure(recorder->card, "stream", code) : CLI_OK;
}

static int poked(struct recorder *recorder, const struct poke *poke)
{
	int code;

	if (!poke->text)
		return CLI_OK;
	code = plxdma_poke(recorder->card, poke->bar, poke->offset, 32,
			   poke->value);
	return code ? cli_failure(recorder->card, "register", code) : CLI_OK;
}

static int disk_failure(struct recorder *recorder, int code)
{
	if (code == -ENOSPC) {
		recorder->why = "the disk is full";
		cli_complain("%s: %s%s", recorder->part_name, recorder->why,
			     recorder->keep_free ? ", but for --keep-free" : "");
	} else {
		recorder->why = "the file could not be written";
		cli_complain("%s: %s", recorder->part_name,
			     code == -EEXIST ? "there is such a recording: "
					       "choose another name"
					     : strerror(-code));
	}
	return CLI_FAILED;
}

static int part_open(struct recorder *recorder)
{
	const struct recording_about about = {
		.name = recorder->part_name,
		.card = recorder->common.spec,
		.chip = recorder->info.chip_name,
		.channel = recorder->channel_index,
		.block_bytes = recorder->setup.block_bytes,
		.run = recorder->run,
		.keep_free = recorder->keep_free,
		.tai_offset_ns = recorder->stats.tai_offset_ns,
	};
	int code;

	if (recorder->part)
		(void)snprintf(recorder->part_name, RECORD_PATH, "%.4000s-%04u",
			       recorder->name, recorder->part);
	else
		(void)snprintf(recorder->part_name, RECORD_PATH, "%.4000s",
			       recorder->name);
	code = recording_open(&recorder->recording, &about);
	recorder->open = !code;
	return code ? disk_failure(recorder, code) : CLI_OK;
}

static int part_close(struct recorder *recorder)
{
	int code;

	if (!recorder->open)
		return CLI_OK;
	recorder->open = false;
	code = recording_close(&recorder->recording, recorder->why);
	recorder->recorded += recorder->recording.safe_bytes;
	recorder->blocks += recorder->recording.safe_blocks;
	return code ? disk_failure(recorder, code) : CLI_OK;
}

static int block_record(struct recorder *recorder,
			const struct plxdma_block *block)
{
	int code;

	if (recorder->split && recorder->recording.bytes &&
	    recorder->recording.bytes + block->bytes > recorder->split &&
	    recorder->part < NAME_PARTS) {
		recorder->why = "goes on in the next part";
		recorder->part++;
		code = part_close(recorder);
		if (code == CLI_OK)
			code = part_open(recorder);
		if (code)
			return code;
	}
	code = recording_put(&recorder->recording, block);
	return code ? disk_failure(recorder, code) : CLI_OK;
}

/* Is it time to end? */
static bool over(struct recorder *recorder, uint64_t start)
{
	if (stopped)
		recorder->why = "stopped";
	else if (recorder->seconds &&
		 cli_now() - start >= recorder->seconds * SECOND_NS)
		recorder->why = "so many seconds were asked for";
	else if (recorder->bytes &&
		 recorder->recorded + recorder->recording.bytes +
				 recorder->setup.block_bytes > recorder->bytes)
		recorder->why = "so many bytes were asked for";
	else
		return false;
	return true;
}

static int block_take(struct recorder *recorder, int64_t timeout_ns)
{
	struct plxdma_block block = { .size = sizeof(block) };
	int code = plxdma_stream_take(recorder->stream, timeout_ns, &block);

	if (code == -ETIMEDOUT || code == -EINTR)
		return CLI_OK;
	if (code == -ENODATA || code == -EAGAIN)
		return CLI_SKIPPED;
	if (code) {
		recorder->why = "a fault of the card";
		(void)cli_failure(recorder->card, "stream", code);
		return CLI_FAILED;
	}
	code = block_record(recorder, &block);
	plxdma_stream_give(recorder->stream, block.sequence);
	return code;
}

static int blocks_record(struct recorder *recorder)
{
	const uint64_t start = cli_now();
	struct progress progress;
	int code = CLI_OK;

	progress_start(&progress, recorder->bytes);
	while (code == CLI_OK && !over(recorder, start)) {
		code = block_take(recorder, TAKE_NS);
		progress_step(&progress,
			      recorder->recorded + recorder->recording.bytes);
	}
	progress_end(&progress);
	return code;
}

/* What is ready when it ends is recorded as well, unless the disk is the
 * reason, or it would be more than was asked for. */
static int rest_record(struct recorder *recorder)
{
	int code = CLI_OK;

	plxdma_stream_stop(recorder->stream, PLXDMA_STREAM_ABORT, 0);
	while (code == CLI_OK && !recorder->bytes)
		code = block_take(recorder, 0);
	return code == CLI_SKIPPED ? CLI_OK : code;
}

static int stream_record(struct recorder *recorder)
{
	int code = plxdma_stream_start(recorder->stream, recorder->run);

	if (code)
		return cli_failure(recorder->card, "stream", code);
	plxdma_stream_stats(recorder->stream, &recorder->stats);
	code = part_open(recorder);
	if (code)
		return code;
	recorder->why = "a register could not be written";
	code = poked(recorder, &recorder->begin);
	if (code == CLI_OK)
		code = blocks_record(recorder);
	if (poked(recorder, &recorder->end) && code == CLI_OK)
		code = CLI_FAILED;
	if (code == CLI_OK)
		code = rest_record(recorder);
	plxdma_stream_stats(recorder->stream, &recorder->stats);
	return part_close(recorder) ? CLI_FAILED : code;
}

static void print_json(const struct recorder *recorder)
{
	struct json_object *object = cli_json_new("plxdma.record/1");

	cli_json_text(object, "name", recorder->name);
	cli_json_text(object, "ended", recorder->why);
	cli_json_number(object, "parts", recorder->part + 1);
	cli_json_number(object, "blocks", recorder->blocks);
	cli_json_number(object, "bytes", recorder->recorded);
	cli_json_number(object, "dropped", recorder->stats.dropped);
	cli_json_number(object, "held", recorder->stats.held);
	cli_json_print(object);
}

static void print(const struct recorder *recorder, uint64_t took)
{
	if (recorder->common.json) {
		print_json(recorder);
		return;
	}
	printf("%llu blocks, %llu bytes in %.1f s, %.1f MB/s; %llu dropped; "
	       "ended: %s\n",
	       (unsigned long long)recorder->blocks,
	       (unsigned long long)recorder->recorded, (double)took / 1e9,
	       (double)recorder->recorded * 1e3 / (double)(took + 1),
	       (unsigned long long)recorder->stats.dropped, recorder->why);
}

int recorder_run(struct recorder *recorder)
{
	uint64_t start;
	int code = board_part_mode(&recorder->mode);

	stop_by_signals();
	if (code == CLI_OK)
		code = cli_open(recorder->common.spec, &recorder->card);
	if (code == CLI_OK)
		code = stream_open(recorder);
	start = cli_now();
	if (code == CLI_OK) {
		code = stream_record(recorder);
		if (recorder->why)
			print(recorder, cli_now() - start);
	}
	plxdma_stream_close(recorder->stream);
	plxdma_close(recorder->card);
	board_part_free(&recorder->mode);
	return code;
}
