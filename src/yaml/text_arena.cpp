// SPDX-License-Identifier: Apache-2.0
#include "yaml/document.hpp"

#include <algorithm>

namespace sluice::yaml {

char* TextArena::allocate(std::size_t size) {
  constexpr std::size_t block = 4096;
  if (size > left_) {
    const auto wanted = std::max(size, blocks_.empty() ? std::size_t{512} : block);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(wanted));
    free_ = blocks_.back().get();
    left_ = wanted;
  }
  char* at = free_;
  free_ += size;
  left_ -= size;
  return at;
}

std::string_view TextArena::keep(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  char* at = allocate(text.size());
  std::ranges::copy(text, at);
  return {at, text.size()};
}

}  // namespace sluice::yaml
