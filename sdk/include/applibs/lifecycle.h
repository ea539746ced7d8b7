/* SPDX-License-Identifier: MIT */
/*
 * What an app says of itself to application-manager, and is told before it
 * has no memory left.
 *
 * Azure Sphere has nothing like it.  Each function speaks through one
 * connection, which is made at the first call: one process of an app can have
 * it, and one thread at a time may call what is here, in applications.h,
 * powermanagement.h and sysevent.h.  Without a call nothing is used.
 *
 * Functions report failure by -1 or NULL and errno: those of socket(2) and
 * connect(2); ECONNRESET another process of the app has the connection.
 */
#ifndef APPLIBS_LIFECYCLE_H
#define APPLIBS_LIFECYCLE_H

#include <stdint.h>

#include <applibs/eventloop.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The app has done what others wait for: what Lifecycle.ReadyMs of its
 * manifest promises.  Its watchdog counts from here.
 */
int Lifecycle_Ready(void);

/*
 * The app is well.  When it has not said so for Lifecycle.WatchdogMs of its
 * manifest it is ended, and started again as Lifecycle.Restart says.  Call it
 * from what has to work: a timer of the event loop, not a thread of its own.
 */
int Lifecycle_Alive(void);

/* In KiB. */
typedef struct Lifecycle_Memory {
	uint32_t totalKB; /* all that the app uses, the kernel's for it too */
	uint32_t userKB; /* of it data, stacks and files of the app itself */
	uint32_t peakKB; /* the largest total */
	uint32_t highKB; /* above it the app is slowed down */
	uint32_t limitKB; /* the app is ended when it wants more */
} Lifecycle_Memory;

/* @memory is valid during the call. */
typedef void Lifecycle_MemoryHighCallback(const Lifecycle_Memory *memory,
					  void *context);

/*
 * Has @callback called from @el when the app uses more memory than
 * @memory->highKB.  It is called again while the app takes more.
 *
 * Returns a registration for Lifecycle_UnregisterForMemoryHigh(), or NULL with
 * errno: EFAULT @el or @callback is NULL, EEXIST there is one already; those of
 * EventLoop_RegisterIo().
 */
EventRegistration *
Lifecycle_RegisterForMemoryHigh(EventLoop *el,
				Lifecycle_MemoryHighCallback *callback,
				void *context);

/* Ends @reg.  0, also if it is NULL; or -1 with errno EINVAL: it is another one. */
int Lifecycle_UnregisterForMemoryHigh(EventRegistration *reg);

#ifdef __cplusplus
}
#endif

#endif
