// SPDX-License-Identifier: Apache-2.0
#include "yaml/twins.hpp"

#include <functional>
#include <string_view>
#include <tuple>

namespace sluice::yaml {
namespace {

bool same(const Provenance& a, const Provenance& b) {
  const auto tie = [](const Provenance& p) {
    return std::tie(p.source_line, p.unit, p.source, p.env, p.destination, p.name_space);
  };
  return tie(a) == tie(b);
}

bool may_be_json(const Source& source, std::string_view document) {
  const auto first = document.find_first_not_of(" \t\r\n");
  return source.file().ends_with(".json") ||
         (first != std::string_view::npos && document[first] == '{');
}

std::size_t hash_of(std::string_view bytes) {
  return std::hash<std::string_view>{}(bytes);
}

}  // namespace

Twins::Twins(std::span<const std::shared_ptr<const Stream>> streams) {
  for (const auto& stream : streams) {
    by_hash_.reserve(by_hash_.size() + stream->documents.size());
    for (const auto& document : stream->documents) {
      if (!may_be_json(document.source(), document.bytes())) {
        by_hash_.emplace(hash_of(document.bytes()), &document);
      }
    }
  }
}

const Document* Twins::find(const Source& source, const Chunk& chunk) const {
  const auto bytes = source.bytes().substr(chunk.begin, chunk.end - chunk.begin);
  if (by_hash_.empty() || may_be_json(source, bytes)) {
    return nullptr;
  }
  const auto [begin, end] = by_hash_.equal_range(hash_of(bytes));
  for (auto at = begin; at != end; ++at) {
    const auto* document = at->second;
    if (document->bytes() == bytes && same(document->origin(), origin_of(chunk))) {
      return document;
    }
  }
  return nullptr;
}

}  // namespace sluice::yaml
