// SPDX-License-Identifier: Apache-2.0
#include "yaml/document.hpp"

#include "yaml/same_key.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace sluice::yaml {

namespace {

constexpr std::size_t block = 4096;  ///< bytes whose lines are counted when somebody asks

/// In bytes, so that the compiler looks at many at once.
std::uint32_t count_breaks(std::string_view bytes) {
  constexpr std::size_t most = 128;
  std::uint32_t breaks = 0;
  for (std::size_t begin = 0; begin < bytes.size(); begin += most) {
    std::uint8_t some = 0;
    for (const char c : bytes.substr(begin, most)) {
      some = static_cast<std::uint8_t>(some + (c == '\n' ? 1 : 0));
    }
    breaks += some;
  }
  return breaks;
}

/// Where the line begins that `bytes` end in, if it begins there.
std::optional<std::size_t> last_line(std::string_view bytes) {
  const auto* at = static_cast<const char*>(::memrchr(bytes.data(), '\n', bytes.size()));
  return at == nullptr ? std::nullopt
                       : std::optional(static_cast<std::size_t>(at - bytes.data()) + 1);
}

}  // namespace

diag::Location Source::at(std::size_t offset) const {
  const std::string_view bytes = bytes_;
  std::call_once(lines_once_, [&] {
    std::uint32_t before = 0;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin <= bytes.size(); begin += block) {
      lines_.push_back(before);
      lines_.push_back(static_cast<std::uint32_t>(line));
      const auto here = bytes.substr(begin, block);
      before += count_breaks(here);
      if (const auto last = last_line(here)) {
        line = begin + *last;
      }
    }
  });
  offset = std::min(offset, bytes.size());
  const auto begin = offset / block * block;
  const auto before = bytes.substr(begin, offset - begin);
  const auto* known = &lines_[2 * (offset / block)];
  const auto last = last_line(before);
  const auto line = last ? begin + *last : known[1];
  return {file_, known[0] + count_breaks(before) + 1,
          static_cast<std::uint32_t>(offset - line + 1)};
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
