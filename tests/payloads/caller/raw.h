/* SPDX-License-Identifier: Apache-2.0 */
/* The channel as abi/app_channel.h has it, without applibs. */
#ifndef RAW_H
#define RAW_H

#include <stddef.h>
#include <stdint.h>

#include "abi/app_channel.h"

/* The connection of a socket of @type, or -1 with errno. */
int raw_connect(int type);

/* A request.  0, or -1 with errno. */
int raw_send(int fd, uint32_t command, uint32_t value);

/* What comes: 0, or -1 with errno, ECONNRESET when the channel was closed. */
int raw_receive(int fd, struct app_channel_message *message);

/* A request and its result: 0, or -1 with errno, that of the reply too. */
int raw_ask(int fd, uint32_t command, uint32_t value);

#endif
