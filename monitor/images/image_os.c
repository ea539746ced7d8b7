// SPDX-License-Identifier: GPL-2.0-only
/* The same judgement as at a start, so that what is installed will start. */
#include "monitor/images/image_os.h"

#include "abi/errors.h"
#include "monitor/boot_verify.h"
#include "monitor/images/slots.h"
#include "monitor/trust/trust.h"

static struct boot_verified os;

int image_os_begin(uint32_t slot, uint32_t ram_bytes)
{
	return boot_verify_begin(slot, ram_bytes, &os);
}

int image_os_step(void)
{
	return boot_verify_step(&os);
}

int image_os_put(struct state *draft, uint32_t running)
{
	const struct trust_key *key = NULL;
	const int error = trust_find(os.manifest.key_id, TRUST_ROLE_OS,
				     os.manifest.security_version, &key);

	if (error)
		return error;
	if (os.manifest.security_version < draft->versions.os)
		return E_MONITOR_ROLLBACK;
	slots_put_trial(draft, running);
	return 0;
}
