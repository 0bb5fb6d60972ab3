// SPDX-License-Identifier: Apache-2.0
// libFuzzer over edits and surveys: any bytes may come as a file.
#include "base/text.hpp"
#include "edit/apply.hpp"
#include "edit/tree.hpp"
#include "image/reference.hpp"
#include "promote/places.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace sluice;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

/// An edit either changes nothing outside the scalar and makes it the wanted string, or is refused.
void try_scalar(const std::string& bytes, const edit::Place& place, std::string_view value) {
  for (const auto aliases : {edit::Aliases::refuse, edit::Aliases::follow}) {
    const auto result = edit::apply(bytes, place.file,
                                    std::array{edit::Change{place, std::string(value), aliases}});
    if (!result) {
      continue;
    }
    require(result->starts_with(std::string_view(bytes).substr(0, place.begin)));
    require(result->ends_with(std::string_view(bytes).substr(place.end)));
    const auto again = edit::locate(*result, place.file, place.document, place.path, place.inner);
    require(again && again->value == value && again->kind == yaml::Kind::string);
  }
}

void try_file(const std::string& bytes, const std::string& file, std::string_view value) {
  const auto tree = edit::Tree::read(bytes, file);
  if (!tree || tree->documents().empty()) {
    return;
  }
  constexpr std::size_t most = 20;
  const auto& document = tree->documents().front();
  const auto steps = edit::all_nodes(document);
  for (std::size_t i = 0; i < std::min(steps.size(), most); ++i) {
    if (steps[i].node->is_scalar() && !steps[i].node->by_alias) {
      try_scalar(bytes, edit::place_of(document, 0, *steps[i].node, edit::path_of(steps, i)),
                 value);
    }
  }
}

void try_holders(const std::string& bytes, const std::string& file) {
  const auto survey = promote::survey({{file, bytes}});
  if (!survey) {
    return;
  }
  const auto wanted = promote::parse_wanted("9.31.13@sha256:" + std::string(64, 'e'));
  require(wanted.has_value());
  for (const auto& holder : survey->holders) {
    (void)holder.text();
    const auto plan = promote::plan(holder, *wanted);
    if (plan) {
      (void)promote::apply(*survey, plan->changes);
    }
  }
  if (const auto reference = image::parse(bytes)) {
    require(reference->text() == bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<std::string_view, 8> values{"v2", "1.10", "a: b", "it's",
                                                   "",   "\"\\", "#x",   "null"};
  constexpr std::array<const char*, 4> files{"values.yaml", "kustomization.yaml", "a.json",
                                             ".argocd-source-a.yaml"};
  if (size < 2) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string file = files[data[0] % files.size()];
  try_file(bytes, file, values[(data[0] / files.size()) % values.size()]);
  try_holders(bytes, file);
  return 0;
}
