// SPDX-License-Identifier: Apache-2.0
#include "rules/kinds.hpp"
#include "rules/metadata.hpp"

namespace sluice::rules {

void check_namespace(Object& object) {
  for (const Node& finalizer : object.items(object.get(object.root(), "spec"), "finalizers")) {
    object.text_form({&finalizer}, object.text(&finalizer), Form::qualified_name);
    check_finalizer_domain(object, finalizer);
  }
}

}  // namespace sluice::rules
