// SPDX-License-Identifier: MIT
/*
 * The event loop: epoll for readiness, an eventfd for stopping.
 *
 * One event is taken from the kernel at a time.  A callback may then remove any registration: no
 * fetched event can refer to it.  epoll puts a level-triggered descriptor that it has reported at
 * the end of its list, so every ready descriptor has its turn.
 *
 * Registrations live in pools that are never freed before the loop; no allocator is linked.
 */
#include <applibs/eventloop.h>

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define FIRST_POOL_SLOTS 16
#define PAGE_POOL_SLOTS \
	((PAGE_BYTES - sizeof(struct pool)) / sizeof(EventRegistration))

#define KNOWN_EVENTS (EventLoop_Input | EventLoop_Output | EventLoop_Error)

/* Event bits are passed to epoll as they are. */
static_assert((int)EventLoop_Input == (int)EPOLLIN, "input has epoll's bit");
static_assert((int)EventLoop_Output == (int)EPOLLOUT, "output has epoll's bit");
static_assert((int)EventLoop_Error == (int)EPOLLERR, "error has epoll's bit");

struct EventRegistration {
	EventLoop *loop; /* NULL: the slot is free */
	EventLoopIoCallback *callback;
	void *context;
	int fd; /* -1: closed behind our back, its number is in use again */
	EventLoop_IoEvents events;
};

struct pool {
	struct pool *next;
	size_t slot_count;
	EventRegistration *slots;
};

struct EventLoop {
	int epoll_fd;
	int stop_fd;
	atomic_bool stop;
	bool running;
	bool close_after_run;
	struct pool first_pool;
	EventRegistration first_slots[FIRST_POOL_SLOTS];
};

static_assert(sizeof(EventLoop) <= PAGE_BYTES, "a further loop fits in a page");

static EventLoop first_loop;
static atomic_flag first_loop_in_use = ATOMIC_FLAG_INIT;

static int fail(int error)
{
	errno = error;
	return -1;
}

static void *map_page(void)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? NULL : page;
}

static EventLoop *allocate_loop(void)
{
	if (atomic_flag_test_and_set(&first_loop_in_use))
		return map_page();
	memset(&first_loop, 0, sizeof(first_loop));
	return &first_loop;
}

static void free_loop(EventLoop *el)
{
	if (el == &first_loop)
		atomic_flag_clear(&first_loop_in_use);
	else
		munmap(el, PAGE_BYTES);
}

EventLoop *EventLoop_Create(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	EventLoop *el = allocate_loop();
	int error;

	if (!el)
		return NULL;
	el->first_pool.slot_count = FIRST_POOL_SLOTS;
	el->first_pool.slots = el->first_slots;
	el->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	el->stop_fd = el->epoll_fd < 0 ? -1 :
					 eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (el->stop_fd >= 0 &&
	    epoll_ctl(el->epoll_fd, EPOLL_CTL_ADD, el->stop_fd, &event) == 0)
		return el;

	error = errno;
	EventLoop_Close(el);
	errno = error;
	return NULL;
}

void EventLoop_Close(EventLoop *el)
{
	struct pool *pool, *next;

	if (!el)
		return;
	if (el->running) {
		el->close_after_run = true;
		EventLoop_Stop(el);
		return;
	}
	if (el->stop_fd >= 0)
		close(el->stop_fd);
	if (el->epoll_fd >= 0)
		close(el->epoll_fd);
	for (pool = el->first_pool.next; pool; pool = next) {
		next = pool->next;
		munmap(pool, PAGE_BYTES);
	}
	free_loop(el);
}

int EventLoop_GetWaitDescriptor(EventLoop *el)
{
	return el ? el->epoll_fd : fail(EFAULT);
}

int EventLoop_Stop(EventLoop *el)
{
	const uint64_t one = 1;
	int error = errno;
	ssize_t written;

	if (!el)
		return fail(EFAULT);
	atomic_store(&el->stop, true);
	/* Fails only if the counter is full: then the loop is awake. */
	written = write(el->stop_fd, &one, sizeof(one));
	(void)written;
	errno = error;
	return 0;
}

/*
 * The eventfd is emptied before the flag is taken: a stop in between sets both again, and one that
 * has set only the flag leaves the eventfd to wake the next run, which finds no flag and goes on.
 */
static bool take_stop(EventLoop *el)
{
	ssize_t got;
	uint64_t count;

	if (!atomic_load(&el->stop))
		return false;
	got = read(el->stop_fd, &count, sizeof(count));
	(void)got;
	return atomic_exchange(&el->stop, false);
}

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void call_back(EventLoop *el, const EventRegistration *reg,
		      uint32_t epoll_events)
{
	EventLoop_IoEvents events = epoll_events & KNOWN_EVENTS;

	if (epoll_events & EPOLLHUP)
		events |= EventLoop_Error | (reg->events & EventLoop_Input);
	reg->callback(el, reg->fd, events, reg->context);
}

/* Waits once. Returns 1 a callback was called, 0 none was, -1 with errno. */
static int run_once(EventLoop *el, int timeout_ms)
{
	struct epoll_event event;
	uint64_t count;
	ssize_t got;
	int n;

	n = epoll_wait(el->epoll_fd, &event, 1, timeout_ms);
	if (n <= 0)
		return n;
	if (event.data.ptr) {
		call_back(el, event.data.ptr, event.events);
		return 1;
	}
	if (!atomic_load(&el->stop)) {
		/* What a stop left behind that an earlier run has already obeyed. */
		got = read(el->stop_fd, &count, sizeof(count));
		(void)got;
	}
	return 0;
}

static EventLoop_Run_Result run(EventLoop *el, int duration_ms,
				bool process_one_event)
{
	EventLoop_Run_Result result = EventLoop_Run_FinishedEmpty;
	/* The clock's current millisecond is partly over: one more makes the duration whole. */
	int64_t end_ms = duration_ms > 0 ? monotonic_ms() + duration_ms + 1 : 0;
	int64_t left_ms = duration_ms;
	int handled;

	while (!take_stop(el)) {
		if (duration_ms > 0)
			left_ms = end_ms - monotonic_ms();
		if (duration_ms > 0 && left_ms <= 0)
			break;
		handled = run_once(el, left_ms > INT32_MAX ? INT32_MAX :
							     (int)left_ms);
		if (handled < 0)
			return EventLoop_Run_Failed;
		if (handled)
			result = EventLoop_Run_Finished;
		if (duration_ms == 0 || (handled && process_one_event)) {
			take_stop(el);
			break;
		}
	}
	return result;
}

EventLoop_Run_Result EventLoop_Run(EventLoop *el, int duration_in_milliseconds,
				   bool process_one_event)
{
	EventLoop_Run_Result result;
	int error;

	if (!el)
		return fail(EFAULT);
	if (el->running)
		return fail(EBUSY);
	el->running = true;
	result = run(el, duration_in_milliseconds, process_one_event);
	el->running = false;
	if (el->close_after_run) {
		error = errno;
		EventLoop_Close(el);
		errno = error;
	}
	return result;
}

static EventRegistration *find_free_slot(EventLoop *el)
{
	struct pool *pool = &el->first_pool;

	for (;;) {
		for (size_t i = 0; i < pool->slot_count; i++)
			if (!pool->slots[i].loop)
				return &pool->slots[i];
		if (!pool->next)
			break;
		pool = pool->next;
	}
	pool->next = map_page();
	if (!pool->next)
		return NULL;
	pool = pool->next;
	pool->slot_count = PAGE_POOL_SLOTS;
	pool->slots = (EventRegistration *)(pool + 1);
	return pool->slots;
}

/*
 * The kernel accepts a number again that was closed while registered.  The old registration must
 * not remove the new one when it is unregistered.
 */
static void disown_stale(EventLoop *el, int fd)
{
	for (struct pool *pool = &el->first_pool; pool; pool = pool->next)
		for (size_t i = 0; i < pool->slot_count; i++)
			if (pool->slots[i].loop && pool->slots[i].fd == fd)
				pool->slots[i].fd = -1;
}

EventRegistration *EventLoop_RegisterIo(EventLoop *el, int fd,
					EventLoop_IoEvents eventBitmask,
					EventLoopIoCallback *callback,
					void *context)
{
	struct epoll_event event = { .events = eventBitmask };
	EventRegistration *reg;

	if (!el || !callback) {
		errno = EFAULT;
		return NULL;
	}
	if (eventBitmask & ~(EventLoop_IoEvents)KNOWN_EVENTS) {
		errno = EINVAL;
		return NULL;
	}
	reg = find_free_slot(el);
	if (!reg)
		return NULL;
	event.data.ptr = reg;
	if (epoll_ctl(el->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		return NULL;
	disown_stale(el, fd);
	*reg = (EventRegistration){
		.loop = el,
		.callback = callback,
		.context = context,
		.fd = fd,
		.events = eventBitmask,
	};
	return reg;
}

int EventLoop_ModifyIoEvents(EventLoop *el, EventRegistration *reg,
			     EventLoop_IoEvents eventBitmask)
{
	struct epoll_event event = { .events = eventBitmask, .data.ptr = reg };

	if (!el || !reg)
		return fail(EFAULT);
	if (reg->loop != el ||
	    (eventBitmask & ~(EventLoop_IoEvents)KNOWN_EVENTS))
		return fail(EINVAL);
	if (epoll_ctl(el->epoll_fd, EPOLL_CTL_MOD, reg->fd, &event) < 0)
		return fail(errno == ENOENT ? EBADF : errno);
	reg->events = eventBitmask;
	return 0;
}

int EventLoop_UnregisterIo(EventLoop *el, EventRegistration *reg)
{
	int error = errno;

	if (!reg)
		return 0;
	if (!el)
		return fail(EFAULT);
	if (reg->loop != el)
		return fail(EINVAL);
	/* A descriptor that was closed first is no longer there to be removed. */
	epoll_ctl(el->epoll_fd, EPOLL_CTL_DEL, reg->fd, NULL);
	errno = error;
	memset(reg, 0, sizeof(*reg));
	return 0;
}
