// SPDX-License-Identifier: Apache-2.0
/*
 * Each capability, limit and rule of life: both ends of its range, just outside, the wrong type,
 * the same twice.  "@" in a text is not part of it: it marks where the complaint must point to.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/manifest.h"
#include "kernel/tree/include/uapi/linux/spherule.h"

#define ID "48a22e96-d078-4e34-9d7a-91b3404031da"
#define PEER "5df999f1-7096-426a-8a78-a7a43c36cf2" /* and a digit */
#define HEAD                                                              \
	"{\"SchemaVersion\":1,\"Name\":\"n\",\"ComponentId\":\"" ID "\"," \
	"\"EntryPoint\":\"/a\","
#define CAPABILITIES(list) HEAD "\n\"Capabilities\":{" list "}}"
#define LIMITS(list) HEAD "\"Capabilities\":{},\n\"Limits\":{" list "}}"
#define LIFE(list) HEAD "\"Capabilities\":{},\n\"Lifecycle\":{" list "}}"
#define TOP(member) HEAD "\"Capabilities\":{},\n" member "}"
#define TEN "1024,1025,1026,1027,1028,1029,1030,1031,1032,1033"
#define L63 "a23456789012345678901234567890123456789012345678901234567890-x9"
#define N255 L63 "." L63 "." L63 "." L63

enum who { OEM, SYSTEM };

struct field_case {
	const char *text;
	int number;
	const char *field; /* of the complaint */
	enum who who;
};

static int resolve(void *context, enum manifest_peripheral kind,
		   const char *name, size_t length)
{
	(void)context;
	if (length == 4 && !memcmp(name, "MINE", 4))
		return 100 + (int)kind;
	if (length == 6 && !memcmp(name, "SYSTEM", 6))
		return -EPERM;
	return -ENOENT;
}

static int check_id(void *context, enum manifest_peripheral kind,
		    unsigned int id)
{
	(void)context;
	if (id == 99)
		return -EPERM;
	return id == 98 + (unsigned int)kind ? -ENOENT : 0;
}

static const struct manifest_board board = { NULL, resolve, check_id };

/* The column of "@" in the last line of @marked; @text gets all but the "@". */
static unsigned int take_mark(const char *marked, char *text, size_t size)
{
	unsigned int column = 0;
	size_t used = 0, line = 0;

	for (; *marked; marked++) {
		if (*marked == '@') {
			column = (unsigned int)(used - line + 1);
			continue;
		}
		assert_true(used + 1 < size);
		text[used++] = *marked;
		if (*marked == '\n')
			line = used;
	}
	text[used] = '\0';
	return column;
}

static bool is_as_wanted(const struct field_case *c, const char *text,
			 unsigned int column, const struct manifest_error *e,
			 int result)
{
	unsigned int line = c->number ? 2 : 0;

	return result == -c->number && e->number == c->number &&
	       e->line == line && e->column == column &&
	       !strcmp(e->field, c->number ? c->field : "") && *text;
}

static void check_cases(const struct field_case *cases, size_t count)
{
	size_t i, failed = 0;

	for (i = 0; i < count; i++) {
		const struct field_case *c = &cases[i];
		const struct manifest_rules rules = { c->who == SYSTEM,
						      &board };
		struct manifest manifest;
		struct manifest_error e;
		char text[4096];
		unsigned int column = take_mark(c->text, text, sizeof(text));
		int result = manifest_parse(text, strlen(text), &rules,
					    &manifest, &e);

		if (is_as_wanted(c, text, column, &e, result))
			continue;
		failed++;
		print_error("%s\n\twanted E%d at %u in %s\n"
			    "\tgot E%d %u:%u %s: %s\n",
			    c->text, c->number, column, c->field, e.number,
			    e.line, e.column, e.field, e.rule);
	}
	assert_int_equal(failed, 0);
}

#define CAP(list, number, field)                                       \
	{                                                              \
		CAPABILITIES(list), number, "Capabilities." field, OEM \
	}
#define GOOD(list) CAP(list, 0, "")

#define KIND(name)                                                            \
	GOOD("\"" name "\":[]"), GOOD("\"" name "\":[0,255,\"$MINE\"]"),      \
		GOOD("\"" name "\":[1,2,3,4,5,6,7,8]"),                       \
		CAP("\"" name "\":@0", E_MANIFEST_TYPE, name),                \
		CAP("\"" name "\":@{}", E_MANIFEST_TYPE, name),               \
		CAP("\"" name "\":@true", E_MANIFEST_TYPE, name),             \
		CAP("\"" name "\":[@-1]", E_MANIFEST_RANGE, name "[0]"),      \
		CAP("\"" name "\":[0,@256]", E_MANIFEST_RANGE, name "[1]"),   \
		CAP("\"" name "\":[@1.0]", E_MANIFEST_TYPE, name "[0]"),      \
		CAP("\"" name "\":[@\"MINE\"]", E_MANIFEST_TYPE, name "[0]"), \
		CAP("\"" name "\":[@[]]", E_MANIFEST_TYPE, name "[0]"),       \
		CAP("\"" name "\":[@\"$SYSTEM\"]", E_MANIFEST_PERIPHERAL,     \
		    name "[0]"),                                              \
		CAP("\"" name "\":[@\"$OTHER\"]", E_MANIFEST_PERIPHERAL,      \
		    name "[0]"),                                              \
		CAP("\"" name "\":[@\"$" L63 "\"]", E_MANIFEST_PERIPHERAL,    \
		    name "[0]"),                                              \
		CAP("\"" name "\":[7,@7]", E_MANIFEST_RANGE, name "[1]"),     \
		CAP("\"" name "\":[@99]", E_MANIFEST_PERIPHERAL, name "[0]")

static void test_peripherals(void **state)
{
	static const struct field_case cases[] = {
		KIND("Gpio"),
		KIND("Uart"),
		KIND("I2cMaster"),
		KIND("SpiMaster"),
		KIND("Pwm"),
		KIND("Adc"),
		CAP("\"Gpio\":[@98]", E_MANIFEST_PERIPHERAL, "Gpio[0]"),
		CAP("\"Adc\":[@103]", E_MANIFEST_PERIPHERAL, "Adc[0]"),
		CAP("\"Pwm\":[101,@\"$OTHER\"]", E_MANIFEST_PERIPHERAL,
		    "Pwm[1]"),
		CAP("\"Pwm\":[104,@\"$MINE\"]", E_MANIFEST_RANGE, "Pwm[1]"),
		CAP("\"Uart\":[1,2,3,4,5,6,7,8,@9]", E_MANIFEST_RANGE,
		    "Uart[8]"),
		CAP("\"I2sSubordinate\":@[\"ISU0\"]", E_MANIFEST_UNSUPPORTED,
		    "I2sSubordinate"),
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

#define BOOLEAN(name)                                                 \
	GOOD("\"" name "\":true"), GOOD("\"" name "\":false"),        \
		CAP("\"" name "\":@null", E_MANIFEST_TYPE, name),     \
		CAP("\"" name "\":@1", E_MANIFEST_TYPE, name),        \
		CAP("\"" name "\":@\"true\"", E_MANIFEST_TYPE, name), \
		CAP("\"" name "\":@[true]", E_MANIFEST_TYPE, name),   \
	{                                                             \
		CAPABILITIES("\"" name "\":true,@\"" name "\":true"), \
			E_MANIFEST_DUPLICATE, "", OEM                 \
	}

static void test_flags(void **state)
{
	static const struct field_case cases[] = {
		BOOLEAN("WifiConfig"),
		BOOLEAN("EnterpriseWifiConfig"),
		BOOLEAN("NetworkConfig"),
		BOOLEAN("ReadNetworkProxyConfig"),
		BOOLEAN("HardwareAddressConfig"),
		BOOLEAN("DhcpService"),
		BOOLEAN("SntpService"),
		BOOLEAN("TimeSyncConfig"),
		BOOLEAN("SystemTime"),
		BOOLEAN("CertStore"),
		BOOLEAN("SystemEventNotifications"),
		BOOLEAN("HeapMemStats"),
		BOOLEAN("ResetMemoryWatermarks"),
		GOOD("\"SoftwareUpdateDeferral\":true,"
		     "\"SystemEventNotifications\":true"),
		GOOD("\"SoftwareUpdateDeferral\":false"),
		CAP("\"SoftwareUpdateDeferral\":@true", E_MANIFEST_CONFLICT,
		    "SoftwareUpdateDeferral"),
		CAP("\"SystemEventNotifications\":false,"
		    "\"SoftwareUpdateDeferral\":@true",
		    E_MANIFEST_CONFLICT, "SoftwareUpdateDeferral"),
		CAP("\"SoftwareUpdateDeferral\":@0", E_MANIFEST_TYPE,
		    "SoftwareUpdateDeferral"),
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

#define PORTS(name)                                                            \
	GOOD("\"" name "\":[]"), GOOD("\"" name "\":[1024,65535]"),            \
		GOOD("\"" name "\":[" TEN "]"),                                \
		CAP("\"" name "\":[" TEN ",@1]", E_MANIFEST_RANGE,             \
		    name "[10]"),                                              \
		CAP("\"" name "\":[@65536]", E_MANIFEST_RANGE, name "[0]"),    \
		CAP("\"" name "\":[@0]", E_MANIFEST_RANGE, name "[0]"),        \
		CAP("\"" name "\":[@-1]", E_MANIFEST_RANGE, name "[0]"),       \
		CAP("\"" name "\":[@1023]", E_MANIFEST_SYSTEM, name "[0]"),    \
		CAP("\"" name "\":[@1]", E_MANIFEST_SYSTEM, name "[0]"),       \
		CAP("\"" name "\":[2000,@53]", E_MANIFEST_SYSTEM, name "[1]"), \
		CAP("\"" name "\":[@1900]", E_MANIFEST_SYSTEM, name "[0]"),    \
		CAP("\"" name "\":[@5353]", E_MANIFEST_SYSTEM, name "[0]"),    \
		CAP("\"" name "\":[@\"80\"]", E_MANIFEST_TYPE, name "[0]"),    \
		CAP("\"" name "\":[@2e3]", E_MANIFEST_TYPE, name "[0]"),       \
		CAP("\"" name "\":@8080", E_MANIFEST_TYPE, name),              \
		CAP("\"" name "\":[8080,8081,@8080]", E_MANIFEST_RANGE,        \
		    name "[2]"),                                               \
	{                                                                      \
		CAPABILITIES("\"" name "\":[1,67,5353]"), 0, "", SYSTEM        \
	}

static void test_ports(void **state)
{
	static const struct field_case cases[] = {
		PORTS("AllowedTcpServerPorts"),
		PORTS("AllowedUdpServerPorts"),
		/* Two protocols, two lists. */
		GOOD("\"AllowedTcpServerPorts\":[8080],"
		     "\"AllowedUdpServerPorts\":[8080]"),
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

#define TO(list) "\"AllowedConnections\":" list
#define REFUSED_TO(list, number, place) \
	CAP(TO(list), number, "AllowedConnections" place)

static void test_connections(void **state)
{
	static const struct field_case cases[] = {
		GOOD(TO("[]")),
		GOOD(TO("[\"192.0.2.7\",\"192.0.2.7:80\",\"192.0.2.0/24\","
			"\"host.example\",\"host.example:443\"]")),
		GOOD(TO("[\"ho\\u0073t\"]")),
		REFUSED_TO("@\"host\"", E_MANIFEST_TYPE, ""),
		REFUSED_TO("[\"a\",@1]", E_MANIFEST_TYPE, "[1]"),
		REFUSED_TO("[@null]", E_MANIFEST_TYPE, "[0]"),
		REFUSED_TO("[@\"\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"*.example\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"::1\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"a:0\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"10.0.0.0/7\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"127.0.0.1\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"" N255 "\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[@\"" N255 "aaaaa\"]", E_MANIFEST_CONNECTION,
			   "[0]"),
		REFUSED_TO("[@\"a\\nb\"]", E_MANIFEST_CONNECTION, "[0]"),
		REFUSED_TO("[\"a\",@\"A\"]", E_MANIFEST_RANGE, "[1]"),
		REFUSED_TO("[\"a:1\",\"a:2\",@\"a:1\"]", E_MANIFEST_RANGE,
			   "[2]"),
		REFUSED_TO("[\"1.2.3.4\",@\"1.2.3.4/32\"]", E_MANIFEST_RANGE,
			   "[1]"),
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

#define PEERS "\"AllowedApplicationConnections\":"

static void test_peers(void **state)
{
	static const struct field_case cases[] = {
		GOOD(PEERS "[]"),
		GOOD(PEERS "[\"" PEER "0\",\"" PEER "1\",\"" PEER "2\",\"" PEER
			   "3\",\"" PEER "4\",\"" PEER "5\",\"" PEER
			   "6\",\"" PEER "7\"]"),
		CAP(PEERS "[\"" PEER "0\",\"" PEER "1\",\"" PEER "2\",\"" PEER
			  "3\",\"" PEER "4\",\"" PEER "5\",\"" PEER
			  "6\",\"" PEER "7\",@\"" PEER "8\"]",
		    E_MANIFEST_RANGE, "AllowedApplicationConnections[8]"),
		CAP(PEERS "@{}", E_MANIFEST_TYPE,
		    "AllowedApplicationConnections"),
		CAP(PEERS "[@7]", E_MANIFEST_TYPE,
		    "AllowedApplicationConnections[0]"),
		CAP(PEERS "[@\"x\"]", E_MANIFEST_RANGE,
		    "AllowedApplicationConnections[0]"),
		CAP(PEERS "[@\"00000000-0000-0000-0000-000000000000\"]",
		    E_MANIFEST_RANGE, "AllowedApplicationConnections[0]"),
		CAP(PEERS "[\"" PEER "a\",@\"" PEER "A\"]", E_MANIFEST_RANGE,
		    "AllowedApplicationConnections[1]"),
		CAP(PEERS "[@\"" ID "\"]", E_MANIFEST_RANGE,
		    "AllowedApplicationConnections[0]"),
		GOOD("\"DeviceAuthentication\":\"" PEER "0\""),
		CAP("\"DeviceAuthentication\":@true", E_MANIFEST_TYPE,
		    "DeviceAuthentication"),
		CAP("\"DeviceAuthentication\":@\"" PEER "\"", E_MANIFEST_RANGE,
		    "DeviceAuthentication"),
		CAP("\"DeviceAuthentication\":@\"" PEER "00\"",
		    E_MANIFEST_RANGE, "DeviceAuthentication"),
		CAP("\"DeviceAuthentication\":"
		    "@\"00000000-0000-0000-0000-000000000000\"",
		    E_MANIFEST_RANGE, "DeviceAuthentication"),
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

#define POWER "\"PowerControls\":"
#define PRIVILEGES "\"SystemPrivileges\":"

static void test_names(void **state)
{
	static const struct field_case cases[] = {
		GOOD(POWER "[\"ForceReboot\"]"),
		GOOD(POWER "[\"SetPowerProfile\",\"ForcePowerDown\","
			   "\"ForceReboot\"]"),
		CAP(POWER "@[]", E_MANIFEST_RANGE, "PowerControls"),
		CAP(POWER "@true", E_MANIFEST_TYPE, "PowerControls"),
		CAP(POWER "[@1]", E_MANIFEST_TYPE, "PowerControls[0]"),
		CAP(POWER "[@\"forcereboot\"]", E_MANIFEST_RANGE,
		    "PowerControls[0]"),
		CAP(POWER "[\"ForceReboot\",@\"ForceReboot\"]",
		    E_MANIFEST_RANGE, "PowerControls[1]"),
		/* An OEM app does not even get to its elements. */
		CAP("@" PRIVILEGES "[]", E_MANIFEST_SYSTEM, "SystemPrivileges"),
		CAP("@" PRIVILEGES "[\"Gpio\"]", E_MANIFEST_SYSTEM,
		    "SystemPrivileges"),
		{ CAPABILITIES(PRIVILEGES "[\"Telemetry\"]"), 0, "", SYSTEM },
		{ CAPABILITIES(PRIVILEGES "@[]"), E_MANIFEST_RANGE,
		  "Capabilities.SystemPrivileges", SYSTEM },
		{ CAPABILITIES(PRIVILEGES "[\"Time\",@\"Root\"]"),
		  E_MANIFEST_RANGE, "Capabilities.SystemPrivileges[1]",
		  SYSTEM },
		{ CAPABILITIES(PRIVILEGES "[\"Time\",@\"Time\"]"),
		  E_MANIFEST_RANGE, "Capabilities.SystemPrivileges[1]",
		  SYSTEM },
		{ TOP("\"ApplicationType\":\"Default\""), 0, "", OEM },
		{ TOP("\"ApplicationType\":@\"Debugger\""), E_MANIFEST_SYSTEM,
		  "ApplicationType", OEM },
		{ TOP("\"ApplicationType\":\"Debugger\""), 0, "", SYSTEM },
		{ TOP("\"ApplicationType\":@\"RealTimeCapable\""),
		  E_MANIFEST_UNSUPPORTED, "ApplicationType", SYSTEM },
		{ TOP("\"ApplicationType\":@\"default\""), E_MANIFEST_RANGE,
		  "ApplicationType", OEM },
		{ TOP("\"ApplicationType\":@0"), E_MANIFEST_TYPE,
		  "ApplicationType", OEM },
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

/* @below and @above are just outside of @least to @most. */
#define NUMBER(object, prefix, name, below, least, most, above)               \
	{ object("\"" name "\":" least), 0, "", OEM },                        \
		{ object("\"" name "\":" most), 0, "", OEM },                 \
		{ object("\"" name "\":@" below), E_MANIFEST_RANGE,           \
		  prefix name, OEM },                                         \
		{ object("\"" name "\":@" above), E_MANIFEST_RANGE,           \
		  prefix name, OEM },                                         \
		{ object("\"" name "\":@4294967296"), E_MANIFEST_RANGE,       \
		  prefix name, OEM },                                         \
		{ object("\"" name "\":@" least ".0"), E_MANIFEST_TYPE,       \
		  prefix name, OEM },                                         \
		{ object("\"" name "\":@\"" least "\""), E_MANIFEST_TYPE,     \
		  prefix name, OEM },                                         \
		{ object("\"" name "\":@true"), E_MANIFEST_TYPE, prefix name, \
		  OEM },                                                      \
	{                                                                     \
		object("\"" name "\":" least ",@\"" name "\":" least),        \
			E_MANIFEST_DUPLICATE, "", OEM                         \
	}

static void test_limits(void **state)
{
	static const struct field_case cases[] = {
		{ LIMITS(""), 0, "", OEM },
		NUMBER(LIMITS, "Limits.", "MemoryKB", "63", "64", "4096",
		       "4097"),
		NUMBER(LIMITS, "Limits.", "TmpKB", "-1", "0", "1024", "1025"),
		NUMBER(LIMITS, "Limits.", "CpuWeight", "0", "1", "10000",
		       "10001"),
		NUMBER(LIMITS, "Limits.", "CpuMaxPercent", "0", "1", "100",
		       "101"),
		NUMBER(LIMITS, "Limits.", "LogBytesPerSecond", "15", "16",
		       "65536", "65537"),
		{ TOP("\"Limits\":@[]"), E_MANIFEST_TYPE, "Limits", OEM },
		{ LIMITS("@\"Memory\":1"), E_MANIFEST_UNKNOWN, "Limits.Memory",
		  OEM },
		{ LIFE(""), 0, "", OEM },
		NUMBER(LIFE, "Lifecycle.", "WatchdogMs", "999", "1000",
		       "3600000", "3600001"),
		NUMBER(LIFE, "Lifecycle.", "ReadyMs", "-1", "0", "10000",
		       "10001"),
		NUMBER(LIFE, "Lifecycle.", "TerminationGraceMs", "-1", "0",
		       "10000", "10001"),
		{ LIFE("\"Restart\":\"Always\""), 0, "", OEM },
		{ LIFE("\"Restart\":\"OnFailure\""), 0, "", OEM },
		{ LIFE("\"Restart\":\"Never\""), 0, "", OEM },
		{ LIFE("\"Restart\":@\"never\""), E_MANIFEST_RANGE,
		  "Lifecycle.Restart", OEM },
		{ LIFE("\"Restart\":@false"), E_MANIFEST_TYPE,
		  "Lifecycle.Restart", OEM },
		{ TOP("\"Lifecycle\":@null"), E_MANIFEST_TYPE, "Lifecycle",
		  OEM },
		{ LIFE("@\"Grace\":1"), E_MANIFEST_UNKNOWN, "Lifecycle.Grace",
		  OEM },
		/* What does not belong there is not found there. */
		{ LIFE("@\"MemoryKB\":64"), E_MANIFEST_UNKNOWN,
		  "Lifecycle.MemoryKB", OEM },
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases));
}

static void parse_good(const char *text, bool is_system, struct manifest *m)
{
	const struct manifest_rules rules = { is_system, &board };
	struct manifest_error e;

	if (manifest_parse(text, strlen(text), &rules, m, &e))
		print_error("E%d %u:%u %s: %s\n", e.number, e.line, e.column,
			    e.field, e.rule);
	assert_int_equal(e.number, 0);
}

static void test_defaults(void **state)
{
	struct manifest m;

	(void)state;
	parse_good(CAPABILITIES(""), false, &m);
	assert_int_equal(m.memory_kib, 512);
	assert_int_equal(m.cpu_weight, 100);
	assert_int_equal(m.cpu_max_percent, 100);
	assert_int_equal(m.log_bytes_per_s, 1024);
	assert_int_equal(m.watchdog_ms, 0);
	assert_int_equal(m.grace_ms, 2000);
	assert_int_equal(m.restart, MANIFEST_RESTART_ALWAYS);
	assert_int_equal(m.type, MANIFEST_TYPE_DEFAULT);
	/* Nothing is given that was not asked for. */
	assert_int_equal(m.flags, 0);
	assert_int_equal(m.power_controls, 0);
	assert_int_equal(m.system_privileges, 0);
	assert_int_equal(m.gpio_count + m.uarts.count + m.i2c_masters.count +
				 m.spi_masters.count + m.pwms.count +
				 m.adcs.count,
			 0);
	assert_int_equal(m.connection_count + m.tcp_port_count +
				 m.udp_port_count + m.peer_count +
				 m.storage_kib + m.tmp_kib,
			 0);
	assert_int_equal(m.tenant_id[0], 0);
}

static void test_values(void **state)
{
	static const char text[] = HEAD
		"\"Limits\":{\"MemoryKB\":300,\"TmpKB\":20,\"CpuWeight\":7,"
		"\"CpuMaxPercent\":30,"
		"\"LogBytesPerSecond\":99},"
		"\"Lifecycle\":{\"Restart\":\"Never\",\"WatchdogMs\":5000,"
		"\"ReadyMs\":700,"
		"\"TerminationGraceMs\":0},\"Capabilities\":{"
		"\"Uart\":[3],\"I2cMaster\":[4],\"SpiMaster\":[5],"
		"\"Pwm\":[6],\"Adc\":[\"$MINE\",8],\"CertStore\":true,"
		"\"AllowedConnections\":[\"A.b:1\",\"1.2.0.0/16\",\"c\"],"
		"\"AllowedTcpServerPorts\":[8080],"
		"\"AllowedUdpServerPorts\":[9000,65535],"
		"\"AllowedApplicationConnections\":[\"" PEER "0\"],"
		"\"DeviceAuthentication\":\"" PEER "1\","
		"\"PowerControls\":[\"SetPowerProfile\"]}}";
	char connection[CONNECTION_TEXT_BYTES];
	struct manifest m;

	(void)state;
	parse_good(text, false, &m);
	assert_int_equal(m.memory_kib, 300);
	assert_int_equal(m.tmp_kib, 20);
	assert_int_equal(m.cpu_weight, 7);
	assert_int_equal(m.cpu_max_percent, 30);
	assert_int_equal(m.log_bytes_per_s, 99);
	assert_int_equal(m.restart, MANIFEST_RESTART_NEVER);
	assert_int_equal(m.watchdog_ms, 5000);
	assert_int_equal(m.ready_ms, 700);
	assert_int_equal(m.grace_ms, 0);
	assert_int_equal(m.uarts.ids[0], 3);
	assert_int_equal(m.i2c_masters.ids[0], 4);
	assert_int_equal(m.spi_masters.ids[0], 5);
	assert_int_equal(m.pwms.ids[0], 6);
	assert_int_equal(m.adcs.count, 2);
	assert_int_equal(m.adcs.ids[0], 105);
	assert_int_equal(m.flags, MANIFEST_CERT_STORE);
	assert_int_equal(m.connection_count, 3);
	connection_format(&m.connections[0], m.names, connection);
	assert_string_equal(connection, "a.b:1");
	connection_format(&m.connections[1], m.names, connection);
	assert_string_equal(connection, "1.2.0.0/16");
	connection_format(&m.connections[2], m.names, connection);
	assert_string_equal(connection, "c");
	assert_int_equal(m.tcp_ports[0], 8080);
	assert_int_equal(m.udp_port_count, 2);
	assert_int_equal(m.udp_ports[1], 65535);
	assert_int_equal(m.peer_count, 1);
	assert_int_equal(m.peers[0][0], 0x5d);
	assert_int_equal(m.tenant_id[15], 0x21);
	assert_int_equal(m.power_controls, MANIFEST_SET_POWER_PROFILE);
}

/* The names of privileges are the LSM's capabilities, bit by bit. */
static void test_privileges(void **state)
{
	static const struct {
		const char *name;
		uint32_t capability;
	} privileges[] = {
		{ "NetworkConfig", SPHERULE_CAP_NETWORK_CONFIG },
		{ "LowPort", SPHERULE_CAP_LOW_PORT },
		{ "Time", SPHERULE_CAP_TIME },
		{ "Power", SPHERULE_CAP_POWER },
		{ "KernelLog", SPHERULE_CAP_KERNEL_LOG },
		{ "Gpio", SPHERULE_CAP_GPIO },
		{ "FlashRead", SPHERULE_CAP_FLASH_READ },
		{ "Monitor", SPHERULE_CAP_MONITOR },
		{ "Serve", SPHERULE_CAP_SERVE },
		{ "Debug", SPHERULE_CAP_DEBUG },
		{ "ImageUpdate", SPHERULE_CAP_IMAGE_UPDATE },
		{ "ImageQuery", SPHERULE_CAP_IMAGE_QUERY },
		{ "DeviceState", SPHERULE_CAP_DEVICE_STATE },
		{ "DeriveKey", SPHERULE_CAP_DERIVE_KEY },
		{ "Attest", SPHERULE_CAP_ATTEST },
		{ "Telemetry", SPHERULE_CAP_TELEMETRY },
	};
	uint32_t all = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(privileges); i++) {
		struct manifest m;
		char text[512];

		snprintf(text, sizeof(text),
			 CAPABILITIES(PRIVILEGES "[\"%s\"]"),
			 privileges[i].name);
		parse_good(text, true, &m);
		assert_int_equal(m.system_privileges, privileges[i].capability);
		all |= m.system_privileges;
	}
	assert_int_equal(all, SPHERULE_CAP_KNOWN);
}

/* Repeats "@format" with growing numbers; returns how much of @list is used. */
static void fill(char *list, size_t size, const char *format,
		 unsigned int count)
{
	size_t used = 0;
	unsigned int i;

	list[0] = '\0';
	for (i = 0; i < count; i++) {
		char element[300];
		size_t at = 0, k;

		/* "#" becomes the number. */
		for (k = 0; format[k]; k++)
			at += (size_t)(format[k] == '#' ?
					       snprintf(element + at,
							sizeof(element) - at,
							"%04u", i) :
					       snprintf(element + at,
							sizeof(element) - at,
							"%c", format[k]));
		used += (size_t)snprintf(list + used, size - used, "%s\"%s\"",
					 i ? "," : "", element);
	}
}

static int parse_connections(const char *format, unsigned int count,
			     struct manifest_error *e)
{
	const struct manifest_rules rules = { false, NULL };
	static char list[8000], text[9000];
	struct manifest m;

	fill(list, sizeof(list), format, count);
	snprintf(text, sizeof(text), CAPABILITIES(TO("[%s]")), list);
	return manifest_parse(text, strlen(text), &rules, &m, e);
}

static void test_bounds(void **state)
{
	/* 4 digits, 59 more bytes and NUL: 16 fill the buffer of names. */
	static const char long_name[] =
		"#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct manifest_error e;

	(void)state;
	assert_int_equal(strlen(long_name), 60);
	assert_int_equal(parse_connections("a#", 32, &e), 0);
	assert_int_equal(parse_connections("a#", 33, &e), -E_MANIFEST_RANGE);
	assert_string_equal(e.field, "Capabilities.AllowedConnections[32]");
	assert_int_equal(parse_connections(long_name, 16, &e), 0);
	assert_int_equal(parse_connections(long_name, 17, &e),
			 -E_MANIFEST_RANGE);
	assert_string_equal(e.field, "Capabilities.AllowedConnections[16]");
	assert_non_null(strstr(e.rule, "1024 bytes"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peripherals),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_privileges),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
