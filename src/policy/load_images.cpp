// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/load.hpp"

#include <array>

namespace sluice::policy {

using std::string_view;

/// Of verifyImages only what can be said without a registry is judged: digests that must be there,
/// and signatures that nobody has vouched for.
Check Loader::image_checks(const Value& list, Action default_action) {
  constexpr std::array<string_view, 20> keys = {"failureAction",
                                                "type",
                                                "image",
                                                "imageReferences",
                                                "skipImageReferences",
                                                "key",
                                                "roots",
                                                "subject",
                                                "issuer",
                                                "additionalExtensions",
                                                "attestors",
                                                "attestations",
                                                "annotations",
                                                "repository",
                                                "cosignOCI11",
                                                "mutateDigest",
                                                "verifyDigest",
                                                "validate",
                                                "required",
                                                "imageRegistryCredentials"};
  Check made;
  made.kind = Check::Kind::images;
  bool audit = default_action == Action::audit;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Value source = list.at(i);
    std::vector<string_view> known(keys.begin(), keys.end());
    known.emplace_back("useCache");
    if (!known_keys(source, "verifyImages", known)) {
      continue;
    }
    const auto flag = [&](string_view key) {  // all of them are on unless switched off
      const Value value = source.get({key});
      return !value.is(Type::boolean) || value.as_boolean();
    };
    if (const auto own = action(source, "failureAction")) {
      audit = *own == Action::audit;
    }
    ImageCheck check{.references = strings(source, "imageReferences", "imageReferences"),
                     .verify_digest = flag("verifyDigest"),
                     .required = flag("required")};
    if (const auto single = source.text({"image"}); !single.empty()) {
      check.references.emplace_back(single);
    }
    if (flag("mutateDigest") && audit) {
      invalid(source, "mutateDigest must be set to false for the failure action Audit");
    }
    for (const string_view needs : {"attestors", "attestations", "key", "issuer"}) {
      if (present(source, needs)) {
        unsupported(source.get({needs}),
                    "verifyImages." + std::string(needs) + " (it needs a registry)");
      }
    }
    if (flag("mutateDigest") && !audit) {
      unsupported(source, "verifyImages.mutateDigest (it needs a registry)");
    }
    made.images.push_back(std::move(check));
  }
  return made;
}

std::map<std::string, std::vector<ImageExtractor>, std::less<>> Loader::extractors(
    const Value& source) {
  constexpr std::array<string_view, 5> keys = {"path", "value", "name", "key", "jmesPath"};
  std::map<std::string, std::vector<ImageExtractor>, std::less<>> all;
  for (std::size_t i = 0; i < source.size() && source.is(Type::object); ++i) {
    auto& of_kind = all[std::string(source.key_at(i))];
    const Value list = source.member_at(i);
    for (std::size_t j = 0; j < list.size(); ++j) {
      const Value entry = list.at(j);
      known_keys(entry, "imageExtractors", keys);
      ImageExtractor made;
      const std::string path = string(entry, "path", "path");
      for (const auto step : text::split(path, '/')) {
        if (const auto trimmed = text::trim(step); !trimmed.empty()) {
          made.steps.emplace_back(trimmed);
        }
      }
      made.value = string(entry, "value", "value");
      made.key = string(entry, "key", "key");
      made.jmespath = string(entry, "jmesPath", "jmesPath");
      if (const auto name = string(entry, "name", "name"); !name.empty()) {
        made.name = name;
      }
      if (made.steps.empty()) {
        invalid(entry, "an image extractor needs a path");
        continue;
      }
      if (made.value.empty()) {
        made.value = made.steps.back();
        made.steps.pop_back();
      }
      of_kind.push_back(std::move(made));
    }
  }
  return all;
}

}  // namespace sluice::policy
