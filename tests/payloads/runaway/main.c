// SPDX-License-Identifier: Apache-2.0
/* An app that leaves a child behind, in a session of its own where no group signal reaches it. */

#include <unistd.h>

#include <applibs/log.h>

static void live_on(int parent)
{
	setsid();
	for (;;) {
		Log_Debug("runaway: child of %d lives\n", parent);
		usleep(100000);
	}
}

int main(void)
{
	int self = (int)getpid();

	if (fork() == 0)
		live_on(self);
	usleep(150000);
	Log_Debug("runaway: main %d ends\n", self);
	return 0;
}
