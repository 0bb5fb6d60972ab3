// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/load.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sluice::policy {

using std::string_view;

namespace {

constexpr std::array<string_view, 15> versions = {"v1.19", "v1.20", "v1.21", "v1.22", "v1.23",
                                                  "v1.24", "v1.25", "v1.26", "v1.27", "v1.28",
                                                  "v1.29", "v1.30", "v1.31", "v1.32", "latest"};

int minor_of(string_view version) {
  int minor = PodSecurity::latest;
  if (version.starts_with("v1.")) {
    std::from_chars(version.data() + 3, version.data() + version.size(), minor);
  }
  return minor;
}

}  // namespace

std::vector<PodExclusion> Loader::pod_exclusions(const Value& list) {
  constexpr std::array<string_view, 4> keys = {"controlName", "images", "restrictedField",
                                               "values"};
  std::vector<PodExclusion> all;
  if (!list.is_null() && !list.is(Type::array)) {
    invalid(list, "what is excluded from podSecurity must be a list");
  }
  for (std::size_t i = 0; i < list.size() && list.is(Type::array); ++i) {
    const Value source = list.at(i);
    if (!known_keys(source, "an exclusion of podSecurity", keys)) {
      continue;
    }
    PodExclusion made{.control = string(source, "controlName", "controlName"),
                      .images = strings(source, "images", "images"),
                      .field = string(source, "restrictedField", "restrictedField"),
                      .values = strings(source, "values", "values")};
    if (!is_pod_control(made.control)) {
      invalid(source, "\"" + text::printable(made.control) +
                          "\" is not a control of the Pod Security Standards");
    } else if (is_container_control(made.control) && made.images.empty()) {
      invalid(source,
              "exclude.images must be specified for the container level control " + made.control);
    } else if (is_pod_level_control(made.control) && !made.images.empty()) {
      invalid(source,
              "exclude.images must not be specified for the pod level control " + made.control);
    }
    if (made.field.empty() != made.values.empty()) {
      invalid(source, "restrictedField and values of an exclusion need each other");
    }
    all.push_back(std::move(made));
  }
  return all;
}

PodSecurity Loader::pod_security(const Value& source) {
  constexpr std::array<string_view, 3> keys = {"level", "version", "exclude"};
  constexpr std::array<string_view, 3> levels = {"privileged", "baseline", "restricted"};
  PodSecurity made;
  if (!known_keys(source, "podSecurity", keys)) {
    return made;
  }
  made.level = string(source, "level", "level");
  if (std::find(levels.begin(), levels.end(), made.level) == levels.end()) {
    invalid(source, "the level of podSecurity is privileged, baseline or restricted, not \"" +
                        text::printable(made.level) + "\"");
  }
  made.version = string(source, "version", "version");
  if (present(source, "version") &&
      std::find(versions.begin(), versions.end(), made.version) == versions.end()) {
    invalid(source.get({"version"}),
            "the version of podSecurity is latest or one of v1.19 to v1.32, not \"" +
                text::printable(made.version) + "\"");
  }
  made.minor = minor_of(made.version);
  made.baseline_only = made.level == "baseline";
  made.exclusions = pod_exclusions(source.get({"exclude"}));
  for (const auto& exclusion : made.exclusions) {
    if (made.baseline_only && is_restricted_control(exclusion.control) &&
        exclusion.control != "Seccomp" && exclusion.control != "Capabilities") {
      invalid(source, "the baseline level has no control \"" + exclusion.control + "\"");
    }
  }
  return made;
}

}  // namespace sluice::policy
