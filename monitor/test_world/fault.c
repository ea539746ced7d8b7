// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bug, for the test of what the monitor does about its own: the test's monitor is linked with
 * --wrap=psci_version, so that this call reads where nothing is.
 */
#include "io.h"
#include "psci.h"

int32_t __wrap_psci_version(const struct smc_args *args,
			    struct smc_results *results);

int32_t __wrap_psci_version(const struct smc_args *args,
			    struct smc_results *results)
{
	(void)args;
	(void)results;
	return (int32_t)io_read32(0xfffffff0);
}
