// SPDX-License-Identifier: Apache-2.0
/* Each rule of image.c, beside an image that keeps it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/bytes.h"
#include "abi/errors.h"
#include "abi/image.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BODY_BYTES 8192u

static void make_head(uint8_t head[16], uint32_t body_bytes)
{
	memset(head, 0, 16);
	put_le32(head, 0x28cd3d45);
	put_le32(head + 4, body_bytes);
}

/* Offsets are written out: the test must not share the parser's idea of them. */
static void make_metadata(uint8_t bytes[192])
{
	memset(bytes, 0, 192);
	memcpy(bytes, "SPIM", 4);
	bytes[4] = 1;
	bytes[6] = 192;
	put_le32(bytes + 8, BODY_BYTES);
	bytes[12] = IMAGE_TYPE_APP;
	memset(bytes + 16, 0xab, 16);
	memset(bytes + 32, 0xcd, 16);
	memcpy(bytes + 48, "blink", 5);
	put_le32(bytes + 80, 7);
	bytes[84] = 1;
	bytes[88] = 1;
	memset(bytes + 92, 0xef, 32);
}

static void test_head(void **state)
{
	static const struct {
		uint32_t body_bytes;
		size_t head_bytes, limit_bytes;
		int result;
	} cases[] = {
		{ 4096, 16, 4096 + 256, 0 },
		{ 4096, 16, 4096 + 255, -E_IMAGE_TRUNCATED },
		{ 4096, 16, 4095, -E_IMAGE_TRUNCATED },
		{ 4096, 15, 8192, -E_IMAGE_TRUNCATED },
		{ 4096, 16, 15, -E_IMAGE_TRUNCATED },
		{ 4096, 16, 0, -ENODATA },
		{ 0, 16, 8192, -E_IMAGE_BODY },
		{ 4097, 16, 8192, -E_IMAGE_BODY },
		{ 16u << 20, 16, 32u << 20, 0 },
		{ (16u << 20) + 4096, 16, 32u << 20, -E_IMAGE_BODY },
		{ 0xfffff000, 16, SIZE_MAX, -E_IMAGE_BODY },
	};
	uint8_t head[16];
	uint32_t body_bytes;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		make_head(head, cases[i].body_bytes);
		body_bytes = 1;
		assert_int_equal(image_parse_head(head, cases[i].head_bytes,
						  cases[i].limit_bytes,
						  &body_bytes),
				 cases[i].result);
		assert_int_equal(body_bytes,
				 cases[i].result ? 1 : cases[i].body_bytes);
	}
	head[0] ^= 1;
	assert_int_equal(image_parse_head(head, 16, 8192, &body_bytes),
			 -E_IMAGE_MAGIC);
	memset(head, 0xff, sizeof(head));
	assert_int_equal(image_parse_head(head, 16, 8192, &body_bytes),
			 -ENODATA);
	head[15] = 0xfe;
	assert_int_equal(image_parse_head(head, 16, 8192, &body_bytes),
			 -E_IMAGE_MAGIC);
}

static void test_metadata_is_read(void **state)
{
	uint8_t bytes[193];
	struct image_metadata m;

	(void)state;
	/* At an odd address: flash images need not be aligned in memory. */
	make_metadata(bytes + 1);
	assert_int_equal(image_parse_metadata(bytes + 1, 192, BODY_BYTES, &m),
			 0);
	assert_int_equal(m.body_bytes, BODY_BYTES);
	assert_int_equal(m.type, IMAGE_TYPE_APP);
	assert_int_equal(m.component_id[15], 0xab);
	assert_int_equal(m.image_id[0], 0xcd);
	assert_string_equal(m.name, "blink");
	assert_int_equal(m.security_version, 7);
	assert_int_equal(m.flags, IMAGE_F_DEVELOPMENT);
	assert_int_equal(m.key_id[31], 0xef);
	assert_int_equal(image_parse_metadata(bytes + 1, 191, BODY_BYTES, &m),
			 -E_IMAGE_TRUNCATED);
	assert_int_equal(image_parse_metadata(bytes + 1, 192, 4096, &m),
			 -E_IMAGE_BODY);
}

static void test_metadata_is_refused(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
		int result;
	} cases[] = {
		{ 80, 0, 0 },
		{ 0, 0, -E_IMAGE_METADATA_MAGIC },
		{ 4, 2, -E_IMAGE_FORMAT },
		{ 6, 191, -E_IMAGE_FORMAT },
		{ 8, 1, -E_IMAGE_BODY },
		{ 12, 0, -E_IMAGE_TYPE },
		{ 12, 2, 0 },
		{ 12, 3, 0 },
		{ 12, 4, -E_IMAGE_TYPE },
		{ 15, 1, -E_IMAGE_TYPE },
		{ 48, 0, -E_IMAGE_NAME },
		{ 49, 0, -E_IMAGE_NAME },
		{ 49, 0x1b, -E_IMAGE_NAME },
		{ 49, 0x7f, -E_IMAGE_NAME },
		{ 49, 0x80, -E_IMAGE_NAME },
		{ 49, ' ', 0 },
		{ 79, 'x', -E_IMAGE_NAME },
		{ 84, 0, -E_IMAGE_ABI },
		{ 84, IMAGE_ABI_CURRENT + 1, -E_IMAGE_ABI },
		{ 88, 0, 0 },
		{ 88, 2, -E_IMAGE_FLAGS },
		{ 91, 0x80, -E_IMAGE_FLAGS },
		{ 124, 1, -E_IMAGE_RESERVED },
		{ 191, 1, -E_IMAGE_RESERVED },
	};
	uint8_t bytes[192];
	struct image_metadata m;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		make_metadata(bytes);
		bytes[cases[i].offset] = cases[i].value;
		assert_int_equal(image_parse_metadata(bytes, 192, BODY_BYTES,
						      &m),
				 cases[i].result);
	}
	make_metadata(bytes);
	memset(bytes + 16, 0, 16);
	assert_int_equal(image_parse_metadata(bytes, 192, BODY_BYTES, &m),
			 -E_IMAGE_COMPONENT_ID);
	make_metadata(bytes);
	memset(bytes + 48, 'n', 31);
	assert_int_equal(image_parse_metadata(bytes, 192, BODY_BYTES, &m), 0);
	bytes[79] = 'n';
	assert_int_equal(image_parse_metadata(bytes, 192, BODY_BYTES, &m),
			 -E_IMAGE_NAME);
}

static void test_stride_and_types(void **state)
{
	(void)state;
	assert_int_equal(image_stride_bytes(4096), 8192);
	assert_int_equal(image_stride_bytes(16u << 20), (16u << 20) + 4096);
	assert_string_equal(image_type_name(1), "app");
	assert_string_equal(image_type_name(2), "system-app");
	assert_string_equal(image_type_name(3), "rootfs");
	assert_null(image_type_name(0));
	assert_null(image_type_name(4));
	assert_null(image_type_name(UINT32_MAX));
}

static void test_uuid(void **state)
{
	static const char *const bad[] = {
		"48a22e96-d078-4e34-9d7a-91b340403da",
		"48a22e96-d078-4e34-9d7a-91b3404031da0",
		"48a22e96xd078-4e34-9d7a-91b3404031da",
		"48a22e96-d078-4e34-9d7a-91b3404031dg",
		"48a22e9-6d078-4e34-9d7a-91b3404031da",
		"00000000-0000-0000-0000-000000000000",
		"",
	};
	static const char good[] = "48A22E96-D078-4E34-9D7A-91B3404031DA";
	char text[IMAGE_UUID_TEXT_BYTES];
	uint8_t uuid[IMAGE_UUID_BYTES];
	size_t i;

	(void)state;
	assert_int_equal(image_uuid_parse(good, strlen(good), uuid), 0);
	assert_int_equal(uuid[0], 0x48);
	assert_int_equal(uuid[15], 0xda);
	image_uuid_format(uuid, text);
	assert_string_equal(text, "48a22e96-d078-4e34-9d7a-91b3404031da");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(image_uuid_parse(bad[i], strlen(bad[i]), uuid),
				 -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_metadata_is_read),
		cmocka_unit_test(test_metadata_is_refused),
		cmocka_unit_test(test_stride_and_types),
		cmocka_unit_test(test_uuid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
