// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "policy/signed_manifest.hpp"

#include <algorithm>
#include <map>
#include <re2/re2.h>

namespace sluice::policy {

namespace {

using std::string_view;

constexpr std::size_t most_key_bytes = std::size_t{64} << 20U;
constexpr std::size_t most_differences = 2'000;

/// The scalars of a value by their place ("spec.ports.0.port"). Nulls, empty mappings and empty
/// lists are as good as absent.
class Ravel {
 public:
  std::map<std::string, Value> fields;
  bool too_large = false;

  void add(const Value& value, const std::string& place) {
    if (too_large || value.is_null()) {
      return;
    }
    if (!value.is(Type::object) && !value.is(Type::array)) {
      bytes_ += place.size();
      too_large = bytes_ > most_key_bytes;
      fields.insert_or_assign(place, value);
      return;
    }
    const std::string prefix = place.empty() ? "" : place + ".";
    for (std::size_t i = 0; i < value.size(); ++i) {
      value.is(Type::object) ? add(value.member_at(i), prefix + std::string(value.key_at(i)))
                             : add(value.at(i), prefix + std::to_string(i));
    }
  }

 private:
  std::size_t bytes_ = 0;
};

struct Difference {
  std::string field;
  Value before, after;  ///< null: absent
};

/// An empty text against nothing at all; a zero or a false is a difference.
bool is_empty_text(const Difference& difference) {
  const auto empty = [](const Value& value) {
    return value.is(Type::string) && value.as_string().empty();
  };
  return (difference.before.is_null() && empty(difference.after)) ||
         (difference.after.is_null() && empty(difference.before));
}

/// "nginx" and "docker.io/nginx", "ubuntu" and "ubuntu:latest": what a cluster makes of an image.
bool is_same_image(const Difference& difference) {
  if (!difference.field.ends_with("image") || !difference.before.is(Type::string) ||
      !difference.after.is(Type::string)) {
    return false;
  }
  const std::string before(difference.before.as_string());
  const auto after = difference.after.as_string();
  return "docker.io/" + before == after || before + ":latest" == after;
}

/// "a.0.b" as "a.#.b".
std::string without_indexes(string_view field) {
  std::string out;
  for (std::size_t i = 0; i < field.size();) {
    const auto end = field[i] == '.' ? field.find_first_not_of("0123456789", i + 1) : i;
    if (field[i] == '.' && end != string_view::npos && end > i + 1 && field[end] == '.') {
      out += ".#.";
      i = end + 1;
    } else {
      out += field[i++];
    }
  }
  return out;
}

/// Elements of a list that only stand in another place are no difference: what one field lost
/// another of the same list has.
void drop_moved(std::vector<Difference>& all) {
  if (all.size() > most_differences) {
    return;
  }
  std::vector<std::string> starred;
  std::transform(all.begin(), all.end(), std::back_inserter(starred),
                 [](const Difference& one) { return without_indexes(one.field); });
  const auto moved = [&](std::size_t i) {
    const auto& one = all[i];
    if (starred[i] == one.field || !(one.before.is_null() || one.after.is_null())) {
      return false;
    }
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (j != i && starred[j] == starred[i] && equal(one.before, all[j].after) &&
          equal(one.after, all[j].before)) {
        return true;
      }
    }
    return false;
  };
  std::vector<Difference> left;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!moved(i)) {
      left.push_back(all[i]);
    }
  }
  all = std::move(left);
}

/// Patterns of k8s-manifest-sigstore: a "*" at the end, "-" for nothing, several with commas.
bool fits(string_view pattern, string_view value) {
  pattern = text::trim(pattern);
  if (pattern.empty() || pattern == "*" || pattern == value || (pattern == "-" && value.empty())) {
    return true;
  }
  if (pattern.ends_with('*')) {
    return value.starts_with(pattern.substr(0, pattern.find_last_not_of('*') + 1));
  }
  const auto parts = text::split(pattern, ',');
  return parts.size() > 1 && std::any_of(parts.begin(), parts.end(),
                                         [&](string_view part) { return fits(part, value); });
}

bool concerns(const IgnoredFields& ignored, const Object& object) {
  const auto own = object.value.text({"metadata", "namespace"});
  return ignored.objects.empty() ||
         std::any_of(ignored.objects.begin(), ignored.objects.end(), [&](const auto& wanted) {
           return fits(wanted.group, object.group) && fits(wanted.version, object.version) &&
                  fits(wanted.kind, object.kind) && fits(wanted.name, object.name) &&
                  fits(wanted.name_space, own);
         });
}

/// A field that is ignored takes everything below it along. The pattern is searched for, as a
/// regular expression in which "*" is anything: that is what the original does.
void drop_ignored(std::vector<Difference>& all,
                  const Object& object,
                  const std::vector<IgnoredFields>& ignored) {
  for (const auto& entry : ignored) {
    if (all.empty() || !concerns(entry, object)) {
      continue;
    }
    for (const auto& field : entry.fields) {
      re2::RE2::Options options;
      options.set_log_errors(false);
      const re2::RE2 pattern(text::replace_all(field + "*", "*", ".*"), options);
      std::erase_if(all, [&](const Difference& one) {
        return one.field == field + "*" ||
               (pattern.ok() && re2::RE2::PartialMatch(one.field, pattern));
      });
    }
  }
}

}  // namespace

const std::vector<IgnoredFields>& commonly_ignored() {
  static const std::vector<IgnoredFields> all = {
      {{},
       {"metadata.namespace",
        "metadata.creationTimestamp",
        "metadata.finalizers",
        "metadata.generation",
        "metadata.managedFields.*",
        "metadata.resourceVersion",
        "metadata.selfLink",
        "metadata.uid",
        "metadata.labels.app.kubernetes.io/instance",
        "metadata.annotations.control-plane.alpha.kubernetes.io/leader",
        "metadata.annotations.deployment.kubernetes.io/revision",
        "metadata.annotations.deprecated.daemonset.template.generation",
        "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
        "metadata.annotations.namespace",
        "spec.containers.*.imagePullPolicy",
        "spec.containers.*.terminationMessagePath",
        "spec.containers.*.terminationMessagePolicy",
        "spec.dnsPolicy",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.terminationGracePeriodSeconds",
        "status"}},
      {{{.kind = "Pod"}},
       {"spec.volumes.*.name", "spec.volumes.*.projected.*", "spec.volumes.*.configMap.defaultMode",
        "spec.containers.*.volumeMounts.*", "spec.tolerations.*", "spec.enableServiceLinks",
        "spec.preemptionPolicy", "spec.priority", "spec.serviceAccount"}},
      {{{.kind = "Deployment"}},
       {"spec.progressDeadlineSeconds", "spec.revisionHistoryLimit", "spec.strategy.*",
        "spec.template.metadata.creationTimestamp", "spec.containers.*.ports.*.protocol",
        "spec.containers.*.resources", "spec.securityContext"}},
      {{{.kind = "CustomResourceDefinition"}}, {"spec.conversion.strategy", "spec.names.listKind"}},
      {{{.kind = "Service"}},
       {"spec.ports.*.nodePort", "spec.clusterIP", "spec.clusterIPs.0", "spec.sessionAffinity",
        "spec.type", "spec.ipFamilies.*", "spec.ipFamilyPolicy", "spec.internalTrafficPolicy"}},
      {{{.kind = "ClusterPolicy"}, {.kind = "Policy"}},
       {"metadata.annotations.pod-policies.kyverno.io/autogen-controllers", "spec.failurePolicy",
        "spec.background", "spec.validationFailureAction"}},
      {{{.kind = "ServiceAccount"}}, {"secrets.*.name", "imagePullSecrets.*.name"}},
      {{{.group = "route.openshift.io", .kind = "Route"}}, {"spec.host"}}};
  return all;
}

std::optional<std::vector<std::string>> differences(const Value& manifest,
                                                    const Object& object,
                                                    const std::vector<IgnoredFields>& ignored) {
  Ravel before;
  Ravel after;
  before.add(manifest, "");
  after.add(object.value, "");
  if (before.too_large || after.too_large) {
    return std::nullopt;
  }
  std::vector<Difference> all;
  for (const auto& [field, value] : before.fields) {
    const auto found = after.fields.find(field);
    if (found == after.fields.end()) {
      all.push_back({field, value, {}});
    } else if (!equal(value, found->second)) {
      all.push_back({field, value, found->second});
    }
  }
  for (const auto& [field, value] : after.fields) {
    if (!before.fields.contains(field)) {
      all.push_back({field, {}, value});
    }
  }
  drop_moved(all);
  std::erase_if(all, is_empty_text);
  std::erase_if(all, is_same_image);
  drop_ignored(all, object, ignored);
  // A manifest may leave the namespace open.
  std::erase_if(all, [](const Difference& one) {
    return one.field == "metadata.namespace" && one.before.is_null();
  });
  std::vector<std::string> fields;
  std::transform(all.begin(), all.end(), std::back_inserter(fields),
                 [](const Difference& one) { return one.field; });
  std::sort(fields.begin(), fields.end());
  return fields;
}

}  // namespace sluice::policy
