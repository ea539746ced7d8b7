/* SPDX-License-Identifier: MIT */
/*
 * Being told of updates.
 *
 * Needs "SystemEventNotifications" in the manifest.  Today an app is told that
 * its own image is being replaced: UpdateReadyForInstall with the status Final;
 * SIGTERM follows at once.  The other events come when there is something that
 * looks for updates.  Names and values are those of Azure Sphere's applibs.
 */
#ifndef APPLIBS_SYSEVENT_H
#define APPLIBS_SYSEVENT_H

#include <stdint.h>

#include <applibs/eventloop.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t SysEvent_Events;
enum {
	SysEvent_Events_None = 0x00,
	SysEvent_Events_UpdateReadyForInstall = 0x01,
	SysEvent_Events_UpdateStarted = 0x02,
	SysEvent_Events_NoUpdateAvailable = 0x04,
	SysEvent_Events_Mask = 0x07,
};

typedef uint32_t SysEvent_Status;
enum {
	SysEvent_Status_Invalid = 0,
	SysEvent_Status_Pending = 1, /* it will happen, and can be put off */
	SysEvent_Status_Final = 2, /* it will happen */
	SysEvent_Status_Deferred = 3, /* it was put off */
	SysEvent_Status_Complete = 4, /* it has happened */
};

typedef uint32_t SysEvent_UpdateType;
enum {
	SysEvent_UpdateType_Invalid = 0,
	SysEvent_UpdateType_App = 1, /* the app starts anew */
	SysEvent_UpdateType_System = 2, /* the device does */
};

typedef struct SysEvent_Info SysEvent_Info;

typedef struct SysEvent_Info_UpdateData {
	unsigned int max_deferral_time_in_minutes; /* of a pending event */
	SysEvent_UpdateType update_type;
} SysEvent_Info_UpdateData;

/* @event is one of SysEvent_Events; @info is valid during the call. */
typedef void (*SysEvent_EventsCallback)(SysEvent_Events event,
					SysEvent_Status status,
					const SysEvent_Info *info,
					void *context);

/*
 * Has @callback called from @el when one of @eventBitmask happens.
 *
 * Returns a registration for SysEvent_UnregisterForEventNotifications(), or NULL
 * with errno: EFAULT @el or @callback is NULL, EINVAL @eventBitmask is 0 or has
 * unknown bits, EACCES the manifest does not have the capability, EEXIST there
 * is one already; those of lifecycle.h and EventLoop_RegisterIo().
 */
EventRegistration *SysEvent_RegisterForEventNotifications(
	EventLoop *el, SysEvent_Events eventBitmask,
	SysEvent_EventsCallback callback, void *context);

/* Ends @reg.  0, also if it is NULL; or -1 with errno EINVAL: it is another one. */
int SysEvent_UnregisterForEventNotifications(EventRegistration *reg);

/* 0, or -1 with errno EFAULT: @info or @update_info is NULL. */
int SysEvent_Info_GetUpdateData(const SysEvent_Info *info,
				SysEvent_Info_UpdateData *update_info);

/* Not yet: -1 with errno ENOTSUP. */
int SysEvent_DeferEvent(SysEvent_Events event,
			uint32_t requested_defer_time_in_minutes);
int SysEvent_ResumeEvent(SysEvent_Events event);

#ifdef __cplusplus
}
#endif

#endif
