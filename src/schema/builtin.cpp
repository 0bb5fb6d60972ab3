// SPDX-License-Identifier: Apache-2.0
#include "schema/builtin.hpp"

#include "base/text.hpp"
#include "schema/embedded.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace sluice::schema {
namespace {

const Table builtin{.bytes = embedded::table};

/// Words of the header, as cmake/embed_schemas.py writes them.
enum Header : std::size_t {
  version_count = 4,
  versions_at = 8,
  definition_count = 12,
  names_at = 16,
  directory_at = 20,
  kind_count = 24,
  kinds_at = 28,
};

std::string_view text_at(std::size_t row) {
  return builtin.text(builtin.word(row), builtin.word(row + 4));
}

std::string known_versions() {
  const std::vector<KubeVersion> all = kube_versions();
  return all.front().text() + " to " + all.back().text();
}

auto order(const GroupVersionKind& name) {
  return std::tie(name.kind, name.group, name.version);
}

}  // namespace

std::vector<Property> properties(const Table& table, std::uint32_t at) {
  std::vector<Property> out;
  if (at == 0) {
    return out;
  }
  const std::uint32_t slots = 1U << (table.word(at) & 0xFFU);
  for (std::uint32_t i = 0; i < slots; ++i) {
    const std::size_t row = at + 4 + std::size_t{12} * i;
    if (const std::uint32_t name = table.word(row); name != 0) {
      const std::uint32_t length = table.word(row + 4);
      out.push_back({table.text(name, length & 0xFFFFU), length >> 16U, table.word(row + 8)});
    }
  }
  return out;
}

std::vector<KubeVersion> kube_versions() {
  std::vector<KubeVersion> out;
  const std::size_t at = builtin.word(versions_at);
  for (std::uint32_t i = 0; i < builtin.word(version_count); ++i) {
    out.push_back({builtin.word(at + std::size_t{4} * i), i});
  }
  return out;
}

Result<KubeVersion> parse_kube_version(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return Error{Error::Kind::usage, "Kubernetes version \"" + text::printable(text) + "\" " +
                                         std::string(why) + "; this build knows " +
                                         known_versions()};
  };
  std::string_view rest = text;
  if (rest.starts_with('v')) {
    rest.remove_prefix(1);
  }
  if (!rest.starts_with("1.")) {
    return refuse("is not of the form 1.33 or 1.33.2");
  }
  rest.remove_prefix(2);
  std::uint32_t minor = 0;
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), minor);
  const std::string_view patch(end, static_cast<std::size_t>(rest.data() + rest.size() - end));
  if (failed != std::errc{} || (!patch.empty() && (!patch.starts_with('.') || patch.size() == 1))) {
    return refuse("is not of the form 1.33 or 1.33.2");
  }
  for (const KubeVersion version : kube_versions()) {
    if (version.minor == minor) {
      return version;
    }
  }
  return refuse("is not compiled in");
}

std::string GroupVersionKind::api_version() const {
  return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
}

std::span<const BuiltinKind> builtin_kinds() {
  static const std::vector<BuiltinKind> all = [] {
    std::vector<BuiltinKind> out(builtin.word(kind_count));
    std::size_t row = builtin.word(kinds_at);
    for (BuiltinKind& kind : out) {
      kind.name = {text_at(row + 8), text_at(row + 16), text_at(row)};
      kind.number = builtin.word(row + 24);
      row += 28;
    }
    return out;
  }();
  return all;
}

Place builtin_definition(std::uint32_t number, KubeVersion version) {
  const std::size_t row =
      builtin.word(directory_at) +
      std::size_t{4} * (std::size_t{version.index} * builtin.word(definition_count) + number);
  const std::uint32_t at = builtin.word(row);
  return at == 0 ? Place{} : Place{&builtin, at};
}

Place builtin_schema(const GroupVersionKind& name, KubeVersion version) {
  const auto all = builtin_kinds();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const BuiltinKind& a, const GroupVersionKind& b) { return order(a.name) < order(b); });
  if (found == all.end() || found->name != name) {
    return {};
  }
  return builtin_definition(found->number, version);
}

std::optional<std::uint32_t> definition_number(std::string_view name) {
  const std::size_t rows = builtin.word(names_at);
  std::uint32_t low = 0;
  std::uint32_t high = builtin.word(definition_count);
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (text_at(rows + std::size_t{8} * middle) < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == builtin.word(definition_count) || text_at(rows + std::size_t{8} * low) != name) {
    return std::nullopt;
  }
  return low;
}

bool is_builtin_group(std::string_view group) {
  const auto all = builtin_kinds();
  return std::any_of(all.begin(), all.end(),
                     [&](const BuiltinKind& kind) { return kind.name.group == group; });
}

}  // namespace sluice::schema
