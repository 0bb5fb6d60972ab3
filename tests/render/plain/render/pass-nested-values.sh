# SPDX-License-Identifier: Apache-2.0
## portal-prod@default
helm template portal-prod . --kube-version 1.37.0
