// SPDX-License-Identifier: Apache-2.0
#include "schema/table_builder.hpp"

#include <algorithm>

namespace sluice::schema {
namespace {

constexpr std::size_t required_bits = 32;
constexpr std::size_t longest_name = 0xFFFF;

}  // namespace

std::uint32_t TableBuilder::words(const std::vector<std::uint32_t>& words) {
  bytes_.append((4 - bytes_.size() % 4) % 4, '\0');
  const auto at = static_cast<std::uint32_t>(bytes_.size());
  bytes_.append(reinterpret_cast<const char*>(words.data()), words.size() * 4);
  return at;
}

std::uint32_t TableBuilder::text(std::string_view text) {
  const auto at = static_cast<std::uint32_t>(bytes_.size());
  bytes_.append(text);
  return at;
}

void TableBuilder::rule(std::vector<std::uint32_t>& rules,
                        Rule kind,
                        const std::vector<std::uint32_t>& payload) {
  rules.push_back(static_cast<std::uint32_t>(kind) | static_cast<std::uint32_t>(payload.size())
                                                         << 8U);
  rules.insert(rules.end(), payload.begin(), payload.end());
}

void TableBuilder::number_rule(std::vector<std::uint32_t>& rules,
                               Rule kind,
                               double limit,
                               std::uint32_t exclusive) {
  const auto bits = std::bit_cast<std::uint64_t>(limit);
  rule(rules, kind,
       {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32U), exclusive});
}

std::uint32_t TableBuilder::fields(const std::vector<Property>& fields) {
  if (fields.empty()) {
    return 0;
  }
  const auto bits =
      std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::bit_width(fields.size() * 3 / 2)));
  const std::uint32_t mask = (1U << bits) - 1;
  std::vector<std::uint32_t> out(1 + std::size_t{3} * (mask + 1));
  out[0] = bits | static_cast<std::uint32_t>(fields.size()) << 8U;
  for (const Property& field : fields) {
    std::uint32_t i = slot(field.name, bits);
    while (out[1 + std::size_t{3} * i] != 0) {
      i = (i + 1) & mask;
    }
    std::uint32_t* row = &out[1 + std::size_t{3} * i];
    row[0] = text(field.name);
    row[1] = static_cast<std::uint32_t>(field.name.size()) | field.required << 16U;
    row[2] = field.reference;
  }
  return words(out);
}

std::uint32_t TableBuilder::node(NodeParts parts) {
  std::erase_if(parts.fields, [](const Property& field) {
    return field.name.empty() || field.name.size() > longest_name;
  });
  std::uint32_t bits = 0;
  std::vector<std::uint32_t> more;  // required names that have no bit
  for (const std::string_view name : parts.required) {
    const auto field = std::find_if(parts.fields.begin(), parts.fields.end(),
                                    [&](const Property& f) { return f.name == name; });
    if (field == parts.fields.end() || bits == required_bits) {
      more.insert(more.end(), {text(name), static_cast<std::uint32_t>(name.size())});
    } else if (field->required == 0) {
      field->required = ++bits;
    }
  }
  if (!more.empty()) {
    rule(parts.rules, Rule::required, more);
  }
  const std::uint32_t table = fields(parts.fields);
  std::uint32_t rules = 0;
  if (!parts.rules.empty()) {
    parts.rules.push_back(0);
    rules = words(parts.rules);
  }
  const auto mask = bits == required_bits ? ~0U : (1U << bits) - 1;
  return words({parts.accepts | static_cast<std::uint32_t>(parts.format) << 8U | parts.flags << 16U,
                table, parts.items, parts.values, rules, mask});
}

}  // namespace sluice::schema
