// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

/// The compiled form of a schema: little-endian words in one run of bytes that refer to each other
/// by offset, so that the built-in ones are used where the loader put them, with nothing to parse.
/// cmake/embed_schemas.py writes it for Kubernetes, schema/compile.cpp for custom resources.
///
/// A node is six words:
///   0  accepted kinds (a bit for each yaml::Kind) | Format << 8 | flags << 16
///   1  table of properties, or 0
///   2  reference of the items of a list
///   3  reference of the values of unnamed fields
///   4  list of rules, or 0
///   5  bits of the required properties
/// A table of properties is one word (log2 of the slots | count << 8), then three words a slot:
/// name (0: empty), length | number of its required bit + 1 << 16, reference. Open addressing.
/// A rule is one word (Rule | payload words << 8) and its payload; a word 0 ends the list.
/// A reference is 0 (anything), the offset of a node, a definition of Kubernetes by number
/// (`definition`), or a node of this table by number (`local`).
namespace sluice::schema {

static_assert(std::endian::native == std::endian::little, "the tables are little-endian");

enum class Format : std::uint8_t {
  none,
  int32,
  int64,
  integer,        ///< whole, of any size that 64 bits hold
  int_or_string,  ///< Kubernetes' own: an int32 or a string
  quantity,       ///< a number, or a string such as "250m"
  byte,           ///< base64
  date_time,      ///< RFC 3339
  date,
  duration,  ///< as Go writes it: "1h30m"
  uuid,
  email,
  uri,
  hostname,
  ipv4,
  ipv6,
  cidr,
  mac,
};

enum class Rule : std::uint8_t {
  end,
  enumeration,  ///< offset, length | flag_text for each value; without the flag: canonical JSON
  pattern,      ///< number of the pattern
  minimum,      ///< a double in two words, exclusive or not
  maximum,
  multiple_of,  ///< a double in two words
  min_length,
  max_length,
  min_items,
  max_items,
  min_properties,
  max_properties,
  all_of,  ///< references
  any_of,
  one_of,
  none_of,
  list_set,
  list_map,            ///< offset, length of each key, and of its default as canonical JSON
  required,            ///< offset, length of each name
  pattern_properties,  ///< number of a pattern, reference
  extends,             ///< reference of a node whose properties are known here too
  server,              ///< reference of a node that counts in objects of Kubernetes itself only
  conditional,         ///< references of if, then and else
  dependent_names,     ///< offset, length of a name; the same of those that it demands
  dependent_schema,    ///< offset, length of a name; reference of what it demands
  names,               ///< reference of what every name fits
  contains,            ///< reference; the least and the greatest number of items that fit it
  prefix,              ///< references of the first items
};

constexpr std::uint32_t flag_closed = 1;         ///< fields without a schema are errors
constexpr std::uint32_t flag_patterns = 2;       ///< has rules `pattern_properties`
constexpr std::uint32_t flag_text = 1U << 31U;   ///< in a length: the value is a string
constexpr std::uint32_t definition = 1U << 31U;  ///< in a reference
constexpr std::uint32_t local = 1U << 30U;       ///< in a reference

class Patterns;

/// One run of bytes, with what does not fit into it.
struct Table {
  const char* bytes = nullptr;
  const Patterns* patterns = nullptr;                  ///< of `Rule::pattern`; null: none
  const std::vector<std::uint32_t>* locals = nullptr;  ///< offsets of `local` references

  [[nodiscard]] std::uint32_t word(std::size_t at) const {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes + at, sizeof value);  // a single load; no demand on alignment
    return value;
  }
  [[nodiscard]] std::string_view text(std::size_t at, std::uint32_t length) const {
    return {bytes + at, length};
  }
  [[nodiscard]] double real(std::size_t at) const {
    double value = 0;
    std::memcpy(&value, bytes + at, sizeof value);
    return value;
  }
};

/// A node of a table. Without a table it accepts anything.
struct Place {
  const Table* table = nullptr;
  std::uint32_t at = 0;

  explicit operator bool() const { return table != nullptr; }
  [[nodiscard]] std::uint32_t head() const { return table->word(at); }
  [[nodiscard]] std::uint32_t accepts() const { return head() & 0xFFU; }
  [[nodiscard]] bool nullable() const { return table == nullptr || (head() & 1U) != 0; }
  [[nodiscard]] Format format() const { return static_cast<Format>(head() >> 8U & 0xFFU); }
  [[nodiscard]] bool closed() const { return (head() >> 16U & flag_closed) != 0; }
  [[nodiscard]] bool has_patterns() const { return (head() >> 16U & flag_patterns) != 0; }
  [[nodiscard]] std::uint32_t properties() const { return table->word(at + 4); }
  [[nodiscard]] std::uint32_t items() const { return table->word(at + 8); }
  [[nodiscard]] std::uint32_t values() const { return table->word(at + 12); }
  [[nodiscard]] std::uint32_t rules() const { return table->word(at + 16); }
  [[nodiscard]] std::uint32_t required() const { return table->word(at + 20); }
};

/// Where a name belongs in a table of 2^bits slots. Precondition: a name of at least one byte.
inline std::uint32_t slot(std::string_view name, std::uint32_t bits) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]));
  };
  const std::size_t n = name.size();
  const std::uint32_t mixed = byte(0) | byte(n - 1) << 8U | byte(n / 2) << 16U |
                              static_cast<std::uint32_t>(n & 255U) << 24U;
  return mixed * 0x9E3779B1U >> (32U - bits);
}

/// A slot of a table of properties.
struct Property {
  std::string_view name;
  std::uint32_t required = 0;  ///< number of its bit + 1, or 0
  std::uint32_t reference = 0;
};

/// All names of a table of properties, in the order of the slots.
std::vector<Property> properties(const Table& table, std::uint32_t at);

/// The property called `name`. False when there is none.
inline bool find_property(const Table& table,
                          std::uint32_t at,
                          std::string_view name,
                          Property& out) {
  if (name.empty()) {
    return false;
  }
  const std::uint32_t bits = table.word(at) & 0xFFU;
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::uint32_t i = slot(name, bits);; i = (i + 1) & mask) {
    const std::size_t row = at + 4 + std::size_t{12} * i;
    const std::uint32_t text = table.word(row);
    if (text == 0) {
      return false;
    }
    const std::uint32_t length = table.word(row + 4);
    if ((length & 0xFFFFU) == name.size() &&
        std::memcmp(table.bytes + text, name.data(), name.size()) == 0) {
      out = {name, length >> 16U, table.word(row + 8)};
      return true;
    }
  }
}

}  // namespace sluice::schema
