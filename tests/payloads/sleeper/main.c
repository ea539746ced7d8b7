// SPDX-License-Identifier: Apache-2.0
/* An app that does nothing: what one more process costs. */

#include <unistd.h>

int main(void)
{
	for (;;)
		pause();
}
