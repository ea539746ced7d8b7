// SPDX-License-Identifier: Apache-2.0
/* An app that takes the line of LED2 and ends at once; two of them can only take turns. */

#include <errno.h>
#include <string.h>

#include <applibs/gpio.h>
#include <applibs/log.h>

#define LED2	1

int main(void)
{
	int line = GPIO_OpenAsOutput(LED2, GPIO_OutputMode_PushPull, GPIO_Value_High);

	if (line < 0)
		Log_Debug("lamp: cannot have LED2: %s\n", strerror(errno));
	else
		Log_Debug("lamp: has LED2\n");
	return 1;
}
