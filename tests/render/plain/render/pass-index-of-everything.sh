# SPDX-License-Identifier: Apache-2.0
## clock@default
all clock
## cache@default
# skipped: dependency redis 20.x
## mesh@default
# skipped: https://git.example.com/mesh/base?ref=v1
