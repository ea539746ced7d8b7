// SPDX-License-Identifier: Apache-2.0
/*
 * A program that does a bit of everything once and then sleeps: most of its code is the C
 * library's, and most of that is used.  Which pages it touches is the same on every filesystem.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <fnmatch.h>
#include <math.h>
#include <regex.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "attempt.h"

#define RECORD_COUNT	64
#define TEXT_BYTES	96

struct record {
	unsigned int number;
	double value;
	char text[TEXT_BYTES];
};

static struct record records[RECORD_COUNT];

static int write_records(void)
{
	for (unsigned int i = 0; i < RECORD_COUNT; i++) {
		struct record *record = &records[i];
		double angle = i / 7.0;

		record->number = i * 2654435761u % 1000;
		record->value = sin(angle) * exp(-angle) + log1p(i) + pow(i, 1.5) + atan2(i, 3);
		snprintf(record->text, sizeof(record->text), "%05u %-8s %.9g %a %#x",
			 record->number, "sensor", record->value, record->value, i);
	}
	return 0;
}

static int read_records(void)
{
	for (unsigned int i = 0; i < RECORD_COUNT; i++) {
		char name[16];
		unsigned int number;
		double rounded, exact;

		if (sscanf(records[i].text, "%u %15s %lf %lf", &number, name, &rounded,
			   &exact) != 4 ||
		    number != records[i].number || exact != records[i].value ||
		    fabs(rounded - exact) > 1e-3)
			return -1;
	}
	return 0;
}

static int match_records(void)
{
	unsigned int matches = 0;
	regmatch_t places[3];
	regex_t expression;

	if (regcomp(&expression, "^([0-9]+)[[:space:]]+(sensor|valve)", REG_EXTENDED))
		return -1;
	for (unsigned int i = 0; i < RECORD_COUNT; i++)
		matches += !regexec(&expression, records[i].text, ARRAY_SIZE(places), places, 0) &&
			   !fnmatch("*sensor*[0-9]", records[i].text, 0);
	regfree(&expression);
	return matches ? 0 : -1;
}

static int compare(const void *a, const void *b)
{
	const struct record *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static int sort_records(void)
{
	struct record key = { .number = 433 };
	void *tree = NULL;

	qsort(records, RECORD_COUNT, sizeof(records[0]), compare);
	bsearch(&key, records, RECORD_COUNT, sizeof(records[0]), compare);
	for (unsigned int i = 0; i < RECORD_COUNT; i++)
		tsearch(&records[i], &tree, compare);
	for (unsigned int i = 0; i < RECORD_COUNT; i++)
		tdelete(&records[i], &tree, compare);
	return tree ? -1 : 0;
}

static int count_time(void)
{
	char text[64];
	struct tm date;
	time_t now = 1234567890, again;

	gmtime_r(&now, &date);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S %A %j %U", &date);
	if (!strptime(text, "%Y-%m-%dT%H:%M:%S", &date))
		return -1;
	again = timegm(&date);
	localtime_r(&again, &date);
	return again == now && mktime(&date) == now ? 0 : -1;
}

static int hash_password(void)
{
	const char *hash = crypt("secret", "$6$rounds=1000$salt$");

	return hash && strlen(hash) > 80 ? 0 : -1;
}

static int convert_addresses(void)
{
	unsigned char address[16];
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, "fe80::1234:5678", address) != 1)
		return -1;
	return inet_ntop(AF_INET6, address, text, sizeof(text)) ? 0 : -1;
}

static int convert_text(void)
{
	wchar_t wide[TEXT_BYTES];
	char narrow[TEXT_BYTES];
	size_t length = mbstowcs(wide, records[0].text, TEXT_BYTES);

	for (size_t i = 0; i < length; i++)
		wide[i] = (wchar_t)toupper((int)wide[i]);
	return wcstombs(narrow, wide, sizeof(narrow)) == length ? 0 : -1;
}

static const struct {
	const char *name;
	int (*run)(void);
} tasks[] = {
	{ "write", write_records },   { "read", read_records },
	{ "match", match_records },   { "sort", sort_records },
	{ "time", count_time },	      { "hash", hash_password },
	{ "address", convert_addresses }, { "text", convert_text },
};

int main(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(tasks); i++)
		if (tasks[i].run()) {
			dprintf(2, "peer: TROUBLE: worker: %s\n", tasks[i].name);
			return 1;
		}
	for (;;)
		pause();
}
