/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app_manifest.json: what an app is called, what it runs and what it asks for.
 *
 * One validator, used by the host tool when it packs and by application-manager when it starts an
 * app.  It allocates nothing: text in, struct manifest or one exact complaint out.  It keeps its
 * tokens in one static array, so it is for one thread at a time; application-manager has only one.
 * Everything that is not known is refused.
 *
 * manifest_fields.c has the table of all fields; docs/manifest.md says for each its type, range,
 * default, effect and errors, and where its limits come from.
 */
#ifndef SPHERULE_ABI_MANIFEST_H
#define SPHERULE_ABI_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connection.h"
#include "image.h"

#define MANIFEST_FILE		"app_manifest.json"
#define MANIFEST_SCHEMA_VERSION	1
#define MANIFEST_MAX_BYTES	8192
#define MANIFEST_MAX_TOKENS	320	/* values, keys and containers together */
#define MANIFEST_MAX_DEPTH	4
#define MANIFEST_MAX_PATH_BYTES	128	/* EntryPoint, with its NUL */
#define MANIFEST_MAX_ARGS	16
#define MANIFEST_ARGS_BYTES	512	/* all of CmdArgs, each with its NUL */
#define MANIFEST_MAX_GPIOS	32	/* entries of Gpio */
#define MANIFEST_MAX_DEVICES	8	/* entries of Uart, I2cMaster, SpiMaster, Pwm, Adc each */
#define MANIFEST_PERIPHERAL_MAX_ID	255
#define MANIFEST_GPIO_MAX_ID	MANIFEST_PERIPHERAL_MAX_ID
#define MANIFEST_GPIO_LINES_PER_CHIP	32	/* id = 32 * chip + line */
#define MANIFEST_STORAGE_MAX_KIB	1023	/* MutableStorage.SizeKB */
#define MANIFEST_MAX_CONNECTIONS	32	/* entries of AllowedConnections */
#define MANIFEST_NAMES_BYTES	1024	/* all of their host names, each with its NUL */
#define MANIFEST_MAX_PORTS	10	/* entries of Allowed...ServerPorts each */
#define MANIFEST_MAX_PEERS	8	/* entries of AllowedApplicationConnections */

/* Capabilities that are asked for by "true": bits of flags. */
enum manifest_flag {
	MANIFEST_WIFI_CONFIG = 1 << 0,
	MANIFEST_ENTERPRISE_WIFI_CONFIG = 1 << 1,
	MANIFEST_NETWORK_CONFIG = 1 << 2,
	MANIFEST_READ_NETWORK_PROXY_CONFIG = 1 << 3,
	MANIFEST_HARDWARE_ADDRESS_CONFIG = 1 << 4,
	MANIFEST_DHCP_SERVICE = 1 << 5,
	MANIFEST_SNTP_SERVICE = 1 << 6,
	MANIFEST_TIME_SYNC_CONFIG = 1 << 7,
	MANIFEST_SYSTEM_TIME = 1 << 8,
	MANIFEST_CERT_STORE = 1 << 9,
	MANIFEST_SYSTEM_EVENT_NOTIFICATIONS = 1 << 10,
	MANIFEST_SOFTWARE_UPDATE_DEFERRAL = 1 << 11,
	MANIFEST_HEAP_MEM_STATS = 1 << 12,
	MANIFEST_RESET_MEMORY_WATERMARKS = 1 << 13,
};

/* Bits of power_controls. */
enum manifest_power {
	MANIFEST_FORCE_REBOOT = 1 << 0,
	MANIFEST_FORCE_POWER_DOWN = 1 << 1,
	MANIFEST_SET_POWER_PROFILE = 1 << 2,
};

enum manifest_type {
	MANIFEST_TYPE_DEFAULT,
	MANIFEST_TYPE_DEBUGGER,		/* of system apps only */
};

/* When an app that ended is started again. */
enum manifest_restart {
	MANIFEST_RESTART_ALWAYS,
	MANIFEST_RESTART_ON_FAILURE,	/* a signal, or an exit code that is not 0 */
	MANIFEST_RESTART_NEVER,
};

/* What a board has: the capabilities that name peripherals. */
enum manifest_peripheral {
	MANIFEST_GPIO,
	MANIFEST_UART,
	MANIFEST_I2C_MASTER,
	MANIFEST_SPI_MASTER,
	MANIFEST_PWM,
	MANIFEST_ADC,
	MANIFEST_PERIPHERAL_COUNT,
};

/* Ids of the board's peripherals of one kind, none twice. */
struct manifest_devices {
	unsigned int count;
	uint8_t ids[MANIFEST_MAX_DEVICES];
};

/*
 * What is counted stands first and is not cleared: of an array as many elements are valid as its
 * count says.  So an app that asks for little makes application-manager use few pages.
 */
struct manifest {
	char args[MANIFEST_ARGS_BYTES];		/* arg_count strings, one behind the other */
	char names[MANIFEST_NAMES_BYTES];	/* connection_format(&connections[i], names, ...) */
	struct connection connections[MANIFEST_MAX_CONNECTIONS]; /* no two are the same */
	uint8_t peers[MANIFEST_MAX_PEERS][IMAGE_UUID_BYTES]; /* none twice, not the app itself */

	unsigned int schema_version;		/* from here on cleared, or a default */
	char name[IMAGE_NAME_BYTES];		/* Name, UTF-8: whole characters of its first 31 bytes */
	uint8_t component_id[IMAGE_UUID_BYTES];
	char entry_point[MANIFEST_MAX_PATH_BYTES]; /* absolute in the image, no "." or ".." */
	unsigned int arg_count;
	uint8_t type;				/* enum manifest_type */

	/* Limits and Lifecycle: what is not in the text has its default. */
	unsigned int memory_kib;
	unsigned int tmp_kib;			/* 0: no /tmp of its own */
	unsigned int cpu_weight;		/* 1 to 10000, as of cgroup v2 */
	unsigned int cpu_max_percent;		/* of the processor; 100: all that is left */
	unsigned int log_bytes_per_s;
	unsigned int watchdog_ms;		/* 0: none */
	unsigned int ready_ms;			/* 0: ready when it is started */
	unsigned int grace_ms;			/* between SIGTERM and SIGKILL */
	uint8_t restart;			/* enum manifest_restart */

	uint32_t flags;				/* enum manifest_flag */
	uint32_t power_controls;		/* enum manifest_power */
	uint32_t system_privileges;		/* SPHERULE_CAP_*; of system apps only */
	unsigned int gpio_count;
	uint8_t gpios[MANIFEST_MAX_GPIOS];	/* GPIO ids of the board, no id twice */
	struct manifest_devices uarts, i2c_masters, spi_masters, pwms, adcs;
	unsigned int storage_kib;		/* MutableStorage.SizeKB; 0: not asked for */
	unsigned int connection_count;
	unsigned int names_used;		/* bytes */
	unsigned int tcp_port_count, udp_port_count;
	uint16_t tcp_ports[MANIFEST_MAX_PORTS];	/* none twice, none 0 */
	uint16_t udp_ports[MANIFEST_MAX_PORTS];
	unsigned int peer_count;
	uint8_t tenant_id[IMAGE_UUID_BYTES];	/* DeviceAuthentication; nil: not asked for */
};

struct manifest_error {
	int number;		/* an E_MANIFEST_* of errors.h */
	unsigned int line;	/* from 1 */
	unsigned int column;	/* from 1, in bytes */
	char field[64];		/* "Capabilities.Gpio[2]"; "" for the file as a whole */
	char rule[112];		/* what must be true, as a sentence without its full stop */
};

/* What is asked of the board for which the image is packed. */
struct manifest_board {
	void *context;
	/* "$LED1" without its dollar sign: its id, -ENOENT, or -EPERM when it is the system's. */
	int (*resolve)(void *context, enum manifest_peripheral kind, const char *name,
		       size_t name_length);
	/* An id: 0, -ENOENT or -EPERM. */
	int (*check)(void *context, enum manifest_peripheral kind, unsigned int id);
};

/* How strict the validator is. */
struct manifest_rules {
	bool is_system;		/* signed with a key of the OS: may ask for what is the system's */
	const struct manifest_board *board; /* NULL: names are refused, ids are not checked */
};

/*
 * @text need not end in NUL.  Returns 0 with @manifest filled in, or the negative of the
 * E_MANIFEST_* that is in @error; then what is in @manifest has no meaning.
 */
int manifest_parse(const char *text, size_t length, const struct manifest_rules *rules,
		   struct manifest *manifest, struct manifest_error *error);

#endif
