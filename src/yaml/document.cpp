// SPDX-License-Identifier: Apache-2.0
#include "yaml/document.hpp"

#include "yaml/same_key.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::yaml {

diag::Location Source::at(std::size_t offset) const {
  std::call_once(lines_once_, [this] {
    constexpr std::size_t usual_line = 24;  // bytes, of manifests
    lines_.reserve(bytes_.size() / usual_line + 1);
    lines_.push_back(0);
    const char* begin = bytes_.data();
    const char* end = begin + bytes_.size();
    for (const char* at = begin; (at = static_cast<const char*>(std::memchr(
                                      at, '\n', static_cast<std::size_t>(end - at)))) != nullptr;) {
      ++at;
      lines_.push_back(static_cast<std::uint32_t>(at - begin));
      if (at == end) {
        break;
      }
    }
  });
  offset = std::min(offset, bytes_.size());
  const auto next = std::ranges::upper_bound(lines_, static_cast<std::uint32_t>(offset));
  const auto line = next - lines_.begin();
  return {file_, static_cast<std::uint32_t>(line),
          static_cast<std::uint32_t>(offset - *std::prev(next) + 1)};
}

const Node* Document::find_key(const Node& mapping, std::string_view key) const {
  if (mapping.kind != Kind::mapping) {
    return nullptr;
  }
  const auto pairs = children(mapping);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    if (same_key(pairs[i].text, key)) {
      return &pairs[i];
    }
  }
  return nullptr;
}

const Node* Document::find(const Node& mapping, std::string_view key) const {
  const Node* found = find_key(mapping, key);
  return found == nullptr ? nullptr : found + 1;  // values follow their keys in the arena
}

const Node* Document::find(const Node& mapping,
                           std::initializer_list<std::string_view> keys) const {
  const Node* node = &mapping;
  for (const auto key : keys) {
    node = find(*node, key);
    if (node == nullptr) {
      return nullptr;
    }
  }
  return node;
}

std::string_view Document::text(const Node& mapping,
                                std::initializer_list<std::string_view> keys) const {
  const Node* node = find(mapping, keys);
  return node != nullptr && node->kind == Kind::string ? node->text : std::string_view{};
}

diag::Location Document::in_stream(const Node& node) const {
  return source_->at(node.span.begin);
}

diag::Location Document::where(const Node& node) const {
  if (origin_.source.empty()) {
    return in_stream(node);
  }
  if (origin_.source_line == 0) {
    return {origin_.source, 0, 0};
  }
  const auto at = in_stream(node);
  return {origin_.source, origin_.source_line + at.line - source_->at(begin_).line, at.column};
}

void Document::locate(diag::Finding& finding, const Node& node) const {
  finding.location = where(node);
  if (!origin_.source.empty() && origin_.source_line == 0) {
    finding.rendered = in_stream(node);
  }
  finding.unit = origin_.unit;
  finding.env = origin_.env;
}

}  // namespace sluice::yaml
