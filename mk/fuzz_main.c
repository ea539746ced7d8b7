// SPDX-License-Identifier: Apache-2.0
/*
 * A driver for LLVMFuzzerTestOneInput() without clang: replays a corpus, then mutates it.
 *
 *	fuzz_x [-n RUNS] [-s SEED] CORPUS...		folders or files
 *
 * The same seed and corpus always give the same inputs.  Each input is in a block of exactly its
 * size, so that the address sanitizer sees the first byte read behind it.  An input that crashes
 * is left in crash-SEED.bin.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_INPUTS 8192
#define MAX_BYTES 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void));

struct input {
	char *name;
	uint8_t *data;
	size_t size;
};

static struct input inputs[MAX_INPUTS];
static size_t input_count;

static const uint8_t *running;
static size_t running_size;
static uint64_t seed = 1;
static uint64_t state;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void save_crasher(void)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "crash-%llu.bin",
		 (unsigned long long)seed);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, running, running_size) < 0)
		return;
	close(fd);
	fprintf(stderr, "input saved in %s\n", name);
}

/* xorshift64*: small, and the same everywhere. */
static uint64_t next_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dull;
}

static size_t below(size_t limit)
{
	return limit ? (size_t)((next_random() >> 16) % limit) : 0;
}

static void load_file(const char *path)
{
	struct input *in = &inputs[input_count];
	FILE *file = fopen(path, "rb");

	if (!file)
		die(path);
	if (input_count == MAX_INPUTS) {
		fprintf(stderr, "%s: too many files in the corpus\n", path);
		exit(2);
	}
	in->data = malloc(MAX_BYTES);
	in->name = strdup(path);
	if (!in->data || !in->name)
		die("malloc");
	in->size = fread(in->data, 1, MAX_BYTES, file);
	fclose(file);
	/* There may be thousands. */
	in->data = realloc(in->data, in->size + 1);
	if (!in->data)
		die("realloc");
	input_count++;
}

static void load(const char *path)
{
	struct dirent **entries;
	struct stat status;
	int count, i;

	if (stat(path, &status))
		die(path);
	if (!S_ISDIR(status.st_mode)) {
		load_file(path);
		return;
	}
	count = scandir(path, &entries, NULL, alphasort);
	if (count < 0)
		die(path);
	for (i = 0; i < count; i++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			load_file(name);
		free(entries[i]);
	}
	free(entries);
}

static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		die("malloc");
	memcpy(copy, data, size);
	running = copy;
	running_size = size;
	/* One byte too many for empty inputs would hide a read of it. */
	LLVMFuzzerTestOneInput(size ? copy : copy + 1, size);
	free(copy);
}

static size_t flip_bit(uint8_t *b, size_t size)
{
	if (size)
		b[below(size)] ^= (uint8_t)(1u << below(8));
	return size;
}

static size_t set_byte(uint8_t *b, size_t size)
{
	if (size)
		b[below(size)] = (uint8_t)next_random();
	return size;
}

static size_t set_integer(uint8_t *b, size_t size)
{
	static const uint32_t interesting[] = {
		0,	    1,		2,	    4,		12,
		76,	    4095,	4096,	    4097,	0x7f,
		0x80,	    0xff,	0x100,	    0x7fff,	0x8000,
		0xffff,	    0x10000,	0xffffff,   0x1000000,	0x1000001,
		0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0xc0000000,
	};
	uint32_t value = interesting[below(ARRAY_SIZE(interesting))];
	size_t width = (size_t)1 << below(3);
	size_t at, i;

	if (size < width)
		return size;
	/* Fields are aligned more often than not. */
	at = below(size - width + 1);
	if (below(4))
		at &= ~(width - 1);
	for (i = 0; i < width; i++)
		b[at + i] = (uint8_t)(value >> 8 * i);
	return size;
}

static size_t cut(uint8_t *b, size_t size)
{
	(void)b;
	return below(size + 1);
}

static size_t remove_range(uint8_t *b, size_t size)
{
	size_t at = below(size + 1);
	size_t count = below(size - at < 64 ? size - at + 1 : 64);

	memmove(b + at, b + at + count, size - at - count);
	return size - count;
}

/* Inserts a piece of another input, or of the same one. */
static size_t insert_piece(uint8_t *b, size_t size)
{
	const struct input *from = &inputs[below(input_count)];
	size_t start = below(from->size + 1);
	size_t count =
		below(from->size - start < 64 ? from->size - start + 1 : 64);
	size_t at = below(size + 1);

	if (count > MAX_BYTES - size)
		return size;
	memmove(b + at + count, b + at, size - at);
	memcpy(b + at, from->data + start, count);
	return size + count;
}

static size_t copy_within(uint8_t *b, size_t size)
{
	size_t from = below(size + 1), to = below(size + 1);
	size_t room = size - (from > to ? from : to);

	memmove(b + to, b + from, below(room < 64 ? room + 1 : 64));
	return size;
}

static size_t (*const mutations[])(uint8_t *b, size_t size) = {
	flip_bit,    flip_bit,	   set_byte, set_byte,	   set_integer,
	set_integer, insert_piece, cut,	     remove_range, copy_within,
};

static void mutate_and_run(void)
{
	static uint8_t buffer[MAX_BYTES];
	const struct input *in = &inputs[below(input_count)];
	size_t size = in->size;
	size_t rounds = 1 + below(6);

	memcpy(buffer, in->data, size);
	while (rounds--)
		size = mutations[below(ARRAY_SIZE(mutations))](buffer, size);
	run(buffer, size);
}

int main(int argc, char **argv)
{
	unsigned long runs = 10000, i;
	int option;
	size_t k;

	while ((option = getopt(argc, argv, "n:s:")) != -1) {
		if (option == 'n')
			runs = strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else
			return 2;
	}
	/* Spread the seed: xorshift must not start from zero. */
	state = (seed + 1) * 0x9e3779b97f4a7c15ull | 1;
	for (; optind < argc; optind++)
		load(argv[optind]);
	if (!input_count) {
		fprintf(stderr, "usage: %s [-n RUNS] [-s SEED] CORPUS...\n",
			argv[0]);
		return 2;
	}
	__sanitizer_set_death_callback(save_crasher);
	for (k = 0; k < input_count; k++)
		run(inputs[k].data, inputs[k].size);
	for (i = 0; i < runs; i++)
		mutate_and_run();
	for (k = 0; k < input_count; k++) {
		free(inputs[k].data);
		free(inputs[k].name);
	}
	printf("%s: %zu files, %lu mutations, seed %llu: clean\n", argv[0],
	       input_count, runs, (unsigned long long)seed);
	return 0;
}
