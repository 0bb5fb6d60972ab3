// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// What a generated document means. Shared between an anchor and its aliases.
struct Meaning {
  enum class Kind : std::uint8_t { scalar, list, mapping };
  Kind kind = Kind::scalar;
  std::string json;  ///< of a scalar
  std::vector<std::shared_ptr<Meaning>> items;
  std::vector<std::pair<std::string, std::shared_ptr<Meaning>>> members;

  /// Canonical JSON: sorted keys, no blanks.
  void append_json(std::string& out) const;
};

/// A value that the generator wrote, and where.
struct WrittenScalar {
  enum class Form : std::uint8_t { one_line, block, alias };
  Form form = Form::one_line;
  std::uint32_t document = 0;
  std::string path;                ///< JSON pointer
  std::size_t begin = 0, end = 0;  ///< of its content, quotes included
  bool shared = false;             ///< an alias of it, or of what holds it, follows
  std::shared_ptr<Meaning> meaning;
};

struct RandomYaml {
  std::string text;
  std::vector<std::shared_ptr<Meaning>> documents;
  std::vector<WrittenScalar> scalars;
};

/// YAML text with every style: block and flow collections, plain, quoted and block scalars, anchors
/// and aliases, tags, comments, odd indentation, CRLF, byte-order mark, several documents, no final
/// newline. The same seed gives the same text.
RandomYaml make_random_yaml(std::uint64_t seed);

}  // namespace sluice::test
