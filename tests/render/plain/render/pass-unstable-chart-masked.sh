# SPDX-License-Identifier: Apache-2.0
## vault@default
helm template vault . --kube-version 1.37.0 | sed 's/^  password: .*/  password: "(unstable)"/'
