# SPDX-License-Identifier: Apache-2.0
"""The kernel's stacks on the running product: how deep they are used after a start, and that both canaries
are looked at: the word at a stack's end by the scheduler, the one in a frame by the function that ends."""

import ram
import stacks
from images import PRODUCT_APPS, flash_map, make_flash
from qemu import Device

MOST_AFTER_START = 3072		# of 8,192; 1,944 measured, by application-manager
END_IS_OVERWRITTEN = r"Kernel panic - not syncing: corrupted stack end detected inside scheduler"
FRAME_IS_OVERWRITTEN = r"Kernel panic - not syncing: stack-protector: Kernel stack is corrupted in"


def test_high_water_after_a_start(folder):
    with Device(make_flash(folder, PRODUCT_APPS)) as device:
        device.wait_for_report()
        found = stacks.high_water(ram.look(device, folder))
    names = [stack.name for stack in found]
    assert {"appman", "hello", "swapper", stacks.INTERRUPTS} <= set(names), names
    for stack in found:
        assert 0 < stack.used <= MOST_AFTER_START, stack
        assert stack.canary or stack.kind == stacks.INTERRUPTS, stack


def overwrite(folder, choose, says):
    """Writes a word of the running kernel, as what runs over the end of a stack does."""
    with Device(make_flash(folder, PRODUCT_APPS), expect_trouble=True) as device:
        device.wait_for_report()
        memory = ram.look(device, folder)
        device.assert_no_trouble()
        address = choose(memory)
        device.write_memory(address - memory.base + flash_map("RAM_BASE"),
                            (~memory.word(address) & 0xffffffff).to_bytes(4, "little"))
        device.wait_for(says)


def stack_end(name):
    def choose(memory):
        task = next(task for task in memory.tasks if memory.name(task) == name)
        address = memory.member(task, "task_struct.stack")
        assert memory.word(address) == stacks.CANARY, name
        return address
    return choose


def test_overwritten_end_of_a_process_stack_is_seen(folder):
    overwrite(folder, stack_end("blink"), END_IS_OVERWRITTEN)


def test_overwritten_end_of_a_thread_stack_is_seen(folder):
    overwrite(folder, stack_end("swapper"), END_IS_OVERWRITTEN)


def test_other_canary_in_frames_is_seen(folder):
    """Frames that are on stacks have the old one, as if they had been overwritten."""
    overwrite(folder, lambda memory: memory.symbols["__stack_chk_guard"], FRAME_IS_OVERWRITTEN)
