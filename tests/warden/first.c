// SPDX-License-Identifier: Apache-2.0
/*
 * The least pid 1: says that it is there and how much memory is used, and switches off.  It runs on any
 * kernel for this processor, from any root filesystem that has /proc and /dev.
 *
 *	first: here, 123 of 1024 pages are used
 */

#include <stdio.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "nodes.h"
#include "used.h"

int main(void)
{
	struct used_pages pages;

	nodes_make_world();
	pages = used_count();
	dprintf(1, "first: here, %ld of %ld pages are used\n", pages.used, pages.present);
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
