#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The man page or the completion of sluice-run, from its --help. usage: run_page.sh PAGE SCRIPT
set -eu
help=$("$2" --help)
case $1 in
  man/*)
    printf '.TH "sluice-run" 1 "" "" "Sluice"\n.SH NAME\nsluice\\-run \\- the chain: may this state of a GitOps repository reach its clusters?\n'
    printf '.SH USAGE\n.nf\n'
    printf '%s\n' "$help" | sed -e 's/^usage: //' -e 's#ci/run\.sh#sluice-run#g' -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"
    printf '.fi\n'
    ;;
  *)
    flags=$(printf '%s\n' "$help" | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | tr '\n' ' ')
    printf 'complete -o default -W "%s" sluice-run\n' "$flags"
    ;;
esac
