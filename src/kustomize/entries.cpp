// SPDX-License-Identifier: Apache-2.0
#include "io/files.hpp"
#include "kustomize/run.hpp"
#include "yaml/value.hpp"

#include <algorithm>

namespace sluice::kustomize {
namespace {

constexpr std::uint64_t file_limit = 16U << 20U;

/// Whether a kustomization holds an entry that could select nothing: most hold none.
bool may_select(std::string_view text) {
  return text.find("target") != std::string_view::npos ||
         text.find("images") != std::string_view::npos ||
         text.find("replacements") != std::string_view::npos;
}

std::size_t count(const std::string& text, const std::string& field) {
  const auto value = yaml::parse_value(text, "kustomization");
  const auto* list = value ? value->find(field) : nullptr;
  return list == nullptr ? 0 : list->items.size();
}

/// The build without some entries. It is kept, so that a second run asks nothing.
Result<std::string> build_with(const proc::Runner& runner,
                               const Settings& settings,
                               const delivery::KustomizeSource& source,
                               const Closure& closure,
                               const std::map<std::string, std::string>& kustomizations) {
  std::optional<Digest> key;
  if (const auto base = key_of(settings, source, closure)) {
    cache::Key with("kustomize build with other kustomizations 1");
    with.add(hex(*base));
    for (const auto& [file, text] : kustomizations) {
      with.add(file).add(text);
    }
    key = with.finish();
    if (auto kept = settings.store->get(*key)) {
      return *kept;
    }
  }
  Built again{.closure = closure};
  SLUICE_TRY(run_copy(runner, settings, source.path, kustomizations, again));
  if (!again.failure.empty()) {
    return Error{Error::Kind::subprocess, again.failure};
  }
  if (key) {
    settings.store->put(*key, again.out);
  }
  return again.out;
}

}  // namespace

Result<std::vector<NoEffect>> entries_without_effect(const proc::Runner& runner,
                                                     const Settings& settings,
                                                     const delivery::KustomizeSource& source,
                                                     const Built& built) {
  const auto own = kustomization_file(*io::snapshot_of(settings.files, settings.root), source.path);
  const auto top = own.empty() ? generated_file(source.path) : own;
  std::string own_text;
  std::vector<Judged> judged;
  for (const auto& file : built.closure.kustomizations) {
    auto& text = judged.emplace_back(Judged{.file = file, .text = {}}).text;
    SLUICE_TRY_ASSIGN(text, io::read_file(settings.root + "/" + file, file_limit));
    own_text = file == own ? text : own_text;
  }
  const bool remade = own.empty() || !source.edits.empty();
  if (remade) {
    std::erase_if(judged, [&](const auto& one) { return one.file == own; });
    auto& text = judged.emplace_back(Judged{.file = top, .text = {}}).text;
    SLUICE_TRY_ASSIGN(text, new_kustomization(settings, source, own));
  }
  if (std::ranges::none_of(judged, [](const auto& one) { return may_select(one.text); })) {
    return std::vector<NoEffect>{};
  }
  yaml::Stream objects;
  SLUICE_TRY_ASSIGN(objects, yaml::parse(built.out, "build"));
  auto found = find_no_effect(judged, objects, built.out, [&](const auto& kustomizations) {
    auto all = kustomizations;
    if (remade) {
      all.try_emplace(top, judged.back().text);
    }
    return build_with(runner, settings, source, built.closure, all);
  });
  for (auto& entry : found) {
    if (remade && entry.file == top) {  // its lines are not those of the file
      const bool ours = entry.index < count(own_text, entry.field);
      entry.at = ours ? diag::Location{.file = own} : diag::Location{};
    }
  }
  return found;
}

}  // namespace sluice::kustomize
