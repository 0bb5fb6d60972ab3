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

std::string pods_text(const PartView& pods) {
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

const PartView* part_named(const std::optional<Side>& side, const std::string& name) {
  if (side) {
    for (const auto& part : side->parts) {
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

std::string source_text(const std::vector<Source>& from) {
  std::set<std::string> names;
  for (const auto& source : from) {
    names.insert(source.what);
  }
  return names.empty() || names == std::set<std::string>{"manifest"}
             ? ""
             : " <sub>" + words(text::join(std::vector(names.begin(), names.end()), ", ")) +
                   "</sub>";
}

using PodAmounts = std::vector<PodAmount>;

const PodAmount* amount_named(const PodAmounts* amounts, const std::string& name) {
  if (amounts != nullptr) {
    for (const auto& amount : *amounts) {
      if (amount.resource == name) {
        return &amount;
      }
    }
  }
  return nullptr;
}

std::string amount_lines(const PodAmounts* before, const PodAmounts* after) {
  std::set<std::string> names;
  for (const auto* amounts : {before, after}) {
    if (amounts != nullptr) {
      for (const auto& amount : *amounts) {
        names.insert(amount.resource);
      }
    }
  }
  const auto text_of = [](const PodAmount* amount) {
    return amount == nullptr ? std::string() : people_text(amount->resource, amount->quantity);
  };
  std::string out;
  std::size_t shown = 0;
  for (const auto& name : names) {
    if (++shown > 8) {
      return out + "<br/>...";
    }
    const auto* old = amount_named(before, name);
    const auto* now = amount_named(after, name);
    out += (out.empty() ? "" : "<br/>") + words(people_name(name)) + " " +
           arrow(text_of(old), text_of(now)) + source_text((now != nullptr ? now : old)->from);
  }
  return out;
}

PodAmounts claims_of(const std::optional<Side>& side) {
  PodAmounts out;
  if (side) {
    for (const auto& [name, quantity] : side->claims) {
      out.push_back({name, quantity, {}});
    }
  }
  return out;
}

std::string claim_lines(const Row& row) {
  const auto before = claims_of(row.base);
  const auto after = claims_of(row.head);
  return amount_lines(row.base ? &before : nullptr, row.head ? &after : nullptr);
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
  for (const auto* side : {&row.base, &row.head}) {
    if (*side) {
      for (const auto& part : (*side)->parts) {
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
                arrow(before == nullptr ? "" : pods_text(*before),
                      after == nullptr ? "" : pods_text(*after)) +
                source_text({shown->pods_from});
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
  const auto& side = row.head ? *row.head : *row.base;
  const auto& key = row.key;
  const auto parts = part_cells(row);
  std::string notes;
  for (const auto& note : side.notes) {
    notes += "<br/><sub>" + words(note) + "</sub>";
  }
  std::string why(name(row.change));
  why += row.was.empty() ? "" : "<br/><sub>" + words("was " + row.was) + "</sub>";
  for (const auto& reason : row.because) {
    why += "<br/><sub>" + words(reason.what) + "</sub>";
  }
  return "| " + code(key.kind + " " + key.name) + notes + " | " + code(key.env) +
         cluster_text(key.destination) + " | " + code(key.name_space) + " | " + parts.pods + " | " +
         parts.amounts + (has_base ? " | " + why : "") + " |\n";
}

}  // namespace sluice::cost
