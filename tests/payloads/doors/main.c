// SPDX-License-Identifier: Apache-2.0
/*
 * An app that tries the doors of the kernel which no app needs: namespaces, mounts, devices, the
 * clock, job control, other processes, limits, its view of the files, and what is compiled out.
 */

#include "attempt.h"
#include "doors.h"

int main(void)
{
	try_absent();
	try_namespaces();
	try_mounts();
	try_jobs();
	try_clock();
	try_devices();
	try_files();
	try_proc();
	try_limits();
	try_others();
	try_view();
	attempt_end("doors");
}
