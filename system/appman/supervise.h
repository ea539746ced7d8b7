/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping the apps running: starts, restarts with back-off, stops.
 *
 * Nothing here waits.  The event loop in main.c calls in when a process has ended or a deadline
 * has passed.
 */
#ifndef APPMAN_SUPERVISE_H
#define APPMAN_SUPERVISE_H

#include <stdbool.h>

#include "app.h"

/*
 * The delay before the next start of an app that waited @previous_ms before its last one (0 for
 * the first) and then ran for @ran_ms.  Pure.
 */
unsigned int supervise_next_delay_ms(unsigned int previous_ms, long long ran_ms);

/* Collects every process that has ended. */
void supervise_reap(void);

/*
 * Does what is due at @now_ms: starts apps, kills those that did not stop in time or that their watchdog
 * ends.  Apps of OEMs start when no system app has to say yet that it is ready.
 */
void supervise_run_due(long long now_ms);

/* The next moment at which supervise_run_due() has something to do; -1 when there is none. */
long long supervise_next_deadline_ms(void);

/* An app says that it is ready, or well.  One that was to say first that it is ready is not well before. */
void supervise_ready(struct app *app, long long now_ms);
void supervise_alive(struct app *app, long long now_ms);

/* Starts an app that does not run, now. */
void supervise_start(struct app *app, long long now_ms);

/*
 * Tells an app to end, and kills it after its grace; then @after is done.  An app that does not run
 * has ended already.  A later call only changes what comes after.
 */
void supervise_stop(struct app *app, enum app_after after, long long now_ms);

/* Tells all apps to end; none starts again. */
void supervise_stop_all(long long now_ms);

/* Whether no app is left running. */
bool supervise_all_stopped(void);

/* Whether each app has been tried at least once. */
bool supervise_all_tried(void);

#endif
