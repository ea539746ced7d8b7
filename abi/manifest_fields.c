// SPDX-License-Identifier: Apache-2.0
/* All fields of app_manifest.json.  docs/manifest.md has a row for each, and a test compares. */
#include "abi/manifest_fields.h"

#include <stddef.h>

#include "abi/array.h"

#define AT(member) offsetof(struct manifest, member)

/* A capability that is asked for by "true". */
#define FLAG(name, bit)                                                   \
	{                                                                 \
		name, .type = FIELD_FLAG, .offset = AT(flags), .max = bit \
	}

/* Peripherals, each to be named at most once. */
#define DEVICES(name, which, member)                          \
	{                                                     \
		name, .type = FIELD_LIST, .kind = which,      \
		      .offset = AT(member.ids),               \
		      .count_offset = AT(member.count),       \
		      .max = MANIFEST_MAX_DEVICES,            \
		      .element = manifest_element_peripheral, \
	}

#define PORTS(name, array, counter)                                           \
	{                                                                     \
		name, .type = FIELD_LIST, .offset = AT(array),                \
		      .count_offset = AT(counter), .max = MANIFEST_MAX_PORTS, \
		      .element = manifest_element_port,                       \
	}

static const char *const types[] = {
	[MANIFEST_TYPE_DEFAULT] = "Default",
	[MANIFEST_TYPE_DEBUGGER] = "Debugger",
	NULL,
};

static const char *const restarts[] = {
	[MANIFEST_RESTART_ALWAYS] = "Always",
	[MANIFEST_RESTART_ON_FAILURE] = "OnFailure",
	[MANIFEST_RESTART_NEVER] = "Never",
	NULL,
};

/* By bit. */
static const char *const power_controls[] = {
	"ForceReboot",
	"ForcePowerDown",
	"SetPowerProfile",
	NULL,
};

/* By bit: the capabilities of the LSM, in the order of linux/spherule.h; a test compares them. */
static const char *const privileges[] = {
	"NetworkConfig", "LowPort",    "Time",	      "Power",	   "KernelLog",
	"Gpio",		 "FlashRead",  "Monitor",     "Serve",	   "Debug",
	"ImageUpdate",	 "ImageQuery", "DeviceState", "DeriveKey", "Attest",
	"Telemetry",	 NULL,
};

static const struct manifest_field top_fields[] = {
	{ "SchemaVersion", .type = FIELD_INTEGER, .flags = FIELD_REQUIRED,
	  .offset = AT(schema_version), .min = MANIFEST_SCHEMA_VERSION,
	  .max = MANIFEST_SCHEMA_VERSION },
	{ "Name", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	  .value = manifest_value_name },
	{ "ComponentId", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	  .offset = AT(component_id), .value = manifest_value_uuid },
	{ "EntryPoint", .type = FIELD_STRING, .flags = FIELD_REQUIRED,
	  .value = manifest_value_entry_point },
	{ "CmdArgs", .type = FIELD_LIST, .count_offset = AT(arg_count),
	  .max = MANIFEST_MAX_ARGS, .element = manifest_element_arg },
	{ "ApplicationType", .type = FIELD_STRING, .offset = AT(type),
	  .choices = types, .value = manifest_value_type },
	{ "Capabilities", .type = FIELD_OBJECT, .flags = FIELD_REQUIRED,
	  .object = &manifest_objects[1] },
	{ "Limits", .type = FIELD_OBJECT, .object = &manifest_objects[2] },
	{ "Lifecycle", .type = FIELD_OBJECT, .object = &manifest_objects[3] },
};

static const struct manifest_field capability_fields[] = {
	{ "Gpio", .type = FIELD_LIST, .kind = MANIFEST_GPIO,
	  .offset = AT(gpios), .count_offset = AT(gpio_count),
	  .max = MANIFEST_MAX_GPIOS, .element = manifest_element_peripheral },
	DEVICES("Uart", MANIFEST_UART, uarts),
	DEVICES("I2cMaster", MANIFEST_I2C_MASTER, i2c_masters),
	DEVICES("SpiMaster", MANIFEST_SPI_MASTER, spi_masters),
	DEVICES("Pwm", MANIFEST_PWM, pwms),
	DEVICES("Adc", MANIFEST_ADC, adcs),
	{ "I2sSubordinate", .type = FIELD_ABSENT,
	  .rule = "is for real-time cores, which this system does not have" },
	FLAG("WifiConfig", MANIFEST_WIFI_CONFIG),
	FLAG("EnterpriseWifiConfig", MANIFEST_ENTERPRISE_WIFI_CONFIG),
	FLAG("NetworkConfig", MANIFEST_NETWORK_CONFIG),
	FLAG("ReadNetworkProxyConfig", MANIFEST_READ_NETWORK_PROXY_CONFIG),
	FLAG("HardwareAddressConfig", MANIFEST_HARDWARE_ADDRESS_CONFIG),
	FLAG("DhcpService", MANIFEST_DHCP_SERVICE),
	FLAG("SntpService", MANIFEST_SNTP_SERVICE),
	FLAG("TimeSyncConfig", MANIFEST_TIME_SYNC_CONFIG),
	FLAG("SystemTime", MANIFEST_SYSTEM_TIME),
	FLAG("CertStore", MANIFEST_CERT_STORE),
	FLAG("SystemEventNotifications", MANIFEST_SYSTEM_EVENT_NOTIFICATIONS),
	{ "SoftwareUpdateDeferral", .type = FIELD_FLAG, .offset = AT(flags),
	  .max = MANIFEST_SOFTWARE_UPDATE_DEFERRAL,
	  .needs = MANIFEST_SYSTEM_EVENT_NOTIFICATIONS,
	  .rule = "needs \"SystemEventNotifications\": true beside it" },
	FLAG("HeapMemStats", MANIFEST_HEAP_MEM_STATS),
	FLAG("ResetMemoryWatermarks", MANIFEST_RESET_MEMORY_WATERMARKS),
	{ "MutableStorage", .type = FIELD_OBJECT,
	  .object = &manifest_objects[4] },
	{ "AllowedConnections", .type = FIELD_LIST, .offset = AT(connections),
	  .count_offset = AT(connection_count), .max = MANIFEST_MAX_CONNECTIONS,
	  .element = manifest_element_connection },
	PORTS("AllowedTcpServerPorts", tcp_ports, tcp_port_count),
	PORTS("AllowedUdpServerPorts", udp_ports, udp_port_count),
	{ "AllowedApplicationConnections", .type = FIELD_LIST,
	  .offset = AT(peers), .count_offset = AT(peer_count),
	  .max = MANIFEST_MAX_PEERS, .element = manifest_element_peer },
	{ "DeviceAuthentication", .type = FIELD_STRING, .offset = AT(tenant_id),
	  .value = manifest_value_uuid },
	{ "PowerControls", .type = FIELD_LIST, .offset = AT(power_controls),
	  .min = 1, .max = ARRAY_SIZE(power_controls) - 1,
	  .choices = power_controls, .element = manifest_element_bit },
	{ "SystemPrivileges", .type = FIELD_LIST, .flags = FIELD_SYSTEM,
	  .offset = AT(system_privileges), .min = 1,
	  .max = ARRAY_SIZE(privileges) - 1, .choices = privileges,
	  .element = manifest_element_bit },
};

static const struct manifest_field limit_fields[] = {
	{ "MemoryKB", .type = FIELD_INTEGER, .offset = AT(memory_kib),
	  .min = 64, .max = 4096, .standard = 512 },
	{ "TmpKB", .type = FIELD_INTEGER, .offset = AT(tmp_kib),
	  .min = 0, .max = 1024, .standard = 0 },
	{ "CpuWeight", .type = FIELD_INTEGER, .offset = AT(cpu_weight),
	  .min = 1, .max = 10000, .standard = 100 },
	{ "CpuMaxPercent", .type = FIELD_INTEGER, .offset = AT(cpu_max_percent),
	  .min = 1, .max = 100, .standard = 100 },
	{ "LogBytesPerSecond", .type = FIELD_INTEGER,
	  .offset = AT(log_bytes_per_s), .min = 16, .max = 65536,
	  .standard = 1024 },
};

static const struct manifest_field lifecycle_fields[] = {
	{ "Restart", .type = FIELD_CHOICE, .offset = AT(restart),
	  .choices = restarts },
	{ "WatchdogMs", .type = FIELD_INTEGER, .offset = AT(watchdog_ms),
	  .min = 1000, .max = 3600000, .standard = 0 },
	{ "ReadyMs", .type = FIELD_INTEGER, .offset = AT(ready_ms),
	  .min = 0, .max = 10000, .standard = 0 },
	{ "TerminationGraceMs", .type = FIELD_INTEGER, .offset = AT(grace_ms),
	  .min = 0, .max = 10000, .standard = 2000 },
};

static const struct manifest_field storage_fields[] = {
	{ "SizeKB", .type = FIELD_INTEGER, .flags = FIELD_REQUIRED,
	  .offset = AT(storage_kib), .min = 1,
	  .max = MANIFEST_STORAGE_MAX_KIB },
};

#define OBJECT(prefix, what, fields)                         \
	{                                                    \
		prefix, "there is no " what " of this name", \
			ARRAY_SIZE(fields), fields           \
	}

const struct manifest_object manifest_objects[MANIFEST_OBJECTS] = {
	OBJECT("", "field", top_fields),
	OBJECT("Capabilities.", "capability", capability_fields),
	OBJECT("Limits.", "field", limit_fields),
	OBJECT("Lifecycle.", "field", lifecycle_fields),
	OBJECT("Capabilities.MutableStorage.", "field", storage_fields),
};
