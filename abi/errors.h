/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The numbers of the errors that a person can meet, on the device and in the host tool.
 *
 * A number never changes its meaning and is never used again.  Printed as "E2103".
 * docs/errors.md says of each what happened and what to do; a test compares the two lists.
 *
 *	1000-1999 Security Monitor	2000-2999 images	3000-3999 manifests, network
 *	4000-4999 application-manager	5000-5999 packing on the host
 */
#ifndef SPHERULE_ABI_ERRORS_H
#define SPHERULE_ABI_ERRORS_H

enum spherule_error {
	/* Security Monitor */
	E_MONITOR_FLASH_ABSENT = 1001,	/* no CFI flash where the board says there is one */
	E_MONITOR_FLASH_GEOMETRY = 1002, /* the flash is not the one that the board describes */
	E_MONITOR_BOOT_RECORD = 1003,	/* no valid boot record: slot A is used */
	E_MONITOR_DTB = 1004,		/* no device tree for this size of RAM in the slot */
	E_MONITOR_KERNEL = 1005,	/* no kernel in the slot */
	E_MONITOR_RAM = 1006,		/* less RAM than any device tree is made for */
	E_MONITOR_FAULT = 1007,		/* unexpected exception in the secure world */
	E_MONITOR_MANIFEST_ABSENT = 1008, /* no boot manifest in the slot */
	E_MONITOR_KEY = 1009,		/* the boot manifest is signed by another key */
	E_MONITOR_SIGNATURE = 1010,	/* the signature does not match */
	E_MONITOR_MANIFEST_FIELD = 1011, /* a field of the boot manifest breaks its rule */
	E_MONITOR_MANIFEST_PARTS = 1012, /* the list of parts breaks its rules */
	E_MONITOR_PART = 1013,		/* a part is not what the boot manifest says */
	E_MONITOR_UNSIGNED = 1014,	/* something lies behind the last signed image */
	E_MONITOR_CRYPTO = 1015,	/* the cryptography could not do its work */
	E_MONITOR_STATE_BLANK = 1016,	/* nothing is remembered: the first start */
	E_MONITOR_STATE_DAMAGED = 1017,	/* what was remembered cannot be read */
	E_MONITOR_STATE_WRITE = 1018,	/* the secure flash could not be written */
	E_MONITOR_BOARD = 1019,		/* the boot manifest is for another board */
	E_MONITOR_TRUST_STORE = 1020,	/* the trust store is absent or not signed by the root key */
	E_MONITOR_TRUST_FIELD = 1021,	/* a field of the trust store breaks its rule */
	E_MONITOR_TRUST_OLD = 1022,	/* the trust store is not newer than the one that counts */
	E_MONITOR_TRUST_KEY = 1023,	/* the trust store does not list the key for this use */
	E_MONITOR_TRUST_REVOKED = 1024,	/* the key was revoked */
	E_MONITOR_TRUST_RANGE = 1025,	/* the key does not sign this security version */
	E_MONITOR_TRUST_STAGE = 1026,	/* a development or debug key, and the device is secured */
	E_MONITOR_ROLLBACK = 1027,	/* an older security version than the device has had */
	E_MONITOR_VERSIONS_FULL = 1028,	/* no room to remember another component's version */
	E_MONITOR_IMAGE_LENGTH = 1030,	/* the package is not as long as was announced */
	E_MONITOR_IMAGE_PLACE = 1031,	/* not an app: what comes with the OS is not installed alone */
	E_MONITOR_IMAGE_TWICE = 1032,	/* two images of one component at once */
	E_MONITOR_IMAGE_CHANGED = 1033,	/* an installed image is not what was installed */
	E_MONITOR_IMAGE_TENANT = 1034,	/* the component is installed and belongs to another tenant */
	E_MONITOR_TRIAL = 1035,		/* an OS on trial never said that it works */
	E_MONITOR_RANDOM = 1050,	/* the source of random numbers failed its tests */
	E_MONITOR_DEVICE_KEYS = 1051,	/* the device has no keys */
	E_MONITOR_ORDER_FIELD = 1052,	/* no device order, or a field of it breaks its rule */
	E_MONITOR_ORDER_KIND = 1053,	/* a kind of order that this version does not know */
	E_MONITOR_ORDER_DEVICE = 1054,	/* an order for another device */
	E_MONITOR_ORDER_EPOCH = 1055,	/* an order of another epoch: it is old, or was obeyed before */
	E_MONITOR_ORDER_STAGE = 1056,	/* not in this stage of the device's life */
	E_MONITOR_ORDER_SIGNATURE = 1057, /* the order is not signed by the owner */
	E_MONITOR_ORDER_DEVELOPMENT = 1058, /* a claim, and the root key or the OS's is a development key */
	E_MONITOR_ATTESTATION = 1059,	/* an attestation is not what a device signed, or not what was asked */
	E_MONITOR_WATCHDOG = 1060,	/* Linux did not answer in time: the device is reset */
	E_MONITOR_RECOVERY = 1061,	/* no slot can be started: the loader waits for an OS */
	E_MONITOR_RECOVERY_TRANSFER = 1062, /* the transfer of an OS failed */
	E_MONITOR_RECOVERY_LENGTH = 1063, /* an OS that is empty or longer than a slot */
	E_MONITOR_RECOVERY_WRITE = 1064, /* the flash could not be written */

	/* image packages */
	E_IMAGE_MAGIC = 2001,		/* no cramfs superblock at the start */
	E_IMAGE_BODY = 2002,		/* body length zero, too long, or not whole pages */
	E_IMAGE_TRUNCATED = 2003,	/* the image ends before its metadata or signature */
	E_IMAGE_METADATA_MAGIC = 2004,	/* no metadata block behind the body */
	E_IMAGE_FORMAT = 2005,		/* a format of metadata that this version does not know */
	E_IMAGE_TYPE = 2006,		/* unknown image type */
	E_IMAGE_NAME = 2007,		/* name empty, not printable or not terminated */
	E_IMAGE_COMPONENT_ID = 2008,	/* component id is nil */
	E_IMAGE_ABI = 2009,		/* the image needs another ABI than this OS offers */
	E_IMAGE_FLAGS = 2010,		/* unknown flag */
	E_IMAGE_RESERVED = 2011,	/* reserved bytes are not zero */
	E_IMAGE_SIGNATURE = 2012,	/* the signature does not match */
	E_IMAGE_FILESYSTEM = 2013,	/* the filesystem in the body is damaged */

	/* app_manifest.json */
	E_MANIFEST_SIZE = 3001,		/* empty, or larger than the limit */
	E_MANIFEST_SYNTAX = 3002,	/* not JSON (RFC 8259) */
	E_MANIFEST_ENCODING = 3003,	/* not UTF-8, or a control character in a string */
	E_MANIFEST_COMPLEX = 3004,	/* too many values or too deep */
	E_MANIFEST_DUPLICATE = 3005,	/* the same key twice in one object */
	E_MANIFEST_UNKNOWN = 3006,	/* a field or capability that this version does not have */
	E_MANIFEST_MISSING = 3007,	/* a required field is not there */
	E_MANIFEST_TYPE = 3008,		/* the value is of the wrong type */
	E_MANIFEST_RANGE = 3009,	/* the value is outside its range or form */
	E_MANIFEST_PERIPHERAL = 3010,	/* a peripheral that the board does not have */
	E_MANIFEST_CONNECTION = 3011,	/* neither an IPv4 address nor a host name */
	E_MANIFEST_SYSTEM = 3012,	/* only apps of the system can have this */
	E_MANIFEST_CONFLICT = 3013,	/* a field that makes no sense without another one */
	E_MANIFEST_UNSUPPORTED = 3014,	/* Azure Sphere has this, and this system does not */

	/* the firewall, a part of application-manager */
	E_FIREWALL = 3100,		/* the rules could not be set: all or nothing is, and nothing was */
	E_FIREWALL_APP = 3101,		/* what one app may do on the network cannot be made rules */
	E_FIREWALL_RESOLVER = 3102,	/* names cannot be told: the socket of the resolver */
	E_NETWORK_LOOPBACK = 3103,	/* the loopback interface cannot be raised */

	/* application-manager */
	E_APPMAN_MOUNT = 4001,		/* a filesystem could not be mounted */
	E_APPMAN_DEVICE = 4002,		/* a device node could not be made */
	E_APPMAN_FLASH = 4003,		/* a flash partition could not be read */
	E_APPMAN_IMAGE = 4004,		/* an image in flash was refused: its own number follows */
	E_APPMAN_MANIFEST = 4005,	/* a manifest was refused: its own number follows */
	E_APPMAN_IDENTITY = 4006,	/* manifest and image disagree about the component id */
	E_APPMAN_DUPLICATE = 4007,	/* two images with one component id */
	E_APPMAN_FULL = 4008,		/* more apps than this version can run */
	E_APPMAN_START = 4009,		/* an app could not be started: step and reason follow */
	E_APPMAN_EXIT = 4010,		/* an app ended */
	E_APPMAN_INTERNAL = 4011,	/* a system call that cannot fail failed */
	E_APPMAN_PLACE = 4012,		/* an image of a type that this partition does not hold */
	E_APPMAN_GPIO = 4013,		/* a GPIO line belongs to another app, or is not there */
	E_APPMAN_STORAGE = 4014,	/* the storage could not be mounted */
	E_APPMAN_APP_STORAGE = 4015,	/* an app does not get the storage that it asks for */
	E_APPMAN_UNSIGNED = 4016,	/* an image that the monitor refuses: its own number follows */
	E_APPMAN_MONITOR = 4017,	/* the monitor did not do what it was asked for */
	E_APPMAN_WENT_BACK = 4040,	/* a new image of an app does not run: the former one is back */
	E_APPMAN_FORMER = 4041,		/* and the former one cannot come back */
	E_APPMAN_CRASH_LOOP = 4055,	/* an app ended too often and stays stopped */
	E_APPMAN_RECORDS = 4056,	/* how programs ended cannot be kept, or what is kept is damaged */
	E_APPMAN_SAFE_MODE = 4057,	/* only system apps are started, or all again */
	E_APPMAN_LOG_QUOTA = 4058,	/* an app logged more than it may: some of it was dropped */
	E_CONTROL_DENIED = 4042,	/* a peer asks for what it has no right to */
	E_CONTROL_REQUEST = 4043,	/* what a peer sent is no request */
	E_CONTROL_ABSENT = 4044,	/* no app with this component id */
	E_CONTROL_BUSY = 4045,		/* another installation is under way */
	E_CONTROL_STATE = 4046,		/* not in this state of the app or of the installation */
	E_CONTROL_FAILED = 4047,	/* a system call failed: the reason is in the text */

	E_CONTROL_CONFLICT = 4048,	/* two apps want the same pin or port: both names follow */
	E_APPMAN_WATCHDOG = 4050,	/* an app did not say in time that it is well */
	E_APPMAN_NOT_READY = 4051,	/* an app did not say in time that it is ready */

	E_APPMAN_CGROUP = 3120,		/* the limits of an app could not be set */
	E_APPMAN_MEMORY = 3121,		/* an app was killed because of its limit of memory */
	E_APPMAN_MEMORY_HIGH = 3122,	/* an app comes near its limit of memory */

	/* packing on the host */
	E_PACK_DEVICE_NODE = 5001,	/* device, fifo or socket in the folder */
	E_PACK_SETID = 5002,		/* set-user-id, set-group-id or sticky bit */
	E_PACK_SYMLINK = 5003,		/* symbolic link that leaves the image */
	E_PACK_NAME = 5004,		/* name longer than 252 bytes */
	E_PACK_FILE_SIZE = 5005,	/* file of 16 MiB or more */
	E_PACK_IMAGE_SIZE = 5006,	/* the whole image is too large */
	E_PACK_ENTRY_POINT = 5007,	/* EntryPoint is missing, not a file or not executable */
	E_PACK_ELF = 5008,		/* a program that the device would refuse to run */
	E_PACK_KEY = 5009,		/* the key cannot be read or is not ECDSA P-256 */
	E_PACK_IO = 5010,		/* a file of the host cannot be read or written */
	E_PACK_BOARD = 5011,		/* the description of the board is refused */
	E_PACK_MANIFEST = 5012,		/* the folder has no app_manifest.json */
	E_PACK_RELEASE = 5013,		/* --release with a published development key */
	E_PACK_DEPTH = 5014,		/* folders in folders, deeper than the device takes */
	E_APP_SDK = 5040,		/* the SDK is not where it was said to be */
	E_APP_NAME = 5041,		/* an app cannot be called so */
	E_APP_BUILD = 5042,		/* make failed */
};

#endif
