// SPDX-License-Identifier: Apache-2.0
#include "policy/match.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace sluice::policy {

namespace {

/// v1, v1beta1, v2alpha1 or "*".
bool is_version(std::string_view text) {
  if (text == "*") {
    return true;
  }
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < 2 || text[0] != 'v' || !digit(text[1])) {
    return false;
  }
  auto rest = text.substr(2);
  for (const std::string_view stage : {"alpha", "beta"}) {
    if (rest.starts_with(stage)) {
      rest.remove_prefix(stage.size());
      return rest.size() == 1 && digit(rest[0]);
    }
  }
  return rest.empty();
}

bool any_fits(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return text::wildcard_match(pattern, text);
  });
}

/// A view of labels, of an object or of a namespace, sorted.
std::vector<std::pair<std::string_view, std::string_view>> pairs(const Value& labels) {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (const Value value = labels.member_at(i); value.is(Type::string)) {
      all.emplace_back(labels.key_at(i), value.as_string());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::pair<std::string_view, std::string_view>> pairs(const Labels& labels) {
  return {labels.begin(), labels.end()};
}

using LabelPairs = std::vector<std::pair<std::string_view, std::string_view>>;

const std::string_view* find_label(const LabelPairs& labels, std::string_view key) {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const auto& pair) { return pair.first == key; });
  return found == labels.end() ? nullptr : &found->second;
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

bool matches_label(const std::pair<std::string, std::string>& wanted, const LabelPairs& labels) {
  const auto& key = wanted.first;
  const auto& value = wanted.second;
  if (has_wildcard(key) || has_wildcard(value)) {
    return std::any_of(labels.begin(), labels.end(), [&](const auto& label) {
      return text::wildcard_match(key, label.first) && text::wildcard_match(value, label.second);
    });
  }
  const auto* found = find_label(labels, key);
  return found != nullptr && *found == value;
}

bool matches_requirement(const SelectorRequirement& wanted, const LabelPairs& labels) {
  using Op = SelectorRequirement::Op;
  const auto* found = find_label(labels, wanted.key);
  const bool in = found != nullptr && std::find(wanted.values.begin(), wanted.values.end(),
                                                *found) != wanted.values.end();
  switch (wanted.op) {
    case Op::in:
      return in;
    case Op::not_in:
      return !in;
    case Op::exists:
      return found != nullptr;
    case Op::does_not_exist:
      return found == nullptr;
  }
  return false;
}

bool matches_selector(const LabelSelector& selector, const LabelPairs& labels) {
  return std::all_of(selector.match_labels.begin(), selector.match_labels.end(),
                     [&](const auto& wanted) { return matches_label(wanted, labels); }) &&
         std::all_of(selector.requirements.begin(), selector.requirements.end(),
                     [&](const auto& wanted) { return matches_requirement(wanted, labels); });
}

bool matches_annotations(const Filter& filter, const Value& annotations) {
  const auto all = pairs(annotations);
  return std::all_of(filter.annotations.begin(), filter.annotations.end(), [&](const auto& wanted) {
    return std::any_of(all.begin(), all.end(), [&](const auto& pair) {
      return text::wildcard_match(wanted.first, pair.first) &&
             text::wildcard_match(wanted.second, pair.second);
    });
  });
}

bool matches_user(const Filter& filter, const UserInfo& user) {
  const auto shares = [](const std::vector<std::string>& wanted,
                         const std::vector<std::string>& has) {
    return wanted.empty() ||
           std::any_of(wanted.begin(), wanted.end(), [&](const std::string& role) {
             return std::find(has.begin(), has.end(), role) != has.end();
           });
  };
  const auto is = [&](const Subject& subject) {
    if (subject.kind == "ServiceAccount") {
      return text::wildcard_match(
          "system:serviceaccount:" + subject.name_space + ":" + subject.name, user.username);
    }
    if (subject.kind == "Group") {
      return std::any_of(user.groups.begin(), user.groups.end(), [&](const std::string& group) {
        return text::wildcard_match(subject.name, group);
      });
    }
    return subject.kind == "User" && text::wildcard_match(subject.name, user.username);
  };
  return shares(filter.roles, user.roles) && shares(filter.cluster_roles, user.cluster_roles) &&
         (filter.subjects.empty() ||
          std::any_of(filter.subjects.begin(), filter.subjects.end(), is));
}

bool matches_description(const Filter& filter, const Candidate& candidate) {
  if (!filter.operations.empty() && std::find(filter.operations.begin(), filter.operations.end(),
                                              candidate.operation) == filter.operations.end()) {
    return false;
  }
  if (!filter.kinds.empty() && !matches_kind(filter, candidate)) {
    return false;
  }
  if ((!filter.name.empty() && !text::wildcard_match(filter.name, candidate.name)) ||
      (!filter.names.empty() && !any_fits(filter.names, candidate.name))) {
    return false;
  }
  const bool is_namespace = candidate.kind == "Namespace";
  if (!filter.namespaces.empty() &&
      !any_fits(filter.namespaces, is_namespace ? candidate.name : candidate.name_space)) {
    return false;
  }
  if (!filter.annotations.empty() && !matches_annotations(filter, candidate.annotations)) {
    return false;
  }
  if (filter.selector && !matches_selector(*filter.selector, pairs(candidate.labels))) {
    return false;
  }
  return !filter.namespace_selector ||
         (!is_namespace &&
          matches_selector(*filter.namespace_selector, pairs(*candidate.namespace_labels)));
}

const UserInfo nobody;

/// Without a known user the user parts of a match count as met ...
bool matched(const Filter& filter, const Candidate& candidate) {
  const bool ask_user = candidate.user != nullptr && !filter.names_no_user();
  if (filter.describes_nothing() && !ask_user) {
    return false;
  }
  return matches_description(filter, candidate) &&
         (!ask_user || matches_user(filter, *candidate.user));
}

/// ... and those of an exclude as not met.
bool excluded(const Filter& filter, const Candidate& candidate) {
  if (filter.describes_nothing() && filter.names_no_user()) {
    return false;
  }
  return matches_description(filter, candidate) &&
         matches_user(filter, candidate.user == nullptr ? nobody : *candidate.user);
}

}  // namespace

std::optional<Operation> parse_operation(std::string_view text) {
  for (const auto operation :
       {Operation::create, Operation::update, Operation::remove, Operation::connect}) {
    if (name(operation) == text) {
      return operation;
    }
  }
  return std::nullopt;
}

std::string_view name(Operation operation) {
  constexpr std::array<std::string_view, 4> names = {"CREATE", "UPDATE", "DELETE", "CONNECT"};
  return names[static_cast<std::size_t>(operation)];
}

KindSelector parse_kind_selector(std::string_view text) {
  std::vector<std::string> parts;
  const auto by_slash = text::split(text, '/');
  for (std::size_t i = 0; i + 1 < by_slash.size(); ++i) {
    parts.emplace_back(by_slash[i]);
  }
  for (const auto part : text::split(by_slash.back(), '.')) {
    parts.emplace_back(part);
  }
  switch (parts.size()) {
    case 1:
      return {"*", "*", parts[0], ""};
    case 2:
      if (parts[0] == "*" && parts[1] == "*") {
        return {"*", "*", "*", "*"};
      }
      if (parts[0] == "*" && text::to_lower(parts[1]) == parts[1]) {
        return {"*", "*", parts[0], parts[1]};
      }
      return is_version(parts[0]) ? KindSelector{"*", parts[0], parts[1], ""}
                                  : KindSelector{"*", "*", parts[0], parts[1]};
    case 3:
      return is_version(parts[0]) ? KindSelector{"*", parts[0], parts[1], parts[2]}
                                  : KindSelector{parts[0], parts[1], parts[2], ""};
    case 4:
      return {parts[0], parts[1], parts[2], parts[3]};
    default:
      return {};
  }
}

std::string kind_of_selector(std::string_view text) {
  const auto parts = text::split(text, '/');
  std::string_view kind = parts.back();
  if (parts.size() == 2 && !is_version(parts[0])) {
    kind = parts[0] == "*" && parts[1] == "*" ? "*" : parts[0];  // Kind/subresource
  } else if ((parts.size() == 3 && is_version(parts[0])) || parts.size() == 4) {
    kind = parts[parts.size() - 2];
  } else if (parts.size() > 4) {
    return "";
  }
  return std::string(kind.substr(0, kind.find('.')));
}

bool matches_kind(const Filter& filter, const Candidate& candidate) {
  return std::any_of(filter.kinds.begin(), filter.kinds.end(), [&](const KindSelector& selector) {
    if (!text::wildcard_match(selector.kind, candidate.kind) ||
        !text::wildcard_match(selector.group, candidate.group) ||
        !text::wildcard_match(selector.version, candidate.version)) {
      return false;
    }
    return text::wildcard_match(selector.subresource, candidate.subresource) ||
           (candidate.kind == "Pod" && candidate.group.empty() &&
            candidate.subresource == "ephemeralcontainers");
  });
}

bool matches_selector(const LabelSelector& selector, const Labels& labels) {
  return matches_selector(selector, pairs(labels));
}

bool applies(const FilterBlock& match,
             const FilterBlock& exclude,
             std::string_view policy_namespace,
             const Candidate& candidate) {
  if (!policy_namespace.empty() && policy_namespace != candidate.name_space) {
    return false;
  }
  const auto fits = [&](const Filter& filter) { return matched(filter, candidate); };
  const auto out = [&](const Filter& filter) { return excluded(filter, candidate); };
  const auto& in = match.filters;
  const bool chosen = match.form == FilterBlock::Form::any
                          ? std::any_of(in.begin(), in.end(), fits)
                          : !in.empty() && std::all_of(in.begin(), in.end(), fits);
  if (!chosen || exclude.filters.empty()) {
    return chosen;
  }
  const auto& not_in = exclude.filters;
  return exclude.form == FilterBlock::Form::all ? !std::all_of(not_in.begin(), not_in.end(), out)
                                                : std::none_of(not_in.begin(), not_in.end(), out);
}

bool excepts(const FilterBlock& match, const Candidate& candidate) {
  const auto fits = [&](const Filter& filter) {
    Candidate asked = candidate;
    if (!filter.operations.empty()) {
      asked.operation = filter.operations.front();
    }
    if (candidate.kind != "Namespace" || !filter.namespace_selector) {
      return excluded(filter, asked);
    }
    Filter without = filter;
    without.namespace_selector.reset();
    without.kinds =
        without.kinds.empty() ? std::vector{parse_kind_selector("Namespace")} : without.kinds;
    return excluded(without, asked);
  };
  const auto& all = match.filters;
  return match.form == FilterBlock::Form::any
             ? std::any_of(all.begin(), all.end(), fits)
             : !all.empty() && std::all_of(all.begin(), all.end(), fits);
}

}  // namespace sluice::policy
