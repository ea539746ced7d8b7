// SPDX-License-Identifier: MIT
/* Events about updates. */
#include <applibs/sysevent.h>

#include <errno.h>
#include <stddef.h>

#include "channel.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct SysEvent_Info {
	SysEvent_Info_UpdateData update;
};

static const struct {
	SysEvent_Events event;
	uint32_t bit;
} bits[] = {
	{ SysEvent_Events_UpdateReadyForInstall, APP_CHANNEL_ON_UPDATE_READY },
	{ SysEvent_Events_UpdateStarted, APP_CHANNEL_ON_UPDATE_STARTED },
	{ SysEvent_Events_NoUpdateAvailable, APP_CHANNEL_ON_NO_UPDATE },
};

static SysEvent_EventsCallback callback;
static void *callback_context;

/* One call for each; the callback may end the registration. */
static void deliver(uint32_t events, const struct app_channel_memory *memory)
{
	static const SysEvent_Info info = {
		.update = { .update_type = SysEvent_UpdateType_App },
	};

	(void)memory;
	for (size_t i = 0; i < ARRAY_SIZE(bits) && callback; i++)
		if (events & bits[i].bit)
			callback(bits[i].event, SysEvent_Status_Final, &info,
				 callback_context);
}

EventRegistration *SysEvent_RegisterForEventNotifications(
	EventLoop *el, SysEvent_Events eventBitmask,
	SysEvent_EventsCallback wanted, void *context)
{
	EventRegistration *reg;
	uint32_t events = 0;

	if (!wanted) {
		errno = EFAULT;
		return NULL;
	}
	if (!eventBitmask ||
	    eventBitmask & ~(SysEvent_Events)SysEvent_Events_Mask) {
		errno = EINVAL;
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		if (eventBitmask & bits[i].event)
			events |= bits[i].bit;
	reg = applibs_channel_listen(CHANNEL_SYSEVENT, el, events, deliver);
	if (reg) {
		callback = wanted;
		callback_context = context;
	}
	return reg;
}

int SysEvent_UnregisterForEventNotifications(EventRegistration *reg)
{
	int result = applibs_channel_end(CHANNEL_SYSEVENT, reg);

	if (reg && result == 0)
		callback = NULL;
	return result;
}

int SysEvent_Info_GetUpdateData(const SysEvent_Info *info,
				SysEvent_Info_UpdateData *update_info)
{
	if (!info || !update_info) {
		errno = EFAULT;
		return -1;
	}
	*update_info = info->update;
	return 0;
}

int SysEvent_DeferEvent(SysEvent_Events event,
			uint32_t requested_defer_time_in_minutes)
{
	(void)event;
	(void)requested_defer_time_in_minutes;
	errno = ENOTSUP;
	return -1;
}

int SysEvent_ResumeEvent(SysEvent_Events event)
{
	(void)event;
	errno = ENOTSUP;
	return -1;
}
