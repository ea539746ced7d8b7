// SPDX-License-Identifier: Apache-2.0
/* An app that ends at once, each time. */

int main(void)
{
	return 3;
}
