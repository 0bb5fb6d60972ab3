// SPDX-License-Identifier: Apache-2.0
#include "yaml/count.hpp"

namespace sluice::yaml {

std::size_t count_objects(const Document& document) {
  const auto& root = document.root();
  const auto* items = document.find(root, "items");
  const bool list = items != nullptr && items->kind == Kind::sequence &&
                    document.text(root, {"kind"}).ends_with("List") &&
                    document.text(root, {"metadata", "name"}).empty();
  return list ? items->child_count : 1;
}

}  // namespace sluice::yaml
