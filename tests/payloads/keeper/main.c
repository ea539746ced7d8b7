// SPDX-License-Identifier: Apache-2.0
/*
 * An app with a storage of its own: what it may do there, to what limit, and what it may not do with
 * that of the app diary beside it, which has to be able to write all the time.
 */

#include "attempt.h"
#include "keeper.h"

int main(void)
{
	files_begin();
	try_own();
	try_limit();
	attempt_end("keeper");
}
