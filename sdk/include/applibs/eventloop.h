/* SPDX-License-Identifier: MIT */
/*
 * An event loop: waits for many file descriptors and calls a function for each that is ready.
 *
 * A loop belongs to one thread; EventLoop_Stop() alone may be called from others.  A callback may
 * call every function here except EventLoop_Run() of its own loop, and may unregister itself or
 * any other registration: no callback is called after its registration is gone.  Unregister a file
 * descriptor before closing it.
 *
 * The first loop and its first 16 registrations use no memory beyond the program's own data.
 * Another loop takes a page (4 KiB), and so do about 200 more registrations of one loop; pages go
 * back when the loop is closed.
 *
 * Functions report failure by -1 or NULL and errno.  Names, values and behaviour are those of
 * Azure Sphere's applibs.
 */
#ifndef APPLIBS_EVENTLOOP_H
#define APPLIBS_EVENTLOOP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EventLoop EventLoop;
typedef struct EventRegistration EventRegistration;

typedef int EventLoop_Run_Result;
enum {
	EventLoop_Run_Failed = -1,
	EventLoop_Run_FinishedEmpty = 0, /* no callback was called */
	EventLoop_Run_Finished = 1, /* at least one was */
};

typedef uint32_t EventLoop_IoEvents;
enum {
	EventLoop_None = 0x00,
	EventLoop_Input = 0x01, /* read(2) will not block */
	EventLoop_Output = 0x04, /* write(2) will not block */
	EventLoop_Error = 0x08, /* error or hang-up: always reported */
};

/*
 * Called when @fd is ready.  @events says for what; after a hang-up EventLoop_Input comes with
 * EventLoop_Error if it was asked for, so that a reader meets the end of file.
 */
typedef void EventLoopIoCallback(EventLoop *el, int fd,
				 EventLoop_IoEvents events, void *context);

/*
 * Returns a loop that the caller closes with EventLoop_Close(), or NULL with errno: EMFILE,
 * ENFILE or ENOMEM.
 */
EventLoop *EventLoop_Create(void);

/*
 * Ends @el and its registrations; the file descriptors registered stay open.  From one of its own
 * callbacks it also stops the loop, which ends when EventLoop_Run() returns.  NULL is ignored.
 */
void EventLoop_Close(EventLoop *el);

/*
 * Waits for events and calls their callbacks, one after the other.
 *
 * @duration_in_milliseconds: 0 handles one event if one is ready and returns; more than 0 runs at
 * least so long by the monotonic clock; less than 0 runs until stopped.
 * @process_one_event: return after the first event; ignored if the duration is 0.
 *
 * Returns EventLoop_Run_Finished or EventLoop_Run_FinishedEmpty, or EventLoop_Run_Failed with
 * errno: EFAULT @el is NULL, EBUSY called from one of its own callbacks, EINTR a signal handler
 * ran.
 */
EventLoop_Run_Result EventLoop_Run(EventLoop *el, int duration_in_milliseconds,
				   bool process_one_event);

/*
 * Makes EventLoop_Run() return: from a callback as soon as that callback returns, before any other
 * event; from another thread soon, after an event or two.  While the loop does not run, the next
 * EventLoop_Run() returns at once, so a stop that comes just before it is not lost.  May be called
 * from a signal handler.  The caller sees to it that @el is not closed before this returns.
 * Returns 0, or -1 with errno EFAULT: @el is NULL.
 */
int EventLoop_Stop(EventLoop *el);

/*
 * Returns a file descriptor that is readable (poll(2), another loop) while @el has events to
 * handle, or -1 with errno EFAULT: @el is NULL.  It belongs to the loop: only wait for it.
 */
int EventLoop_GetWaitDescriptor(EventLoop *el);

/*
 * Has @callback called with @context when one of @eventBitmask happens on @fd.
 *
 * Returns a registration that the loop owns until it is unregistered or the loop closed, or NULL
 * with errno: EFAULT @el or @callback is NULL, EINVAL @eventBitmask has unknown bits, EBADF @fd is
 * not open, EEXIST @fd is already registered, EPERM @fd is a file that is always ready, ENOMEM.
 */
EventRegistration *EventLoop_RegisterIo(EventLoop *el, int fd,
					EventLoop_IoEvents eventBitmask,
					EventLoopIoCallback *callback,
					void *context);

/*
 * Waits for @eventBitmask from now on.  Returns 0, or -1 with errno: EFAULT @el or @reg is NULL,
 * EINVAL @eventBitmask has unknown bits or @reg is not of this loop, EBADF the descriptor was
 * closed.
 */
int EventLoop_ModifyIoEvents(EventLoop *el, EventRegistration *reg,
			     EventLoop_IoEvents eventBitmask);

/*
 * Ends @reg, which must not be used afterwards.  Returns 0, also if @reg is NULL; or -1 with
 * errno: EFAULT @el is NULL and @reg is not, EINVAL @reg is not of this loop.
 */
int EventLoop_UnregisterIo(EventLoop *el, EventRegistration *reg);

#ifdef __cplusplus
}
#endif

#endif
