// SPDX-License-Identifier: Apache-2.0
#include "promote/inventory.hpp"

#include "base/text.hpp"
#include "promote/hold.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sluice::promote {

namespace {

bool counts(const Holder& holder) {
  switch (holder.kind) {
    case PlaceKind::chart_version:
    case PlaceKind::git_revision:
      return false;
    default:
      return !holder.name.empty() && !holder.shadowed_by && !holder.slots.empty() &&
             !holder.old.empty();
  }
}

/// Reads hold files once each.
class Holds {
 public:
  explicit Holds(Tree& tree) : tree_(tree) {}

  Result<std::optional<std::string>> reason(const Holder& holder) {
    if (holder.held) {
      return std::optional(holder.hold);
    }
    for (const std::string& file : hold_files_above(holder.slots.front().place.file)) {
      if (!known_.contains(file)) {
        SLUICE_TRY_ASSIGN(known_[file], tree_.read(file));
      }
      const auto& bytes = known_[file];
      if (const auto hold = bytes ? find_hold(*bytes, holder.name) : std::nullopt) {
        return std::optional(hold->reason);
      }
    }
    return std::optional<std::string>();
  }

 private:
  Tree& tree_;
  std::map<std::string, std::optional<std::string>> known_;
};

using Inventory = std::vector<Entry>;

/// The entries of all environments.
Result<std::map<std::string, Inventory>> all_of(Tree& tree, const Environments& environments) {
  std::map<std::string, Inventory> all;
  for (const std::string& name : environments.names()) {
    SLUICE_TRY_ASSIGN(all[name], inventory(tree, environments, name));
  }
  return all;
}

const Entry* find(const Inventory& entries, const Entry& wanted) {
  const auto same = [&](const Entry& each) {
    return each.name == wanted.name && each.version == wanted.version;
  };
  const auto found = std::ranges::find_if(entries, same);
  return found == entries.end() ? nullptr : &*found;
}

bool is_held(const Inventory& entries, const std::string& name) {
  return std::ranges::any_of(entries,
                             [&](const Entry& each) { return each.name == name && each.hold; });
}

diag::Finding finding(const Entry& entry, std::string code, std::string message, std::string hint) {
  return {.location = entry.at,
          .code = std::move(code),
          .message = std::move(message),
          .hint = std::move(hint),
          .env = entry.environment};
}

std::string shown(const std::string& text) {
  return text::printable(text, 300);
}

/// What the environments before hold against an entry that is new.
void judge_order(const Entry& entry,
                 const std::vector<std::string>& before,
                 const std::map<std::string, Inventory>& head,
                 std::vector<diag::Finding>& findings) {
  for (const std::string& earlier : before) {
    std::set<std::string> held;
    for (const Entry& each : head.at(earlier)) {
      if (each.name == entry.name) {
        held.insert(each.version);
      }
    }
    const bool fits = std::ranges::any_of(
        held, [&](const std::string& version) { return same_version(version, entry.version); });
    if (held.empty()) {
      auto warning = finding(entry, "promote/unordered",
                             shown(entry.version) + " is new in " + entry.environment + ", and " +
                                 earlier + " holds nothing of " + shown(entry.name),
                             "let it run there first, if it is to be promoted");
      warning.severity = diag::Severity::warning;
      findings.push_back(std::move(warning));
    } else if (!fits) {
      findings.push_back(finding(entry, "promote/out-of-order",
                                 shown(entry.version) + " is new in " + entry.environment +
                                     ", and " + earlier + " holds " + shown(*held.begin()),
                                 "promote it to " + earlier + " first"));
    }
  }
}

}  // namespace

Result<Inventory> inventory(Tree& tree,
                            const Environments& environments,
                            const std::string& environment) {
  std::vector<File> files;
  SLUICE_TRY(tree.scan(
      environments.globs(environment),
      [&](const std::string& path) {
        return may_hold_values(path) && environments.owns(environment, path);
      },
      [&](const std::string& path, std::string_view bytes) {
        files.push_back({.path = path, .bytes = std::string(bytes)});
      }));
  Survey found;
  SLUICE_TRY_ASSIGN(found, survey(std::move(files)));
  Holds holds(tree);
  std::map<std::pair<std::string, std::string>, Entry> entries;
  for (const Holder& holder : found.holders) {
    if (!counts(holder)) {
      continue;
    }
    const std::string name = image::normalised_name(holder.name).value_or(holder.name);
    Entry& entry = entries[{name, holder.old}];
    const auto& file = holder.slots.front().place.file;
    if (entry.name.empty()) {
      entry = {.kind = holder.kind == PlaceKind::model ? ItemKind::model : ItemKind::image,
               .name = name,
               .environment = environment,
               .version = holder.old,
               .at = holder.slots.front().place.location};
    }
    if (std::ranges::find(entry.files, file) == entry.files.end()) {
      entry.files.push_back(file);
    }
    if (!entry.hold) {
      SLUICE_TRY_ASSIGN(entry.hold, holds.reason(holder));
    }
  }
  Inventory sorted;
  for (auto& [key, entry] : entries) {
    std::ranges::sort(entry.files);
    sorted.push_back(std::move(entry));
  }
  return sorted;
}

Result<std::vector<diag::Finding>> judge_change(Tree& base,
                                                Tree& head,
                                                const config::Config& config,
                                                time::Seconds now) {
  const Environments environments(config);
  std::map<std::string, Inventory> before;
  SLUICE_TRY_ASSIGN(before, all_of(base, environments));
  std::map<std::string, Inventory> after;
  SLUICE_TRY_ASSIGN(after, all_of(head, environments));
  std::vector<diag::Finding> findings;
  for (const auto& [name, entries] : after) {
    std::vector<std::string> earlier;
    SLUICE_TRY_ASSIGN(earlier, environments.before(name));
    bool changed = false;
    for (const Entry& entry : entries) {
      const bool was_held = is_held(before.at(name), entry.name);
      if (find(before.at(name), entry) != nullptr || (entry.hold && !was_held)) {
        continue;  // as it was, or a rollback
      }
      changed = true;
      if (entry.hold) {
        findings.push_back(finding(entry, "promote/held",
                                   shown(entry.name) + " is held in " + name +
                                       (entry.hold->empty() ? "" : ": " + shown(*entry.hold)),
                                   "release it first, or with the same change"));
      }
      judge_order(entry, earlier, after, findings);
    }
    const auto frozen = check_freeze(config, name, now);
    if (changed) {
      findings.insert(findings.end(), frozen.begin(), frozen.end());
    }
  }
  return findings;
}

}  // namespace sluice::promote
