// SPDX-License-Identifier: Apache-2.0
/* Data that is in flash until it is written: one page of RAM for each, and not before. */

#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mappings.h"
#include "xip.h"

#define WORDS		(PAGE_BYTES / 4)
#define PAGES		64
#define LATE_PAGES	16		/* those that only a child writes */
#define WORD(page)	(0x5a000000u + (page))
#define MARK		0xc0ffee00u

/* Data of whole pages: each word of a page is WORD(its number). */
extern volatile uint32_t copies_data[PAGES + LATE_PAGES][WORDS];

__asm__("	.pushsection .data.copies, \"aw\", %progbits\n"
	"	.balign 4096\n"
	"	.global copies_data\n"
	"copies_data:\n"
	"	.set number, 0\n"
	"	.rept 64 + 16\n"
	"	.fill 1024, 4, 0x5a000000 + number\n"
	"	.set number, number + 1\n"
	"	.endr\n"
	"	.popsection\n");

struct figures {
	struct memory_usage usage;
	unsigned long data_kib;
};

static int take_data(const struct mapping *mapping, void *data_kib)
{
	unsigned long address = (unsigned long)copies_data;

	if (address >= mapping->start && address < mapping->end)
		*(unsigned long *)data_kib = mapping->rss_kib;
	return 0;
}

static void measure(struct figures *figures)
{
	figures->data_kib = 0;
	if (memory_measure(&figures->usage) ||
	    mappings_visit(MAPPINGS_SELF, take_data, &figures->data_kib))
		trouble("no figures");
}

static void print_since(const char *what, unsigned int pages, const struct figures *before)
{
	struct figures now;

	measure(&now);
	dprintf(1, "xip: copies %s pages %u rss_kib %ld used_kib %ld cache_kib %ld\n", what, pages,
		(long)(now.data_kib - before->data_kib),
		(long)now.usage.used_kib - (long)before->usage.used_kib,
		(long)now.usage.cache_kib - (long)before->usage.cache_kib);
}

/* All pages have their own number, but the first word of the first @marked. */
static void check(unsigned int marked)
{
	for (unsigned int page = 0; page < PAGES + LATE_PAGES; page++)
		for (unsigned int word = 0; word < WORDS; word++) {
			uint32_t wanted = word == 0 && page < marked ? MARK : WORD(page);

			if (copies_data[page][word] != wanted) {
				trouble("page %u word %u is %x, not %x", page, word,
					(unsigned int)copies_data[page][word],
					(unsigned int)wanted);
				return;
			}
		}
}

static void mark(unsigned int first, unsigned int end)
{
	for (unsigned int page = first; page < end; page++)
		copies_data[page][0] = MARK;
}

/* In a child: what the parent wrote is shared; what nobody wrote is in flash yet. */
static void be_child(const struct figures *before)
{
	struct figures start;

	print_since("fork", 0, before);
	check(PAGES);
	measure(&start);
	mark(PAGES, PAGES + LATE_PAGES);
	print_since("child", LATE_PAGES, &start);
	measure(&start);
	copies_data[0][1]++;
	print_since("shared", 1, &start);
	_exit(0);
}

void copies_print(void)
{
	struct figures before;
	pid_t pid;

	measure(&before);
	check(0);
	print_since("read", PAGES, &before);
	mark(0, 1);
	check(1);
	print_since("first", 1, &before);
	measure(&before);
	mark(1, PAGES);
	print_since("written", PAGES - 1, &before);
	check(PAGES);
	measure(&before);
	pid = fork();
	if (pid == 0)
		be_child(&before);
	waitpid(pid, NULL, 0);
	print_since("parent", 0, &before);
	check(PAGES);
}
