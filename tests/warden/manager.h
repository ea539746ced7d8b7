/* SPDX-License-Identifier: Apache-2.0 */
/* What the manager itself may and may not do with identities. */
#ifndef WARDEN_MANAGER_H
#define WARDEN_MANAGER_H

void manager_try_all(void);

#endif
