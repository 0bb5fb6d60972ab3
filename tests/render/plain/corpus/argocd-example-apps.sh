# SPDX-License-Identifier: Apache-2.0
## apps@default
helm template apps apps -n default --kube-version 1.37.0 --include-crds
## example.blue-green@default
helm template blue-green blue-green -n blue-green --kube-version 1.37.0 --include-crds
## example.guestbook@default
all guestbook
## example.helm-dependency@default
# skipped: dependency wordpress 9.0.3
## example.helm-guestbook@default
helm template helm-guestbook helm-guestbook -n helm-guestbook --kube-version 1.37.0 --include-crds
## example.helm-hooks@default
all helm-hooks
## example.kustomize-guestbook@default
kustomize build kustomize-guestbook
## example.pre-post-sync@default
kustomize build pre-post-sync
## example.sock-shop@default
kustomize build sock-shop
## example.sync-waves@default
all sync-waves
## example.jsonnet-guestbook@default
# skipped: jsonnet
## example.jsonnet-guestbook-tla@default
# skipped: jsonnet
## example.plugin-kasane@default
# skipped: plugin kasane
## example.plugin-kustomized-helm@default
# skipped: plugin kustomized-helm
## example.plugin-nix@default
# skipped: plugin nix
