# SPDX-License-Identifier: Apache-2.0
## serving@default
kustomize build serving
