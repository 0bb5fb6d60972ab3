// SPDX-License-Identifier: Apache-2.0
// libFuzzer over the YAML and JSON readers: any bytes may come as a stream. The first byte chooses
// the file's name and how its last line ends.
#include "support/same_reading.hpp"
#include "yaml/canonical.hpp"
#include "yaml/parse.hpp"
#include "yaml/value.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace sluice;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// Spans lie inside the source, and members of a mapping come in pairs with text keys.
void check_nodes(const yaml::Document& document, const yaml::Node& node, std::size_t size) {
  require(node.span.begin <= node.span.end && node.span.end <= size);
  const auto children = document.children(node);
  require(node.kind != yaml::Kind::mapping || children.size() % 2 == 0);
  for (std::size_t i = 0; i < children.size(); ++i) {
    require(node.kind != yaml::Kind::mapping || i % 2 != 0 ||
            children[i].kind == yaml::Kind::string);
    if (!children[i].by_alias) {  // what an alias stands for was checked where it stands
      check_nodes(document, children[i], size);
    }
  }
  if (!node.by_alias) {
    (void)document.where(node);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(test::compare_readings(bytes) != test::Reading::different);
  const auto* file = (data[0] & 1U) != 0 ? "in.json" : "in.yaml";
  const auto last = (data[0] & 2U) != 0 ? yaml::LastLine::ended : yaml::LastLine::as_is;
  const auto stream = yaml::parse(bytes, file, {.depth = 100}, 1, last);
  if (!stream) {
    return 0;
  }
  for (const auto& document : stream->documents) {
    check_nodes(document, document.root(), bytes.size());
    const auto value = yaml::to_value(document, document.root(), 10'000);
    if (!value) {
      continue;  // aliases of aliases
    }
    // What we write is JSON, which reads back as the same.
    const auto json = yaml::to_json(*value);
    const auto again = yaml::parse_value(json, "again.json");
    require(again && yaml::to_json(*again) == json);
  }
  return 0;
}
