// SPDX-License-Identifier: GPL-2.0-only
/* The receiver of YMODEM, by what it answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "monitor/recovery/ymodem.h"
#include "ymodem_sender.h"

#define EOT	0x04
#define CAN	0x18
#define ACKED	"\x06"
#define NAKED	"\x15"
#define CANS	"\x18\x18\x18\x18\x18\x18\x18\x18"

static struct ymodem y;
static struct ymodem_action action;
static uint8_t said[8192];
static uint32_t said_bytes;
static enum ymodem_event event;		/* the last that was one */
static uint8_t file[1 << 20];
static uint32_t file_got;

static void note(void)
{
	assert_true(action.send_bytes <= YMODEM_SEND_MAX);
	memcpy(said + said_bytes, action.send, action.send_bytes);
	said_bytes += action.send_bytes;
	if (action.event != YMODEM_NOTHING)
		event = action.event;
	if (action.event == YMODEM_BLOCK) {
		memcpy(file + file_got, y.block, y.block_bytes);
		file_got += y.block_bytes;
	}
}

static int begin(void **state)
{
	(void)state;
	said_bytes = 0;
	file_got = 0;
	event = YMODEM_NOTHING;
	ymodem_begin(&y);
	assert_int_equal(ymodem_timeout_ms(&y), 1000);
	ymodem_silence(&y, &action);
	assert_int_equal(action.send_bytes, 1);
	assert_int_equal(action.send[0], 'C');
	return 0;
}

static void feed(const uint8_t *bytes, uint32_t count)
{
	for (uint32_t i = 0; i < count && event < YMODEM_DONE; i++) {
		ymodem_byte(&y, bytes[i], &action);
		note();
	}
}

static void feed_byte(uint8_t byte)
{
	feed(&byte, 1);
}

static void silence(void)
{
	ymodem_silence(&y, &action);
	note();
}

/* What was answered since the last time. */
static void assert_said(const char *text)
{
	assert_int_equal(said_bytes, strlen(text));
	assert_memory_equal(said, text, said_bytes);
	said_bytes = 0;
}

static void block(uint8_t number, uint32_t size, uint8_t fill)
{
	uint8_t bytes[SENDER_BLOCK_MAX];

	feed(bytes, sender_put_block(bytes, number, size, "", 0, fill));
}

static void header(uint32_t file_bytes)
{
	uint8_t bytes[SENDER_BLOCK_MAX];

	feed(bytes, sender_put_header(bytes, "os.image", file_bytes));
	assert_int_equal(event, YMODEM_BEGIN);
	assert_int_equal(y.file_bytes, file_bytes);
	assert_said(ACKED "C");
}

static void assert_failed(const char *reason)
{
	assert_int_equal(event, YMODEM_FAILED);
	assert_non_null(strstr(y.reason, reason));
	assert_said(CANS);
}

static void finish(void)
{
	feed_byte(EOT);
	assert_said(NAKED);
	feed_byte(EOT);
	assert_int_equal(event, YMODEM_END);
	assert_said(ACKED "C");
	block(0, 128, 0);
	assert_int_equal(event, YMODEM_DONE);
	assert_said(ACKED);
}

static void test_a_file(void **state)
{
	(void)state;
	header(1024 + 128 + 5);
	block(1, 1024, 0x11);
	block(2, 128, 0x22);
	block(3, 1024, 0x33);
	assert_said(ACKED ACKED ACKED);
	assert_int_equal(file_got, 1024 + 128 + 5);
	assert_int_equal(file[1023], 0x11);
	assert_int_equal(file[1024], 0x22);
	assert_int_equal(file[1024 + 128 + 4], 0x33);
	finish();
}

/* More than 256 blocks, as in the captured stream of a sender. */
static void test_numbers_wrap(void **state)
{
	static uint8_t data[300 * 1024 + 77], stream[400 * 1024];

	(void)state;
	for (uint32_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 1024);
	feed(stream, sender_put_file(stream, data, sizeof(data)));
	assert_int_equal(event, YMODEM_DONE);
	assert_int_equal(file_got, sizeof(data));
	assert_memory_equal(file, data, sizeof(data));
}

static void test_nobody(void **state)
{
	uint32_t asked = 0;

	(void)state;
	while (event != YMODEM_NOBODY) {
		assert_int_equal(ymodem_timeout_ms(&y), YMODEM_ASK_MS);
		silence();
		asked++;
	}
	assert_int_equal(asked, YMODEM_ASK_TOTAL_MS / YMODEM_ASK_MS);
	assert_said("CCCCCCCCCCCCCCCCCCC");
}

/* A line that is never quiet, and one on which somebody types. */
static void test_noise_is_nobody(void **state)
{
	uint32_t bytes = 0;

	while (event != YMODEM_NOBODY) {
		feed_byte('x');
		assert_true(++bytes < 1 << 20);
	}
	begin(state);
	for (bytes = 0; event != YMODEM_NOBODY; bytes++) {
		feed_byte('x');
		if (event != YMODEM_NOBODY)
			silence();
		assert_true(bytes < 100);
	}
	begin(state);
	feed_byte('x');
	silence();
	assert_said("C");
	header(5);
}

static void test_bad_blocks_come_again(void **state)
{
	uint8_t bytes[SENDER_BLOCK_MAX];
	uint32_t count = sender_put_block(bytes, 1, 128, "", 0, 7);

	(void)state;
	header(200);
	/* One bit of each byte but the first, which would be no block. */
	for (uint32_t i = 1; i < count; i++) {
		bytes[i] ^= 0x10;
		feed(bytes, count);
		assert_said("");
		assert_int_equal(ymodem_timeout_ms(&y), 1000);
		silence();
		assert_said("C");
		bytes[i] ^= 0x10;
		if (i % 8 == 0) { /* not too many in a row */
			begin(state);
			header(200);
		}
	}
	begin(state);
	header(200);
	feed(bytes, count - 1);
	silence();
	assert_said("C");
	feed(bytes, count);
	assert_said(ACKED);
	count = sender_put_block(bytes, 2, 128, "", 0, 7);
	feed(bytes, count / 2);
	silence();
	assert_said(NAKED);
	feed(bytes, count);
	assert_said(ACKED);
	assert_int_equal(file_got, 200);
	finish();
}

static void test_blocks_that_come_twice(void **state)
{
	(void)state;
	header(300);
	event = YMODEM_NOTHING;
	block(0, 128, 0);
	assert_said(ACKED "C");
	block(1, 128, 1);
	block(1, 128, 1);
	assert_said(ACKED ACKED);
	assert_int_equal(file_got, 128);
	for (uint32_t i = 0; i < YMODEM_ERRORS_MAX; i++) {
		assert_true(event < YMODEM_DONE);
		said_bytes = 0;
		block(1, 128, 1);
	}
	assert_failed("again and again");
}

static void test_errors_are_counted(void **state)
{
	(void)state;
	header(5);
	for (uint32_t i = 0; i < YMODEM_ERRORS_MAX; i++) {
		assert_int_equal(ymodem_timeout_ms(&y), 10000);
		silence();
		assert_said("C");
	}
	silence();
	assert_failed("too many");
}

static void test_blocks_that_are_missing(void **state)
{
	header(5000);
	block(2, 128, 0);
	assert_failed("missing");
	begin(state);
	block(1, 128, 0);
	assert_failed("missing");
	begin(state);
	header(5000);
	block(1, 1024, 0);
	block(2, 1024, 0);
	said_bytes = 0;
	block(0, 1024, 0);
	assert_failed("missing");
}

static void test_cancel(void **state)
{
	(void)state;
	header(5);
	feed_byte(CAN);
	assert_said("");
	feed_byte(CAN);
	assert_failed("given up");
	begin(state);
	header(5);
	feed_byte(CAN);
	silence();
	feed_byte(CAN);
	assert_int_equal(event, YMODEM_BEGIN);
	said_bytes = 0;
	feed_byte(CAN);
	assert_failed("given up");
	begin(state);
	header(1024);
	block(1, 1024, CAN);	/* data, and no word of the sender */
	assert_said(ACKED);
	finish();
}

/* What the end of another transfer left on the line is no answer to this one. */
static void test_rest_of_another_transfer(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2000; i++)
		feed_byte(CAN);
	assert_int_equal(event, YMODEM_NOTHING);
	assert_said("");
	silence();
	assert_said("C");
	ymodem_begin(&y);
	block(1, 128, 0);
	feed_byte(CAN);
	feed_byte(CAN);
	assert_int_equal(event, YMODEM_NOTHING);
	silence();
	assert_said("C");
	header(5);
}

static void test_lengths(void **state)
{
	header(200);
	block(1, 128, 0);
	said_bytes = 0;
	feed_byte(EOT);
	said_bytes = 0;
	feed_byte(EOT);
	assert_failed("shorter");
	begin(state);
	header(128);
	block(1, 128, 0);
	said_bytes = 0;
	block(2, 128, 0);
	assert_failed("longer");
	begin(state);
	header(0);
	finish();
}

static void test_end_is_said_twice(void **state)
{
	(void)state;
	header(128);
	feed_byte(EOT); /* noise */
	assert_said(NAKED);
	block(1, 128, 0);
	assert_said(ACKED);
	feed_byte(EOT);
	assert_said(NAKED);
	feed_byte(EOT);
	assert_said(ACKED "C");
	feed_byte(EOT); /* the answer was lost */
	assert_said(ACKED "C");
	silence();
	assert_said("C");
	for (uint32_t i = 0; event != YMODEM_FAILED; i++) {
		assert_true(i < 2 * YMODEM_ERRORS_MAX);
		said_bytes = 0;
		feed_byte(EOT);
	}
	assert_failed("too many");
}

static void header_is(const char *text, uint32_t count, bool good)
{
	uint8_t bytes[SENDER_BLOCK_MAX];

	begin(NULL);
	feed(bytes, sender_put_block(bytes, 0, 1024, text, count, 0));
	if (good) {
		assert_int_equal(event, YMODEM_BEGIN);
		said_bytes = 0;
	} else {
		assert_failed("no name or length");
	}
}

static void test_headers(void **state)
{
	char text[1024];
	uint8_t bytes[SENDER_BLOCK_MAX];

	(void)state;
	header_is("x\0" "12", 4, true);
	assert_int_equal(y.file_bytes, 12);
	header_is("x\0" "12 777 x", 10, true);
	header_is("x\0" "2147483647 ", 13, true);
	assert_int_equal(y.file_bytes, 2147483647);
	header_is("x\0" "2147483648 ", 13, false);
	header_is("x\0" "99999999999999999999 ", 23, false);
	header_is("x\0" "12x", 5, false);
	header_is("x\0" "-1 ", 5, false);
	header_is("x\0" " 1 ", 5, false);
	header_is("x\0", 2, false);
	header_is("\0" "12 ", 4, false);
	memset(text, 'n', sizeof(text));
	header_is(text, sizeof(text), false);
	text[YMODEM_NAME_MAX] = 0;
	text[YMODEM_NAME_MAX + 1] = '1';
	header_is(text, YMODEM_NAME_MAX + 2, true);
	text[YMODEM_NAME_MAX] = 'n';
	text[YMODEM_NAME_MAX + 1] = 0;
	text[YMODEM_NAME_MAX + 2] = '1';
	header_is(text, YMODEM_NAME_MAX + 3, false);
	memset(text, '1', sizeof(text)); /* the length goes on to the end of the block */
	text[1] = 0;
	memset(text + 2, '0', sizeof(text) - 2);
	header_is(text, sizeof(text), false);
	begin(NULL);
	header(0);
	feed_byte(EOT);
	feed_byte(EOT);
	said_bytes = 0;
	feed(bytes, sender_put_header(bytes, "second", 5));
	assert_failed("more than one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_a_file, begin),
		cmocka_unit_test_setup(test_numbers_wrap, begin),
		cmocka_unit_test_setup(test_nobody, begin),
		cmocka_unit_test_setup(test_noise_is_nobody, begin),
		cmocka_unit_test_setup(test_bad_blocks_come_again, begin),
		cmocka_unit_test_setup(test_blocks_that_come_twice, begin),
		cmocka_unit_test_setup(test_errors_are_counted, begin),
		cmocka_unit_test_setup(test_blocks_that_are_missing, begin),
		cmocka_unit_test_setup(test_cancel, begin),
		cmocka_unit_test_setup(test_rest_of_another_transfer, begin),
		cmocka_unit_test_setup(test_lengths, begin),
		cmocka_unit_test_setup(test_end_is_said_twice, begin),
		cmocka_unit_test_setup(test_headers, begin),
	};

	return cmocka_run_group_tests_name("monitor ymodem", tests, NULL, NULL);
}
