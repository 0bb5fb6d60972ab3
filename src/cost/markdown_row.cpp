// SPDX-License-Identifier: Apache-2.0
#include "cost/markdown_row.hpp"

#include "base/text.hpp"
#include "diag/escape.hpp"

#include <array>
#include <set>
#include <vector>

namespace sluice::cost {
namespace {

constexpr std::size_t longest_cell = 160;  ///< bytes of one untrusted text

std::string pods_text(const Pods& pods) {
  switch (pods.role) {
    case Role::per_node:
      return "one on each node";
    case Role::batch:
      return (pods.bound == Bound::none ? "≥ " : "") + std::to_string(pods.max) + " in a run";
    case Role::steady:
      break;
  }
  std::string out = std::to_string(pods.min);
  if (pods.max != pods.min || pods.bound == Bound::none) {
    out += pods.bound == Bound::none ? " to any number" : " to " + std::to_string(pods.max);
  }
  return out + (pods.surge > 0 ? " (+" + std::to_string(pods.surge) + " in a rollout)" : "");
}

const Part* part_named(const Workload* workload, const std::string& name) {
  if (workload != nullptr) {
    for (const auto& part : workload->parts) {
      if (part.name == name) {
        return &part;
      }
    }
  }
  return nullptr;
}

/// Old and new text, or one of them.
std::string arrow(const std::string& before, const std::string& after) {
  if (before.empty() || before == after) {
    return after;
  }
  return before + " → " + (after.empty() ? "none" : after);
}

std::string source_text(const std::vector<std::string>& from) {
  return from.empty() || from == std::vector<std::string>{"manifest"}
             ? ""
             : " <sub>" + words(text::join(from, ", ")) + "</sub>";
}

std::string amount_lines(const PodAmounts* before, const PodAmounts* after) {
  std::set<std::string> names;
  for (const auto* amounts : {before, after}) {
    if (amounts != nullptr) {
      for (const auto& entry : *amounts) {
        names.insert(entry.first);
      }
    }
  }
  const auto text_of = [](const PodAmounts* amounts, const std::string& name) {
    const auto found = amounts == nullptr ? PodAmounts::const_iterator{} : amounts->find(name);
    return amounts == nullptr || found == amounts->end()
               ? std::string()
               : people_text(name, found->second.quantity);
  };
  std::string out;
  std::size_t shown = 0;
  for (const auto& name : names) {
    if (++shown > 8) {
      return out + "<br/>...";
    }
    const auto* side = after != nullptr && after->contains(name) ? after : before;
    out += (out.empty() ? "" : "<br/>") + words(people_name(name)) + " " +
           arrow(text_of(before, name), text_of(after, name)) +
           source_text(side->find(name)->second.from);
  }
  return out;
}

std::string claim_lines(const Row& row) {
  PodAmounts sides[2];
  const Workload* workloads[2] = {row.base, row.head};
  for (std::size_t i = 0; i < 2; ++i) {
    if (workloads[i] != nullptr) {
      for (const auto& [name, quantity] : workloads[i]->claims) {
        sides[i].emplace(name, Amount{quantity, {}});
      }
    }
  }
  return amount_lines(row.base == nullptr ? nullptr : &sides[0],
                      row.head == nullptr ? nullptr : &sides[1]);
}

struct Cells {
  std::string pods, amounts;
};

/// The cluster, where it is not simply the one that the agent runs in.
std::string cluster_text(std::string_view destination) {
  const bool own = destination.empty() || destination == "in-cluster" ||
                   destination == "https://kubernetes.default.svc";
  return own ? "" : "<br/><sub>" + code(destination) + "</sub>";
}

/// One line of cells for each part that either side has.
Cells part_cells(const Row& row) {
  std::set<std::string> names;
  for (const auto* workload : {row.base, row.head}) {
    if (workload != nullptr) {
      for (const auto& part : workload->parts) {
        names.insert(part.name);
      }
    }
  }
  Cells out;
  for (const auto& name : names) {
    const auto* before = part_named(row.base, name);
    const auto* after = part_named(row.head, name);
    const auto* shown = after != nullptr ? after : before;
    const std::string title = name.empty() ? "" : words(name) + ": ";
    const std::string line = out.pods.empty() ? "" : "<br/>";
    out.pods += line + title +
                arrow(before == nullptr ? "" : pods_text(before->pods),
                      after == nullptr ? "" : pods_text(after->pods)) +
                source_text({shown->pods.from});
    out.amounts += line + title +
                   amount_lines(before == nullptr ? nullptr : &before->per_pod,
                                after == nullptr ? nullptr : &after->per_pod);
  }
  if (names.empty()) {
    out.amounts = claim_lines(row);
  }
  return out;
}

}  // namespace

std::string code(std::string_view untrusted) {
  return untrusted.empty() ? "-" : diag::markdown_code(text::printable(untrusted, longest_cell));
}

std::string words(std::string_view untrusted) {
  // Forges look for mentions, references and links after entities are read, but not in <code>.
  const bool alive = untrusted.find_first_of("@#") != std::string_view::npos ||
                     untrusted.find("://") != std::string_view::npos ||
                     untrusted.find("www.") != std::string_view::npos;
  return alive ? code(untrusted) : diag::markdown(text::printable(untrusted, longest_cell));
}

std::string workload_row(const Row& row, bool has_base) {
  const auto& workload = row.shown();
  const auto& key = workload.key;
  const auto parts = part_cells(row);
  std::string notes;
  for (const auto& note : workload.notes) {
    notes += "<br/><sub>" + words(note) + "</sub>";
  }
  std::string why(name(row.change));
  for (const auto& reason : row.because) {
    why += "<br/><sub>" + words(reason) + "</sub>";
  }
  return "| " + code(key.kind + " " + key.name) + notes + " | " + code(key.env) +
         cluster_text(key.destination) + " | " + code(key.name_space) + " | " + parts.pods + " | " +
         parts.amounts + (has_base ? " | " + why : "") + " |\n";
}

}  // namespace sluice::cost
