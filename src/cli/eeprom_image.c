/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/eeprom_image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "chip/names.h"
#include "cli/cli.h"

uint32_t eeprom_image_dword(const struct eeprom_image *image,
			    unsigned int offset)
{
	return (uint32_t)image->words[offset / 2] << 16 |
	       image->words[offset / 2 + 1];
}

/* Bytes that a chip loads (chip ref. 6.2). */
static unsigned int loaded_size(unsigned int chips)
{
	return chips == NAMES_9056 ? 0x64 : 0x58;
}

int eeprom_image_read(struct plxdma_card *card, unsigned int size,
		      struct eeprom_image *image)
{
	struct plxdma_card_info info = { .size = sizeof(info) };
	int code = plxdma_card_info(card, &info);

	if (!code) {
		image->chips = names_chip(info.chip);
		image->count =
			(size ? size : loaded_size(image->chips)) / 2;
		code = plxdma_eeprom_read(card, 0, image->words, image->count);
	}
	return code ? cli_failure(card, "EEPROM", code) : CLI_OK;
}

int eeprom_image_save(const struct eeprom_image *image, const char *path,
		      bool exclusive)
{
	uint8_t bytes[EEPROM_WORDS * 2];
	ssize_t size = (ssize_t)image->count * 2;
	unsigned int i;
	int fd, bad;

	for (i = 0; i < image->count; i++) {
		bytes[2 * i] = (uint8_t)(image->words[i] >> 8);
		bytes[2 * i + 1] = (uint8_t)image->words[i];
	}
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC |
			(exclusive ? O_EXCL : O_TRUNC), 0666);
	if (fd < 0) {
		cli_complain("%s: %s", path, strerror(errno));
		return CLI_FAILED;
	}
	bad = write(fd, bytes, (size_t)size) != size;
	/* A backup that a crash could take isn't one. */
	bad |= fsync(fd) && errno != EINVAL && errno != EROFS;
	bad |= close(fd);
	if (bad)
		cli_complain("%s could not be written", path);
	return bad ? CLI_FAILED : CLI_OK;
}

int eeprom_image_load(struct eeprom_image *image, const char *path)
{
	uint8_t bytes[EEPROM_WORDS * 2 + 1];
	ssize_t size;
	unsigned int i;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		cli_complain("%s: %s", path, strerror(errno));
		return CLI_ABSENT;
	}
	size = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	if (size <= 0 || size % 4 || size > EEPROM_WORDS * 2) {
		cli_complain("%s is no EEPROM image: its size must be a "
			     "multiple of 4 bytes, at most %u", path,
			     EEPROM_WORDS * 2);
		return CLI_FAILED;
	}
	image->count = (unsigned int)size / 2;
	for (i = 0; i < image->count; i++)
		image->words[i] =
			(uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	return CLI_OK;
}
