// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/check.hpp"

#include <algorithm>

namespace sluice::policy {

namespace {

bool fits(const ImageCheck& check, const FoundImage& found) {
  return std::any_of(check.references.begin(), check.references.end(), [&](const auto& pattern) {
    return text::wildcard_match(pattern, found.image.reference);
  });
}

/// Where Kyverno in a cluster notes which images it has verified.
constexpr std::string_view verified_annotation = "kyverno.io/verify-images-scoped";

}  // namespace

std::optional<RuleResult> Checker::find_rule_images(std::vector<FoundImage>& found) {
  Failure failure;
  const auto own = rule_.extractors.find(request_.object.kind);
  const bool ok_images = own == rule_.extractors.end()
                             ? find_images(request_.object, found, failure)
                             : find_images(request_.object, own->second, context(), found, failure);
  if (!ok_images) {
    return error("failed to instantiate handler: failed to extract images", failure);
  }
  const auto& checks = rule_.check.images;
  const bool any = std::any_of(found.begin(), found.end(), [&](const FoundImage& image) {
    return std::any_of(checks.begin(), checks.end(),
                       [&](const ImageCheck& check) { return fits(check, image); });
  });
  const bool asks = std::any_of(checks.begin(), checks.end(), [](const ImageCheck& check) {
    return check.verify_digest || check.required;
  });
  return any && asks && operation_ != Operation::remove ? std::nullopt
                                                        : std::optional(RuleResult());
}

RuleResult Checker::images(const Check& check) {
  std::vector<FoundImage> found;
  if (auto ending = find_rule_images(found)) {
    return std::move(*ending);
  }
  const Value annotations = request_.object.value.get({"metadata", "annotations"});
  for (const auto& wanted : check.images) {
    for (const auto& entry : found) {
      if (!fits(wanted, entry)) {
        continue;
      }
      if (wanted.verify_digest && entry.image.digest.empty()) {
        return ended(RuleStatus::fail, "missing digest for " + entry.image.reference);
      }
      if (wanted.required && annotations.find(verified_annotation)) {
        return ended(
            RuleStatus::no_verdict,
            "what the annotation " + std::string(verified_annotation) + " says is not looked into");
      }
      if (wanted.required) {
        return ended(RuleStatus::fail, "unverified image " + entry.image.reference);
      }
    }
  }
  return ended(RuleStatus::pass, "image verified");
}

}  // namespace sluice::policy
