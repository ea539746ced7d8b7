/* SPDX-License-Identifier: MIT */
/*
 * Digital inputs and outputs.
 *
 * A GPIO_Id is a number of the board: 32 * chip + line, where chip is N of /dev/gpiochipN and line
 * its offset there.  The board's header names them (hw/<board>.h).  An app can open only those that
 * its manifest lists under Capabilities, Gpio.  A line belongs to one opener at a time; close(2) of
 * the file descriptor gives it back.  Descriptors are not inherited over exec.
 *
 * Functions return -1 and set errno on failure.  Names, values and behaviour are those of Azure
 * Sphere's applibs.
 */
#ifndef APPLIBS_GPIO_H
#define APPLIBS_GPIO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int GPIO_Id;

typedef uint8_t GPIO_Value_Type;
enum {
	GPIO_Value_Low = 0,
	GPIO_Value_High = 1,
};

typedef uint8_t GPIO_OutputMode_Type;
enum {
	GPIO_OutputMode_PushPull = 0, /* drives high and low */
	GPIO_OutputMode_OpenDrain = 1, /* drives low, floats for high */
	GPIO_OutputMode_OpenSource = 2, /* drives high, floats for low */
};

/*
 * Opens @gpioId for reading.  Returns a file descriptor that the caller closes, or -1 with errno:
 * EACCES the manifest does not list it, ENODEV the board has no such line, EBUSY it is already
 * open, here or in another app; others of open(2).
 */
int GPIO_OpenAsInput(GPIO_Id gpioId);

/*
 * Opens @gpioId for writing and drives @initialValue at once, without a pulse of the other value.
 * Returns and errors as GPIO_OpenAsInput(); also EINVAL @outputMode or @initialValue is none of
 * the values above.
 */
int GPIO_OpenAsOutput(GPIO_Id gpioId, GPIO_OutputMode_Type outputMode,
		      GPIO_Value_Type initialValue);

/*
 * Reads the level of an input, or of an output's pin, into @outValue.  Returns 0, or -1 with
 * errno: EFAULT @outValue is NULL, EBADF @gpioFd is not an open GPIO.
 */
int GPIO_GetValue(int gpioFd, GPIO_Value_Type *outValue);

/*
 * Drives an output.  On an input it has no effect and returns 0, as in the original.  Returns 0,
 * or -1 with errno: EINVAL @value is neither low nor high, EBADF @gpioFd is not an open GPIO.
 */
int GPIO_SetValue(int gpioFd, GPIO_Value_Type value);

#ifdef __cplusplus
}
#endif

#endif
