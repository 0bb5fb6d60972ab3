# SPDX-License-Identifier: Apache-2.0
## vault@default
helm template vault . --kube-version 1.37.0
