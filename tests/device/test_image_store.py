# SPDX-License-Identifier: Apache-2.0
"""Images are installed and removed while the power fails: a sample of "make powercut"."""

import image_kills

SEED = 20261128
CUTS = 20


def test_power_cuts(folder):
    campaign = image_kills.Campaign(folder, SEED)
    for _ in range(CUTS):
        campaign.cut()
    assert campaign.counts["transactions"] > CUTS, campaign.counts


def test_a_wrong_set_is_seen(folder):
    campaign = image_kills.Campaign(folder, SEED)
    campaign.check_set("")
    try:
        campaign.check_set("installer: image" + " 7" * 16 + "\n")
    except image_kills.Wrong:
        return
    raise AssertionError("an image that nobody installed was not seen")
