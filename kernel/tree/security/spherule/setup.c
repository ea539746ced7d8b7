// SPDX-License-Identifier: GPL-2.0-only
/* The Spherule LSM: its blobs and its hooks, topic by topic. */

#include <linux/lsm_hooks.h>
#include <uapi/linux/lsm.h>

#include "identity.h"

bool spherule_active __ro_after_init;

struct lsm_blob_sizes spherule_blob_sizes __ro_after_init = {
	.lbs_cred = sizeof(struct spherule_cred),
};

const struct lsm_id spherule_lsm_id = {
	.name = "spherule",
	.id = LSM_ID_SPHERULE,
};

static int __init spherule_init(void)
{
	spherule_add_identity_hooks();
	spherule_add_attr_hooks();
	spherule_add_peer_hooks();
	spherule_add_memory_hooks();
	spherule_add_privilege_hooks();
	spherule_add_task_hooks();
	spherule_add_file_hooks();
	spherule_add_socket_hooks();
	spherule_add_port_hooks();
	spherule_add_mount_hooks();
	spherule_active = true;
	return 0;
}

DEFINE_LSM(spherule) = {
	.name = "spherule",
	.init = spherule_init,
	.blobs = &spherule_blob_sizes,
};
