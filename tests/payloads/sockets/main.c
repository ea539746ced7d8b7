// SPDX-License-Identifier: Apache-2.0
/*
 * An app that asks for every kind of socket there is a number for, and for what those that it may
 * have could give it beyond its own talk: low ports, interfaces, options, other processes.
 */

#include "attempt.h"
#include "sockets.h"

int main(void)
{
	try_families();
	try_ports();
	try_ioctls();
	try_options();
	try_local();
	attempt_end("sockets");
}
