// SPDX-License-Identifier: Apache-2.0
#include "policy/pod_security.hpp"

#include "base/text.hpp"
#include "policy/pod_checks.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

namespace {

using std::string_view;

struct Control {
  string_view name;
  std::array<string_view, 2> ids;
  bool restricted = false;  ///< not a control of the baseline level
  bool container = false;   ///< an exclusion must name images ...
  bool pod = false;         ///< ... or must not
};

constexpr std::array<Control, 15> controls = {
    {{"Capabilities", {"capabilities_baseline", "capabilities_restricted"}, true, true, false},
     {"Seccomp", {"seccompProfile_baseline", "seccompProfile_restricted"}, true, false, false},
     {"Privileged Containers", {"privileged", ""}, false, true, false},
     {"Host Ports", {"hostPorts", ""}, false, true, false},
     {"/proc Mount Type", {"procMount", ""}, false, true, false},
     {"HostProcess", {"windowsHostProcess", ""}, false, false, false},
     {"SELinux", {"seLinuxOptions", ""}, false, false, false},
     {"Host Namespaces", {"hostNamespaces", ""}, false, false, true},
     {"HostPath Volumes", {"hostPathVolumes", ""}, false, false, true},
     {"Sysctls", {"sysctls", ""}, false, false, true},
     {"AppArmor", {"appArmorProfile", ""}, false, false, false},
     {"Privilege Escalation", {"allowPrivilegeEscalation", ""}, true, true, false},
     {"Running as Non-root", {"runAsNonRoot", ""}, true, false, false},
     {"Running as Non-root user", {"runAsUser", ""}, true, false, false},
     {"Volume Types", {"restrictedVolumes", ""}, true, false, true}}};

const Control* find_control(string_view name) {
  const auto found = std::find_if(controls.begin(), controls.end(),
                                  [&](const Control& control) { return control.name == name; });
  return found == controls.end() ? nullptr : &*found;
}

/// "spec.containers[12].ports[0]" as "spec.containers[*].ports[*]".
std::string starred(string_view field) {
  std::string out;
  bool in_number = false;
  for (const char c : field) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) {
      out += c;
    } else if (!in_number) {
      out += '*';
    }
    in_number = digit;
  }
  return out;
}

bool any_fits(const std::vector<std::string>& patterns, string_view text) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return text::wildcard_match(pattern, text);
  });
}

/// The part of a Pod that an exclusion is about: the Pod without its containers (one without a
/// word stands for them), or the containers of some images without their Pod.
PodView excluded_part(const PodExclusion& exclusion, const PodView& pod) {
  PodView part;
  if (exclusion.images.empty()) {
    part = pod;
    part.containers.assign(1, ContainerView{.name = "fake"});
    return part;
  }
  std::array<std::size_t, 3> count{};
  for (const auto& container : pod.containers) {
    if (any_fits(exclusion.images, container.image)) {
      part.containers.push_back(container);
      part.containers.back().index = count[static_cast<std::size_t>(container.group)]++;
    }
  }
  return part;
}

bool covers(const PodExclusion& exclusion, const PodFieldError& error) {
  return (exclusion.field.empty() || starred(error.field) == exclusion.field) &&
         (exclusion.values.empty() ||
          std::all_of(error.bad_values.begin(), error.bad_values.end(),
                      [&](const std::string& value) { return any_fits(exclusion.values, value); }));
}

/// Takes out one field that an excluded one stands for.
void remove_one(const PodExclusion& exclusion, const PodFieldError& excluded, PodViolation& from) {
  const bool by_container = !exclusion.images.empty();
  const auto same = [&](const PodFieldError& error) {
    if (starred(error.field) != starred(excluded.field)) {
      return false;
    }
    const bool named = by_container && error.in_container;
    const string_view container = excluded.in_container ? excluded.container : string_view();
    return !named || error.container == container;
  };
  const auto found = std::find_if(from.fields.begin(), from.fields.end(), same);
  if (found != from.fields.end()) {
    *found = std::move(from.fields.back());  // as Kyverno does: the order is seen in messages
    from.fields.pop_back();
  }
}

std::string in_kind(std::string field, string_view kind) {
  constexpr std::array<string_view, 6> with_template = {
      "DaemonSet", "Deployment", "Job", "StatefulSet", "ReplicaSet", "ReplicationController"};
  if (kind == "CronJob") {
    field = text::replace_all(std::move(field), "spec", "spec.jobTemplate.spec.template.spec");
  } else if (std::find(with_template.begin(), with_template.end(), kind) != with_template.end()) {
    field = text::replace_all(std::move(field), "spec", "spec.template.spec");
  }
  return text::replace_all(std::move(field), "metadata", "spec.template.metadata");
}

/// Every control of the level, or only those of which `asked` is true, by their ids.
template <class Asked>
std::vector<PodViolation> violated(const PodSecurity& wanted, const PodView& pod, Asked asked) {
  std::vector<PodViolation> violations;
  const auto checks = pod_checks();
  for (std::size_t i = 0; i < checks.size();) {
    // The newest of an id that the version knows; Kyverno takes the oldest when it knows none.
    std::size_t chosen = i;
    const string_view id = checks[i].id;
    for (++i; i < checks.size() && checks[i].id == id; ++i) {
      chosen = checks[i].since <= wanted.minor ? i : chosen;
    }
    const PodCheck& check = checks[chosen];
    if ((check.restricted && wanted.baseline_only) || !asked(id)) {
      continue;
    }
    PodViolation found{.id = check.id, .reason = {}};
    check.run(pod, found);
    if (found.fields.empty()) {
      continue;
    }
    if (found.reason.empty()) {
      found.reason = check.reason;
    }
    violations.push_back(std::move(found));
  }
  return violations;
}

}  // namespace

std::vector<PodViolation> check_pod(const PodSecurity& wanted, const PodView& pod) {
  return violated(wanted, pod, [](string_view) { return true; });
}

void exempt(const PodSecurity& wanted,
            const std::vector<PodExclusion>& exclusions,
            const PodView& pod,
            std::vector<PodViolation>& violations) {
  for (const auto& exclusion : exclusions) {
    const Control* control = find_control(exclusion.control);
    if (control == nullptr || violations.empty()) {
      continue;
    }
    const auto excluded = violated(wanted, excluded_part(exclusion, pod), [&](string_view id) {
      return std::find(control->ids.begin(), control->ids.end(), id) != control->ids.end();
    });
    for (const auto& part : excluded) {
      for (const auto& error : part.fields) {
        const auto own = std::find_if(violations.begin(), violations.end(),
                                      [&](const PodViolation& v) { return v.id == part.id; });
        if (!part.lists_fields || own == violations.end() || !covers(exclusion, error)) {
          continue;
        }
        remove_one(exclusion, error, *own);
        if (own->fields.empty()) {
          violations.erase(own);
        }
      }
    }
  }
}

std::string describe(const std::vector<PodViolation>& violations, string_view kind) {
  std::string all;
  for (const auto& violation : violations) {
    all += "(Forbidden reason: " + violation.reason + ", field error list: [";
    std::string separator;
    for (const auto& error : violation.fields) {
      if (!violation.lists_fields) {
        break;
      }
      all += separator + in_kind(error.field, kind);
      all += error.required        ? ": Required value"
             : error.shown.empty() ? ": Forbidden"
                                   : " is forbidden, forbidden values found: " + error.shown;
      separator = ", ";
    }
    all += "])";
  }
  return all;
}

Value nearest_field(const PodView& pod, string_view field) {
  Value place = pod.spec;
  const auto words = text::split(field, '.');
  for (std::size_t i = 1; i < words.size() && words.front() == "spec"; ++i) {
    const auto bracket = words[i].find('[');
    const auto next = place.find(words[i].substr(0, bracket));
    if (!next || next->is_null()) {
      break;
    }
    place = *next;
    if (bracket != string_view::npos) {
      std::size_t index = 0;
      for (const char c : words[i].substr(bracket + 1)) {
        index = c >= '0' && c <= '9' && index < 1'000'000
                    ? index * 10 + static_cast<std::size_t>(c - '0')
                    : index;
      }
      if (!place.is(Type::array) || index >= place.size()) {
        break;
      }
      place = place.at(index);
    }
  }
  return place;
}

bool is_pod_control(string_view name) {
  return find_control(name) != nullptr;
}

bool is_restricted_control(string_view name) {
  const Control* control = find_control(name);
  return control != nullptr && control->restricted;
}

bool is_container_control(string_view name) {
  const Control* control = find_control(name);
  return control != nullptr && control->container;
}

bool is_pod_level_control(string_view name) {
  const Control* control = find_control(name);
  return control != nullptr && control->pod;
}

}  // namespace sluice::policy
