// SPDX-License-Identifier: Apache-2.0
/* Which app has which GPIO line. */

#include <errno.h>
#include <fcntl.h>
#include <linux/spherule.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "abi/errors.h"
#include "console.h"
#include "descriptor.h"
#include "gpio.h"

/* By GPIO id: the owner's place in the table of apps, plus one; 0 is nobody. */
static uint8_t owners[MANIFEST_GPIO_MAX_ID + 1];

static uint8_t place_of(const struct app *app)
{
	return (uint8_t)(app - apps + 1);
}

/* @app: NULL takes the line from its owner. */
static int tell_kernel(unsigned int id, const struct app *app)
{
	struct spherule_gpio_owner owner = { .line = id % MANIFEST_GPIO_LINES_PER_CHIP };
	char path[32];
	int chip;

	if (app && image_uuid_parse(app->id, strlen(app->id), owner.component))
		return -EINVAL;
	snprintf(path, sizeof(path), "/dev/gpiochip%u", id / MANIFEST_GPIO_LINES_PER_CHIP);
	chip = open(path, O_RDWR | O_CLOEXEC);
	if (chip < 0)
		return -errno;
	return close_after(chip, ioctl(chip, SPHERULE_GPIO_SET_OWNER, &owner));
}

static int give_line(const struct app *app, unsigned int id)
{
	int err;

	if (owners[id] == place_of(app))
		return 0;
	if (owners[id]) {
		console_error(E_APPMAN_GPIO, "%s: GPIO %u belongs to %s", app->name, id,
			      apps[owners[id] - 1].name);
		return -EBUSY;
	}
	err = tell_kernel(id, app);
	if (err)
		console_error(E_APPMAN_GPIO, "%s: GPIO %u: %s", app->name, id, strerror(-err));
	else
		owners[id] = place_of(app);
	return err;
}

int gpio_give_lines(const struct app *app, const struct manifest *manifest)
{
	int err = 0;

	for (unsigned int i = 0; i < manifest->gpio_count && !err; i++)
		err = give_line(app, manifest->gpios[i]);
	if (err)
		gpio_take_lines(app);
	return err;
}

void gpio_take_lines(const struct app *app)
{
	for (unsigned int id = 0; id <= MANIFEST_GPIO_MAX_ID; id++) {
		int err;

		if (owners[id] != place_of(app))
			continue;
		err = tell_kernel(id, NULL);
		if (err)
			console_error(E_APPMAN_INTERNAL, "take GPIO %u from %s: %s", id, app->name,
				      strerror(-err));
		else
			owners[id] = 0;
	}
}
