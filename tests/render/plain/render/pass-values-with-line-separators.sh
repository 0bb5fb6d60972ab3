# SPDX-License-Identifier: Apache-2.0
## app.yaml@default
cat app.yaml
## notes@default
cat > values.yaml <<'END'
text: "one \L two \P three \N four"
"k\Ley": "del \x7f"
END
helm template notes chart -n shop --kube-version 1.37.0 -f values.yaml
