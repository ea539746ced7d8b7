// SPDX-License-Identifier: MIT
/*
 * applibs/eventloop.h: every rule of the header.
 *
 * No test measures time.  Where a loop could hang, alarm(2) ends the program and the test fails.
 */
#include <applibs/eventloop.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define HANG_SECONDS 30
#define MANY 300 /* more than two pools hold */

/* A source that is ready as long as its eventfd is not 0, and what its callback saw and does. */
struct source {
	int fd;
	EventRegistration *reg;
	unsigned int calls;
	EventLoop_IoEvents events;
	void (*action)(EventLoop *el, struct source *source);
	struct source *other;
	int action_result;
	int action_errno;
};

static void on_event(EventLoop *el, int fd, EventLoop_IoEvents events,
		     void *context)
{
	struct source *source = context;

	assert_int_equal(fd, source->fd);
	source->calls++;
	source->events = events;
	if (source->action)
		source->action(el, source);
}

static void drain(EventLoop *el, struct source *source)
{
	uint64_t count;

	(void)el;
	assert_int_equal(read(source->fd, &count, sizeof(count)),
			 sizeof(count));
}

static void add_source(EventLoop *el, struct source *source, unsigned int count,
		       void (*action)(EventLoop *el, struct source *source))
{
	memset(source, 0, sizeof(*source));
	source->fd = eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_true(source->fd >= 0);
	source->action = action;
	source->reg = EventLoop_RegisterIo(el, source->fd, EventLoop_Input,
					   on_event, source);
	assert_non_null(source->reg);
}

static void remove_source(EventLoop *el, struct source *source)
{
	assert_int_equal(EventLoop_UnregisterIo(el, source->reg), 0);
	close(source->fd);
}

static int open_loop(void **state)
{
	alarm(HANG_SECONDS);
	*state = EventLoop_Create();
	return *state ? 0 : -1;
}

static int close_loop(void **state)
{
	EventLoop_Close(*state);
	alarm(0);
	return 0;
}

static void null_loop_is_efault(void **state)
{
	struct source source;

	errno = 0;
	assert_int_equal(EventLoop_Run(NULL, 0, false), EventLoop_Run_Failed);
	assert_int_equal(errno, EFAULT);
	errno = 0;
	assert_int_equal(EventLoop_Stop(NULL), -1);
	assert_int_equal(errno, EFAULT);
	errno = 0;
	assert_int_equal(EventLoop_GetWaitDescriptor(NULL), -1);
	assert_int_equal(errno, EFAULT);
	errno = 0;
	assert_null(
		EventLoop_RegisterIo(NULL, 0, EventLoop_Input, on_event, NULL));
	assert_int_equal(errno, EFAULT);
	EventLoop_Close(NULL);

	add_source(*state, &source, 1, NULL);
	errno = 0;
	assert_int_equal(EventLoop_ModifyIoEvents(NULL, source.reg,
						  EventLoop_Input),
			 -1);
	assert_int_equal(errno, EFAULT);
	errno = 0;
	assert_int_equal(EventLoop_UnregisterIo(NULL, source.reg), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(EventLoop_Run(*state, 0, false),
			 EventLoop_Run_Finished);
	remove_source(*state, &source);
}

static void register_refuses(void **state)
{
	EventLoop *el = *state;
	int fd = eventfd(0, EFD_CLOEXEC);
	EventRegistration *reg;

	errno = 0;
	assert_null(EventLoop_RegisterIo(el, fd, EventLoop_Input, NULL, NULL));
	assert_int_equal(errno, EFAULT);
	for (unsigned int bit = 0; bit < 32; bit++) {
		const EventLoop_IoEvents mask = UINT32_C(1) << bit;

		if (mask &
		    (EventLoop_Input | EventLoop_Output | EventLoop_Error))
			continue;
		errno = 0;
		assert_null(EventLoop_RegisterIo(el, fd, mask | EventLoop_Input,
						 on_event, NULL));
		assert_int_equal(errno, EINVAL);
	}
	errno = 0;
	assert_null(
		EventLoop_RegisterIo(el, -1, EventLoop_Input, on_event, NULL));
	assert_int_equal(errno, EBADF);

	reg = EventLoop_RegisterIo(el, fd, EventLoop_Input, on_event, NULL);
	assert_non_null(reg);
	errno = 0;
	assert_null(
		EventLoop_RegisterIo(el, fd, EventLoop_Input, on_event, NULL));
	assert_int_equal(errno, EEXIST);
	assert_int_equal(EventLoop_UnregisterIo(el, reg), 0);
	reg = EventLoop_RegisterIo(el, fd, EventLoop_Input, on_event, NULL);
	assert_non_null(reg);
	assert_int_equal(EventLoop_UnregisterIo(el, reg), 0);
	close(fd);
}

static void modify_changes_and_refuses(void **state)
{
	EventLoop *el = *state;
	struct source source;

	add_source(el, &source, 1, NULL);
	assert_int_equal(
		EventLoop_ModifyIoEvents(el, source.reg, EventLoop_None), 0);
	assert_int_equal(EventLoop_Run(el, 0, false),
			 EventLoop_Run_FinishedEmpty);
	assert_int_equal(
		EventLoop_ModifyIoEvents(el, source.reg, EventLoop_Output), 0);
	assert_int_equal(EventLoop_Run(el, 0, false), EventLoop_Run_Finished);
	assert_int_equal(source.events, EventLoop_Output);
	errno = 0;
	assert_int_equal(EventLoop_ModifyIoEvents(el, source.reg, 0x02), -1);
	assert_int_equal(errno, EINVAL);
	errno = 0;
	assert_int_equal(EventLoop_ModifyIoEvents(el, NULL, EventLoop_Input),
			 -1);
	assert_int_equal(errno, EFAULT);
	remove_source(el, &source);
}

static void unregister_rules(void **state)
{
	EventLoop *el = *state, *other = EventLoop_Create();
	struct source source;

	assert_int_equal(EventLoop_UnregisterIo(el, NULL), 0);
	assert_int_equal(EventLoop_UnregisterIo(NULL, NULL), 0);
	add_source(el, &source, 1, NULL);
	errno = 0;
	assert_int_equal(EventLoop_UnregisterIo(other, source.reg), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(EventLoop_UnregisterIo(el, source.reg), 0);
	assert_int_equal(EventLoop_Run(el, 0, false),
			 EventLoop_Run_FinishedEmpty);
	assert_int_equal(source.calls, 0);
	close(source.fd);
	EventLoop_Close(other);
}

static void duration_zero_handles_one_event(void **state)
{
	EventLoop *el = *state;
	struct source a, b;

	assert_int_equal(EventLoop_Run(el, 0, false),
			 EventLoop_Run_FinishedEmpty);
	add_source(el, &a, 1, NULL);
	add_source(el, &b, 1, NULL);
	assert_int_equal(EventLoop_Run(el, 0, false), EventLoop_Run_Finished);
	assert_int_equal(a.calls + b.calls, 1);
	/* Both stay ready: each has its turn. */
	assert_int_equal(EventLoop_Run(el, 0, true), EventLoop_Run_Finished);
	assert_int_equal(a.calls, 1);
	assert_int_equal(b.calls, 1);
	remove_source(el, &a);
	remove_source(el, &b);
}

static void process_one_event_returns_after_one(void **state)
{
	EventLoop *el = *state;
	struct source a, b;

	add_source(el, &a, 1, drain);
	add_source(el, &b, 1, drain);
	assert_int_equal(EventLoop_Run(el, -1, true), EventLoop_Run_Finished);
	assert_int_equal(a.calls + b.calls, 1);
	assert_int_equal(EventLoop_Run(el, HANG_SECONDS * 1000, true),
			 EventLoop_Run_Finished);
	assert_int_equal(a.calls + b.calls, 2);
	assert_int_equal(EventLoop_Run(el, 1, true),
			 EventLoop_Run_FinishedEmpty);
	remove_source(el, &a);
	remove_source(el, &b);
}

/* The loop's time against a timer of the same clock that was set before it. */
static void duration_is_whole(void **state)
{
	const struct itimerspec when = { .it_value.tv_nsec = 20 * 1000000 };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct source busy;
	uint64_t count;

	for (int ready = 0; ready <= 1; ready++) {
		assert_int_equal(timerfd_settime(timer, 0, &when, NULL), 0);
		add_source(*state, &busy, (unsigned int)ready, NULL);
		assert_int_equal(EventLoop_Run(*state, 20, false), ready);
		assert_int_equal(read(timer, &count, sizeof(count)),
				 sizeof(count));
		remove_source(*state, &busy);
	}
	close(timer);
}

static void stop_at_third(EventLoop *el, struct source *source)
{
	drain(el, source);
	if (source->calls == 3)
		EventLoop_Stop(el);
}

static void timer_repeats_until_stopped(void **state)
{
	const struct itimerspec each_ms = {
		.it_value.tv_nsec = 1000000,
		.it_interval.tv_nsec = 1000000,
	};
	struct source source = {
		.fd = timerfd_create(CLOCK_MONOTONIC,
				     TFD_CLOEXEC | TFD_NONBLOCK),
		.action = stop_at_third,
	};

	source.reg = EventLoop_RegisterIo(*state, source.fd, EventLoop_Input,
					  on_event, &source);
	assert_non_null(source.reg);
	assert_int_equal(timerfd_settime(source.fd, 0, &each_ms, NULL), 0);
	assert_int_equal(EventLoop_Run(*state, -1, false),
			 EventLoop_Run_Finished);
	assert_int_equal(source.calls, 3);
	remove_source(*state, &source);
}

static void stop_now(EventLoop *el, struct source *source)
{
	source->action_result = EventLoop_Stop(el);
}

static void stop_from_callback_is_synchronous(void **state)
{
	EventLoop *el = *state;
	struct source a, b;

	add_source(el, &a, 1, stop_now);
	add_source(el, &b, 1, stop_now);
	assert_int_equal(EventLoop_Run(el, -1, false), EventLoop_Run_Finished);
	assert_int_equal(a.calls + b.calls, 1);
	/* The stop is used up: the next run handles the other. */
	assert_int_equal(EventLoop_Run(el, -1, false), EventLoop_Run_Finished);
	assert_int_equal(a.calls + b.calls, 2);
	assert_int_equal(a.action_result, 0);
	remove_source(el, &a);
	remove_source(el, &b);
	assert_int_equal(EventLoop_Run(el, 1, false),
			 EventLoop_Run_FinishedEmpty);
}

static void *stop_from_thread(void *el)
{
	assert_int_equal(EventLoop_Stop(el), 0);
	return NULL;
}

/* Whether the stop comes before the run or during it is left to the scheduler: both must end. */
static void stop_from_another_thread(void **state)
{
	pthread_t thread;

	for (int i = 0; i < 200; i++) {
		assert_int_equal(pthread_create(&thread, NULL, stop_from_thread,
						*state),
				 0);
		assert_int_equal(EventLoop_Run(*state, -1, false),
				 EventLoop_Run_FinishedEmpty);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
}

static pthread_t stopper;

/* In a callback the loop is running for certain. */
static void start_stopper(EventLoop *el, struct source *source)
{
	if (source->calls == 1)
		assert_int_equal(pthread_create(&stopper, NULL,
						stop_from_thread, el),
				 0);
}

static void stop_from_another_thread_while_busy(void **state)
{
	struct source source;

	add_source(*state, &source, 1, start_stopper);
	assert_int_equal(EventLoop_Run(*state, -1, false),
			 EventLoop_Run_Finished);
	assert_int_equal(pthread_join(stopper, NULL), 0);
	remove_source(*state, &source);
}

static void stop_before_run_is_kept(void **state)
{
	struct source source;

	add_source(*state, &source, 1, NULL);
	assert_int_equal(EventLoop_Stop(*state), 0);
	assert_int_equal(EventLoop_Run(*state, -1, false),
			 EventLoop_Run_FinishedEmpty);
	assert_int_equal(source.calls, 0);
	assert_int_equal(EventLoop_Run(*state, 0, false),
			 EventLoop_Run_Finished);
	assert_int_equal(source.calls, 1);
	remove_source(*state, &source);
}

static void unregister_other(EventLoop *el, struct source *source)
{
	if (source->other->reg)
		assert_int_equal(EventLoop_UnregisterIo(el, source->other->reg),
				 0);
	source->other->reg = NULL;
	EventLoop_Stop(el);
}

static void unregistered_while_pending_is_not_called(void **state)
{
	EventLoop *el = *state;
	struct source a, b, *called, *silent;

	add_source(el, &a, 1, unregister_other);
	add_source(el, &b, 1, unregister_other);
	a.other = &b;
	b.other = &a;
	assert_int_equal(EventLoop_Run(el, -1, false), EventLoop_Run_Finished);
	for (int i = 0; i < 4; i++)
		assert_int_equal(EventLoop_Run(el, 0, false),
				 EventLoop_Run_Finished);
	called = a.calls ? &a : &b;
	silent = called->other;
	assert_int_equal(called->calls, 5);
	assert_int_equal(silent->calls, 0);
	remove_source(el, called);
	close(silent->fd);
}

static void unregister_self(EventLoop *el, struct source *source)
{
	assert_int_equal(EventLoop_UnregisterIo(el, source->reg), 0);
}

static void callback_may_unregister_itself(void **state)
{
	struct source source;

	add_source(*state, &source, 1, unregister_self);
	assert_int_equal(EventLoop_Run(*state, 5, false),
			 EventLoop_Run_Finished);
	assert_int_equal(source.calls, 1);
	close(source.fd);
}

static void replace_self(EventLoop *el, struct source *source)
{
	assert_int_equal(EventLoop_UnregisterIo(el, source->reg), 0);
	source->reg = EventLoop_RegisterIo(el, source->fd, EventLoop_Input,
					   on_event, source);
	assert_non_null(source->reg);
	if (source->calls == 3)
		EventLoop_Stop(el);
}

static void callback_may_register(void **state)
{
	struct source source;

	add_source(*state, &source, 1, replace_self);
	assert_int_equal(EventLoop_Run(*state, -1, false),
			 EventLoop_Run_Finished);
	assert_int_equal(source.calls, 3);
	remove_source(*state, &source);
}

static void run_again(EventLoop *el, struct source *source)
{
	errno = 0;
	source->action_result = EventLoop_Run(el, 0, false);
	source->action_errno = errno;
}

static void recursion_is_ebusy(void **state)
{
	struct source source;

	add_source(*state, &source, 1, run_again);
	for (unsigned int i = 1; i <= 2; i++) {
		assert_int_equal(EventLoop_Run(*state, 0, false),
				 EventLoop_Run_Finished);
		assert_int_equal(source.calls, i);
		assert_int_equal(source.action_result, EventLoop_Run_Failed);
		assert_int_equal(source.action_errno, EBUSY);
	}
	remove_source(*state, &source);
}

static void ignore_signal(int signal)
{
	(void)signal;
}

static void signal_handler_is_eintr(void **state)
{
	struct sigaction action = { .sa_handler = ignore_signal,
				    .sa_flags = SA_RESTART },
			 old;
	const struct itimerspec each_ms = {
		.it_value.tv_nsec = 1000000,
		.it_interval.tv_nsec = 1000000,
	};
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR1 };
	timer_t timer;

	assert_int_equal(sigaction(SIGUSR1, &action, &old), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &each_ms, NULL), 0);
	errno = 0;
	assert_int_equal(EventLoop_Run(*state, -1, false),
			 EventLoop_Run_Failed);
	assert_int_equal(errno, EINTR);
	timer_delete(timer);
	sigaction(SIGUSR1, &old, NULL);
	/* The loop is as good as before. */
	assert_int_equal(EventLoop_Run(*state, 1, false),
			 EventLoop_Run_FinishedEmpty);
}

static EventLoop *signalled_loop;

static void stop_on_sigusr1(int signal)
{
	(void)signal;
	EventLoop_Stop(signalled_loop);
}

static void stop_from_signal_handler(void **state)
{
	struct sigaction action = { .sa_handler = stop_on_sigusr1 }, old;

	signalled_loop = *state;
	assert_int_equal(sigaction(SIGUSR1, &action, &old), 0);
	raise(SIGUSR1);
	sigaction(SIGUSR1, &old, NULL);
	assert_int_equal(EventLoop_Run(*state, -1, false),
			 EventLoop_Run_FinishedEmpty);
}

static void errors_and_hang_up_are_reported(void **state)
{
	struct source source = { 0 };
	int pipe_fds[2], pair[2];

	/* The reader is gone: an error, though nothing was asked for. */
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	close(pipe_fds[0]);
	source.fd = pipe_fds[1];
	source.reg = EventLoop_RegisterIo(*state, source.fd, EventLoop_None,
					  on_event, &source);
	assert_int_equal(EventLoop_Run(*state, 0, false),
			 EventLoop_Run_Finished);
	assert_int_equal(source.events, EventLoop_Error);
	remove_source(*state, &source);

	/* The writer is gone: who waits for input is to read the end of file. */
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	source.fd = pair[1];
	source.reg = EventLoop_RegisterIo(*state, source.fd, EventLoop_Input,
					  on_event, &source);
	assert_int_equal(EventLoop_Run(*state, 0, false),
			 EventLoop_Run_FinishedEmpty);
	close(pair[0]);
	assert_int_equal(EventLoop_Run(*state, 0, false),
			 EventLoop_Run_Finished);
	assert_int_equal(source.events, EventLoop_Input | EventLoop_Error);
	remove_source(*state, &source);
}

static void wait_descriptor_is_readable_with_events(void **state)
{
	struct pollfd wait = { .fd = EventLoop_GetWaitDescriptor(*state),
			       .events = POLLIN };
	struct source source;

	assert_true(wait.fd >= 0);
	assert_int_equal(poll(&wait, 1, 0), 0);
	add_source(*state, &source, 1, drain);
	assert_int_equal(poll(&wait, 1, 0), 1);
	assert_int_equal(EventLoop_Run(*state, 0, false),
			 EventLoop_Run_Finished);
	assert_int_equal(poll(&wait, 1, 0), 0);
	remove_source(*state, &source);
}

static void many_registrations_and_slots_used_again(void **state)
{
	static struct source sources[MANY];
	unsigned int called = 0;

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < MANY; i++)
			add_source(*state, &sources[i], 1, drain);
		while (EventLoop_Run(*state, 0, false) ==
		       EventLoop_Run_Finished)
			called++;
		for (int i = 0; i < MANY; i++) {
			assert_int_equal(sources[i].calls, 1);
			remove_source(*state, &sources[i]);
		}
	}
	assert_int_equal(called, 2 * MANY);
}

static void several_loops(void **state)
{
	EventLoop *loops[3];
	struct source sources[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		loops[i] = EventLoop_Create();
		assert_non_null(loops[i]);
		add_source(loops[i], &sources[i], 1, drain);
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(EventLoop_Run(loops[i], 0, false),
				 EventLoop_Run_Finished);
		assert_int_equal(sources[i].calls, 1);
		remove_source(loops[i], &sources[i]);
		EventLoop_Close(loops[i]);
	}
}

static void closed_before_unregistering(void **state)
{
	EventLoop *el = *state;
	struct source old, new;

	add_source(el, &old, 1, NULL);
	close(old.fd);
	/* The same number, now another file. */
	add_source(el, &new, 1, NULL);
	assert_int_equal(new.fd, old.fd);
	assert_int_equal(EventLoop_ModifyIoEvents(el, old.reg, EventLoop_Input),
			 -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(EventLoop_UnregisterIo(el, old.reg), 0);
	assert_int_equal(EventLoop_Run(el, 0, false), EventLoop_Run_Finished);
	assert_int_equal(new.calls, 1);
	remove_source(el, &new);
}

static void close_now(EventLoop *el, struct source *source)
{
	(void)source;
	EventLoop_Close(el);
}

static void close_from_callback(void **state)
{
	EventLoop *el = EventLoop_Create();
	struct source source;
	int wait_fd = EventLoop_GetWaitDescriptor(el);

	(void)state;
	add_source(el, &source, 1, close_now);
	assert_int_equal(EventLoop_Run(el, -1, false), EventLoop_Run_Finished);
	assert_int_equal(source.calls, 1);
	assert_int_equal(fcntl(wait_fd, F_GETFD), -1);
	close(source.fd);
}

#define LOOP_TEST(test) \
	cmocka_unit_test_setup_teardown(test, open_loop, close_loop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOOP_TEST(null_loop_is_efault),
		LOOP_TEST(register_refuses),
		LOOP_TEST(modify_changes_and_refuses),
		LOOP_TEST(unregister_rules),
		LOOP_TEST(duration_zero_handles_one_event),
		LOOP_TEST(process_one_event_returns_after_one),
		LOOP_TEST(duration_is_whole),
		LOOP_TEST(timer_repeats_until_stopped),
		LOOP_TEST(stop_from_callback_is_synchronous),
		LOOP_TEST(stop_from_another_thread),
		LOOP_TEST(stop_from_another_thread_while_busy),
		LOOP_TEST(stop_before_run_is_kept),
		LOOP_TEST(unregistered_while_pending_is_not_called),
		LOOP_TEST(callback_may_unregister_itself),
		LOOP_TEST(callback_may_register),
		LOOP_TEST(recursion_is_ebusy),
		LOOP_TEST(signal_handler_is_eintr),
		LOOP_TEST(stop_from_signal_handler),
		LOOP_TEST(errors_and_hang_up_are_reported),
		LOOP_TEST(wait_descriptor_is_readable_with_events),
		LOOP_TEST(many_registrations_and_slots_used_again),
		LOOP_TEST(several_loops),
		LOOP_TEST(closed_before_unregistering),
		LOOP_TEST(close_from_callback),
	};

	return cmocka_run_group_tests_name("applibs/eventloop", tests, NULL,
					   NULL);
}
