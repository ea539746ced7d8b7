# SPDX-License-Identifier: Apache-2.0
"""Every attack of tests/attacks/README.md is tried, and refused, with its positive controls."""

import attacks
from images import TEST_KERNEL
from qemu import Device
from warden import make_set_id_flash, make_warden_flash


def _make_test(name):
    def test(folder):
        attacks.console(folder, name)
    test.__doc__ = "The attempts of %s end as they must." % name
    return test


for _name in attacks.NAMES:
    globals()["test_" + _name] = _make_test(_name)


def test_every_row_is_tried(folder):
    """The table and what is tried are the same rows, by the same apps; and no attempt failed."""
    table = dict(attacks.table_rows())
    assert len(table) == len(attacks.table_rows()), "a row twice"
    found = attacks.run_all(folder)
    wrong = ["%s is tried by %s, the table says %s" % (
        row, sorted(found[row].names) if row in found else "nobody", sorted(table.get(row, ())))
             for row in sorted(set(table) | set(found))
             if row not in found or table.get(row) != found[row].names]
    assert not wrong, "\n".join(wrong)
    for row, result in found.items():
        assert not result.outcomes["FAILED"], (row, result)
    refused = sum(result.outcomes["refused"] for result in found.values())
    assert refused > 2000, "only %d refusals" % refused


def test_gpio_lines_by_version_1(folder):
    """The product's kernel has version 2 only; the other checks the owner of a line as well."""
    flash = make_warden_flash(folder, kernel=TEST_KERNEL,
                              bootargs="loglevel=4 kunit.enable=0 init=/bin/ward -- version1")
    with Device(flash) as device:
        device.wait_for(r"^ward version1: 13 passed, 0 failed$")
        assert device.wait_for_exit() == 0


def test_set_id_programs_do_not_run(folder):
    """The kernel of the tests mounts what the product's does not; the LSM refuses at execve()."""
    flash = make_set_id_flash(folder, TEST_KERNEL,
                              "loglevel=4 kunit.enable=0 init=/bin/ward -- setid")
    with Device(flash) as device:
        device.wait_for(r"^ward setid: 3 passed, 0 failed$")
        assert device.wait_for_exit() == 0


def test_helpers_of_the_kernel_are_nobody(folder):
    """The kernel's tests have a file that starts a helper; the helper has no identity."""
    flash = make_warden_flash(folder, kernel=TEST_KERNEL,
                              bootargs="loglevel=4 kunit.enable=0 init=/bin/ward -- helper")
    with Device(flash) as device:
        device.wait_for(r"^ward helper: 3 passed, 0 failed$")
        assert device.wait_for_exit() == 0
