// SPDX-License-Identifier: Apache-2.0
/* Any bytes as the argument of "sph image show", except for the signature. */
#include <stdlib.h>

#include "host/sph/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	struct shown_image image;
	unsigned int flags;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		abort();
	if (show_parse(data, size, &image))
		return 0;
	for (flags = 0; flags < SHOW_FLAGS_END; flags++)
		show_print(&image, flags, nowhere);
	return 0;
}
