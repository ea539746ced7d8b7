# SPDX-License-Identifier: Apache-2.0
"""The power is cut while the device changes its littlefs: a sample of "make powercut"."""

import power_cuts

SEED = 20261125
CUTS = 10


def test_power_cuts(folder):
    campaign = power_cuts.Campaign(folder, SEED)
    for _ in range(CUTS):
        campaign.cut()
    assert campaign.counts["cuts"] == CUTS and campaign.counts["orders"] > CUTS, campaign.counts


def test_the_model_sees_what_is_lost(folder):
    """A file that is there no more, and contents of which one byte is another, are no allowed state."""
    campaign = power_cuts.Campaign(folder, SEED)
    state, _ = campaign.states[0].apply(("replace", "a", 100, 1))
    campaign.states = [state]
    good = {"a": (100, 1)}
    assert state.shows(good, set(), lambda version: 1)
    assert not state.shows({}, set(), lambda version: 1)
    assert not state.shows({"a": (100, 2)}, set(), lambda version: 1)
    try:
        campaign.find_state({}, set())
    except power_cuts.Wrong:
        return
    raise AssertionError("a lost file was not seen")
