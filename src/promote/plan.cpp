// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "image/reference.hpp"
#include "promote/planner.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::promote {

Error Planner::refuse(const std::string& why) const {
  return {Error::Kind::unsupported, holder.text() + ": " + why};
}

void Planner::change(const Slot& slot, std::string_view to) {
  if (slot.place.current() != to || slot.place.kind != yaml::Kind::string) {
    plan.changes.push_back({slot.place, std::string(to), holder.aliases});
  }
}

Result<Wanted> parse_wanted(std::string_view text) {
  Wanted wanted{.version = std::string(text)};
  if (text.find("://") != std::string_view::npos) {
    constexpr std::string_view oci = "oci://";
    if (text.starts_with(oci)) {
      image::Reference reference;
      SLUICE_TRY_ASSIGN(reference, image::parse(text.substr(oci.size())));
      wanted.reference = std::move(reference);
    }
    return wanted;
  }
  if (auto version = image::parse_version(text)) {
    wanted.reference = std::move(*version);
    return wanted;
  }
  auto reference = image::parse(text);
  if (reference) {
    wanted.reference = std::move(*reference);
    return wanted;
  }
  // A chart's "1.2.3+build" and a revision such as "refs/tags/v1" are versions, though no tags.
  // What cannot be one is refused where it would be written.
  const bool word =
      !text.empty() && text.find_first_of(" \t\r\n\"'{}[]:@") == std::string_view::npos;
  if (word) {
    return wanted;
  }
  return std::move(reference.error());
}

Result<Plan> plan(const Holder& holder, const Wanted& wanted, const Options& options) {
  auto known = wanted;
  if (!known.reference && !known.version.empty()) {
    if (auto parsed = parse_wanted(known.version)) {
      known.reference = std::move(parsed->reference);
    }
  }
  Planner planner{holder, known, options, {.previous = holder.old}};
  if (!holder.refusal.empty()) {
    return planner.refuse(holder.refusal);
  }
  const bool version =
      holder.slot(Role::revision) != nullptr || holder.slot(Role::segment) != nullptr;
  SLUICE_TRY(version ? plan_version(planner) : plan_image(planner));
  for (const auto& change : planner.plan.changes) {
    if (change.place.begin == change.place.end && !change.place.inner.empty() &&
        !change.place.value.empty()) {
      return planner.refuse(
          "the YAML text here is folded or stands on several lines in quotes; "
          "write it as a literal block scalar (|)");
    }
  }
  return std::move(planner.plan);
}

Result<std::vector<File>> apply(const Survey& survey, std::span<const edit::Change> changes) {
  std::map<std::string, std::vector<edit::Change>> by_file;
  for (const auto& change : changes) {
    by_file[change.place.file].push_back(change);
  }
  std::vector<File> files;
  for (const auto& [path, of_file] : by_file) {
    const auto file = std::ranges::find(survey.files, path, &File::path);
    if (file == survey.files.end()) {
      return Error{Error::Kind::not_found, "there is no file " + text::printable(path)};
    }
    auto bytes = edit::apply(file->bytes, path, of_file);
    if (!bytes) {
      return std::move(bytes.error());
    }
    if (*bytes != file->bytes) {
      files.push_back({path, std::move(*bytes)});
    }
  }
  return files;
}

}  // namespace sluice::promote
